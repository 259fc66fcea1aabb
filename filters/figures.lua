--[[
Alternative text. A figure carries it as `fig-alt`, computed with the figure; Quarto hands it to HTML and PDF but
not to Word and JATS, plain pandoc hands it to none. After this filter every format has it.

In Word a figure is also kept a little narrower than the text: LibreOffice sets a picture in a line with a margin at
its sides, and Quarto sets it into a frame, so that one as wide as the text would be cut.
]]

local WORD_WIDTH = 5.85 -- inches; the text of assets/reference.docx has 6.3

local function fits_word(image)
  if image.attributes.width or image.attributes.height then
    return true
  end
  local found, width = pcall(function()
    local _, content = pandoc.mediabag.fetch(image.src)
    local size = pandoc.image.size(content)
    return size.width / size.dpi_horz
  end)
  return not found or width <= WORD_WIDTH
end

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

local function with_alt(image)
  local alt = image.attributes["fig-alt"]
  if not alt or alt == "" then
    return image
  end
  if FORMAT:match("typst") then
    return typst_image(image, alt)
  end
  image.attributes["fig-alt"] = nil
  if FORMAT:match("docx") or FORMAT:match("jats") then
    image.caption = pandoc.Inlines({ pandoc.Str(alt) })
  else
    image.attributes.alt = alt
  end
  return image
end

function Image(image)
  if FORMAT:match("docx") and not fits_word(image) then
    image.attributes.width = WORD_WIDTH .. "in"
  end
  return with_alt(image)
end
