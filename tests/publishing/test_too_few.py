"""A cohort too small to report on: sentences without a number to show say so, in either engine."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pypandoc
import pytest

from report_helpers.publishing.numbers import LedgerError, ledger

FILTER = Path(__file__).parents[2] / "filters" / "too-few.lua"
NOTICE = '[Too few patients to report: fewer than 20 were eligible.]{.num key="data.notice"}'
HIDDEN = r'[\[not shown\]]{.num key="flow.eligible"}'


def plain(markdown: str) -> str:
    command = [
        pypandoc.get_pandoc_path(),
        "--from=markdown",
        "--to=plain",
        "--wrap=none",
        f"--lua-filter={FILTER}",
    ]
    made = subprocess.run(command, input=markdown.encode(), capture_output=True, check=True)
    return made.stdout.decode().strip()


def test_sentences_without_a_number_to_show_say_that_there_are_too_few() -> None:
    last = f"**Data.** Here: {HIDDEN}. {NOTICE}"
    text = f"Aim.\n\nThere were {HIDDEN} patients.\n\nOf these {HIDDEN} fell.\n\n{last}"
    told = "Too few patients to report."
    notice = "Data. Too few patients to report: fewer than 20 were eligible."
    assert plain(text).split("\n\n") == ["Aim.", told, notice]


def test_a_cohort_large_enough_keeps_its_sentences() -> None:
    kept = '[5]{.num key="data.notice"}'
    assert plain(f"There were {HIDDEN} patients. {kept}") == "There were [not shown] patients. 5"


def page(listed: list[tuple[str, str]], shown: list[tuple[str, str]]) -> str:
    marks = "".join(f'<p><span class="num" data-key="{key}">{text}</span></p>' for key, text in shown)
    entries = [{"key": key, "text": text, "where": "inline"} for key, text in listed]
    return f'{marks}<script type="application/json" id="numbers">{json.dumps({"numbers": entries})}</script>'


def test_only_then_may_the_page_lack_numbers_of_the_ledger() -> None:
    notice, lost = ("data.notice", "Too few patients to report: fewer than 20."), ("a.b", "[not shown]")
    made = ledger(page([notice, lost], [notice]), [])
    assert [each["key"] for each in made["numbers"]] == ["data.notice"]
    with pytest.raises(LedgerError, match="1 listed values are not on the page"):
        ledger(page([("data.notice", "Fine."), lost], [("data.notice", "Fine.")]), [])
    with pytest.raises(LedgerError, match="1 on the page are not listed"):
        ledger(page([notice], [notice, lost]), [])
