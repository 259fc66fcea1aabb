"""JATS XML of what the filters of the project make: tables with notes, the abstract, notes of the front."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from great_tables import GT, loc
from lxml import etree

from report_helpers.publishing.builtin import render

from .jats_document import text_of

FILTERS = Path(__file__).parents[3] / "filters"


def test_a_table_keeps_groups_headings_and_notes_and_an_abstract_its_parts(
    tmp_path: Path, jats_schema: etree.DTD
) -> None:
    frame = pd.DataFrame(
        {
            "group": ["Age & sex", "Regimen"],
            "label": ["Mean", "None"],
            "n": ["64.1", "<span class='num' data-key='a.n'>&lt;3</span>"],
        }
    )
    table = (
        GT(frame, rowname_col="label", groupname_col="group", id="tbl-small")
        .fmt_markdown("n")
        .tab_footnote("Of those known.", loc.body(columns="n", rows=[0]))
        .tab_source_note("Remarks.")
    )
    names = ("table-html.lua", "tables.lua", "abstract.lua", "jats.lua")
    early = "".join(f"  - {{path: {name}, at: pre-ast}}\n" for name in names[:3])
    config = f"project: {{render: [index.qmd]}}\nfilters:\n{early}  - {{path: jats.lua, at: post-render}}\n"
    text = f"""\
---
title: T
provenance: {{short-title: S, version: v1, notice: 3 < 5&, facts: [{{label: Data, value: file}}]}}
---

# Abstract {{.unnumbered}}

**Why & what.** Because.

**How.** So.

# Results

::: {{#tbl-small}}

```{{=html}}
{table.as_raw_html()}
```

Small.

:::
"""
    for name in names:
        (tmp_path / name).write_text((FILTERS / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "_quarto.yml").write_text(config, encoding="utf-8")
    (tmp_path / "index.qmd").write_text(text, encoding="utf-8")
    article = etree.parse(str(render(tmp_path, ["jats"], tmp_path / "out").paths["jats"]))

    assert jats_schema.validate(article), jats_schema.error_log
    rows = [[text_of(cell) for cell in row] for row in article.iterfind(".//table//tr")]
    assert rows == [["", "n"], ["Age & sex"], ["Mean", "64.1a"], ["Regimen"], ["None", "<3"]]
    assert len(article.findall(".//table/tbody")) == 2
    assert [text_of(each) for each in article.iterfind(".//tbody//th[@scope='row']")] == ["Mean", "None"]
    assert article.find(".//td/named-content").get("specific-use") == "a.n"
    notes = article.findall(".//table-wrap-foot/fn")
    assert [text_of(note) for note in notes] == ["Remarks.", "aOf those known."]
    assert article.find(".//td/xref[@ref-type='table-fn']").get("rid") == notes[1].get("id")
    abstract = [[text_of(part) for part in section] for section in article.iterfind(".//abstract/sec")]
    assert abstract == [["Why & what", "Because."], ["How", "So."]]
    assert [text_of(note) for note in article.iterfind("front/notes/p")] == ["3 < 5&", "Data: file"]
