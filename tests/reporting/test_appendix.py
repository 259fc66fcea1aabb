"""The appendix of printed numbers: asked for, each number once, nothing hidden told, sections filled in."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pypandoc
import pytest
from lxml import html

from report_helpers.reporting import Report, claim, numbers_appendix
from report_helpers.results import Results

ASKED = "MANUSCRIPT_NUMBERS_APPENDIX"
FILTERS = Path(__file__).parents[2] / "filters"


@pytest.fixture
def printed(shipped: Results) -> Report:
    r = Report(shipped)
    for path in ("flow.screened", "dysregulated.any.risk_ratio", "dysregulated.any.p", "data.name"):
        r.value(path).note("inline")
    r.value("dysregulated.any.risk_ratio").said("1.73 (1.12–2.83)").note("tbl-dysregulation")
    r.value("dysregulated.any.p").said("P less than something").note("tbl-dysregulation")
    r.value("flow.eligible").note("fig-flow")
    claim("higher", r.dysregulated.any)._repr_markdown_()
    return r


def rows(markdown: str) -> list[list[str]]:
    table = html.fromstring(re.search("<table.*</table>", markdown, re.DOTALL)[0])  # type: ignore[index]
    return [
        [" ".join(cell.itertext()).strip() for cell in row]
        for row in table.xpath("./tbody/tr[not(contains(@class, 'group'))]")
    ]


@pytest.mark.parametrize("asked", [None, "", "0"])
def test_nobody_asked(printed: Report, asked: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ASKED, raising=False)
    if asked is not None:
        monkeypatch.setenv(ASKED, asked)
    assert numbers_appendix(printed) is None


def test_each_number_is_one_row_with_each_text_that_says_more(
    printed: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ASKED, "1")
    before = len(printed.ledger)
    made = numbers_appendix(printed)
    assert made is not None
    assert len(printed.ledger) == before
    assert "lists the 4 numbers that" in made.markdown
    found = rows(made._repr_markdown_())
    p, ratio = (f"{printed.value('dysregulated.any.' + name).value:.7g}" for name in ("p", "risk_ratio"))
    low, high = (
        f"{getattr(printed.results.dysregulated.any.risk_ratio, name):.7g}" for name in ("low", "high")
    )
    assert [row[0] for row in found] == [
        "734", "366", "1.73 (95% CI 1.12–2.83)", "P less than something; P=0.010",
    ]  # fmt: skip
    assert found[0][1] == "Patients screened flow.screened"
    assert found[2][2].startswith(f"{ratio} ({low} to {high}) P=")
    assert found[2][3] == "271"
    assert found[3][2] == p
    printed.value("adjusted.dysregulated.any.risk_ratio_p").note("inline")  # its estimate has limits
    again = numbers_appendix(printed)
    assert again is not None
    exact = printed.results.adjusted["dysregulated.any"].risk_ratio.p_value
    assert f"{exact:.7g}" in {row[2] for row in rows(again.markdown)}
    groups = html.fromstring(made.markdown).xpath("//tr[contains(@class, 'group')]")
    assert [group.text_content().strip() for group in groups] == [
        "Count of patients, criterion by criterion: report_helpers.study.eligibility.apply_criteria",
        "Koopman score interval: report_helpers.statistics.risk_ratio",
        "Fisher mid-P test, two-sided: report_helpers.statistics.independence",
    ]


def test_hidden_numbers_stay_hidden(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from report_helpers.results.analysis import analyse_cohort
    from report_helpers.study.cohort import load_cohort

    from .everything_printed import protected

    study = protected(root)
    r = Report(analyse_cohort(study, load_cohort(study)))
    r.value("regulated.before.events_of_n").note("tbl-regulated")
    monkeypatch.setenv(ASKED, "1")
    made = numbers_appendix(r)
    assert made is not None
    assert rows(made.markdown)[0][2:4] == ["[not shown]", ""]


DOCUMENT = """
# Abstract {.unnumbered}

[734]{.num key="a.b"}

# Results

## Flow

[734]{.num key="a.b"} [9]{.num key="c.d"}

::: {#tbl-x}
Table.
:::

# Supplement

```{=html}
<p><i class="printed-in"></i><span class="printed-in" data-key="a.b" data-where="inline"></span>;
<span class="printed-in" data-key="c.d" data-where="inline"></span>;
<span class="printed-in" data-key="e" data-where="tbl-x"></span>;
<span class="printed-in" data-key="a.b" data-where="tbl-gone"></span>;
<span class="printed-in" data-key="f" data-where="inline"></span>.</p>
```
"""


def test_sections_are_those_of_the_first_printing() -> None:
    command = [pypandoc.get_pandoc_path(), "--from=markdown", "--to=html", "--wrap=none"]
    command.append(f"--lua-filter={FILTERS / 'numbers-appendix.lua'}")
    made = subprocess.run(command, input=DOCUMENT.encode(), capture_output=True, check=True).stdout.decode()
    told = re.sub("<[^>]*>", "", made.partition("Supplement</h1>")[2])
    assert " ".join(told.split()) == "Abstract; 1.1; 1.1; Abstract; ."
