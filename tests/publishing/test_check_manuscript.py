"""What `manuscript check` prints: what is for information first, then what to mend, and how much of it."""

from __future__ import annotations

from report_helpers.publishing.check_manuscript import Report
from report_helpers.publishing.checks import Finding

NOTE = Finding("journal", "6,391 words.", note=True)
WRONG = Finding("percentage", "3/4 is 75%.", "chapters/discussion.qmd", 7, "Compute it.")


def test_what_is_to_mend_comes_last_where_the_eye_is() -> None:
    report = Report((), (WRONG, NOTE))
    assert str(report).splitlines() == [
        "For information:",
        "  [journal] 6,391 words.",
        "",
        "chapters/discussion.qmd:7: [percentage] 3/4 is 75%.",
        "    Compute it.",
        "one thing to mend",
    ]
    assert report.fails


def test_what_a_strict_render_refuses_counts_too() -> None:
    report = Report(("index.qmd:3: no such citation.",), (WRONG,))
    assert str(report).splitlines()[0] == "index.qmd:3: no such citation."
    assert str(report).endswith("2 things to mend\n")
    assert report.fails


def test_notes_alone_fail_nothing() -> None:
    report = Report((), (NOTE,))
    assert not report.fails
    assert str(report).endswith("nothing to mend\n")
