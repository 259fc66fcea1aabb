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

-- Where a long name such as `immunotherapy_planned_before_transfer` may break: at an empty box, which leaves nothing in
-- a name that is copied. Word knows only a character of no width, and its lines hold less.
local MAY_BREAK = is_typst and pandoc.RawInline("typst", "#box()") or pandoc.Str("\u{200B}")
local LONG_NAME = is_typst and 28 or 15

local TYPST_ALIGNMENTS = { AlignLeft = "left", AlignCenter = "center", AlignRight = "right" }

-- Give a long name its places to break.
local function breakable(gap)
  return function(str)
    if #str.text <= LONG_NAME or not str.text:match("%a_%a") then
      return nil
    end
    local parts = pandoc.Inlines({})
    for part in str.text:gmatch("[^_]*_*") do
      if part ~= "" then
        parts:extend({ pandoc.Str(part), gap })
      end
    end
    parts:remove(#parts)
    return parts
  end
end

local function breadth(line)
  local total = 0
  for _, code in utf8.codes(line, true) do
    local letter, width = utf8.char(code), 1
    for _, class in ipairs(BREADTHS) do
      if letter:match("^" .. class[1]) then
        width = class[2]
        break
      end
    end
    total = total + width
  end
  return total
end

local function longest(cell, pattern)
  local most = 0
  local contents = cell.contents
  if pattern == "%S+" then
    contents = contents:walk({ Str = breakable(pandoc.Space()) })
  end
  local text = pandoc.write(pandoc.Pandoc(contents), "plain", { wrap_text = "none" })
  for piece in text:gmatch(pattern) do
    most = math.max(most, breadth(piece))
  end
  return most
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
      if cell.col_span == 1 then
        visit(cell, column)
      end
      for covered = column, column + cell.col_span - 1 do
        reach[covered] = cell.row_span - 1
      end
      column = column + cell.col_span
    end
    for right = column, columns do
      reach[right] = math.max(0, (reach[right] or 0) - 1)
    end
  end
end

-- For each column the letters it needs at least, so that no word breaks, and those it would like, so that no line does.
local function demands(tbl)
  local columns = #tbl.colspecs
  local least, wanted = {}, {}
  for column = 1, columns do
    least[column], wanted[column] = 2, 2
  end
  each_cell(tbl.head.rows, columns, function(cell, column)
    least[column] = math.max(least[column], BOLD * longest(cell, "%S+"))
  end)
  for _, body in ipairs(tbl.bodies) do
    each_cell(body.body, columns, function(cell, column)
      -- A value set right is one thing: it breaks only as a last resort.
      local whole = cell.alignment == "AlignRight"
      least[column] = math.max(least[column], longest(cell, whole and "[^\n]+" or "%S+"))
      wanted[column] = math.max(wanted[column], longest(cell, "[^\n]+"))
    end)
  end
  for column = 1, columns do
    least[column] = least[column] + PADDING
    wanted[column] = math.max(wanted[column] + PADDING, least[column])
  end
  return least, wanted
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
local function shares(tbl)
  local least, wanted = demands(tbl)
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

local function set_widths(tbl)
  local share = shares(tbl)
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

-- Typst takes a cell that begins with "1." or "+" for a list.
local function guard(plain)
  local text = pandoc.utils.stringify(plain)
  if text:match("^%d+%.") or text:match("^[-+=/]") then
    return pandoc.Plain(pandoc.Inlines({ pandoc.RawInline("typst", "#[]") }) .. plain.content)
  end
end

-- Headings stand on their rule, a spanner has a rule of its own, a group keeps clear of the one before.
local function typst_cell(cell)
  if cell.classes:includes("column-heading") then
    cell.attributes["typst:align"] = "bottom + " .. (TYPST_ALIGNMENTS[cell.alignment] or "left")
    cell.alignment = "AlignDefault"
  elseif cell.classes:includes("spanner") then
    cell.attributes["typst:stroke"] = "(bottom: 0.4pt)"
  elseif cell.classes:includes("group-heading") then
    cell.attributes["typst:inset"] = "(x: 0pt, top: 5.5pt, bottom: 3.2pt)"
  end
  cell.contents = cell.contents:walk({ Plain = guard })
  return cell
end

local function typst_rows(rows)
  local result = pandoc.List({})
  for _, row in ipairs(rows) do
    local cells = pandoc.List({})
    for _, cell in ipairs(row.cells) do
      cells:insert(typst_cell(cell))
    end
    row.cells = cells
    result:insert(row)
  end
  return result
end

local function fit(tbl)
  if not tbl.classes:includes("great-table") then
    return nil
  end
  set_widths(tbl)
  tbl = tbl:walk({ Str = breakable(MAY_BREAK) })
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
