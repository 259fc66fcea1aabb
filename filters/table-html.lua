--[[
What great_tables writes, made fit for a journal, as text and for every format: footnote marks are letters, raised
behind the value they belong to ("64.1ᵃ"; great_tables puts them in front of numbers, "1 64.1"). HTML output keeps the
table with hooks for the style sheet; for other formats tables.lua reads it.
]]

local is_html = FORMAT:match("html") ~= nil

-- Journals mark table notes with letters: a figure raised beside a number reads as part of it.
local function as_letter(mark)
  local number = tonumber(mark)
  return number >= 1 and number <= 26 and string.char(string.byte("a") + number - 1) or mark
end

local MARK = '(<span class="gt_footnote_marks"[^>]*>)([^<]*)(</span>)'

local function raised(open, marks, close)
  return open .. "<sup>" .. marks:gsub("%d+", as_letter) .. "</sup>" .. close
end

local function with_marks_behind(open, content, close)
  local mark, value = content:match('^(<span class="gt_footnote_marks"[^>]*>.-</span>)%s*(.+)$')
  return mark and open .. value .. mark .. close or nil
end

-- The id of the float around a table is the float's; cells that span nothing need not say so.
local function for_screen(text)
  return (
    text
      :gsub('data%-quarto%-disable%-processing="false"', 'data-quarto-disable-processing="true"')
      :gsub('<table class="gt_table"', '<table class="gt_table great-table"')
      :gsub('(<div id="%a*)tbl%-', "%1table-", 1)
      :gsub(' rowspan="1"', "")
      :gsub(' colspan="1"', "")
      :gsub('(<span class="gt_footnote_marks") style="[^"]*"', "%1")
      :gsub('(<th class="gt_group_heading"[^>]*>)(.-)(</th>)', "%1<strong>%2</strong>%3")
      :gsub('(<td class="gt_%a*note"[^>]*>)(.-)(</td>)', '%1<div class="table-note-text">%2</div>%3')
  )
end

local function prepare(raw)
  if not raw.format:match("html") or not raw.text:match("<table[^>]*gt_table") then
    return nil
  end
  local text = raw.text
    :gsub("<style.->.-</style>", "")
    :gsub(MARK, raised)
    :gsub('(<td[^>]*class="gt_row[^>]*>)(.-)(</td>)', with_marks_behind)
  return pandoc.RawBlock("html", is_html and for_screen(text) or text)
end

return { { RawBlock = prepare } }
