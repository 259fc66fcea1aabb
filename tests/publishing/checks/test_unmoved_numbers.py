"""Numbers that code prints whoever the patients are: found where they stand, and nothing else is."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from report_helpers.publishing.builtin.errors import ExecutionError
from report_helpers.publishing.builtin.running.execute import Executed
from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.mutation import unmoved
from report_helpers.publishing.checks.mutation.alignment import still
from report_helpers.publishing.checks.mutation.printed import Word
from report_helpers.publishing.checks.mutation.rerun import Author
from report_helpers.publishing.checks.mutation.unmoved import unmoved_numbers
from report_helpers.study.synthetic import synthesise, write_csv

REGULATED = "chapters/regulated-results.qmd"
DISCUSSION = "chapters/discussion.qmd"
SUPPLEMENT = "chapters/supplement.qmd"


@dataclass(frozen=True)
class Fault:
    """Lines added to a chapter, a part of the line where the fault is to be found, and what is quoted."""

    file: str
    lines: str
    at: str
    quote: str


def cell(file: str, code: str, at: str, quote: str) -> Fault:
    """Return the fault of a cell."""
    return Fault(file, f"```{{python}}\n{code}\n```", at, quote)


def inline(file: str, code: str, quote: str) -> Fault:
    """Return the fault of an expression within a sentence."""
    return Fault(file, f"It was `{{python}} {code}` in this one.", code, quote)


FAULTS = {
    "n/N in a formatted string": inline(REGULATED, 'f"{14}/{43} patients"', "14/43"),
    "an estimate typed as text": inline("index.qmd", '"1.73 (95% CI 1.12–2.83)"', "1.73 (95% CI 1.12–2.83)"),
    "a P value": inline(REGULATED, '"P=" + str(0.037)', "0.037"),
    "other words for a result": inline(
        REGULATED, 'r.regulated.any.risk_ratio.said("0.71 (95% CI 0.41–1.16)")', "0.71 (95% CI 0.41–1.16)"
    ),
    "a value with the key of a result": inline(REGULATED, 'r.wrap("366", "flow.eligible", 366)', "366"),
    "half a count": inline(REGULATED, 'f"14/{r.regulated.any.n}"', "14"),
    "a number within the words of a claim": inline(
        DISCUSSION, 'claim("rates were 38.5% and more", r.interaction, when="estimable")', "38.5%"
    ),
    "a variable set by hand": inline(DISCUSSION, "round(100 * RATE, 1)", "41.7"),
    "a value of an old file": inline(DISCUSSION, "OLD", "50.2"),
    "a count by other means": inline(SUPPLEMENT, "sum([40, 45])", "85"),
    "an alternative text": cell(
        REGULATED,
        "from IPython.display import Markdown\n\n"
        "Markdown('![](_figures/flow){fig-alt=\"Of 734 screened, 366 were eligible.\"}')",
        "fig-alt",
        "734",
    ),
    "a cell of a table in Markdown": cell(
        SUPPLEMENT, 'Markdown("| Group | Rate |\\n|---|---|\\n| Treated | 32.6% |")', "32.6%", "32.6%"
    ),
    "a cell of a table in HTML": cell(
        SUPPLEMENT,
        "from IPython.display import HTML\n\nHTML('<table><tr><td>Treated</td><td>14/47</td></tr></table>')",
        "14/47",
        "14/47",
    ),
    "a number in words": inline(REGULATED, '"Twenty-one women"', "Twenty-one"),
    "printed words": cell(
        SUPPLEMENT, 'x = 1\nprint("In thirty-four patients it failed.")', "thirty-four", "thirty-four"
    ),
    "printed output": cell(SUPPLEMENT, 'print("Analysed:", 356, "patients")', "356", "356"),
}

CONSTANTS = (
    'f"fewer than {10} events"',
    '"a ratio of 1"',
    '"intervals of 95% confidence"',
    'f"{2 * r.flow.screened.value}"',
    "r.study.adjustment.seed",
    "r.cutoffs.nk",
)
"""What stands still by right, or moves: none of it is found."""


@pytest.fixture(scope="module")
def planted(project_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with all faults at once, each at the end of its chapter."""
    root = tmp_path_factory.mktemp("unmoved") / "project"
    shutil.copytree(project_copy, root, ignore=shutil.ignore_patterns("_*manuscript*", "tests", "src"))
    (root / "old-results.txt").write_text("50.2", encoding="utf-8")
    main = root / "index.qmd"
    setup = "r = Report(analyse())\n"
    text = main.read_text(encoding="utf-8")
    assert setup in text
    text = text.replace(setup, f'{setup}RATE = 0.417\nOLD = open("old-results.txt").read()\n')
    mark = "# Abstract {.unnumbered}\n"
    assert mark in text
    first = "".join(f"\n{each.lines}\n" for each in FAULTS.values() if each.file == "index.qmd")
    main.write_text(text.replace(mark, f"{mark}{first}"), encoding="utf-8")
    for name in (REGULATED, DISCUSSION, SUPPLEMENT):
        added = [each.lines for each in FAULTS.values() if each.file == name]
        if name == SUPPLEMENT:
            added += [f"It is `{{python}} {code}`." for code in CONSTANTS]
        with (root / name).open("a", encoding="utf-8") as chapter:
            chapter.write("".join(f"\n{lines}\n" for lines in added))
    return root


@pytest.fixture(scope="module")
def found(planted: Path) -> list[Finding]:
    """What is found in that copy, with as few runs as the check ever makes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unmoved, "MOST", unmoved.FEWEST)
        return list(unmoved_numbers(Author(planted)))


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_on_its_line(name: str, found: list[Finding], planted: Path) -> None:
    fault = FAULTS[name]
    lines = (planted / fault.file).read_text(encoding="utf-8").splitlines()
    here = [
        each
        for each in found
        if each.file == fault.file and fault.at in lines[each.line - 1] and each.quote == fault.quote
    ]
    assert len(here) == 1, [str(each) for each in found]
    assert here[0].quote in here[0].context, "an exception could not name it"


def test_nothing_else_is_found_in_the_whole_manuscript(found: list[Finding]) -> None:
    """All computed numbers moved, and what is constant by its place or by declaration is known as such."""
    quotes = {fault.quote for fault in FAULTS.values()} | {"366"}  # the second number of the alternative text
    assert [str(each) for each in found if each.quote not in quotes] == []
    assert len(found) == len(FAULTS) + 1


def test_too_few_patients_are_not_judged(project_copy: Path, tmp_path: Path) -> None:
    write_csv(synthesise(patients=30, seed=3), tmp_path / "cohort.csv")
    found = list(unmoved_numbers(Author(project_copy, tmp_path / "cohort.csv")))
    assert [each.note for each in found] == [True]
    assert "not judged" in found[0].what


def test_code_that_other_patients_break_is_told(project_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run_with(author: Author, numbers: Sequence[int]) -> list[tuple[Executed, ...]]:
        if any(numbers):
            raise ExecutionError.at(
                "This cell failed.", REGULATED, 13, excerpt="→ 13 │ 1 / 0\nZeroDivisionError"
            )
        return [()]

    monkeypatch.setattr(unmoved, "run_with", run_with)
    [found] = unmoved_numbers(Author(project_copy))
    assert (found.file, found.line) == (REGULATED, 13)
    assert found.what == "With other patients the code fails. This cell failed. ZeroDivisionError"


def words(text: str) -> list[Word]:
    """Return words, those of digits as numbers; ``key:7`` belongs to a computed value."""
    parts = (part.rpartition(":") for part in text.split())
    return [Word(word, key, word.isdigit()) for key, _, word in parts]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("7 of 9", "8 of 9", [(0, False), (2, True)]),
        ("before a:7 after", "before a:8 after", [(1, False)]),
        ("a:7 and b:8", "b:8", [(2, True)]),
        ("lower in 7", "not estimable", []),
        ("x y 7 | z", "x w 7 | z", [(2, True)]),
    ],
)
def test_numbers_are_compared_in_their_place(old: str, new: str, expected: list[tuple[int, bool]]) -> None:
    assert list(still(words(old), words(new))) == expected
