--[[
In the PDF a group row heads the rows below it, so that no page ends with one. Pandoc's Typst writer knows headings of
a whole table only; this filter lets it write the table, then makes the group rows headings of their rows.
]]

if not FORMAT:match("typst") then
  return {}
end

local function heads_group(row)
  return row.classes:includes("group-row")
end

function Table(tbl)
  local grouped = tbl.bodies[1] and tbl.bodies[1].body:find_if(heads_group)
  if not (grouped and tbl.classes:includes("great-table")) then
    return nil
  end
  if not tbl.classes:includes("typst:no-figure") then
    tbl.classes:insert("typst:no-figure")
  end
  local written = pandoc.write(pandoc.Pandoc({ tbl }), "typst-smart", { wrap_text = "none" })
  local span = "colspan: " .. #tbl.colspecs .. "[,)]"
  local lines = {}
  for line in written:gmatch("[^\n]+") do
    local cell = line:match("^%s*(table%.cell%(.*%]),$")
    if cell and cell:match(span) then
      line = "table.header(level: 2, repeat: false, " .. cell .. "),"
    end
    table.insert(lines, line)
  end
  return pandoc.RawBlock("typst", table.concat(lines, "\n"))
end
