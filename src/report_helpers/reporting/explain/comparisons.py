"""Labels of everything that compares two groups: contrasts, their bounds and choices, models, simulations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from report_helpers.reporting.balance_terms import term_labels
from report_helpers.reporting.explain import words
from report_helpers.reporting.explain.words import plain, sentence
from report_helpers.reporting.formats import lower_first
from report_helpers.results.model import Contrast, Profile, Results

_CASES = {"best": "best case for treatment", "worst": "worst case for treatment"}
_CELLS = {
    "regulated_treated": "treated patients with a regulated profile",
    "dysregulated_untreated": "untreated patients with a dysregulated profile",
    "dysregulated_treated": "treated patients with a dysregulated profile",
}
_REFERENCE = "untreated patients with a regulated profile"
_TIMES = ("before", "after", "before_and_after")


class Comparisons:
    """Words for comparisons of one analysis; each method takes the path below its own name."""

    def __init__(self, results: Results) -> None:
        self._results = results
        self._regimens = results.study.regimens
        self._terms = term_labels(results, list(results.adjusted))
        self._outcomes = {
            key: lower_first(each.label.split(" (", 1)[0]) for key, each in results.study.outcomes.items()
        }

    def profile(self, name: str, rest: Sequence[str]) -> str:
        """Return the label of a number of one profile: of a contrast, of an arm, or of all its patients."""
        profile: Profile = getattr(self._results, name)
        here = lower_first(profile.label)
        if rest[0] in profile.contrasts:
            contrast = profile.contrasts[rest[0]]
            outcome = rest[1] if len(rest) > 1 and rest[1] in contrast.outcomes else contrast.primary
            return f"{self._quantity(rest[-1], outcome)}, {self.contrast(contrast)}"
        if rest[0] in profile.arms and len(rest) > 1:
            told = f"{lower_first(profile.arms[rest[0]].label)}, {here}"
            if rest[-1] in ("patients", "n"):
                return f"Patients analysed: {told}"
            return f"{self._in_group(rest[-1], self._primary, '')}, {told}"
        known = {
            "patients": "Patients analysed",
            "eligible": "Eligible patients",
            "label": "Name of the profile",
        }
        return f"{known.get(rest[-1], sentence(plain(rest[-1])))}, {here}"

    def contrast(self, contrast: Contrast) -> str:
        """Return who is compared with whom: ``prednisone alone against none, dysregulated profile``."""
        name, _, key = contrast.key.partition(".")
        profile = lower_first(getattr(self._results, name).label)
        label = lower_first(contrast.label)
        if key in _TIMES:
            return f"immunotherapy {label} against none, {profile}"
        if key == "any" or key in self._regimens:
            return f"{label} against none, {profile}"
        return f"any immunotherapy against none, {profile}, {label}"

    def joint(self, rest: Sequence[str]) -> str:
        """Return the label of a cell of profile by treatment against the one reference cell."""
        name, who = rest[-1], _CELLS.get(rest[0], plain(rest[0]))
        if name.startswith("reference_"):
            return f"{self._in_group(name.removeprefix('reference_'), self._primary, '')}, {_REFERENCE}"
        if name in words.GROUPED:
            return f"{self._in_group(name, self._primary, '')}, {who}"
        return f"{self._quantity(name, self._primary)}, {who} against {_REFERENCE}"

    def bounds(self, rest: Sequence[str]) -> str:
        """Return the label of a contrast with the unknown outcomes set to one side."""
        key = ".".join(rest[:2])
        found = self._results.contrasts.get(key)
        told = self._quantity(rest[-1], self._primary)
        of = self.contrast(found) if found else plain(key)
        case = _CASES.get(rest[2], plain(rest[2]))
        return f"{told}, {of}, unknown outcomes set to the {case}" if len(rest) > 3 else f"{told}, {of}"

    def sensitivity(self, rest: Sequence[str]) -> str:
        """Return the label of the main comparison under another choice of who counts as treated."""
        profile = lower_first(getattr(self._results, rest[0]).label)
        chosen = self._results.sensitivity.get(rest[0], {}).get(rest[1])
        choice = lower_first(chosen.label) if chosen else plain(rest[1])
        if rest[-1] == "set_aside":
            return f"Treated patients set aside, {profile}; choice: {choice}"
        return f"{self._quantity(rest[-1], self._primary)}, {profile}; choice: {choice}"

    def adjusted(self, rest: Sequence[str]) -> str:
        """Return the label of an adjusted or weighted estimate, or of what is said of its model."""
        key, (name, *below) = ".".join(rest[:2]), rest[2:]
        found = self._results.contrasts.get(key)
        of = self.contrast(found) if found else plain(key)
        if name == "weighted" and below:
            if below[0] == "balance":
                term = self._terms.get(".".join(below[1:-1]), plain(".".join(below[1:-1])))
                return f"Standardised difference {below[-1]} weighting, {lower_first(term)}; {of}"
            return f"{self._estimated(below[0], words.WEIGHTED)}, {of}"
        return f"{self._estimated(name, words.ADJUSTED)}, {of}"

    def interaction(self, rest: Sequence[str]) -> str:
        """Return the label of a measure of interaction."""
        told = self._estimated(rest[0], words.INTERACTION)
        return f"{told}, any immunotherapy against none, dysregulated against regulated profile"

    def operating(self, rest: Sequence[str]) -> str:
        """Return the label of what a simulation found of one estimator."""
        *contrast, estimator, measure = rest
        key = ".".join(contrast)
        found = self._results.contrasts.get(key)
        of = self.contrast(found) if found else "interaction of profile and treatment"
        return f"{words.OPERATING.get(measure, sentence(plain(measure)))}: {plain(estimator)}, {of}"

    @property
    def _primary(self) -> str:
        return self._results.study.primary.key

    def _quantity(self, name: str, outcome: str) -> str:
        """Return a quantity of a comparison with what it is of."""
        special = words.PER_EMBRYO if self._per_embryo(outcome) else {}
        told = special.get(name) or words.COMPARED.get(name)
        if told and name not in words.GROUPED:
            return sentence(told.format(outcome=self._named(outcome)))
        untreated = name.startswith("reference_")
        return self._in_group(
            name.removeprefix("reference_"), outcome, "untreated" if untreated else "treated"
        )

    def _in_group(self, name: str, outcome: str, group: str) -> str:
        special = words.PER_EMBRYO if self._per_embryo(outcome) else {}
        told = special.get(name) or words.GROUPED.get(name) or f"{plain(name)}, {{outcome}}, {{group}} group"
        # An arm that stands alone is named behind it.
        told = told if group else told.partition(" in the {group}")[0]
        return sentence(told.format(outcome=self._named(outcome), group=group))

    def _named(self, outcome: str) -> str:
        return self._outcomes.get(outcome, plain(outcome))

    def _per_embryo(self, outcome: str) -> bool:
        found = self._results.study.outcomes.get(outcome)
        return found is not None and found.unit == "embryo"

    def _estimated(self, name: str, known: Mapping[str, str]) -> str:
        """Return the words for an estimate, or for its P value or number of patients."""
        outcome = self._named(self._primary)
        if name in known:
            return known[name].format(outcome=outcome)
        for ending, told in (("_p", "P value"), ("_n", "Patients in the analysis")):
            whole = name.removesuffix(ending)
            if name.endswith(ending) and whole in known:
                return f"{told}: {lower_first(known[whole].format(outcome=outcome))}"
        return sentence(plain(name))
