"""`Report`: the object ``r`` of the chapters, through which every printed number is reached by its path."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from difflib import get_close_matches
from functools import cached_property

from report_helpers.errors import ManuscriptError
from report_helpers.reporting import formats, leaves
from report_helpers.reporting.adjusted_leaves import AdjustmentSet, balance
from report_helpers.reporting.claims import claim
from report_helpers.reporting.conditions import conditions
from report_helpers.reporting.curve_leaves import points
from report_helpers.reporting.explain import Explainer
from report_helpers.reporting.leaf import UNKNOWN, Leaf
from report_helpers.reporting.ledger import Ledger
from report_helpers.reporting.methods import methods
from report_helpers.reporting.passages import Passage, passages
from report_helpers.reporting.relations import relations
from report_helpers.reporting.reported import Reported
from report_helpers.reporting.wording import worded
from report_helpers.results.model import Baseline, BaselineRow, Contrast, Profile, Results
from report_helpers.results.sensitivity import CutoffCurve, Sensitivity
from report_helpers.statistics import Weighted
from report_helpers.study.definition import Study


class UnknownResultError(ManuscriptError, AttributeError):
    """A chapter asks for a result that does not exist."""

    @classmethod
    def at(cls, path: str, name: str, known: list[str]) -> UnknownResultError:
        """Name the path that was asked for and the nearest names that exist."""
        asked = f"r.{path}.{name}" if path else f"r.{name}"
        close = get_close_matches(name, known, n=3, cutoff=0.5)
        if close:
            remedy = f"did you mean {' or '.join(repr(c) for c in close)}?"
        else:
            remedy = f"known here: {', '.join(known)}" if known else "nothing further can be asked for here"
        return cls(f"there is no result {asked}", remedy=remedy)


class Branch:
    """A part of the results that holds several values: an attribute leads to one of them.

    Parameters
    ----------
    value : object
        The part itself.
    path : str
        How it was reached; the start of the keys below it.
    ledger : Ledger
        Where printed values are noted.
    """

    def __init__(self, value: object, path: str, ledger: Ledger) -> None:
        self._value, self._path, self._ledger = value, path, ledger
        self._known: dict[str, Branch | Reported | Passage] = {}

    def __getattr__(self, name: str) -> Branch | Reported | Passage:
        """Return what `name` leads to: a `Reported` value or a further `Branch`."""
        if name.startswith("_"):
            raise AttributeError(name)
        # Results never change, and every path leads through the same few branches: each is looked up once.
        if name not in self._known:
            self._known[name] = self._lookup(name)
        return self._known[name]

    def _lookup(self, name: str) -> Branch | Reported | Passage:
        key = f"{self._path}.{name}" if self._path else name
        words = self._offers.get(name)
        if words is not None:
            return self._reported(words(), key)
        told = passages(self._value).get(name)
        if told is not None:
            return Passage(key, tuple(told(self)))
        found = self._parts
        if name not in found:
            raise UnknownResultError.at(self._path, name, sorted(self.__dir__()))
        if found[name] is None:
            unknown = formats.SUPPLY if self._path.endswith("facts") else UNKNOWN
            return Reported(unknown, key, ledger=self._ledger)
        leaf = leaves.plain(found[name], name)
        if leaf is not None and not isinstance(found[name], leaves.COMPOUND):
            return self._reported(leaf, key)
        return Branch(found[name], key, self._ledger)

    def reported(self, name: str) -> Reported:
        """Return the value of a name that leads to one."""
        found = self[name]
        if not isinstance(found, Reported):
            raise ManuscriptError(f"r.{self._path}.{name} is not one value", remedy="add a name below it")
        return found

    def __getitem__(self, name: str) -> Branch | Reported | Passage:
        """Return what a code or a whole dotted path leads to: ``r["dysregulated.any.rate"]``."""
        here: Branch | Reported | Passage = self
        for part in name.split("."):
            if isinstance(here, Reported | Passage):
                raise UnknownResultError.at(here.key, part, [])
            here = here.__getattr__(part)
        return here

    def __dir__(self) -> list[str]:
        """List what can be asked for here."""
        return list(dict.fromkeys([*self._offers, *passages(self._value), *self._parts]))

    def __str__(self) -> str:
        """Return the text of a part that is one thing to print (a period, a cut-off), else say it is none."""
        leaf = leaves.plain(self._value, self._path)
        if leaf is not None:
            return leaf.text
        return f"[r.{self._path} is not one value: add one of {', '.join(self.__dir__())}]"

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        leaf = leaves.plain(self._value, self._path)
        if leaf is not None:
            return self._reported(leaf, self._path)._repr_markdown_()
        raise ManuscriptError(str(self).strip("[]"), remedy="print one of the values below it")

    @cached_property
    def _offers(self) -> Mapping[str, Callable[[], Leaf]]:
        return leaves.named(self._value)

    @cached_property
    def _parts(self) -> Mapping[str, object]:
        return dict(_children(self._value))

    def _reported(self, leaf: Leaf, key: str) -> Reported:
        return Reported(leaf.text, key, leaf.value, leaf.estimate, leaf.n, leaf.method, self._ledger)


class Report(Branch):
    """All results of one analysis, worded for print.

    An attribute walks through `Results`; its last element decides the wording: ``r.flow.screened`` prints
    ``734``, ``r.dysregulated.any.risk_ratio`` prints ``1.34 (95% CI 1.05–1.71)``.

    Parameters
    ----------
    results : Results
        What `report_helpers.analyse` returned.
    """

    def __init__(self, results: Results) -> None:
        self.results = worded(results)
        super().__init__(self.results, "", Ledger(Explainer(self.results), relations(self.results)))

    @property
    def ledger(self) -> Ledger:
        """Everything printed so far; the last cell of the manuscript prints it as data."""
        return self._ledger

    def value(self, path: str) -> Reported:
        """Return the value at a dotted path.

        Raises
        ------
        UnknownResultError
            When an element of the path does not exist.
        ManuscriptError
            When the path stops at a part that holds several values.
        """
        here = self[path]
        if isinstance(here, Reported):
            return here
        if isinstance(here, Passage):
            raise ManuscriptError(f"r.{path} is a passage of several values", remedy="ask for one of them")
        leaf = leaves.plain(here._value, path)
        if leaf is None:
            raise ManuscriptError(str(here).strip("[]"), remedy="ask for one of the values below it")
        return self._reported(leaf, path)

    def claim(self, phrase: str, about: object, when: str = "", otherwise: str = "") -> Reported:
        """Return `phrase` if the data bear it out: see `report_helpers.reporting.claims.claim`."""
        return replace(claim(phrase, about, when, otherwise), ledger=self._ledger)

    def wrap(self, text: str, key: str, value: object = None, n: int | None = None) -> Reported:
        """Return a value in a table's own words, entered in the same ledger."""
        return Reported(text, key, value, n=n, ledger=self._ledger)


def _children(value: object) -> Iterator[tuple[str, object]]:
    """Go through the named parts of a part of the results, the short paths of the contracts included."""
    match value:
        case Mapping():
            yield from _nested(value).items()
        case tuple():
            yield from ((part.key, part) for part in value if hasattr(part, "key"))
        case Profile():
            yield from value.arms.items()
            yield from value.contrasts.items()
        case Contrast():
            yield from _fields(value.outcomes[value.primary])
            yield from value.outcomes.items()
        case Baseline():
            yield from _children(value.rows)
        case BaselineRow():
            yield from value.cells.items()
        case Results():
            yield from (("facts", value.study.facts), ("cutoffs", value.study.cutoffs))
            yield "methods", methods(value)
            yield from conditions(value).items()
        case Sensitivity():
            yield from _fields(value.comparison)
        case AdjustmentSet():
            yield from _fields(value.study.adjustment)
    yield from _fields(value)
    # What a part holds in another shape than the reader asks for it.
    match value:
        case Study():
            yield "adjustment", AdjustmentSet(value)
        case Weighted():
            yield "balance", balance(value)
        case CutoffCurve():
            yield "points", points(value)


def _nested(mapping: Mapping[str, object]) -> dict[str, object]:
    """Turn keys that are paths themselves (``"regulated.any"``) into one level for each element."""
    found: dict[str, object] = {}
    for key, part in mapping.items():
        head, _, rest = key.partition(".")
        if rest:
            below = found.setdefault(head, {})
            if isinstance(below, dict):
                below[rest] = part
        else:
            found[head] = part
    return found


def _fields(value: object) -> Iterator[tuple[str, object]]:
    if not is_dataclass(value) or isinstance(value, type):
        return
    yield from ((field.name, getattr(value, field.name)) for field in fields(value))
    for kind in type(value).__mro__:
        yield from (
            (name, getattr(value, name)) for name, part in vars(kind).items() if isinstance(part, property)
        )
