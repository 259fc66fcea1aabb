--[[
Front matter of the article in JATS: the run-in headings of the abstract become titles of its sections, and the notice
and the facts of the render become notes. `short-title` and `version` are for the template of the built-in engine,
`tags` is what Quarto's own template calls the keywords.
]]

if not FORMAT:match("jats") then
  return {}
end

local stringify = pandoc.utils.stringify

local function escape(text)
  return (text:gsub("&", "&amp;"):gsub("<", "&lt;"):gsub(">", "&gt;"))
end

-- The heading at the start of a paragraph, and the rest of the paragraph.
local function run_in_heading(block)
  local first = block.t == "Para" and block.content[1]
  if not first or first.t ~= "Strong" then
    return nil
  end
  local rest = block.content:clone()
  rest:remove(1)
  while #rest > 0 and (rest[1].t == "Space" or rest[1].t == "SoftBreak") do
    rest:remove(1)
  end
  return (stringify(first):gsub("%.$", "")), pandoc.Para(rest)
end

-- What stands before the first heading stays before the first section.
local function in_sections(blocks)
  local result, open = pandoc.Blocks({}), false
  for _, block in ipairs(blocks) do
    local heading, rest = run_in_heading(block)
    if heading then
      local close = open and "</sec>\n" or ""
      result:insert(pandoc.RawBlock("jats", close .. "<sec>\n<title>" .. escape(heading) .. "</title>"))
      open = true
    end
    result:insert(rest or block)
  end
  if open then
    result:insert(pandoc.RawBlock("jats", "</sec>"))
  end
  return result
end

local function notes_of(provenance)
  local blocks = pandoc.Blocks({})
  if stringify(provenance.notice or "") ~= "" then
    blocks:insert(pandoc.Para(pandoc.Inlines(provenance.notice)))
  end
  for _, fact in ipairs(provenance.facts or {}) do
    local label = pandoc.Strong({ pandoc.Str(stringify(fact.label) .. ":") })
    blocks:insert(pandoc.Para(pandoc.Inlines({ label, pandoc.Space() }) .. pandoc.Inlines(fact.value)))
  end
  return blocks
end

-- Pandoc keeps the class of a computed value, but not its key.
function Span(span)
  span.attributes["specific-use"] = span.attributes.key
  return span
end

function Meta(meta)
  if pandoc.utils.type(meta.abstract) == "Blocks" then
    meta.abstract = in_sections(meta.abstract)
  end
  meta.tags = meta.tags or meta.keywords
  local provenance = meta.provenance
  if provenance then
    meta.notes = meta.notes or notes_of(provenance)
    meta["short-title"] = provenance["short-title"]
    meta.version = provenance.version
  end
  return meta
end
