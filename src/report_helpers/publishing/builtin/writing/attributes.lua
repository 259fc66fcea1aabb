-- Captions and titles that authors write as attributes are Markdown: put them where they would otherwise be written,
-- as the last paragraph of a figure, table or listing, and as the heading of a callout or theorem.

local function inlines(text, read)
  local blocks = read(text, "markdown").blocks
  return #blocks > 0 and blocks[1].content or pandoc.Inlines({})
end

local function take(element, pattern)
  for key, value in pairs(element.attributes) do
    if key:match(pattern) then
      element.attributes[key] = nil
      return value
    end
  end
end

local function titled(div)
  for _, class in ipairs(div.classes) do
    if class:match("^callout%-") then
      return "^title$"
    end
  end
  return div.identifier:match("^%l+%-") and "^name$"
end

return function(doc, read)
  return doc:walk({
    Div = function(div)
      local caption = div.identifier ~= "" and take(div, "^%l+%-cap$")
      local title = titled(div) and take(div, titled(div))
      if caption then
        div.content:insert(pandoc.Para(inlines(caption, read)))
      end
      if title then
        div.content:insert(1, pandoc.Header(2, inlines(title, read), pandoc.Attr("", { "unnumbered" })))
      end
      return (caption or title) and div or nil
    end,
    CodeBlock = function(code)
      local summary = take(code, "^code%-summary$")
      if summary then
        code.attributes["code-summary"] = pandoc.utils.stringify(inlines(summary, read))
      end
      local caption = code.identifier ~= "" and take(code, "^%l+%-cap$")
      if not caption then
        return summary and code or nil
      end
      local identifier = code.identifier
      code.identifier = ""
      return pandoc.Div({ code, pandoc.Para(inlines(caption, read)) }, pandoc.Attr(identifier))
    end,
  })
end
