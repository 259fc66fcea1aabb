"""Faulty marks of checklist items, planted in a copy of the manuscript: each is told, with its line."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from .checklist_filter import ROOT, TABLES, assembled, run


@dataclass(frozen=True)
class Fault:
    """A text of a file put in the place of another; what is said of it, in the line that has `at`."""

    file: str
    old: str
    new: str
    at: str
    told: str
    strict: bool = False


METHODS, SUPPLEMENT = "chapters/methods.qmd", "chapters/supplement.qmd"
MATCHING = '[No matching was done.]{.strobe item="6b"}'
NOT_LINKED = '::: {.record-not-applicable item="1.3 6.3"}'
FAULTS = {
    "an unknown item": Fault(
        METHODS, 'item="6b"', 'item="6c"', 'item="6c"', "STROBE has no item 6c. Did you mean 6a or 6b?"
    ),
    "an item in capitals": Fault(METHODS, 'item="6b"', 'item="6B"', 'item="6B"', "Did you mean 6b?"),
    "an item of no such number": Fault(
        METHODS, 'item="6b"', 'item="33"', 'item="33"', "STROBE has no item 33. Did you mean 22?"
    ),
    "an item of no number": Fault(
        METHODS, 'item="6b"', 'item="Matching"', 'item="Matching"',
        "STROBE has no item Matching. Its items have numbers, 1a to 22.",
    ),
    "items separated by commas": Fault(
        "chapters/eligibility-flow.qmd", "13a 13b", "13a, 13b", "13a, 13b",
        'Items are separated by blanks: item="13a 13b',
    ),
    "an item named by nothing": Fault(
        METHODS, MATCHING, MATCHING + '\n[None.]{.strobe item=""}', 'item=""',
        "This mark of STROBE names no item.",
    ),
    "an item of the other list": Fault(
        "index.qmd", '.strobe item="1a"', '.strobe item="1.1"', '.strobe item="1.1"',
        "STROBE has no item 1.1. It is an item of RECORD: mark it {.record}.",
    ),
    "an unknown item beside known ones": Fault(
        "chapters/eligibility-flow.qmd", "13a 13b", "13a 13d 13b", "13a 13d",
        "STROBE has no item 13d. Did you mean 13a, 13b or 13c?",
    ),
    "an item twice in a mark": Fault(
        "chapters/eligibility-flow.qmd", "13a 13b", "13a 13b 13a", "13a 13b 13a",
        "STROBE 13a is named twice in one mark.",
    ),
    "an item twice in a section": Fault(
        METHODS, MATCHING, MATCHING + '\n[None.]{.strobe item="6b"}', "[None.]",
        "STROBE 6b is marked twice in “Setting and participants”.",
    ),
    "a mark without an item": Fault(
        METHODS, '.strobe item="6b"', ".strobe", "done.]{.strobe}", "This mark of STROBE names no item."
    ),
    "a list that nothing prints": Fault(
        METHODS, '.strobe item="6b"', '.strob item="6b"', ".strob ",
        "Nothing prints the checklist of this mark. Known are {.record} and {.strobe}.",
    ),
    "a mark without text": Fault(
        METHODS, MATCHING, '[]{.strobe item="6b"}', '[]{.strobe item="6b"}', "This mark holds no text."
    ),
    "a mark of two lists": Fault(
        METHODS, '.strobe item="6b"', '.strobe .record item="6.1"', ".strobe .record",
        "One mark names two checklists.",
    ),
    "a mark in text of one format": Fault(
        METHODS, MATCHING, f'\n\n::: {{.content-visible when-format="html"}}\n{MATCHING}\n:::\n\n', MATCHING,
        "This mark stands in text that not every format shows.",
    ),
    "an item that applies and does not": Fault(
        SUPPLEMENT, NOT_LINKED, NOT_LINKED.replace("6.3", "6.3 12.3"), "6.3 12.3",
        "RECORD 12.3 is called not applicable, but marked too.",
    ),
    "no reason why an item does not apply": Fault(
        SUPPLEMENT, NOT_LINKED,
        '[]{.record-not-applicable item="6.3"}\n\n::: {.record-not-applicable item="1.3"}',
        '[]{.record-not-applicable item="6.3"}', "Why RECORD 6.3 does not apply is not told.",
    ),
    "a reason that refers to a section": Fault(
        SUPPLEMENT, "of the data is described.", "of the data is described (@sec-data).", NOT_LINKED,
        "This reason is printed in a table, which can refer to nothing.",
    ),
    "two reasons why an item does not apply": Fault(
        SUPPLEMENT, NOT_LINKED, '[No.]{.record-not-applicable item="6.3"}\n\n' + NOT_LINKED,
        NOT_LINKED, "RECORD 6.3 is called not applicable twice.",
    ),
    "an unknown item that does not apply": Fault(
        SUPPLEMENT, NOT_LINKED, NOT_LINKED.replace("6.3", "6.4 6.3"), "6.4 6.3",
        "RECORD has no item 6.4. Did you mean 6.1, 6.2 or 6.3?",
    ),
    "an item that is not reported": Fault(
        METHODS, MATCHING, "No matching was done.", "tables.strobe(r)",
        "STROBE 6b is not reported. Matching: In a matched study", strict=True,
    ),
    "an item that nothing explains": Fault(
        SUPPLEMENT, NOT_LINKED, NOT_LINKED.replace("1.3 ", ""), "tables.record(r)",
        "RECORD 1.3 is not reported. Linkage: Where databases were linked", strict=True,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What of the project the filter reads."""
    folder = tmp_path_factory.mktemp("sources")
    for name in ("chapters", "filters"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "index.qmd", folder)
    return folder


def test_nothing_is_said_of_the_shipped_manuscript(sources: Path) -> None:
    done = run(assembled(sources), sources, strict=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_told_with_its_line(sources: Path, name: str) -> None:
    fault = FAULTS[name]
    path = sources / fault.file
    kept = path.read_text(encoding="utf-8")
    assert kept.count(fault.old) == 1
    try:
        path.write_text(kept.replace(fault.old, fault.new), encoding="utf-8")
        done = run(assembled(sources), sources, strict=fault.strict)
        told = [line for line in done.stderr.splitlines() if ".qmd:" in line]
        where = SUPPLEMENT if fault.at.startswith("tables.") else fault.file
        before, found, _ = (sources / where).read_text(encoding="utf-8").partition(fault.at)
    finally:
        path.write_text(kept, encoding="utf-8")
    assert found
    assert done.returncode != 0
    assert len(told) == 1, done.stderr
    assert told[0].startswith(f"{where}:{before.count(chr(10)) + 1}: ")
    assert fault.told in told[0]


def test_all_faults_are_told_at_once() -> None:
    text = 'A [a]{.strobe item="99"} and [b]{.strobe item="6z"}.\n\n' + TABLES["strobe"]
    told = run(text).stderr
    assert "no item 99" in told
    assert "no item 6z" in told
