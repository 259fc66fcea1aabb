--[[
Tables made by great_tables arrive as raw HTML, which only HTML output can show. For the other formats this filter
reads them into pandoc's own tables before anything else looks at the document, so that every format gets a real
table: columns aligned as great_tables aligned them, spanners, group rows, and notes below.

It runs in Quarto (`at: pre-ast`) and in plain pandoc alike; table-layout.lua then fits the table to the page.
]]

if FORMAT:match("html") then
  return {}
end

local is_typst = FORMAT:match("typst") ~= nil
local is_docx = FORMAT:match("docx") ~= nil
-- JATS knows groups of rows, headings of rows and notes for what they are.
local is_structured = FORMAT:match("jats") ~= nil

local TYPST_NOTES = "#block(width: 100%, above: 0.45em, below: 0.45em)["
  .. "#set text(size: 0.85em); #set align(left); #set par(justify: false, leading: 0.5em)\n"

local ALIGNMENTS = { gt_left = "AlignLeft", gt_center = "AlignCenter", gt_right = "AlignRight" }

local function alignment_of(classes)
  for _, class in ipairs(classes) do
    if ALIGNMENTS[class] then
      return ALIGNMENTS[class]
    end
  end
end

local function has_class(element, class)
  return element.classes:includes(class)
end

-- great_tables' own spans carry only its style sheet's classes; spans with a key are ours, and JATS keeps those.
local function is_wrapping(span)
  if not is_structured then
    return true
  end
  for _, class in ipairs(span.classes) do
    if class:match("^gt_") then
      return true
    end
  end
  return false
end

local function unwrap(span)
  return is_wrapping(span) and span.content or nil
end

-- Most cells hold one plain value: those need no walk, which would cost more than all the rest of this filter.
local PLAIN = { Str = true, Space = true, LineBreak = true }

local function simple(blocks)
  local block = blocks[1]
  if not block or block.t ~= "Plain" or blocks[2] then
    return nil
  end
  local inlines, changed = {}, false
  for _, inline in ipairs(block.content) do
    local kind = inline.t
    if kind == "Span" then
      local content = inline.content
      for _, inner in ipairs(content) do
        if not PLAIN[inner.t] then
          return nil
        end
      end
      if #content == 0 then
        return nil
      elseif is_wrapping(inline) then
        changed = true
        table.move(content, 1, #content, #inlines + 1, inlines)
      else
        table.insert(inlines, inline)
      end
    elseif PLAIN[kind] then
      table.insert(inlines, inline)
    else
      return nil
    end
  end
  return changed and pandoc.Blocks({ pandoc.Plain(inlines) }) or blocks
end

local function clean_blocks(blocks)
  return simple(blocks)
    or blocks:walk({
      Para = function(para)
        return pandoc.Plain(para.content)
      end,
      Span = unwrap,
      Div = function(div)
        return div.content
      end,
    })
end

local function embolden(blocks)
  return blocks:walk({
    Plain = function(plain)
      if #plain.content == 0 or plain.content[1].t == "Strong" then
        return nil
      end
      return pandoc.Plain({ pandoc.Strong(plain.content) })
    end,
  })
end

local function indent_of(classes)
  for _, class in ipairs(classes) do
    local level = class:match("^gt_indent_(%d)$")
    if level then
      return tonumber(level)
    end
  end
  return 0
end

local function indent(blocks, level)
  if level == 0 then
    return blocks
  end
  return blocks:walk({
    Plain = function(plain)
      local spaces = string.rep("\u{2003}", level)
      return pandoc.Plain(pandoc.Inlines({ pandoc.Str(spaces) }) .. plain.content)
    end,
  })
end

-- Cells are changed where they are, and asked for each thing once: making new ones takes several times as long.
local function clean_cell(cell, kind)
  local given, classes = cell.classes, {}
  local before = cell.contents
  local contents = clean_blocks(before)
  local align = alignment_of(given) or "AlignDefault"
  if kind == "body" then
    if (cell.attributes.style or ""):match("font%-weight:%s*bold") then
      contents = embolden(contents)
    end
    contents = indent(contents, indent_of(given))
  elseif kind == "group" then
    contents = embolden(contents)
    classes = { "group-heading" }
    align = "AlignLeft"
  elseif kind == "spanner" then
    align = "AlignCenter"
    classes = { "spanner" }
  elseif kind == "note" then
    classes = { "table-note" }
    align = "AlignLeft"
  elseif kind == "header" then
    classes = { "column-heading" }
  end
  cell.attr = pandoc.Attr("", classes)
  cell.alignment = align
  if not rawequal(contents, before) then
    cell.contents = contents
  end
  return cell
end

-- `kind` names what the cells of the row are, or finds it for each.
local function clean_row(row, kind, class)
  local cells = {}
  for _, cell in ipairs(row.cells) do
    table.insert(cells, clean_cell(cell, type(kind) == "function" and kind(cell) or kind))
  end
  return pandoc.Row(cells, pandoc.Attr("", class and { class } or {}))
end

local function header_kind(cell)
  if has_class(cell, "gt_column_spanner_outer") and pandoc.utils.stringify(cell.contents):match("%S") then
    return "spanner"
  elseif has_class(cell, "gt_heading") then
    return "heading"
  end
  return "header"
end

local function new_body()
  return { attr = pandoc.Attr(), head = pandoc.List({}), body = pandoc.List({}), row_head_columns = 0 }
end

-- JATS gets a body for each group, whose heading then spans all columns and is known as a heading. Elsewhere
-- a heading of a body would draw a rule and break the table in two: there a group row is a row like any other.
local function clean_bodies(tbl)
  local bodies = pandoc.List({ new_body() })
  for _, source in ipairs(tbl.bodies) do
    for _, row in ipairs(source.head .. source.body) do
      local current = bodies[#bodies]
      if not has_class(row, "gt_group_heading_row") then
        if is_structured and has_class(row.cells[1], "gt_stub") then
          current.row_head_columns = 1
        end
        current.body:insert(clean_row(row, "body"))
      elseif pandoc.utils.stringify(row.cells[1].contents):match("%S") then
        local group = clean_row(row, "group", "group-row")
        if not is_structured then
          current.body:insert(group)
        elseif #current.head + #current.body == 0 then
          current.head:insert(group)
        else
          bodies:insert(new_body())
          bodies[#bodies].head:insert(group)
        end
      end
    end
  end
  return bodies
end

-- The alignment of a column is that of its first body cell that spans no other column.
local function column_alignments(tbl, columns)
  local alignments = {}
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      if #row.cells == columns then
        for index, cell in ipairs(row.cells) do
          alignments[index] = alignments[index] or alignment_of(cell.classes)
        end
      end
    end
  end
  alignments[1] = alignments[1] or "AlignLeft"
  return alignments
end

local function notes_of(tbl)
  local notes = pandoc.List({})
  for _, row in ipairs(tbl.foot.rows) do
    for _, cell in ipairs(row.cells) do
      if pandoc.utils.stringify(cell.contents):match("%S") then
        notes:insert(clean_row({ cells = { cell } }, "note", "table-note-row"))
      end
    end
  end
  return notes
end

-- On paper the notes are a paragraph below their table, not rows of it: they then neither repeat on each page
-- nor widen a column.
local function notes_below(notes)
  if #notes == 0 then
    return pandoc.Blocks({})
  end
  local lines = pandoc.Inlines({})
  for index, row in ipairs(notes) do
    if index > 1 then
      lines:insert(pandoc.LineBreak())
    end
    lines:extend(pandoc.utils.blocks_to_inlines(row.cells[1].contents))
  end
  if is_typst then
    lines:insert(1, pandoc.RawInline("typst", TYPST_NOTES))
    lines:insert(pandoc.RawInline("typst", "]"))
    return pandoc.Blocks({ pandoc.Plain(lines) })
  elseif is_docx then
    return pandoc.Blocks({ pandoc.Div({ pandoc.Para(lines) }, pandoc.Attr("", {}, { ["custom-style"] = "Table Note" })) })
  end
  return pandoc.Blocks({ pandoc.Para(lines) })
end

-- A table may be named like the float around it (`tbl-baseline`); both would then claim the same id, and Quarto would
-- take the table for a float of its own.
local function own_identifier(identifier)
  return (identifier:gsub("^(%a*)tbl%-", "%1table-"))
end

-- The table anew, and the rows of its notes.
local function rebuild(tbl, identifier)
  local columns = #tbl.colspecs
  local alignments = column_alignments(tbl, columns)
  local colspecs = pandoc.List({})
  for index = 1, columns do
    colspecs:insert({ alignments[index] or "AlignDefault" })
  end

  local head = tbl.head.rows:map(function(row)
    return clean_row(row, header_kind)
  end)
  local notes = notes_of(tbl)
  local result = pandoc.Table(
    pandoc.Caption(),
    colspecs,
    pandoc.TableHead(head),
    clean_bodies(tbl),
    pandoc.TableFoot(is_structured and notes or {}),
    pandoc.Attr(own_identifier(identifier), { "great-table" })
  )
  return result, notes
end

-- Pandoc takes long to read HTML: what these formats have no use for goes before.
local function slim(text)
  text = text:gsub(' headers="[^"]*"', ""):gsub(' scope="%a*"', ""):gsub('(<t[hd][^>]*) id="[^"]*"', "%1")
  if is_structured then
    return (text:gsub("\u{2007}", "")) -- blanks that set numbers on their points; readers of JATS do so themselves
  end
  return (text:gsub('<span class="num"[^>]*>([^<]*)</span>', "%1"))
end

-- The parts of raw HTML: tables, each with its notes, and the blocks between them.
local function parts_of(text)
  local parts = {}
  local function collect(list, outer)
    for _, block in ipairs(list) do
      local identifier = block.identifier and block.identifier ~= "" and block.identifier or outer
      if block.t == "Div" then
        collect(block.content, identifier)
      elseif block.t == "Table" and has_class(block, "gt_table") then
        local tbl, notes = rebuild(block, identifier)
        table.insert(parts, { block = tbl, notes = notes })
      elseif pandoc.utils.stringify(block):match("%S") then
        table.insert(parts, { block = block, notes = {} })
      end
    end
  end
  collect(pandoc.read(text, "html+native_divs+native_spans").blocks, "")
  return parts
end

-- Where one process reads for several formats, as the built-in engine's does, it keeps this from one to the next.
local known = remembered or {}

local function raw_table(raw)
  if not raw.format:match("html") or not raw.text:match("<table[^>]*gt_table") then
    return nil
  end
  local text = slim(raw.text)
  local key = (is_structured and "structured " or "plain ") .. text
  known[key] = known[key] or parts_of(text)
  local blocks = pandoc.Blocks({})
  for _, part in ipairs(known[key]) do
    blocks:insert(part.block)
    if not is_structured then
      blocks:extend(notes_below(part.notes))
    end
  end
  return blocks
end

return { { RawBlock = raw_table } }
