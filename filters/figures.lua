--[[
Alternative text. A figure carries it as `fig-alt`, computed with the figure; Quarto hands it to HTML and PDF but
not to Word, plain pandoc hands it to none. After this filter every format has it.
]]

local function typst_string(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("%s+", " ") .. '"'
end

local function typst_image(image, alt)
  local arguments = { typst_string(image.src), "alt: " .. typst_string(alt) }
  for _, side in ipairs({ "width", "height" }) do
    local length = image.attributes[side]
    if length and length:match("^[%d.]+%a+$") or length and length:match("^[%d.]+%%$") then
      table.insert(arguments, side .. ": " .. length)
    end
  end
  return pandoc.RawInline("typst", "#box(image(" .. table.concat(arguments, ", ") .. "))")
end

function Image(image)
  local alt = image.attributes["fig-alt"]
  if not alt or alt == "" then
    return nil
  end
  if FORMAT:match("docx") then
    image.attributes["fig-alt"] = nil
    image.caption = pandoc.Inlines({ pandoc.Str(alt) })
    return image
  elseif FORMAT:match("typst") then
    return typst_image(image, alt)
  end
  image.attributes["fig-alt"] = nil
  image.attributes.alt = alt
  return image
end
