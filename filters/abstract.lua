--[[
The abstract is written in the text, under `# Abstract`, because values are computed there and not in YAML.
This filter moves it into the metadata, where the title block of every format looks for it. Headings inside
it become run-in headings, as journals print a structured abstract.
]]

local TITLE = "abstract"

local function is_abstract(block)
  return block.t == "Header" and block.level == 1 and pandoc.utils.stringify(block):lower() == TITLE
end

local function run_in(blocks)
  local result = pandoc.Blocks({})
  local heading = nil
  for _, block in ipairs(blocks) do
    if block.t == "Header" then
      heading = block.content
    elseif heading and (block.t == "Para" or block.t == "Plain") then
      local label = pandoc.Strong(heading .. pandoc.Inlines({ pandoc.Str(".") }))
      result:insert(pandoc.Para(pandoc.Inlines({ label, pandoc.Space() }) .. block.content))
      heading = nil
    else
      result:insert(block)
    end
  end
  return result
end

local function take(blocks)
  local kept, abstract = pandoc.Blocks({}), nil
  local inside = false
  for _, block in ipairs(blocks) do
    if block.t == "Header" and block.level == 1 then
      inside = abstract == nil and is_abstract(block)
      if inside then
        abstract = pandoc.Blocks({})
        goto next_block
      end
    end
    if inside then
      abstract:insert(block)
    else
      kept:insert(block)
    end
    ::next_block::
  end
  return kept, abstract
end

local function move(doc)
  if doc.meta.abstract then
    return nil
  end
  local kept, abstract = take(doc.blocks)
  if not abstract then
    return nil
  end
  doc.blocks = kept
  doc.meta.abstract = pandoc.MetaBlocks(run_in(abstract))
  return doc
end

return { { Pandoc = move } }
