--[[
Fits the tables that tables.lua made to a page. A browser lays its columns out by itself, a page cannot be scrolled:
here PDF and Word get column widths that follow what the columns hold, and the PDF gets the details of the booktabs
manner that Typst's own table rules cannot give to single cells.
]]

local is_typst = FORMAT:match("typst") ~= nil
local is_docx = FORMAT:match("docx") ~= nil
if not (is_typst or is_docx) then
  return {}
end

-- Digits of the table's size on a line of the page, what a gap between columns takes of the line, and the digits
-- from which the lines of a column count as sentences.
local LETTERS = is_docx and 98 or 105
local GAP = 0.02
local PADDING = is_docx and 2 or 1
local BOLD = is_docx and 1.1 or 1
local SENTENCE = 30

-- Breadth of a letter of a serif typeface, in digits: capitals and "m" are broad, "i" and brackets are narrow.
local BREADTHS = { { "[mwMW%%@]", 1.6 }, { "%u", 1.4 }, { "[ijlftrI.,:;'()|!/ ]", 0.65 } }

-- Where a long name such as `immunotherapy_planned_before_transfer` or a key may break: at an empty box, which leaves nothing in
-- a name that is copied. Word knows only a character of no width, and its lines hold less.
local MAY_BREAK = is_typst and pandoc.RawInline("typst", "#box()") or pandoc.Str("\u{200B}")
local LONG_NAME = is_typst and 28 or 15

local TYPST_ALIGNMENTS = { AlignLeft = "left", AlignCenter = "center", AlignRight = "right" }

local function is_long_name(word)
  return #word > LONG_NAME and word:match("%a[_.]%a")
end

-- Give a long name its places to break.
local function breakable(str)
  if not is_long_name(str.text) then
    return nil
  end
  local parts = pandoc.Inlines({})
  for part in str.text:gmatch("[^_.]*[_.]*") do
    if part ~= "" then
      parts:extend({ pandoc.Str(part), MAY_BREAK })
    end
  end
  parts:remove(#parts)
  return parts
end

local letter_breadth = setmetatable({}, {
  __index = function(known, letter)
    known[letter] = 1
    for _, class in ipairs(BREADTHS) do
      if letter:match("^" .. class[1]) then
        known[letter] = class[2]
        break
      end
    end
    return known[letter]
  end,
})

local function breadth(line)
  local total = 0
  for letter in line:gmatch(utf8.charpattern) do
    total = total + letter_breadth[letter]
  end
  return total
end

local SPACES = { Space = " ", SoftBreak = " ", LineBreak = "\n" }

-- What a reader sees of a cell, with its line breaks.
local function text_of(contents)
  local parts = {}
  local function collect(elements)
    for _, element in ipairs(elements) do
      local kind = element.t
      if SPACES[kind] then
        table.insert(parts, SPACES[kind])
      elseif kind == "Str" or kind == "Code" then
        table.insert(parts, element.text)
      elseif kind == "Plain" or kind == "Span" or kind == "Strong" or kind == "Emph" or kind == "Superscript" then
        collect(element.content)
      elseif kind ~= "RawInline" and kind ~= "RawBlock" then
        table.insert(parts, pandoc.utils.stringify(element))
      end
    end
  end
  collect(contents)
  return table.concat(parts)
end

-- The breadth of the broadest line of a text, and of its broadest piece that cannot break; whether it has a long name.
local function broadest(text)
  local line_breadth, word_breadth, has_long = 0, 0, false
  for line in text:gmatch("[^\n]+") do
    line_breadth = math.max(line_breadth, breadth(line))
    for word in line:gmatch("%S+") do
      local long = is_long_name(word)
      has_long = has_long or long
      for piece in word:gmatch(long and "[^_.]*[_.]*" or ".+") do
        word_breadth = math.max(word_breadth, breadth(piece))
      end
    end
  end
  return line_breadth, word_breadth, has_long
end

-- Call `visit(cell, column)` for each cell of one column, past those that reach down from a row above.
local function each_cell(rows, columns, visit)
  local reach = {}
  for _, row in ipairs(rows) do
    local column = 1
    for _, cell in ipairs(row.cells) do
      while (reach[column] or 0) > 0 do
        reach[column] = reach[column] - 1
        column = column + 1
      end
      local across, down = cell.col_span, cell.row_span
      if across == 1 then
        visit(cell, column)
      end
      for covered = column, column + across - 1 do
        reach[covered] = down - 1
      end
      column = column + across
    end
    for right = column, columns do
      reach[right] = math.max(0, (reach[right] or 0) - 1)
    end
  end
end

-- For each column the letters it needs at least, so that no word breaks, and those it would like, so that no line does;
-- and whether there are long names.
local function demands(tbl)
  local columns = #tbl.colspecs
  local least, wanted, has_long = {}, {}, false
  for column = 1, columns do
    least[column], wanted[column] = 2, 2
  end
  each_cell(tbl.head.rows, columns, function(cell, column)
    local _, word, long = broadest(text_of(cell.contents))
    has_long = has_long or long
    least[column] = math.max(least[column], BOLD * word)
  end)
  for _, body in ipairs(tbl.bodies) do
    each_cell(body.body, columns, function(cell, column)
      local line, word, long = broadest(text_of(cell.contents))
      has_long = has_long or long
      -- A value set right is one thing: it breaks only as a last resort.
      least[column] = math.max(least[column], cell.alignment == "AlignRight" and line or word)
      wanted[column] = math.max(wanted[column], line)
    end)
  end
  for column = 1, columns do
    least[column] = least[column] + PADDING
    wanted[column] = math.max(wanted[column] + PADDING, least[column])
  end
  return least, wanted, has_long
end

local function sum(values)
  local total = 0
  for _, value in ipairs(values) do
    total = total + value
  end
  return total
end

-- Where even whole words are too much for the line, the broadest columns give way: "Required" stays in one piece.
local function give_way(least)
  local excess = sum(least) - LETTERS
  while excess > 0 do
    local broadest = 1
    for column, letters in ipairs(least) do
      broadest = letters > least[broadest] and column or broadest
    end
    least[broadest] = least[broadest] - math.min(1, excess)
    excess = excess - 1
  end
end

-- The part of the width that each column gets, or nil where Typst settles it well by itself: it lets the widest
-- column break first, which is right for labels beside values and wrong for sentences beside sentences.
local function shares(least, wanted)
  local sentences = 0
  for _, letters in ipairs(wanted) do
    sentences = sentences + (letters > SENTENCE and 1 or 0)
  end
  if is_typst and (sentences < 2 or sum(wanted) <= LETTERS) then
    return nil
  end
  give_way(least)
  local spare = math.max(0, LETTERS - sum(least))
  local hunger = sum(wanted) - sum(least)
  local letters = {}
  for column = 1, #least do
    local part = hunger > 0 and (wanted[column] - least[column]) / hunger or 1 / #least
    letters[column] = least[column] + spare * part
  end
  local total = sum(letters)
  for column = 1, #letters do
    letters[column] = letters[column] / total
  end
  return letters
end

local function set_widths(tbl, least, wanted)
  local share = shares(least, wanted)
  if not share then
    return
  end
  local room = is_typst and 1 - GAP * (#tbl.colspecs - 1) or 1
  local colspecs = pandoc.List({})
  for column, spec in ipairs(tbl.colspecs) do
    colspecs:insert({ spec[1], share[column] * room })
  end
  tbl.colspecs = colspecs
end

-- Typst takes a cell whose first word is "1." or "+" for a list.
local function guard(cell)
  local contents = cell.contents
  local first = contents[1]
  local word = first and first.t == "Plain" and first.content[1]
  if word and word.t == "Str" and (word.text:match("^%d+%.$") or word.text:match("^[-+=/]+$")) then
    first.content = pandoc.Inlines({ pandoc.RawInline("typst", "#[]") }) .. first.content
    contents[1] = first
    cell.contents = contents
  end
end

-- Headings stand on their rule, a spanner has a rule of its own, a group keeps clear of the one before.
local function typst_cell(cell)
  local classes = cell.classes
  if classes:includes("column-heading") then
    cell.attributes["typst:align"] = "bottom + " .. (TYPST_ALIGNMENTS[cell.alignment] or "left")
    cell.alignment = "AlignDefault"
  elseif classes:includes("spanner") then
    cell.attributes["typst:stroke"] = "(bottom: 0.4pt)"
  elseif classes:includes("group-heading") then
    cell.attributes["typst:inset"] = "(x: 0pt, top: 5.5pt, bottom: 3.2pt)"
  end
  guard(cell)
  return cell
end

local function typst_rows(rows)
  return rows:map(function(row)
    row.cells = row.cells:map(typst_cell)
    return row
  end)
end

local function fit(tbl)
  if not tbl.classes:includes("great-table") then
    return nil
  end
  local least, wanted, has_long = demands(tbl)
  set_widths(tbl, least, wanted)
  if has_long then
    tbl = tbl:walk({ Str = breakable })
  end
  if is_typst then
    local head = tbl.head
    head.rows = typst_rows(head.rows)
    tbl.head = head
    local bodies = pandoc.List({})
    for _, body in ipairs(tbl.bodies) do
      body.body = typst_rows(body.body)
      bodies:insert(body)
    end
    tbl.bodies = bodies
  end
  return tbl
end

return { { Table = fit } }
