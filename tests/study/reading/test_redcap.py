"""REDCap: raw codes and checkboxes, labels, and several rows per patient."""

from __future__ import annotations

import pandas as pd
import pytest

from report_helpers.study.cohort import CohortError

from .conftest import Load
from .exports import Rows, changed, text

BOXES = ("endometriosis", "adenomyosis", "uterine_anomaly", "hydrosalpinx", "other")
FOLLOW_UP = (
    "hcg_date",
    "hcg_positive",
    "gestational_sacs",
    "clinical_pregnancy",
    "live_birth",
    "adverse_event",
)


def with_boxes(rows: Rows, heading: str, yes: str, no: str) -> Rows:
    """The cohort with a checkbox column for each disease; REDCap knows no missing there."""
    place = rows[0].index("female_reproductive_disease")
    result = [[*rows[0][:place], *rows[0][place + 1 :], *[heading.format(box) for box in BOXES]]]
    for row in rows[1:]:
        boxes = [yes if row[place] == box else no for box in BOXES]
        result.append([*row[:place], *row[place + 1 :], *boxes])
    return result


def expected(frame: pd.DataFrame) -> pd.Series:
    return frame["female_reproductive_disease"].fillna("none")


@pytest.mark.parametrize(
    ("heading", "yes", "no"), [("fert___{}", "1", "0"), ("Disease (choice={})", "Checked", "Unchecked")]
)
def test_checkboxes_feed_one_column(
    heading: str, yes: str, no: str, rows: Rows, frame: pd.DataFrame, load: Load
) -> None:
    coded = changed(
        with_boxes(rows, heading, yes, no), ("hcg_positive",), lambda cell: yes if cell == "yes" else no
    )
    names = ", ".join(f'{box}: "{heading.format(box)}"' for box in BOXES)
    cohort = load(text(coded), f"  columns:\n    female_reproductive_disease: {{any_of: {{{names}}}}}")
    assert cohort.frame["female_reproductive_disease"].equals(expected(frame))
    pd.testing.assert_series_equal(cohort.frame["hcg_positive"], frame["hcg_positive"])


def in_events(rows: Rows) -> Rows:
    """Two rows for each patient: the follow-up holds what the first event does not."""
    follow_up = [name in FOLLOW_UP for name in rows[0]]
    result = [[rows[0][0], "redcap_event_name", "redcap_repeat_instrument", *rows[0][1:]]]
    for row in rows[1:]:
        first = ["" if later else cell for cell, later in zip(row, follow_up, strict=True)]
        second = [cell if later else "" for cell, later in zip(row, follow_up, strict=True)]
        result.append([row[0], "baseline_arm_1", "", *first[1:]])
        result.append([row[0], "follow_up_arm_1", "", *second[1:]])
    return result


def test_the_events_of_a_patient_are_joined(rows: Rows, frame: pd.DataFrame, load: Load) -> None:
    cohort = load(text(in_events(rows)))
    pd.testing.assert_frame_equal(cohort.frame, frame)
    assert "1468 rows of REDCap events were joined to 734 patients" in cohort.notes
    assert "1468 rows, 35 columns, 33 mapped" in cohort.form


def test_the_order_of_the_rows_does_not_matter(rows: Rows, frame: pd.DataFrame, load: Load) -> None:
    heading, *body = in_events(rows)
    by_event = [heading, *body[::2], *body[1::2]]
    pd.testing.assert_frame_equal(load(text(by_event)).frame, frame)


def test_repeats_that_differ_are_refused(rows: Rows, load: Load) -> None:
    events = in_events(rows[:4])
    events[4][events[0].index("bmi_kg_m2")] = "43.21"
    with pytest.raises(CohortError) as caught:
        load(text(events))
    message = str(caught.value)
    assert "bmi_kg_m2 has different values in several events or repeats of a patient" in message
    assert "1 row (line 5)" in message
    assert "43.21" not in message


def test_without_events_repeated_patients_stay_an_error(rows: Rows, load: Load) -> None:
    with pytest.raises(CohortError, match="patient_id is repeated"):
        load(text([*rows, rows[1]]))


def test_a_rule_that_is_broken_after_joining_names_the_first_row(rows: Rows, load: Load) -> None:
    events = in_events(rows[:6])
    events[5][events[0].index("age_years")] = "99"
    with pytest.raises(CohortError, match=r"outside the range 18-55 years: 1 row \(line 6\)"):
        load(text(events))
