-- Word's custom properties would list all metadata, paths of this machine among them; keep what Word has a place for.
local kept = {
  abstract = true, ["abstract-title"] = true, author = true, category = true, date = true, description = true,
  keywords = true, lang = true, subject = true, subtitle = true, title = true, ["toc-title"] = true,
}

function Meta(meta)
  for key in pairs(meta) do
    if not kept[key] then
      meta[key] = nil
    end
  end
  return meta
end
