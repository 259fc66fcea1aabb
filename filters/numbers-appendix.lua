--[[
The appendix of printed numbers (`numbers_appendix` of the package) leaves room for the section in which each number is
printed first: its code runs before anybody knows the headings. This filter fills in the number of the section, or the
title of one without a number. A
number of a table or figure is where that float is, any other where its first mark is.
]]

local ROOM = '<span class="printed%-in" data%-key="([^"]*)" data%-where="([^"]*)"></span>'

local function escape(text)
  return (text:gsub("&", "&amp;"):gsub("<", "&lt;"):gsub(">", "&gt;"):gsub('"', "&quot;"))
end

local function has_appendix(doc)
  local found = false
  doc:walk({
    RawBlock = function(raw)
      found = found or raw.text:find('class="printed-in"', 1, true) ~= nil
    end,
  })
  return found
end

-- The number of a heading as every format prints it, or nothing.
local function counter()
  local counts = {}
  return function(header)
    if header.classes:includes("unnumbered") then
      return nil
    end
    for deeper = header.level + 1, #counts do
      counts[deeper] = nil
    end
    counts[header.level] = (counts[header.level] or 0) + 1
    return table.concat(counts, ".")
  end
end

-- Section by key of a number, and by id of a float.
local function places_of(doc)
  local keys, floats, number = {}, {}, counter()
  local section = ""
  doc:walk({
    traverse = "topdown",
    Header = function(header)
      local found = number(header)
      section = found or pandoc.utils.stringify(header.content)
    end,
    Div = function(div)
      if div.identifier ~= "" then
        floats[div.identifier] = floats[div.identifier] or section
      end
    end,
    Span = function(span)
      local key = span.attributes.key
      if key and span.classes:includes("num") then
        keys[key] = keys[key] or section
      end
    end,
  })
  return keys, floats
end

local function fill(doc)
  if not has_appendix(doc) then
    return nil
  end
  local keys, floats = places_of(doc)
  return doc:walk({
    RawBlock = function(raw)
      local text, rooms = raw.text:gsub(ROOM, function(key, where)
        return escape((where == "inline" and keys[key]) or floats[where] or keys[key] or "")
      end)
      return rooms > 0 and pandoc.RawBlock(raw.format, text) or nil
    end,
  })
end

return { { Pandoc = fill } }
