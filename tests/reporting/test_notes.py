"""Notes below a table: what is not estimable, once per row, and the methods in a sentence."""

from __future__ import annotations

from dataclasses import replace

from lxml import html

from report_helpers.reporting import Report, tables
from report_helpers.reporting.methods import brief, merged
from report_helpers.reporting.tables import cells
from report_helpers.results.model import Results
from report_helpers.statistics import Estimate, clusters


def test_a_note_names_a_row_once_and_says_which_unit() -> None:
    def missing(reason: str) -> Estimate:
        return Estimate(None, None, None, 0.95, None, "m", 9, reason)

    empty, zero = missing("no units in a group"), missing("no events in group 0")
    found = [
        ("A", "per patient", zero),
        ("A", "per patient", zero),
        ("A", "per patient", empty),
        ("A", "per embryo", missing("no units in a group; no test: clusters do not vary")),
        ("B", "per patient", empty),
        ("B", "per embryo", empty),
        ("C", "", empty),
        ("D", "", replace(empty, value=1.0)),
    ]
    assert cells.gaps(found) == (
        "Not estimable (no events in the untreated group; no units in a group): A, per patient. "
        "Not estimable (no units in a group): A, per embryo; B, per patient and per embryo; C."
    )
    assert cells.gaps(found[-1:]) == ""


def test_the_methods_stay_one_short_sentence_when_a_group_has_no_variance(results: Results) -> None:
    robust, kish = clusters.ROBUST, clusters.KISH
    ways = (robust, f"{robust}; {kish}", f"{kish}; {robust}", kish)
    assert merged(f"ratio of ratio estimators; MOVER-R from {way}" for way in ways) == [
        f"ratio of ratio estimators; MOVER-R from {robust} (no variance between clusters: Wilson limits)"
    ]
    told = brief(
        {
            "risk difference": [f"difference of ratio estimators; MOVER from {way}" for way in ways],
            "risk ratio": [f"ratio of ratio estimators; MOVER-R from {way}" for way in ways],
            "P value": [],
        }
    )
    assert told == (
        "risk difference, MOVER; risk ratio, MOVER-R, from cluster-robust (linearised) variance, "
        "logit t limits (no variance between clusters: Wilson limits)"
    )
    assert brief({"P value": ["Fisher mid-P test, two-sided"]}) == "P value, Fisher mid-P test, two-sided"


def test_the_shipped_tables_have_a_short_note_of_methods(shipped: Results) -> None:
    for name in ("regulated", "dysregulation", "regimens", "outcomes", "bounds"):
        tree = html.fromstring(getattr(tables, name)(Report(shipped)).html)
        notes = [note.text_content().strip() for note in tree.xpath("//tfoot//tr")]
        (told,) = [note for note in notes if note.startswith("Per patient: ")]
        per_embryo = told.partition("Per embryo: ")[2]
        assert len(per_embryo) < 250
        assert told.count("cluster-robust") == (1 if per_embryo else 0)
        assert ("MOVER" in told) == ("MOVER, method of variance" in notes[-1])
