"""The ledger lists each number of the page with the chapter and line that printed it."""

import json
import re
from pathlib import Path

import pytest

from report_helpers.publishing.numbers import SCHEMA, LedgerError, complete, ledger, main
from report_helpers.publishing.places import sources

INDEX = """---
title: Small
---

```{python}
r = Report(analyse())
```

We screened `{python} r.flow.screened`.

{{< include chapters/results.qmd >}}
"""

RESULTS = """# Results

Again `{python} r.flow.screened`, of whom `{python} r.flow.eligible`.

::: {#tbl-flow}

```{python}
tables.flow(r)
```

Of `{python} r.flow.screened` patients.

:::
"""


def span(key: str, text: str) -> str:
    return f'<span class="num" data-key="{key}">{text}</span>'


def fact(key: str, text: str, where: str = "inline") -> dict[str, object]:
    return {"key": key, "text": text, "value": int(text), "where": where}


PAGE = f"""<nav id="TOC"><a>{span("flow.screened", "734")}</a></nav><main>
<p>We screened {span("flow.screened", "734")}.</p>
<p>Again {span("flow.screened", "734")},<br> of whom {span("flow.eligible", "366")}.</p>
<div id="tbl-flow"><figure><figcaption>Of {span("flow.screened", "734")} patients.</figcaption>
<table><tr><td>{span("flow.excluded", "368")}</td></tr></table></figure></div>
<script type="application/json" id="numbers">%s</script></main>"""

FACTS = [
    fact("flow.screened", "734"),
    fact("flow.eligible", "366"),
    fact("flow.excluded", "368", "tbl-flow"),
]


def embedded(facts: list[dict[str, object]]) -> str:
    return json.dumps({"methods": {"flow": {"words": "count"}}, "numbers": facts})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "chapters").mkdir()
    (tmp_path / "index.qmd").write_text(INDEX)
    (tmp_path / "chapters" / "results.qmd").write_text(RESULTS)
    return tmp_path


def numbers(project: Path, page: str, facts: list[dict[str, object]]) -> list[dict[str, object]]:
    listed = ledger(page % embedded(facts), sources(project / "index.qmd", project))["numbers"]
    assert isinstance(listed, list)
    return listed


def test_each_number_has_its_chapter_and_line(project: Path) -> None:
    places = [(n["key"], n["text"], n["file"], n["line"]) for n in numbers(project, PAGE, FACTS)]
    assert places == [
        ("flow.screened", "734", "index.qmd", 9),
        ("flow.screened", "734", "chapters/results.qmd", 3),
        ("flow.eligible", "366", "chapters/results.qmd", 3),
        ("flow.screened", "734", "chapters/results.qmd", 11),
        ("flow.excluded", "368", "chapters/results.qmd", 8),
    ]


def test_all_numbers_of_a_passage_are_placed_where_it_is_printed(project: Path) -> None:
    chapter = project / "chapters" / "results.qmd"
    chapter.write_text('A `{python} r.flow.excluded.counted("a", "b")`.\n`{python} r.flow.account`\n'
                       "B `{python} r.flow.excluded`.\n")  # fmt: skip
    told = f'<span class="told" data-key="flow.account">of {span("flow.excluded", "3")}, %s</span>'
    page = (
        f"<p>{span('flow.screened', '9')} {span('flow.excluded', '3')} "
        f"{told % span('flow.eligible', '6')} {span('flow.excluded', '3')}</p>"
        '<script type="application/json" id="numbers">%s</script>'
    )
    facts = [fact("flow.screened", "9"), fact("flow.excluded", "3"), fact("flow.eligible", "6")]
    assert [(n["key"], n["line"]) for n in numbers(project, page, facts)] == [
        ("flow.screened", 9), ("flow.excluded", 1), ("flow.excluded", 2), ("flow.eligible", 2),
        ("flow.excluded", 3),
    ]  # fmt: skip


def test_the_exact_value_is_kept_with_the_place_of_each_printing(project: Path) -> None:
    listed = numbers(project, PAGE, FACTS)
    assert [each["value"] for each in listed] == [734, 734, 366, 734, 368]
    assert [each["where"] for each in listed] == ["inline"] * 4 + ["tbl-flow"]


HOSTILE = '</script><img src=x onerror=alert(1)>&amp;\u2028 \\ " $1'


def test_the_page_takes_the_whole_ledger_back_and_nothing_else_changes(project: Path) -> None:
    page = PAGE % embedded([*FACTS[:2], {**FACTS[2], "label": HOSTILE, "method": ""}]).replace("<", "\\u003c")
    places = sources(project / "index.qmd", project)
    made, content = complete(page, places, {"date": "2026-01-01"})
    before, script, after = re.split("(<script .*?</script>)", made)
    assert [before, after] == re.split("<script .*</script>", page)
    inside = json.loads(script.partition(">")[2].removesuffix("</script>"))
    assert not set("<>&\u2028") & set(script.partition(">")[2].removesuffix("</script>"))
    assert (inside["schema"], inside["date"], inside["methods"]) == (SCHEMA, "2026-01-01", content["methods"])
    assert inside["numbers"][-1] == {
        "key": "flow.excluded", "text": "368", "value": 368, "label": HOSTILE, "where": "tbl-flow",
        "file": "chapters/results.qmd", "line": 8,
    }  # fmt: skip
    assert complete(made, places, {"date": "2026-01-01"}) == (made, content)


def test_what_an_earlier_version_printed_is_read_too(project: Path) -> None:
    made = ledger(PAGE % json.dumps(FACTS), sources(project / "index.qmd", project))
    assert (made["schema"], made["methods"]) == (SCHEMA, {})
    assert made["numbers"] == numbers(project, PAGE, FACTS)


def test_a_drawn_number_is_listed_at_its_figure(project: Path) -> None:
    chapter = project / "chapters" / "results.qmd"
    chapter.write_text(RESULTS + "\n::: {#fig-flow}\n\n```{python}\nfigures.flow(r)\n```\n\nFlow.\n\n:::\n")
    drawn = fact("flow.outcome_unknown", "6", "fig-flow")
    assert [(n["text"], n["line"]) for n in numbers(project, PAGE, [*FACTS, drawn])][-1] == ("6", 18)


def test_a_number_changed_on_the_page_is_told_with_the_cell_that_made_it(project: Path) -> None:
    with pytest.raises(
        LedgerError, match=r"chapters/results\.qmd:8: flow\.excluded is '368', the page shows '369'"
    ):
        numbers(project, PAGE.replace("368", "369"), FACTS)


def test_a_number_changed_in_the_text_is_told_with_its_line(project: Path) -> None:
    with pytest.raises(LedgerError, match=r"qmd:3: flow\.eligible is '366', the page shows '367'"):
        numbers(project, PAGE.replace("366", "367"), FACTS)


def test_a_number_missing_from_the_page_is_found(project: Path) -> None:
    with pytest.raises(LedgerError, match="1 listed values are not on the page") as refused:
        numbers(project, PAGE, [*FACTS, fact("flow.outcome_unknown", "6", "tbl-flow")])
    said = "chapters/results.qmd:8: flow.outcome_unknown is '6', the page shows nothing of it"
    assert said in str(refused.value)


def test_a_number_that_nothing_lists_is_found(project: Path) -> None:
    with pytest.raises(LedgerError, match=r"qmd:3: flow\.eligible is not in the ledger, .* shows '366'"):
        numbers(project, PAGE, [FACTS[0], FACTS[2]])


def test_a_page_without_ledger_is_refused(project: Path) -> None:
    with pytest.raises(LedgerError, match=r"r\.ledger"):
        ledger("<main><p>No script.</p></main>", [])


@pytest.fixture
def rendered_by_quarto(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    output = project / "_manuscript"
    output.mkdir()
    (output / "index.html").write_text(PAGE % embedded(FACTS))
    monkeypatch.setenv("QUARTO_PROJECT_DIR", str(project))
    monkeypatch.setenv("QUARTO_PROJECT_OUTPUT_DIR", "_manuscript")
    return project


def test_after_quarto_the_ledger_and_the_notebook_are_filed(rendered_by_quarto: Path) -> None:
    (rendered_by_quarto / "index.quarto_ipynb").write_text("{}")
    assert main() == 0
    output = rendered_by_quarto / "_manuscript"
    assert len(json.loads((output / "numbers.json").read_text())["numbers"]) == 5
    assert (output / "manuscript.ipynb").read_text() == "{}"
    assert not (rendered_by_quarto / "index.quarto_ipynb").exists()


def test_after_a_pdf_alone_the_older_page_is_not_read(
    rendered_by_quarto: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf = rendered_by_quarto / "_manuscript" / "index.pdf"
    monkeypatch.setenv("QUARTO_PROJECT_OUTPUT_FILES", str(pdf))
    assert main() == 0
    assert not (rendered_by_quarto / "_manuscript" / "numbers.json").exists()


def test_a_page_without_its_ledger_fails_the_render(
    rendered_by_quarto: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (rendered_by_quarto / "_manuscript" / "index.html").write_text("<p>nothing</p>")
    assert main() == 1
    assert "numbers.json was not written" in capsys.readouterr().err
