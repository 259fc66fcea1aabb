--[[
Numbers set right stand on their decimal points. Where the numbers of a column have unlike decimals, as P values
have (0.15 above 0.010), a shorter one is filled up with blanks as wide as a digit.
]]

if FORMAT:match("jats") then -- its readers align numbers as they please
  return {}
end

local FIGURE_SPACE = "\u{2007}"

-- The decimals of a cell that holds one plain number, such as "<0.001", or nil.
local function decimals(cell)
  local digits = pandoc.utils.stringify(cell.contents):match("^%s*[^%w%s]*%d+%.(%d+)%s*$")
  return cell.col_span == 1 and digits and #digits or nil
end

-- The decimals of each number set right, by row and column, and the most of each column. A row that another reaches
-- into from above does not tell its columns.
local function survey(rows, colspecs, most)
  local found = {}
  for index, row in ipairs(rows) do
    found[index] = {}
    local cells = row.cells
    if #cells == #colspecs then
      for column, cell in ipairs(cells) do
        local places = colspecs[column][1] == "AlignRight" and decimals(cell)
        if places then
          found[index][column] = places
          most[column] = math.max(most[column] or 0, places)
        end
      end
    end
  end
  return found
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

-- Give the row its blanks; whether it wants any.
local function fill(row, places, most)
  local cells, changed = row.cells, false
  for column, digits in pairs(places) do
    if digits < most[column] then
      cells[column] = filled(cells[column], most[column] - digits)
      changed = true
    end
  end
  if changed then
    row.cells = cells
  end
  return changed
end

local function align(tbl)
  if not tbl.classes:includes("great-table") then
    return nil
  end
  local bodies, most, found = tbl.bodies, {}, {}
  for index, body in ipairs(bodies) do
    found[index] = survey(body.body, tbl.colspecs, most)
  end
  local changed = false
  for index, body in ipairs(bodies) do
    for number, row in ipairs(body.body) do
      changed = fill(row, found[index][number], most) or changed
    end
  end
  if changed then
    tbl.bodies = bodies
    return tbl
  end
end

return { { Table = align } }
