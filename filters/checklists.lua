--[[
Reporting checklists. Authors mark the passage that answers an item of STROBE or RECORD: `::: {.strobe item="13a"}`,
`[...]{.record item="6.1 7.1"}`, or `{.strobe item="4"}` on a heading, a figure or a table. A mark changes nothing in
how the text looks: this filter makes it a place to link to, and fills sections and pages into the tables of
`tables.strobe` and `tables.record`, which leave room for them. The text of a mark `{.strobe-not-applicable item="6b"}` is the reason
why an item does not apply: it is printed in the table, and not where it stands.

An item that is marked nowhere is "not reported" in a draft, and an error where MANUSCRIPT_STRICT is set. The filter
runs before too-few.lua: a passage that then says only that there were too few patients still answers its item.
]]

local function module(name)
  local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE)
  return assert(loadfile(pandoc.path.join({ folder, "modules", name .. ".lua" }), "t", _ENV))()
end

local marks = module("checklist-marks")
local source = module("source-lines")

local ROOM = '<span class="checklist%-(%a+)" data%-checklist="([^"]*)" data%-item="([^"]*)"[^>]*></span>'
local ASKS = 'class="checklist%-section" data%-checklist="([^"]*)" data%-item="([^"]*)" data%-asks="([^"]*)"'
local PAGE_CELL = '%s*<td[^>]*><span class="checklist%-page"[^>]*></span></td>'
local PAGE_HEAD = '%s*<th[^>]*id="[^"]*%-page"[^>]*>[^<]*</th>'
local PDF = "index.pdf"

local NOT_REPORTED = '<strong class="not-reported">not reported</strong>'
local AWAITED = "[to be supplied]"

local is_html = FORMAT:match("html") ~= nil
local has_pages = not FORMAT:match("jats")

local function escape(text)
  return (text:gsub("&", "&amp;"):gsub("<", "&lt;"):gsub(">", "&gt;"):gsub('"', "&quot;"))
end

local function unescape(text)
  return (text:gsub("&lt;", "<"):gsub("&gt;", ">"):gsub("&quot;", '"'):gsub("&#x27;", "'"):gsub("&amp;", "&"))
end

-- The checklists that the document prints: items in their order, what each asks, and room for what marks tell of it.
local function printed_lists(doc)
  local lists = {}
  doc:walk({
    RawBlock = function(raw)
      for key, item, asks in raw.text:gmatch(ASKS) do
        lists[key] = lists[key] or { key = key, name = key:upper(), order = pandoc.List({}), items = {} }
        lists[key].order:insert(item)
        lists[key].items[item] = { asks = unescape(asks), places = pandoc.List({}) }
      end
    end,
  })
  return lists
end

local function is_strict()
  local set = os.getenv("MANUSCRIPT_STRICT")
  return set ~= nil and set ~= "" and set ~= "0"
end

local function by_key(lists)
  local sorted = pandoc.List({})
  for _, list in pairs(lists) do
    sorted:insert(list)
  end
  sorted:sort(function(one, other) return one.key < other.key end)
  return sorted
end

-- What is wrong with the lists as a whole: items told to be both, and in a strict render those told nowhere.
local function faults_of(lists)
  local found = pandoc.List({})
  for _, list in ipairs(by_key(lists)) do
    for _, item in ipairs(list.order) do
      local entry = list.items[item]
      local name = list.name .. " " .. item
      if entry.reason and #entry.places > 0 then
        local mark = entry.exception
        local line = source.of_mark(mark.class, mark.given, mark.occurrence)
        found:insert(source.complaint(line, name .. " is called not applicable, but marked too. Leave out one of the two."))
      elseif is_strict() and not entry.reason and #entry.places == 0 then
        local remedy = " Mark where the text tells it with {." .. list.key .. ' item="' .. item .. '"}, or why it does not apply'
          .. " with {." .. list.key .. '-not-applicable item="' .. item .. '"}.'
        local line = source.of_text("tables." .. list.key .. "(")
        found:insert(source.complaint(line, name .. " is not reported. " .. entry.asks .. remedy))
      end
    end
  end
  return found
end

local function refuse(lists, complaints)
  local told = complaints:map(function(each)
    return source.complaint(source.of_mark(each.class, each.item, each.occurrence), each.what)
  end)
  told:extend(faults_of(lists))
  assert(#told == 0, "\n" .. table.concat(told, "\n") .. "\n") -- `error` only prints where Quarto runs the filter
end

-- Sentences of which authors still owe what matters: of a passage all, some or none.
local function owed(text)
  local rest, count = text:gsub("[^.]-" .. AWAITED:gsub("%p", "%%%0"), "")
  if count == 0 then
    return ""
  end
  return rest:match("%w") and " (in part awaiting the authors)" or " (awaiting the authors)"
end

local function section_link(place)
  local section = place.section
  local title = escape((section.number and section.number .. "\u{A0}" or "") .. section.title)
  return '<a href="#' .. escape(place.id) .. '">' .. title .. "</a>" .. owed(place.text)
end

local function page_link(place)
  return '<a class="page-number" href="#' .. escape(place.id) .. '">00</a>'
end

-- A browser knows no pages: there the link leads to the section in the PDF.
local function pdf_link(place, words)
  local section = place.section
  local there = section.number and "#nameddest=" .. section.id or ""
  local label = "In the PDF: " .. section.title
  return '<a href="' .. PDF .. escape(there) .. '" aria-label="' .. escape(label) .. '">' .. escape(words) .. "</a>"
end

-- What page-numbers.lua makes the numbers of pages of; in HTML one link for each section.
local function pages_of(places)
  if not is_html then
    return table.concat(places:map(page_link), ", ")
  elseif #places == 1 then
    return pdf_link(places[1], "PDF")
  end
  return "PDF " .. table.concat(places:map(function(place)
    return pdf_link(place, place.section.number or place.section.title)
  end), ", ")
end

local function reason_of(entry)
  local reason = pandoc.write(pandoc.Pandoc({ pandoc.Plain(entry.reason) }), "html", { wrap_text = "none" })
  return "Not applicable: " .. reason:gsub("%s+$", "")
end

local function filled(raw, lists)
  local text = raw.text
  if not has_pages then
    text = text:gsub(PAGE_CELL, ""):gsub(PAGE_HEAD, ""):gsub('colspan="4"', 'colspan="3"')
  end
  text = text:gsub(ROOM, function(column, key, item)
    local entry = lists[key].items[item]
    if #entry.places == 0 then
      return column == "page" and "" or entry.reason and reason_of(entry) or NOT_REPORTED
    elseif column == "page" then
      return pages_of(entry.places)
    end
    return table.concat(entry.places:map(section_link), "; ")
  end)
  return pandoc.RawBlock(raw.format, text)
end

-- An empty place with an id. Typst gives no name to nothing.
local function anchor(id)
  local content = FORMAT:match("typst") and { pandoc.RawInline("typst", "#metadata(none)") } or {}
  return pandoc.Span(content, pandoc.Attr(id))
end

-- A run-in heading stays the first of its paragraph: abstract.lua and others know it by that.
local function anchored(inlines, id)
  local has_heading = inlines[1] and (inlines[1].t == "Strong" or inlines[1].t == "Emph")
  inlines:insert(has_heading and 2 or 1, anchor(id))
  return inlines
end

local function with_anchor(element)
  local id = element.attributes["checklist-anchor"]
  if not id then
    return nil
  end
  element.attributes["checklist-anchor"] = nil
  local content = element.content
  if id ~= "" and element.t ~= "Div" then
    content:insert(1, anchor(id))
  elseif id ~= "" and (content[1].t == "Para" or content[1].t == "Plain") then
    content[1].content = anchored(content[1].content, id)
  elseif id ~= "" then
    element.identifier = id
  end
  if element.t == "Header" or element.identifier ~= "" or #element.classes > 0 or #element.attributes > 0 then
    element.content = content
    return element
  end
  return content
end

local function fill(doc)
  local lists = printed_lists(doc)
  local read, complaints = marks.read(doc, lists)
  refuse(lists, complaints)
  return read:walk({
    Span = with_anchor,
    Header = with_anchor,
    Div = with_anchor,
    RawBlock = function(raw)
      return raw.text:find('class="checklist-', 1, true) and filled(raw, lists) or nil
    end,
  })
end

return { { Pandoc = fill } }
