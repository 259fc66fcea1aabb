--[[
Where the analysis had too few patients to report on, every number of theirs is "[not shown]". Sentences made
of such numbers say nothing: each paragraph that holds one says instead that there were too few patients. Its
run-in heading stays, and so does the notice that gives the reason, by which this filter knows the case.
]]

local NOTICE = "data.notice"
local TOO_FEW = "Too few patients to report"
local NOT_SHOWN = "[not shown]"

local function says(span, words)
  return span.classes:includes("num") and pandoc.utils.stringify(span):find(words, 1, true) ~= nil
end

local function is_notice(span)
  return span.attributes.key == NOTICE and says(span, TOO_FEW)
end

-- Return whether a block holds a number that is not shown, and the notice if it holds that.
local function look(block)
  local hidden, notice = false, nil
  block:walk({
    Span = function(span)
      hidden = hidden or says(span, NOT_SHOWN)
      notice = notice or (is_notice(span) and span or nil)
    end,
  })
  return hidden, notice
end

local function sentence()
  return pandoc.Inlines(TOO_FEW .. ".")
end

-- Places that links lead to, such as those of checklists.lua.
local function places_in(block)
  local places = pandoc.Inlines({})
  block:walk({
    Span = function(span)
      if span.identifier ~= "" and pandoc.utils.stringify(span) == "" then
        places:insert(span)
      end
    end,
  })
  return places
end

local function shortened(block)
  local hidden, notice = look(block)
  if not hidden then
    return nil
  end
  local places = places_in(block)
  local first = block.content[1]
  local words = notice and pandoc.Inlines({ notice }) or sentence()
  if first.t == "Strong" or first.t == "Emph" then
    words = pandoc.Inlines({ first, pandoc.Space() }) .. words
  end
  block.content = words .. places
  return block
end

-- Paragraphs that would say the same one after another say it once.
local function once(blocks)
  local result = pandoc.Blocks({})
  local plain = pandoc.utils.stringify(sentence())
  for _, block in ipairs(blocks) do
    local before = result[#result]
    local repeated = before and before.t == "Para" and block.t == "Para"
      and pandoc.utils.stringify(block) == plain and pandoc.utils.stringify(before) == plain
    if not repeated then
      result:insert(block)
    end
  end
  return result
end

local function shorten(doc)
  local _, notice = look(pandoc.Div(doc.blocks))
  if not notice then
    return nil
  end
  return doc:walk({ Para = shortened, Plain = shortened }):walk({ Blocks = once })
end

return { { Pandoc = shorten } }
