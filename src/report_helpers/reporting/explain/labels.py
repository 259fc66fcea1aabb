"""What each printed number is, in words: from its key and the labels that the results themselves carry.

Every key of a ledger gets its label here, ``dysregulated.any.risk_ratio`` for instance “Risk ratio of
implantation, any immunotherapy against none, dysregulated profile”. Nothing of the data but the labels of
groups, outcomes and covariates is read, so that a label tells no more of a hidden number than its key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from report_helpers.reporting.explain import words
from report_helpers.reporting.explain.comparisons import Comparisons
from report_helpers.reporting.explain.words import plain, sentence
from report_helpers.reporting.formats import lower_first
from report_helpers.results.model import Results
from report_helpers.study.flow import FlowGroup

_GROUPS = {
    "regulated_untreated": "untreated patients, regulated profile",
    "regulated_treated": "treated patients, regulated profile",
    "dysregulated_untreated": "untreated patients, dysregulated profile",
    "dysregulated_treated": "treated patients, dysregulated profile",
    "eligible": "eligible patients",
    "excluded": "excluded patients",
}
_BETWEEN = {
    "smd": "between eligible and excluded patients",
    "smd_regulated": "between treated and untreated patients, regulated profile",
    "smd_dysregulated": "between treated and untreated patients, dysregulated profile",
}


class Labels:
    """Composes the label of any key of one analysis."""

    def __init__(self, results: Results) -> None:
        self._results = results
        self._compared = Comparisons(results)
        self._covariates = {each.key: each for each in results.study.covariates}
        compared = self._compared
        self._parts: Mapping[str, Callable[[Sequence[str]], str]] = {
            "regulated": lambda rest: compared.profile("regulated", rest),
            "dysregulated": lambda rest: compared.profile("dysregulated", rest),
            "joint": compared.joint,
            "bounds": compared.bounds,
            "sensitivity": compared.sensitivity,
            "adjusted": compared.adjusted,
            "interaction": compared.interaction,
            "operating": compared.operating,
            "baseline": self._baseline,
            "selection": self._baseline,
            "flow": self._flow,
            "missing": self._missing,
            "treatment_start": self._start,
            "cutoff_curves": self._curve,
            "cutoffs": lambda rest: f"Cut-off of the marker: {self._marker(rest[0])}",
            "data": lambda rest: words.DATA.get(rest[0], f"Data file: {plain(rest[0])}"),
            "software": lambda rest: f"Version of {sentence(plain(rest[0]))}",
            "facts": lambda rest: f"What the authors state: {plain(rest[0])}",
            "methods": self._method,
            "study": self._setting,
            "claims": lambda rest: f"Words that the data decide: {lower_first(self.of('.'.join(rest)))}",
        }

    def of(self, key: str) -> str:
        """Return the label of a key; of one that no part of the results is known by, the key as words."""
        first, *rest = key.split(".")
        part = self._parts.get(first)
        if part is None or not rest:
            return f"Condition of the cohort: {plain(first)}"
        return part(rest)

    def _baseline(self, rest: Sequence[str]) -> str:
        if rest[0] == "columns":
            return f"Number of {_GROUPS.get(rest[1], plain(rest[1]))}, with known primary outcome"
        covariate, *where = rest
        named = self._covariate(covariate)
        if where[-1] in _BETWEEN:
            return f"Standardised difference of {lower_first(named)} {_BETWEEN[where[-1]]}"
        of = _GROUPS.get(where[0], "all analysed patients")
        told = words.SUMMARISED.get(where[-1]) or f"{{covariate}}: {self._level(covariate, where[-1])}"
        return f"{told.format(covariate=named)}, {of}"

    def _covariate(self, key: str) -> str:
        found = self._covariates.get(key)
        return found.label if found else sentence(plain(key))

    def _level(self, covariate: str, level: str) -> str:
        found = self._covariates.get(covariate)
        return lower_first(found.levels.get(level, plain(level))) if found else plain(level)

    def _flow(self, rest: Sequence[str]) -> str:
        if rest[0] == "steps":
            steps = {step.key: step.label for step in self._results.flow.steps}
            told = words.STEPS.get(rest[-1], f"{sentence(plain(rest[-1]))} at the criterion “{{step}}”")
            return told.format(step=lower_first(steps.get(rest[1], plain(rest[1]))))
        if rest[0] == "groups":
            return f"Patients analysed: {', '.join(map(lower_first, self._group(rest)))}"
        return words.FLOW.get(rest[0], f"Flow of patients: {plain(rest[0])}")

    def _group(self, rest: Sequence[str]) -> list[str]:
        """Return the labels of a group of the flow and of the groups around it."""
        groups: tuple[FlowGroup, ...] = self._results.flow.groups
        found = []
        for name in rest:
            group = next((each for each in groups if each.key == name), None)
            if group is not None:
                found.append(group.label)
                groups = group.arms
        return found or [plain(rest[-1])]

    def _missing(self, rest: Sequence[str]) -> str:
        labels = {row.key: row.label for row in self._results.missing}
        label = labels.get(rest[0], sentence(plain(rest[0])))
        who = "treated eligible" if rest[0].startswith("immunotherapy_") else "eligible"
        return f"{label}: {who} patients without a recorded value"

    def _start(self, rest: Sequence[str]) -> str:
        found = self._results.treatment_start.get(rest[0])
        told = words.START.get(rest[-1], sentence(plain(rest[-1])))
        return f"{told}; immunotherapy {lower_first(found.label) if found else plain(rest[0])}"

    def _curve(self, rest: Sequence[str]) -> str:
        marker = f"alternative cut-offs of the marker “{self._marker(rest[0])}”"
        told = words.CURVE.get(rest[-1], sentence(plain(rest[-1])))
        return f"{told.format(place=rest[2] if len(rest) > 3 else '')}; {marker}"

    def _marker(self, key: str) -> str:
        found = self._results.study.cutoffs.get(key)
        return lower_first(found.label) if found else plain(key)

    def _method(self, rest: Sequence[str]) -> str:
        if rest[0] == "families":
            return "Families of tests that are corrected together"
        if rest[0] == "decides":
            return "What decides where an interval and a P value disagree"
        return f"Method of {words.METHODS.get(rest[0], plain(rest[0]))}, as the estimates name it"

    def _setting(self, rest: Sequence[str]) -> str:
        path = ".".join(rest)
        return words.SETTINGS.get(path, f"Setting of the study: {plain(path)}")
