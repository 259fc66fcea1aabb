--[[
Finds the marks of checklist items in a document: in which section each stands, which id leads there, and what is wrong
with it. `checklists.lua` says what marks are for.
]]

local stringify = pandoc.utils.stringify
local LONGEST_BOOKMARK = 40 -- in Word, pandoc gives a longer one another name
local AWAITED = "[to be supplied]"
local HIDING = { "content-visible", "content-hidden" }

-- The id that an element, or what it begins with, has anyway.
local function own_id(element)
  local id = element.identifier
  if id and id ~= "" then
    return not (FORMAT:match("docx") and #id > LONGEST_BOOKMARK) and id or nil
  end
  local first = element.t == "Div" and element.content[1]
  return first and (first.t == "Header" or first.t == "Div") and own_id(first) or nil
end

-- The words of a passage; where authors owe some, without its run-in headings, which tell nothing by themselves.
local function words_of(element)
  local function without_heading(paragraph)
    local first = paragraph.content[1]
    if first and (first.t == "Strong" or first.t == "Emph") then
      paragraph.content:remove(1)
      return paragraph
    end
  end
  local text = stringify(element)
  if not text:find(AWAITED, 1, true) then
    return text
  end
  return stringify(pandoc.Blocks({ element }):walk({ Para = without_heading, Plain = without_heading }))
end

local function alternatives(words)
  return #words < 2 and (words[1] or "") or table.concat(words, ", ", 1, #words - 1) .. " or " .. words[#words]
end

-- The items whose number is nearest to that of another.
local function nearest(list, number)
  local near, least = pandoc.List({}), math.huge
  for _, known in ipairs(list.order) do
    local far = math.abs(tonumber(known:match("^%d+")) - number)
    if far < least then
      near, least = pandoc.List({}), far
    end
    if far == least then
      near:insert(known)
    end
  end
  return near
end

-- What may have been meant by an unknown item: one of the same or the nearest number, or the same but for dots.
local function suggestion(list, lists, item)
  for _, other in pairs(lists) do
    if other.items[item] then
      return "It is an item of " .. other.name .. ": mark it {." .. other.key .. "}."
    end
  end
  local number, letters = tonumber(item:match("^%d+")), item:lower():gsub("%W", "")
  for _, known in ipairs(list.order) do
    if known:gsub("%W", "") == letters then
      return "Did you mean " .. known .. "?"
    end
  end
  return number and "Did you mean " .. alternatives(nearest(list, number)) .. "?"
    or "Its items have numbers, " .. list.order[1] .. " to " .. list.order[#list.order] .. "."
end

local Reader = {}
Reader.__index = Reader

function Reader:complain(mark, what)
  self.complaints:insert({ class = mark.class, item = mark.given, occurrence = mark.occurrence, what = what })
end

-- The classes of an element that name a checklist, `strobe` or `strobe-not-applicable`.
function Reader:classes_of(element)
  return element.classes:filter(function(class)
    return self.lists[(class:gsub("%-not%-applicable$", ""))] ~= nil
  end)
end

-- What an element marks, or nil.
function Reader:mark_of(element)
  local given, classes = element.attributes.item, self:classes_of(element)
  if #classes == 0 and not given then
    return nil
  end
  local class = classes[1] or element.classes[1] or ""
  local key = class:gsub("%-not%-applicable$", "")
  local mark = { class = class, given = given, list = self.lists[key], applies = key == class }
  local name = class .. " " .. (given or "")
  self.seen[name] = (self.seen[name] or 0) + 1
  mark.occurrence = self.seen[name]
  if #classes == 0 then
    self:complain(mark, "Nothing prints the checklist of this mark. " .. self.known)
  elseif #classes > 1 then
    self:complain(mark, "One mark names two checklists. Put one mark inside the other.")
  elseif not given or not given:match("%S") then
    self:complain(mark, "This mark of " .. mark.list.name .. ' names no item. Add item="…".')
  else
    return mark
  end
end

-- The items of a mark that exist, each once.
function Reader:items_of(mark)
  local list, result = mark.list, pandoc.List({})
  if mark.given:match("[,;]") then
    local apart = mark.given:gsub("[,;%s]+", " "):gsub("^ ", ""):gsub(" $", "")
    self:complain(mark, 'Items are separated by blanks: item="' .. apart .. '".')
    return result
  end
  for item in mark.given:gmatch("%S+") do
    if not list.items[item] then
      self:complain(mark, list.name .. " has no item " .. item .. ". " .. suggestion(list, self.lists, item))
    elseif result:includes(item) then
      self:complain(mark, list.name .. " " .. item .. " is named twice in one mark. Name it once.")
    else
      result:insert(item)
    end
  end
  return result
end

local function refers(inlines)
  local found = false
  inlines:walk({ Cite = function() found = true end })
  return found
end

function Reader:except(mark, element)
  local reason = element.t == "Div" and pandoc.utils.blocks_to_inlines(element.content) or element.content
  if refers(reason) then
    self:complain(mark, "This reason is printed in a table, which can refer to nothing. Say it in words.")
  end
  for _, item in ipairs(self:items_of(mark)) do
    local entry, name = mark.list.items[item], mark.list.name .. " " .. item
    if not stringify(reason):match("%S") then
      self:complain(mark, "Why " .. name .. " does not apply is not told. Write the reason into the mark.")
    elseif entry.reason then
      self:complain(mark, name .. " is called not applicable twice. Leave out one of the two.")
    end
    entry.reason, entry.exception = reason, mark
  end
end

function Reader:keep(mark, element)
  local list, anchor, place = mark.list, "", { section = self.section, text = words_of(element), id = own_id(element) }
  if element.t ~= "Header" and #element.content == 0 then
    self:complain(mark, "This mark holds no text. Put the passage into it.")
  end
  for _, item in ipairs(self:items_of(mark)) do
    local places = list.items[item].places
    if not place.id then
      anchor = list.key .. "_" .. item:gsub("%W", "_") .. (#places > 0 and "_" .. #places + 1 or "")
      place.id = anchor
    end
    if places:find_if(function(other) return other.section == self.section end) then
      local told = list.name .. " " .. item .. " is marked twice in “" .. self.section.title .. "”."
      self:complain(mark, told .. " Mark where a reader should begin.")
    end
    places:insert(place)
  end
  element.attributes["checklist-anchor"] = anchor
  if element.t == "Header" then
    place.text = ""
    self.open:insert({ level = element.level, place = place })
  end
end

-- Keep what an element marks, and return it without the mark.
function Reader:read(element)
  local mark = self:mark_of(element)
  if not mark then
    return nil
  elseif not mark.applies then
    self:except(mark, element)
    return {}
  end
  self:keep(mark, element)
  element.attributes.item = nil
  element.classes = element.classes:filter(function(class) return class ~= mark.class end)
  return element
end

-- The table of all formats cannot lead to what some formats do not show.
function Reader:refuse_marks_in(div)
  local function refuse(element)
    local mark = self:mark_of(element)
    if mark then
      self:complain(mark, "This mark stands in text that not every format shows. Mark what all of them show.")
    end
  end
  div:walk({ traverse = "topdown", Div = refuse, Span = refuse, Header = refuse })
end

function Reader:enter(header)
  local counts, level = self.counts, header.level
  local numbered = not header.classes:includes("unnumbered")
  if numbered then
    for deeper = level + 1, #counts do
      counts[deeper] = nil
    end
    counts[level] = (counts[level] or 0) + 1
  end
  local number = numbered and table.concat(counts, ".") or nil
  self.section = { number = number, title = stringify(header.content), id = header.identifier }
  self.open = self.open:filter(function(heading) return heading.level < level end)
end

-- What a heading marks goes on to the next heading of its level.
function Reader:hear(block)
  for _, heading in ipairs(self.open) do
    heading.place.text = heading.place.text .. " " .. words_of(block)
  end
end

local function is_hidden_somewhere(div)
  return div.classes:find_if(function(class) return class == HIDING[1] or class == HIDING[2] end) ~= nil
end

local M = {}

-- Note in `lists` where each item is marked. Return the document without the marks, and the complaints. What was marked
-- has the attribute `checklist-anchor`: the id that it needs, or nothing where it has one.
function M.read(doc, lists)
  local keys = pandoc.List({})
  for key in pairs(lists) do
    keys:insert("{." .. key .. "}")
  end
  keys:sort()
  local known = #keys > 0 and "Known are " .. table.concat(keys, " and ") .. "."
    or "Tables made by tables.strobe and tables.record print them."
  local reader = setmetatable({
    lists = lists, known = known, complaints = pandoc.List({}), seen = {},
    counts = {}, open = pandoc.List({}), section = { title = "the beginning" },
  }, Reader)
  local function hear(block)
    reader:hear(block)
  end
  local read = doc:walk({
    traverse = "topdown",
    Header = function(header)
      reader:enter(header)
      return reader:read(header)
    end,
    Div = function(div)
      if is_hidden_somewhere(div) then
        reader:refuse_marks_in(div)
        return nil, false
      end
      return reader:read(div)
    end,
    Span = function(span)
      return reader:read(span)
    end,
    Para = hear,
    Plain = hear,
  })
  return read, reader.complaints
end

return M
