"""The study as its authors define it in ``study.yml``: read, checked, and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node

from report_helpers.errors import ManuscriptError
from report_helpers.study.data_shape import data_source
from report_helpers.study.data_source import DataSource
from report_helpers.study.study_shape import STUDY, check_rules
from report_helpers.study.yaml_shapes import Findings, Problem

_REMEDY = "Mend study.yml and run the command again; every key is explained by the comments of the file."


class StudyError(ManuscriptError):
    """``study.yml`` cannot be used; ``problems`` lists everything wrong with it, by line."""

    def __init__(self, path: Path, problems: tuple[Problem, ...], remedy: str = _REMEDY) -> None:
        self.problems = problems
        listed = [
            f"{path.name}, line {each.line}: {each.key} {each.text}".replace("  ", " ") for each in problems
        ]
        count = "one problem" if len(listed) == 1 else f"{len(listed)} problems"
        what = "\n  ".join([f"the study file has {count}", *listed])
        super().__init__(what, str(path), remedy)


@dataclass(frozen=True)
class Period:
    """Days between which records were screened, both included."""

    start: date
    end: date


@dataclass(frozen=True)
class Criterion:
    """One eligibility criterion: the values of ``column`` in ``keep`` stay in the study."""

    key: str
    label: str
    column: str
    keep: tuple[str, ...]
    when_missing: str


@dataclass(frozen=True)
class Cutoff:
    """A marker is elevated at ``value`` or above; a placeholder awaits the laboratory's own."""

    column: str
    value: float
    label: str
    unit: str
    placeholder: bool


@dataclass(frozen=True)
class Outcome:
    """An outcome: what is counted (patients or embryos) and how its column is read."""

    key: str
    label: str
    column: str
    unit: str
    primary: bool
    kind: str


@dataclass(frozen=True)
class Covariate:
    """A row of the baseline table; ``levels`` gives the words for a category's codes."""

    key: str
    label: str
    unit: str
    kind: str
    levels: Mapping[str, str]


@dataclass(frozen=True)
class TestFamily:
    """Comparisons whose P values are adjusted together."""

    __test__ = False  # the name begins like a test's; pytest is not to collect it

    key: str
    label: str
    contrasts: tuple[str, ...]


@dataclass(frozen=True)
class Adjustment:
    """What the adjusted analyses adjust for, when they are refused, and their draws of chance."""

    covariates: tuple[str, ...]
    least_events_per_term: float
    least_patients_per_propensity_term: float
    bootstrap_resamples: int
    imputations: int
    seed: int
    protocol_regimens: tuple[str, ...]


@dataclass(frozen=True)
class Checks:
    """What ``manuscript check`` is told: whose limits hold, and phrases that each check lets stand."""

    journal: str | None
    exceptions: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Study:
    """Everything ``study.yml`` says; mappings are read-only and keep the order of the file."""

    path: Path
    title: str
    short_title: str
    period: Period
    data: DataSource
    criteria: tuple[Criterion, ...]
    exclusion_split: Mapping[str, float]
    exclusion_split_placeholder: bool
    outcome_known_label: str
    negative_hcg_counts_as_no_sac: bool
    cutoffs: Mapping[str, Cutoff]
    regimens: Mapping[str, str]
    timings: Mapping[str, str]
    outcomes: Mapping[str, Outcome]
    covariates: tuple[Covariate, ...]
    families: tuple[TestFamily, ...]
    adjustment: Adjustment
    disclosure_threshold: int
    facts: Mapping[str, str | None]
    disclosure: str = "real_data"
    least_patients: int = 20
    checks: Checks = Checks(None, MappingProxyType({}))

    @property
    def protects(self) -> bool:
        """Whether small counts are hidden: always, but for patients that nobody is."""
        return self.disclosure_threshold > 1 and (self.disclosure == "always" or not self.data.synthetic)

    @property
    def primary(self) -> Outcome:
        """The one primary outcome."""
        return next(outcome for outcome in self.outcomes.values() if outcome.primary)


def load_study(path: Path | str = "study.yml") -> Study:
    """Read and check a study file.

    Parameters
    ----------
    path : path-like
        The YAML file; the data file it names is found from its folder.

    Returns
    -------
    Study

    Raises
    ------
    StudyError
        If the file is absent, is not YAML, or has a wrong, missing, unknown or repeated key. All
        problems are listed at once, each with key, line and what is allowed.

    Examples
    --------
    >>> study = load_study("study.yml")  # doctest: +SKIP
    >>> study.cutoffs["nk"].unit  # doctest: +SKIP
    'percent of endometrial leucocytes'
    """
    path = Path(path)
    found = Findings()
    values = STUDY.read(_compose(path), "", found)
    if isinstance(values, dict):
        check_rules(values, found)
    if found.problems:
        raise StudyError(path, tuple(sorted(found.problems, key=lambda each: (each.line, each.key))))
    return _build(path, values)


def _compose(path: Path) -> Node:
    """Return the root node of a YAML file, which knows the line of everything in it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or "unreadable"
        problem = Problem(1, "", f"the file cannot be read ({reason.lower()})")
        remedy = "Run the command in the project's folder, or name the study file."
        raise StudyError(path, (problem,), remedy) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = Problem(line, "", "the file is not UTF-8 text; save it as UTF-8")
        raise StudyError(path, (problem,)) from None
    try:
        node = YAML(typ="safe", pure=True).compose(text)  # which, unlike the default, passes over comments
    except MarkedYAMLError as error:
        problem = Problem(_line(error), "", f"the file is not valid YAML: {error.problem or error.context}")
        raise StudyError(path, (problem,)) from None
    except RecursionError:
        problem = Problem(1, "", "the file is not a study: its sections are nested too deeply")
        raise StudyError(path, (problem,)) from None
    except YAMLError:
        problem = Problem(1, "", "the file is not valid YAML: it has characters that no text may hold")
        raise StudyError(path, (problem,)) from None
    if not isinstance(node, MappingNode):
        raise StudyError(path, (Problem(1, "", "the file is empty or is not a list of keys and values"),))
    return node


def _line(error: MarkedYAMLError) -> int:
    """Return the line of the mistake: a quotation mark not closed is noticed at the end of the file."""
    said = f"{error.context} {error.problem}"
    late = any(words in said for words in ("quoted scalar", "flow ", "could not find expected ':'"))
    mark = error.context_mark if late and error.context_mark else error.problem_mark
    return int(mark.line) + 1 if mark else 1


def _build(path: Path, values: Mapping[str, Any]) -> Study:
    """Return the Study of values that have been checked."""
    split, known = values["exclusion_split"], values["outcome_known"]
    return Study(
        path=path,
        title=values["title"],
        short_title=values["short_title"],
        period=Period(**values["period"]),
        data=data_source(path.parent, values["data"]),
        criteria=tuple(Criterion(**each) for each in values["eligibility"]),
        exclusion_split=split["shares"],
        exclusion_split_placeholder=split["placeholder"],
        outcome_known_label=known["label"],
        negative_hcg_counts_as_no_sac=known["negative_hcg_counts_as_no_sac"],
        cutoffs=_each(Cutoff, values["cutoffs"]),
        regimens=values["regimens"],
        timings=values["timings"],
        outcomes=MappingProxyType(
            {key: Outcome(key=key, **each) for key, each in values["outcomes"].items()}
        ),
        covariates=tuple(
            Covariate(key=key, **each | {"levels": MappingProxyType(dict(each["levels"]))})
            for key, each in values["covariates"].items()
        ),
        families=tuple(TestFamily(key=key, **each) for key, each in values["test_families"].items()),
        adjustment=Adjustment(**values["adjustment"]),
        disclosure_threshold=values["disclosure_threshold"],
        facts=values["facts"],
        disclosure=values["disclosure"],
        least_patients=values["least_patients"],
        checks=Checks(**values["checks"]),
    )


def _each(made: type[Cutoff], entries: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Cutoff]:
    return MappingProxyType({key: made(**entry) for key, entry in entries.items()})
