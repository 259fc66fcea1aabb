--[[
Word's title block. The template assets/word/document.openxml prints the title alone; names, affiliations,
correspondence, abstract, keywords and the version of manuscript and data follow as paragraphs in styles of
assets/reference.docx.
]]

if not FORMAT:match("docx") then
  return {}
end

local stringify = pandoc.utils.stringify

local function styled(inlines, style)
  return pandoc.Div({ pandoc.Para(inlines) }, pandoc.Attr("", {}, { ["custom-style"] = style }))
end

local function labelled(label, value)
  return pandoc.Inlines({ pandoc.Strong({ pandoc.Str(label .. ":") }), pandoc.Space() }) .. pandoc.Inlines(value)
end

local function joined(values, separator)
  local result = pandoc.Inlines({})
  for index, value in ipairs(values) do
    if index > 1 then
      result:insert(pandoc.Str(separator))
      result:insert(pandoc.Space())
    end
    result:extend(pandoc.Inlines(value))
  end
  return result
end

local function is_true(value)
  return value ~= nil and value ~= false and stringify(value) ~= "false"
end

local function byline(authors)
  local names = pandoc.List({})
  for _, author in ipairs(authors) do
    local name = pandoc.Inlines(author.name.literal)
    local marks = pandoc.List({})
    for _, affiliation in ipairs(author.affiliations or {}) do
      if affiliation.number then
        marks:insert(stringify(affiliation.number))
      end
    end
    if author.attributes and is_true(author.attributes.corresponding) then
      marks:insert("*")
    end
    if #marks > 0 then
      name = name .. pandoc.Inlines({ pandoc.Superscript({ pandoc.Str(table.concat(marks, ",")) }) })
    end
    names:insert(name)
  end
  return joined(names, ",")
end

local function affiliations(meta)
  local blocks = pandoc.Blocks({})
  for _, place in ipairs(meta.affiliations or {}) do
    if place.number and place.name then
      local number = pandoc.Superscript({ pandoc.Str(stringify(place.number)) })
      local parts = pandoc.List({})
      for _, key in ipairs({ "department", "name", "city", "country" }) do
        if place[key] then
          parts:insert(place[key])
        end
      end
      blocks:insert(styled(pandoc.Inlines({ number, pandoc.Space() }) .. joined(parts, ","), "Affiliation"))
    end
  end
  return blocks
end

local function contacts(authors)
  local blocks = pandoc.Blocks({})
  for _, author in ipairs(authors) do
    local corresponding = author.attributes and is_true(author.attributes.corresponding)
    if corresponding then
      local reach = pandoc.List({ author.name.literal })
      if author.email then
        reach:insert(author.email)
      end
      blocks:insert(styled(labelled("*Corresponding author", joined(reach, ",")), "Affiliation"))
    end
    if author.orcid then
      local value = joined({ author.name.literal, author.orcid }, "")
      blocks:insert(styled(labelled("ORCID", value), "Affiliation"))
    end
  end
  return blocks
end

local function abstract(meta)
  local blocks = pandoc.Blocks({})
  if not meta.abstract then
    return blocks
  end
  local title = meta["abstract-title"] or (meta.labels and meta.labels.abstract) or "Abstract"
  blocks:insert(styled({ pandoc.Str(stringify(title)) }, "Abstract Title"))
  local body = meta.abstract
  if pandoc.utils.type(body) ~= "Blocks" then
    body = pandoc.Blocks({ pandoc.Para(pandoc.Inlines(body)) })
  end
  blocks:insert(pandoc.Div(body, pandoc.Attr("", {}, { ["custom-style"] = "Abstract" })))
  return blocks
end

local function keywords(meta)
  if not meta.keywords or #meta.keywords == 0 then
    return pandoc.Blocks({})
  end
  return pandoc.Blocks({ styled(labelled("Keywords", joined(meta.keywords, ",")), "Manuscript Fact") })
end

local function facts(meta)
  local blocks = pandoc.Blocks({})
  for _, fact in ipairs(meta.provenance and meta.provenance.facts or {}) do
    blocks:insert(styled(labelled(stringify(fact.label), fact.value), "Manuscript Fact"))
  end
  return blocks
end

-- The abstract leaves the metadata again, to stand after the affiliations.
local function title_block(doc)
  local meta = doc.meta
  local authors = meta["by-author"] or {}
  local blocks = pandoc.Blocks({})
  if #authors > 0 then
    blocks:insert(styled(byline(authors), "Author"))
  end
  blocks:extend(affiliations(meta))
  blocks:extend(contacts(authors))
  blocks:extend(facts(meta))
  blocks:extend(abstract(meta))
  blocks:extend(keywords(meta))
  blocks:extend(doc.blocks)
  meta.abstract = nil
  doc.meta = meta
  doc.blocks = blocks
  return doc
end

return { { Pandoc = title_block } }
