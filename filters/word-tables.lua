--[[
Word tables in the booktabs manner. Pandoc's Word writer gives a table one style and no rules of its own, so a
heading of two rows would be ruled through its middle. This filter writes the tables that tables.lua made
directly as Word's XML: real Word tables, rules above, below and under the headings, heading rows that repeat on
each page, rows that do not break, columns as wide as what they hold.
]]

if not FORMAT:match("docx") then
  return {}
end

-- Width of the text on A4 with the margins of assets/reference.docx, in twentieths of a point.
local TEXT_WIDTH = 9071
-- A table of so few rows stays on one page with its notes.
local SHORT = 24
local THICK = 'w:val="single" w:sz="8" w:space="0" w:color="111111"'
local THIN = 'w:val="single" w:sz="4" w:space="0" w:color="111111"'
local JUSTIFICATION = { AlignLeft = "left", AlignRight = "right", AlignCenter = "center", AlignDefault = "left" }

local function escape(text)
  return (text:gsub("&", "&amp;"):gsub("<", "&lt;"):gsub(">", "&gt;"))
end

local function run(text, format)
  local properties = format.link and '<w:rStyle w:val="Hyperlink"/>' or ""
  if format.bold then
    properties = properties .. "<w:b/>"
  end
  if format.italic then
    properties = properties .. "<w:i/>"
  end
  if format.raised then
    properties = properties .. '<w:vertAlign w:val="' .. format.raised .. '"/>'
  end
  if properties ~= "" then
    properties = "<w:rPr>" .. properties .. "</w:rPr>"
  end
  return "<w:r>" .. properties .. '<w:t xml:space="preserve">' .. escape(text) .. "</w:t></w:r>"
end

local function with(format, key, value)
  local copy = { bold = format.bold, italic = format.italic, raised = format.raised, link = format.link }
  copy[key] = value
  return copy
end

local function runs(inlines, format)
  local parts = {}
  for _, inline in ipairs(inlines) do
    local kind = inline.t
    if kind == "Str" then
      table.insert(parts, run(inline.text, format))
    elseif kind == "Space" or kind == "SoftBreak" then
      table.insert(parts, run(" ", format))
    elseif kind == "LineBreak" then
      table.insert(parts, "<w:r><w:br/></w:r>")
    elseif kind == "Strong" then
      table.insert(parts, runs(inline.content, with(format, "bold", true)))
    elseif kind == "Emph" then
      table.insert(parts, runs(inline.content, with(format, "italic", true)))
    elseif kind == "Superscript" then
      table.insert(parts, runs(inline.content, with(format, "raised", "superscript")))
    elseif kind == "Subscript" then
      table.insert(parts, runs(inline.content, with(format, "raised", "subscript")))
    elseif kind == "Link" and inline.target:match("^#") then
      local content = runs(inline.content, with(format, "link", true))
      table.insert(parts, '<w:hyperlink w:anchor="' .. escape(inline.target:sub(2)) .. '">' .. content .. "</w:hyperlink>")
    elseif kind == "RawInline" and inline.format == "openxml" then
      table.insert(parts, inline.text)
    elseif inline.content then
      table.insert(parts, runs(inline.content, format))
    else
      table.insert(parts, run(pandoc.utils.stringify(inline), format))
    end
  end
  return table.concat(parts)
end

local function paragraphs(cell, align, heading, keep)
  local properties = '<w:pStyle w:val="' .. (heading and "TableHeading" or "TableText") .. '"/>'
  if keep then
    properties = properties .. "<w:keepNext/>"
  end
  properties = "<w:pPr>" .. properties .. '<w:jc w:val="' .. JUSTIFICATION[align] .. '"/></w:pPr>'
  local parts = {}
  for _, block in ipairs(cell.contents) do
    local inlines = block.content or pandoc.utils.blocks_to_inlines({ block })
    table.insert(parts, "<w:p>" .. properties .. runs(inlines, {}) .. "</w:p>")
  end
  if #parts == 0 then
    return "<w:p>" .. properties .. "</w:p>"
  end
  return table.concat(parts)
end

-- Lay the rows out on the grid, so that a cell below a tall one knows its column.
local function grid(rows, columns)
  local held, result = {}, {}
  for _, row in ipairs(rows) do
    local laid, column, index = {}, 1, 1
    while column <= columns do
      if held[column] and held[column].rows > 0 then
        local above = held[column]
        above.rows = above.rows - 1
        table.insert(laid, { column = column, span = above.span, continued = true })
        column = column + above.span
      else
        local cell = row.cells[index]
        index = index + 1
        if not cell then
          break
        end
        held[column] = { rows = cell.row_span - 1, span = cell.col_span }
        table.insert(laid, { column = column, span = cell.col_span, cell = cell, tall = cell.row_span > 1 })
        column = column + cell.col_span
      end
    end
    table.insert(result, laid)
  end
  return result
end

local function widths(tbl)
  local result = {}
  for column, spec in ipairs(tbl.colspecs) do
    result[column] = math.floor(TEXT_WIDTH * (spec[2] or 1 / #tbl.colspecs))
  end
  return result
end

local function cell_xml(place, aligns, width, section)
  local total = 0
  for column = place.column, place.column + place.span - 1 do
    total = total + (width[column] or 0)
  end
  local properties = '<w:tcW w:w="' .. total .. '" w:type="dxa"/>'
  if place.span > 1 then
    properties = properties .. '<w:gridSpan w:val="' .. place.span .. '"/>'
  end
  if place.continued then
    properties = properties .. "<w:vMerge/>"
  elseif place.tall then
    properties = properties .. '<w:vMerge w:val="restart"/>'
  end
  local spanner = place.cell and place.cell.classes:includes("spanner")
  if section.last_heading or spanner then
    properties = properties .. "<w:tcBorders><w:bottom " .. THIN .. "/></w:tcBorders>"
  end
  if section.heading then
    properties = properties .. '<w:vAlign w:val="bottom"/>'
  end
  local align = place.cell and place.cell.alignment or "AlignDefault"
  if align == "AlignDefault" then
    align = place.span > 1 and "AlignCenter" or aligns[place.column]
  end
  local contents = place.cell or { contents = {} }
  local body = paragraphs(contents, align, section.heading, section.keep)
  return "<w:tc><w:tcPr>" .. properties .. "</w:tcPr>" .. body .. "</w:tc>"
end

local function row_xml(laid, aligns, width, section)
  local properties = "<w:cantSplit/>" .. (section.heading and "<w:tblHeader/>" or "")
  local cells = {}
  for _, place in ipairs(laid) do
    table.insert(cells, cell_xml(place, aligns, width, section))
  end
  return "<w:tr><w:trPr>" .. properties .. "</w:trPr>" .. table.concat(cells) .. "</w:tr>"
end

local function table_xml(tbl)
  local columns = #tbl.colspecs
  local aligns = {}
  for column, spec in ipairs(tbl.colspecs) do
    aligns[column] = spec[1]
  end
  local rows = pandoc.List({})
  for _, body in ipairs(tbl.bodies) do
    rows:extend(body.head)
    rows:extend(body.body)
  end
  local head, body = grid(tbl.head.rows, columns), grid(rows, columns)
  local width = widths(tbl)

  local parts = { "<w:tbl><w:tblPr>" }
  table.insert(parts, '<w:tblStyle w:val="Booktabs"/><w:tblW w:w="5000" w:type="pct"/>')
  table.insert(parts, "<w:tblBorders><w:top " .. THICK .. "/><w:bottom " .. THICK .. "/></w:tblBorders>")
  table.insert(parts, '<w:tblLook w:val="0000" w:firstRow="0" w:lastRow="0" w:firstColumn="0" w:lastColumn="0"')
  table.insert(parts, ' w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>')
  for column = 1, columns do
    table.insert(parts, '<w:gridCol w:w="' .. width[column] .. '"/>')
  end
  table.insert(parts, "</w:tblGrid>")
  for index, laid in ipairs(head) do
    local section = { heading = true, last_heading = index == #head, keep = true }
    table.insert(parts, row_xml(laid, aligns, width, section))
  end
  for index, laid in ipairs(body) do
    local keep = #rows <= SHORT or rows[index].classes:includes("group-row")
    table.insert(parts, row_xml(laid, aligns, width, { keep = keep }))
  end
  table.insert(parts, "</w:tbl>")
  return table.concat(parts)
end

-- Quarto centres what stands in the frame of a float: notes say for themselves that they begin at the left.
function Div(div)
  if div.attributes["custom-style"] ~= "Table Note" then
    return nil
  end
  local parts = {}
  for _, block in ipairs(div.content) do
    local properties = '<w:pPr><w:pStyle w:val="TableNote"/><w:jc w:val="left"/></w:pPr>'
    table.insert(parts, "<w:p>" .. properties .. runs(block.content or {}, {}) .. "</w:p>")
  end
  return pandoc.RawBlock("openxml", table.concat(parts))
end

function Table(tbl)
  if not tbl.classes:includes("great-table") then
    -- Quarto lays floats out in tables without headings: those get no rules.
    if #tbl.head.rows > 0 then
      tbl.attributes["custom-style"] = "Booktabs"
      return tbl
    end
    return nil
  end
  -- A table may not be the last thing in a cell, and two tables may not touch: Word wants a paragraph between.
  local after = '<w:p><w:pPr><w:pStyle w:val="TableNote"/><w:keepNext/>'
    .. '<w:spacing w:before="0" w:after="0" w:line="60" w:lineRule="exact"/></w:pPr></w:p>'
  return pandoc.RawBlock("openxml", table_xml(tbl) .. after)
end
