"""study.yml: what it says when it is right, and what is said when it is wrong."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_helpers.study.definition import Study, StudyError, load_study
from report_helpers.study.dictionary import COLUMNS
from report_helpers.study.synthetic_patients import EXCLUSION_SPLIT, FIRST_SCREENING, LAST_SCREENING
from report_helpers.study.synthetic_truth import CUTOFFS

Spoil = Callable[[str, str], Path]


def problems(path: Path) -> list[tuple[int, str, str]]:
    with pytest.raises(StudyError) as caught:
        load_study(path)
    return [(each.line, each.key, each.text) for each in caught.value.problems]


def line_of(root: Path, text: str) -> int:
    lines = (root / "study.yml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def test_the_shipped_study_says_what_is_known(study: Study, root: Path) -> None:
    assert [each.key for each in study.criteria] == [
        "reproductive_disease",
        "immune_disease",
        "no_transfer",
        "profile_not_quantifiable",
    ]
    assert (study.period.start, study.period.end) == (date(2022, 1, 1), date(2023, 12, 31))
    assert study.data.file == root / "data" / "synthetic" / "cohort.csv"
    assert study.data.synthetic
    assert study.primary.key == "implantation"
    assert {key: each.unit for key, each in study.outcomes.items()} == {
        "implantation": "patient",
        "sacs_per_embryo": "embryo",
        "clinical_pregnancy": "patient",
        "live_birth": "patient",
    }


def test_the_shipped_study_invents_nothing(study: Study) -> None:
    assert set(study.facts.values()) == {None}
    assert all(each.placeholder for each in study.cutoffs.values())
    assert study.exclusion_split_placeholder


def test_the_synthetic_cohort_follows_the_shipped_study(study: Study) -> None:
    assert dict(study.exclusion_split) == dict(EXCLUSION_SPLIT)
    assert {key: each.value for key, each in study.cutoffs.items()} == dict(CUTOFFS)
    assert (study.period.start, study.period.end) == (FIRST_SCREENING.item(), LAST_SCREENING.item())


def test_a_study_cannot_be_changed(study: Study) -> None:
    with pytest.raises(FrozenInstanceError):
        study.title = "another"  # type: ignore[misc]
    with pytest.raises(TypeError):
        study.facts["funding"] = "us"  # type: ignore[index]


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ("value: 10.0", "value: ten", "cutoffs.th1_th2.value", "must be a number, 0 or more, but is 'ten'"),
        ("value: 10.0", "value: .inf", "cutoffs.th1_th2.value", "must be a number"),
        ("value: 10.0", "value: [10]", "cutoffs.th1_th2.value", "but is a list"),
        ("  synthetic: true", "  synthetic: yes", "data.synthetic", "must be true or false, but is 'yes'"),
        ("end: 2023-12-31", "end: 2023-13-31", "period.end", "must be a day such as 2022-01-31"),
        ("end: 2023-12-31", "end: 2021-12-31", "period.end", "before the start of the period"),
        (
            "when_missing: keep",
            "when_missing: kep",
            "eligibility[1].when_missing",
            "keep or exclude, but is 'kep'",
        ),
        (
            "column: embryo_transfer",
            "column: embryo_tranfer",
            "eligibility[3].column",
            "did you mean embryo_transfer?",
        ),
        ("keep: [quantified]", "keep: [quantifed]", "eligibility[4].keep", "did you mean quantified?"),
        ("keep: [none]", "keep: []", "eligibility[1].keep", "a list with at least one entry"),
        ("key: immune_disease", "key: reproductive_disease", "eligibility[2].key", "names two criteria"),
        ("key: immune_disease", "key: immune disease", "eligibility[2].key", "letters, digits and _"),
        ("kind: any_sac", "kind: sac", "outcomes.implantation.kind", "any_sac, sacs or yes_no"),
        (
            "unit: embryo\n",
            "unit: patient\n",
            "outcomes.sacs_per_embryo.unit",
            "must be embryo where kind is sacs",
        ),
        ("column: live_birth", "column: age_years", "outcomes.live_birth.column", "of kind yes_no must be"),
        ("    primary: true\n", "", "outcomes", "exactly one outcome"),
        ("    - bmi_kg_m2\n", "    - centre\n", "adjustment.covariates", "not among the covariates"),
        ("imputations: 20", "imputations: 1", "adjustment.imputations", "a whole number"),
        ("column: nk_cells_percent", "column: th1_th2_ratio", "cutoffs.nk.column", "the same column"),
        (
            "{own: Own, donor: Donor}",
            "{own: Own}",
            "covariates.oocyte_source.levels",
            "a word for each of own, donor",
        ),
        (
            "[dysregulated.any]",
            "[dysregulated.all]",
            "test_families.primary.contrasts[1]",
            "dysregulated.any",
        ),
        ("immune_disease: 0.15", "immune_disease: 0.25", "exclusion_split.shares", "must add up to 1"),
        ("threshold: 5", "threshold: 5.5", "disclosure_threshold", "a whole number, 0 or more, but is '5.5'"),
        ("threshold: 5", "threshold: -1", "disclosure_threshold", "a whole number, 0 or more, but is '-1'"),
        ("disclosure: real_data", "disclosure: off", "disclosure", "must be real_data or always"),
        ("least_patients: 20", "least_patients: 0", "least_patients", "a whole number, 1 or more"),
        ("funding: null", "funding: 2024", "facts.funding", "put it in quotation marks"),
        ("short_title:", "shrt_title:", "shrt_title", "did you mean short_title?"),
        (
            "    label: Any immunotherapy",
            "    lable: Any",
            "test_families.primary.lable",
            "did you mean label?",
        ),
        (
            "period:\n  start: 2022-01-01\n  end: 2023-12-31",
            "period: 2022",
            "period",
            "keys (start, end), but is '2022'",
        ),
        ("  prednisone: Prednisone alone\n", "", "regimens.prednisone", "is missing"),
    ],
)
def test_a_wrong_entry_is_named_with_key_and_what_is_allowed(
    spoil: Spoil, old: str, new: str, key: str, said: str
) -> None:
    texts = {found_key: text for _, found_key, text in problems(spoil(old, new))}
    assert said in texts[key]
    assert set(texts) <= {key, "exclusion_split.shares"}  # shares name the criteria, so they notice too


def test_small_counts_of_real_patients_cannot_be_shown(spoil: Spoil) -> None:
    """A threshold of 1 or 0 hides nothing, which is for synthetic patients alone."""
    path = spoil("  synthetic: true", "  synthetic: false")
    assert load_study(path).protects
    path.write_text(
        path.read_text(encoding="utf-8").replace("threshold: 5", "threshold: 1"), encoding="utf-8"
    )
    ((_, key, text),) = problems(path)
    assert (key, text) == (
        "disclosure_threshold",
        "must be 2 or more unless the data are synthetic; 5 is usual",
    )


def test_a_study_may_do_without_the_words_on_disclosure(spoil: Spoil) -> None:
    study = load_study(spoil("disclosure: real_data\nleast_patients: 20\n", ""))
    assert (study.disclosure, study.least_patients, study.protects) == ("real_data", 20, False)


def test_a_problem_names_its_line(spoil: Spoil, root: Path) -> None:
    ((line, _, _),) = problems(spoil("value: 50.0", "value: many"))
    assert line == line_of(root, "value: 50.0")


@pytest.mark.parametrize(
    ("old", "parent"),
    [
        ("  start: 2022-01-01\n", "period:"),
        ("    keep: [none]\n    when_missing: keep\n  - key: imm", "  - key: reproductive_disease"),
        ("    value: 10.0\n", "  th1_th2:"),
        ("  seed: 734\n", "adjustment:"),
    ],
)
def test_a_missing_key_names_the_line_of_what_it_is_missing_from(
    spoil: Spoil, root: Path, old: str, parent: str
) -> None:
    new = "    when_missing: keep\n  - key: imm" if "keep" in old else ""
    ((line, _, text),) = problems(spoil(old, new))
    assert (line, text) == (line_of(root, parent), "is missing")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('short_title: "', "short_title: '"),
        ("keep: [none]", "keep: [none"),
        ("column: live_birth", "column live_birth"),
    ],
)
def test_broken_yaml_names_the_line_of_the_mistake(spoil: Spoil, root: Path, old: str, new: str) -> None:
    ((line, _, text),) = problems(spoil(old, new))
    assert line == line_of(root, old)
    assert "not valid YAML" in text


def test_a_key_that_stands_twice_names_both_lines(spoil: Spoil, root: Path) -> None:
    ((line, key, text),) = problems(spoil("regimens:\n", 'title: "x"\nregimens:\n'))
    assert (line, key) == (line_of(root, "regimens:"), "title")
    assert text == f"stands twice; first on line {line_of(root, 'title: ')}"


def test_all_problems_are_told_at_once(root: Path, tmp_path: Path) -> None:
    text = (root / "study.yml").read_text(encoding="utf-8")
    for old, new in (
        ("value: 10.0", "value: ten"),
        ("2023-12-31", "soon"),
        ("threshold: 5", "threshold: few"),
    ):
        text = text.replace(old, new, 1)
    path = tmp_path / "study.yml"
    path.write_text(text, encoding="utf-8")
    assert [key for _, key, _ in problems(path)] == [
        "period.end",
        "cutoffs.th1_th2.value",
        "disclosure_threshold",
    ]


def test_the_message_is_for_an_author(spoil: Spoil) -> None:
    with pytest.raises(
        StudyError, match=r"study\.yml, line \d+: short_titel is not a key here; did you mean"
    ):
        load_study(spoil("short_title:", "short_titel:"))


def test_groups_need_their_two_criteria(spoil: Spoil) -> None:
    spoilt = spoil(
        "    column: immune_profile_status\n    keep: [quantified]", "    column: centre\n    keep: [A]"
    )
    ((_, key, text),) = problems(spoilt)
    assert key == "eligibility"
    assert "immune_profile_status" in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"- a\n- b\n", "not a list of keys"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"title: \x01\n", "not valid YAML"),
        (b"title: [\n", "not valid YAML"),
        (b"a: 1\n---\nb: 2\n", "another document"),
        (b"[" * 600, "nested too deeply"),
    ],
)
def test_a_file_that_is_no_study(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "study.yml"
    path.write_bytes(content)
    ((_, _, text),) = problems(path)
    assert said in text


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="cannot be read"):
        load_study(tmp_path / "study.yml")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.floats(0, 1),
    removed=st.integers(0, 6),
    put=st.sampled_from(
        ['"', "[", "\n", ": ", "- ", "&a ", "*a", "#", "!!x ", "{", "|", "? ", "\t", "null", "é"]
    ),
)
def test_a_damaged_file_is_read_or_refused_in_words(
    root: Path, tmp_path: Path, place: float, removed: int, put: str
) -> None:
    text = (root / "study.yml").read_text(encoding="utf-8")
    at = int(place * len(text))
    path = tmp_path / "study.yml"
    path.write_text(text[:at] + put + text[at + removed :], encoding="utf-8")
    with suppress(StudyError):
        assert {each.column for each in load_study(path).criteria} <= set(COLUMNS)
