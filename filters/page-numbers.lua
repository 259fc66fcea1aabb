--[[
A link of the class `page-number` becomes the number of the page that it leads to, known when the pages are: in the PDF
as Typst lays it out, in Word as a field. Several links in one cell to the same page give its number once in the PDF.
]]

local SEPARATOR = ", "

local function targets_of(plain)
  local found = pandoc.List({})
  plain:walk({
    Link = function(link)
      if link.classes:includes("page-number") then
        found:insert((link.target:gsub("^#", "")))
      end
    end,
  })
  return found
end

local function in_typst(targets)
  local labels = table.concat(targets:map(function(id) return "<" .. id .. ">," end), " ")
  return pandoc.RawInline("typst", "#context (" .. labels .. ").map(to => (locate(to).page(), to))"
    .. ".dedup(key: found => found.at(0)).map(found => link(found.at(1), str(found.at(0)))).join[" .. SEPARATOR .. "]")
end

-- Word fills the field in when it opens the file: "dirty" asks it to.
local function in_word(id)
  local parts = {
    '<w:fldChar w:fldCharType="begin" w:dirty="true"/>',
    '<w:instrText xml:space="preserve"> PAGEREF ' .. id .. " \\h </w:instrText>",
    '<w:fldChar w:fldCharType="separate"/>',
    "<w:t>–</w:t>",
    '<w:fldChar w:fldCharType="end"/>',
  }
  return pandoc.RawInline("openxml", "<w:r>" .. table.concat(parts, "</w:r><w:r>") .. "</w:r>")
end

local function number(plain)
  local targets = targets_of(plain)
  if #targets == 0 then
    return nil
  elseif FORMAT:match("typst") then
    return pandoc.Plain({ in_typst(targets) })
  end
  local fields = pandoc.Inlines({})
  for index, id in ipairs(targets) do
    if index > 1 then
      fields:insert(pandoc.Str(SEPARATOR))
    end
    fields:insert(in_word(id))
  end
  return pandoc.Plain(fields)
end

if not (FORMAT:match("typst") or FORMAT:match("docx")) then
  return {}
end

return {
  {
    Table = function(tbl)
      return tbl:walk({ Plain = number })
    end,
  },
}
