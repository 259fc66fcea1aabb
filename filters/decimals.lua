--[[
Numbers set right stand on their decimal points. Where the numbers of a column have unlike decimals, as P values
have (0.15 above 0.010), a shorter one is filled up with blanks as wide as a digit.
]]

local FIGURE_SPACE = "\u{2007}"

-- The decimals of a cell that holds one plain number, such as "<0.001", or nil.
local function decimals(cell)
  local digits = pandoc.utils.stringify(cell.contents):match("^%s*[^%w%s]*%d+%.(%d+)%s*$")
  return cell.col_span == 1 and digits and #digits or nil
end

local function each_number(tbl, visit)
  local bodies = pandoc.List({})
  for _, body in ipairs(tbl.bodies) do
    body.body = body.body:map(function(row)
      -- A row that another reaches into from above does not tell its columns.
      if #row.cells == #tbl.colspecs then
        row.cells = row.cells:map(function(cell, column)
          local places = tbl.colspecs[column][1] == "AlignRight" and decimals(cell)
          return places and visit(cell, column, places) or cell
        end)
      end
      return row
    end)
    bodies:insert(body)
  end
  tbl.bodies = bodies
end

local function filled(cell, missing)
  local blanks = pandoc.Inlines({ pandoc.Str(string.rep(FIGURE_SPACE, missing)) })
  cell.contents = cell.contents:walk({
    Plain = function(plain)
      return pandoc.Plain(plain.content .. blanks)
    end,
  })
  return cell
end

local function align(tbl)
  if not tbl.classes:includes("great-table") then
    return nil
  end
  local most = {}
  each_number(tbl, function(cell, column, places)
    most[column] = math.max(most[column] or 0, places)
    return cell
  end)
  each_number(tbl, function(cell, column, places)
    return places < most[column] and filled(cell, most[column] - places) or cell
  end)
  return tbl
end

return { { Table = align } }
