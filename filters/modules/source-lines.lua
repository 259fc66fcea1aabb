--[[
Where a filter finds what it complains of: in the main document and the chapters that it includes, line by line. A
filter sees the finished document only; the second mark of an item there is the second in the files.
]]

local FOLDER = pandoc.path.directory

local function main_document()
  if quarto and quarto.doc and quarto.doc.input_file then
    return FOLDER(quarto.doc.input_file), pandoc.path.filename(quarto.doc.input_file)
  end
  local project = FOLDER(FOLDER(PANDOC_SCRIPT_FILE))
  return project ~= "" and project or ".", "index.qmd"
end

-- Add the lines of a file to a list, those of its includes in their place.
local function add_lines(lines, folder, name, depth)
  local file = io.open(pandoc.path.join({ folder, name }), "r")
  if not file then
    return lines
  end
  local number = 0
  for text in file:lines() do
    number = number + 1
    local included = text:match('^%s*{{<%s*include%s+"?([^%s">]+)"?%s*>}}%s*$')
    if included and depth < 9 then
      add_lines(lines, folder, included:gsub("^/", ""), depth + 1)
    else
      table.insert(lines, { file = name, number = number, text = text })
    end
  end
  file:close()
  return lines
end

local all

local function lines()
  if not all then
    local folder, name = main_document()
    all = add_lines({}, folder, name, 0)
  end
  return all
end

-- Whether the attributes in braces are of this class and have this item.
local function is_mark(attributes, class, item)
  local given = attributes:match('item="([^"]*)"') or attributes:match("item='([^']*)'") or attributes:match("item=([^%s}]+)")
  return given == item and (" " .. attributes:gsub("[{}]", " ") .. " "):find("%s%." .. class:gsub("%W", "%%%0") .. "%s") ~= nil
end

local M = {}

-- The line of the mark of a class and item that is found there for the first, second … time.
function M.of_mark(class, item, occurrence)
  for _, line in ipairs(lines()) do
    for attributes in line.text:gmatch("%b{}") do
      if is_mark(attributes, class, item) then
        occurrence = occurrence - 1
        if occurrence == 0 then
          return line
        end
      end
    end
  end
end

-- The first line that holds a text.
function M.of_text(text)
  for _, line in ipairs(lines()) do
    if line.text:find(text, 1, true) then
      return line
    end
  end
end

-- A complaint in one line, with its place before it.
function M.complaint(line, what)
  return (line and line.file .. ":" .. line.number .. ": " or "") .. what
end

return M
