"""What the analysis found: one immutable tree whose paths are the keys of every printed number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from report_helpers.statistics import Estimate, Interaction

if TYPE_CHECKING:
    from report_helpers.results.adjusted import Adjusted
    from report_helpers.results.sensitivity import CutoffCurve, SelectionRow, Sensitivity
    from report_helpers.study.definition import Study
    from report_helpers.study.flow import Flow


@dataclass(frozen=True)
class Provenance:
    """The cohort file behind the numbers: its name, rows, SHA-256 and whether it is synthetic.

    `least_shown` is the least number of patients that is no small count to be hidden, 0 where none is;
    `too_few` is the least number of eligible patients to report on where there are fewer, and 0 otherwise.
    """

    name: str
    synthetic: bool
    rows: int
    fingerprint: str
    notes: tuple[str, ...] = ()
    least_shown: int = 0
    too_few: int = 0


@dataclass(frozen=True)
class Comparison:
    """One outcome in a treated and a reference group.

    For an outcome per embryo, `events` are gestational sacs and `n` embryos transferred; its intervals take
    the patient as the cluster.
    """

    outcome: str
    label: str
    unit: str
    events: int
    n: int
    rate: Estimate
    reference_events: int
    reference_n: int
    reference_rate: Estimate
    risk_difference: Estimate
    risk_ratio: Estimate
    test: Estimate | None


@dataclass(frozen=True)
class Contrast:
    """A treated group against its reference, for every outcome.

    The attributes of the primary outcome's `Comparison` are reached directly (``contrast.rate``), other
    outcomes by their key (``contrast.live_birth.rate``).
    """

    key: str
    label: str
    reference_label: str
    overlapping: bool
    primary: str
    outcomes: Mapping[str, Comparison]
    family: str = ""
    holm: float | None = None

    def __getattr__(self, name: str) -> object:
        """Look `name` up among the outcomes, then in the primary outcome's comparison."""
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self.outcomes:
            return self.outcomes[name]
        main = self.outcomes[self.primary]
        if name in Comparison.__dataclass_fields__:
            return getattr(main, name)
        raise _unknown(name, [*self.outcomes, *Comparison.__dataclass_fields__], self.key)


@dataclass(frozen=True)
class Arm:
    """Patients of one profile on one treatment, with the primary outcome."""

    key: str
    label: str
    patients: int
    events: int
    rate: Estimate

    @property
    def n(self) -> int:
        """Patients with a known primary outcome: the denominator of the rate."""
        return self.patients


@dataclass(frozen=True)
class Profile:
    """All that was found in one immune profile; contrasts and arms are reached as attributes."""

    key: str
    label: str
    eligible: int
    patients: int
    arms: Mapping[str, Arm]
    contrasts: Mapping[str, Contrast]

    def __getattr__(self, name: str) -> object:
        """Look `name` up among the contrasts, then among the arms."""
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self.contrasts:
            return self.contrasts[name]
        if name in self.arms:
            return self.arms[name]
        raise _unknown(name, [*self.contrasts, *self.arms], self.key)


@dataclass(frozen=True)
class Summary:
    """One characteristic in one group: moments of a number, or counts by level of a category."""

    n: int
    missing: int
    mean: float | None = None
    sd: float | None = None
    median: float | None = None
    q1: float | None = None
    q3: float | None = None
    counts: Mapping[str, int] | None = None

    @property
    def known(self) -> int:
        """Patients whose value is recorded."""
        return self.n - self.missing


@dataclass(frozen=True)
class BaselineColumn:
    """One group of the baseline table."""

    key: str
    label: str
    n: int


@dataclass(frozen=True)
class BaselineRow:
    """One characteristic across the groups, with treated-against-untreated standardised differences."""

    key: str
    label: str
    unit: str
    kind: str
    skewed: bool
    levels: tuple[tuple[str, str], ...]
    cells: Mapping[str, Summary]
    smd_regulated: float | None
    smd_dysregulated: float | None
    missing: int


@dataclass(frozen=True)
class Baseline:
    """The baseline table as data."""

    columns: tuple[BaselineColumn, ...]
    rows: tuple[BaselineRow, ...]


@dataclass(frozen=True)
class MissingRow:
    """How many eligible patients lack one variable."""

    key: str
    label: str
    missing: int
    n: int


@dataclass(frozen=True)
class Bounds:
    """A primary contrast with unknown outcomes set to favour, then to disfavour, the treated."""

    key: str
    label: str
    unknown_treated: int
    unknown_reference: int
    best: Comparison
    worst: Comparison


@dataclass(frozen=True)
class TreatmentStart:
    """When immunotherapy of one timing began, in days from transfer (negative: before).

    `after_hcg` counts starts after the pregnancy test, among the patients (`hcg_known`) with both dates.
    """

    key: str
    label: str
    patients: int
    known: int
    median: float | None
    q1: float | None
    q3: float | None
    hcg_known: int
    after_hcg: int
    plan_known: int
    planned_before: int


@dataclass(frozen=True, repr=False)
class Results:
    """Everything the manuscript prints, computed once from one study definition and one cohort."""

    study: Study
    data: Provenance
    flow: Flow
    baseline: Baseline
    regulated: Profile
    dysregulated: Profile
    interaction: Interaction
    adjusted: Mapping[str, Adjusted]
    joint: Mapping[str, Comparison]
    sensitivity: Mapping[str, Mapping[str, Sensitivity]]
    cutoff_curves: Mapping[str, CutoffCurve]
    selection: tuple[SelectionRow, ...]
    treatment_start: Mapping[str, TreatmentStart]
    missing: tuple[MissingRow, ...]
    bounds: Mapping[str, Bounds]
    software: Mapping[str, str]

    def __repr__(self) -> str:
        """Return one line: the whole tree would fill pages, and is no text to print in a manuscript."""
        counted = f"{self.flow.screened} screened, {self.flow.analysed} analysed"
        return f"[all results of {self.data.name}: {counted}; name one of them to print it]"

    @property
    def contrasts(self) -> dict[str, Contrast]:
        """Every contrast by its path, in the order of the manuscript."""
        profiles = (self.regulated, self.dysregulated)
        return {contrast.key: contrast for profile in profiles for contrast in profile.contrasts.values()}


def _unknown(name: str, known: list[str], where: str) -> AttributeError:
    close = get_close_matches(name, known, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else f"; known here: {', '.join(known)}"
    return AttributeError(f"{where} has no result named {name!r}{hint}")
