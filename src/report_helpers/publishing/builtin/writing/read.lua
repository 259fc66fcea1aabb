-- Read the assembled Markdown and run the project's early filters, for all formats in one pandoc process.
--
-- Argument: a JSON file with a list of jobs
--   {markdown, metadata, format, filters: [path], output}
-- Each job's document is written to `output` as JSON. Raw HTML tables become native tables for formats that cannot
-- show HTML. Formats whose Markdown is the same share one parse, and so do filters that read the same text again.
-- The name of each format is printed as soon as its document is there, so that writing can begin.

local function read_file(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return text
end

local function write_file(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

local parsed = {}
local function read(text, format, ...)
  if type(text) ~= "string" or select("#", ...) > 0 then
    return pandoc.read(text, format, ...)
  end
  local key = tostring(format) .. "\0" .. text
  if not parsed[key] then
    parsed[key] = pandoc.read(text, format)
  end
  return parsed[key]:clone()
end

-- For filters that do the same work for several formats: as a global, which only they see.
local remembered = {}

local shared_pandoc = setmetatable({ read = read }, { __index = pandoc })

local settle_attributes = dofile(pandoc.path.join({ pandoc.path.directory(arg[0]), "attributes.lua" }))

-- Of other raw HTML these formats show nothing. Only tags that a link may lead to are carried along.
local function named_tags(text)
  local tags = {}
  for tag in text:gmatch("<[^<>]*%sid=[^<>]*>") do
    table.insert(tags, tag)
  end
  return table.concat(tags)
end

local native_tables = {
  RawBlock = function(raw)
    if not raw.format:match("^html") then
      return nil
    elseif raw.text:match("<[tT][aA][bB][lL][eE]") then
      return read(raw.text, "html").blocks
    end
    return pandoc.RawBlock(raw.format, named_tags(raw.text))
  end,
}

for _, job in ipairs(pandoc.json.decode(read_file(arg[1]), false)) do
  local text = read_file(job.markdown)
  local doc = read(text, "markdown")
  if text:find("cap=", 1, true) or text:find("title=", 1, true) or text:find("name=", 1, true)
    or text:find("code-summary=", 1, true) then
    doc = settle_attributes(doc, pandoc.read)
  end
  doc.meta = read(read_file(job.metadata), "markdown").meta
  for _, filter in ipairs(job.filters) do
    -- A filter sees the format it works for, as it would under pandoc itself.
    local environment = setmetatable(
      { FORMAT = job.format, PANDOC_SCRIPT_FILE = filter, pandoc = shared_pandoc, remembered = remembered },
      { __index = _G }
    )
    local ok, result = pcall(pandoc.utils.run_lua_filter, doc, filter, environment)
    if not ok then
      io.stderr:write("filter " .. filter .. "\n" .. tostring(result) .. "\n")
      os.exit(83)
    end
    doc = result
  end
  if not job.format:match("^html") then
    doc = doc:walk(native_tables)
  end
  write_file(job.output, pandoc.write(doc, "json"))
  io.stdout:write(job.format, "\n")
  io.stdout:flush()
end
