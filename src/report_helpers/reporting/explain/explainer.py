"""What a reader is told of a number beyond its value: what it is, what is missing, what computed it."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import asdict, replace
from importlib import import_module
from pathlib import Path

from report_helpers.reporting.explain.computed_by import computed_by
from report_helpers.reporting.explain.labels import Labels
from report_helpers.reporting.explain.methods_list import METHODS
from report_helpers.reporting.explain.missing_values import missing_for
from report_helpers.reporting.ledger import Printed
from report_helpers.results.model import Results

_PACKAGE = Path(__file__).parents[2]


class Explainer:
    """Completes the entries of one analysis' ledger."""

    def __init__(self, results: Results) -> None:
        self._results = results
        self._labels = Labels(results)
        self._numeric = {each.key for each in results.study.covariates if each.kind == "number"}

    def complete(self, entry: Printed) -> Printed:
        """Return an entry with its label, its missing values and the name of what computed it."""
        return replace(
            entry,
            label=self._labels.of(entry.key),
            missing=None if entry.withheld else missing_for(self._results, entry.key),
            by=computed_by(entry.key, entry.method, self._numeric),
        )

    def methods(self, names: Iterable[str]) -> dict[str, dict[str, object]]:
        """Return what there is to say of each method, by its name."""
        return {name: _described(name) for name in sorted(set(names))}


def _described(name: str) -> dict[str, object]:
    method = METHODS[name]
    file, line = place_of(method.function)
    return {**asdict(method), "file": file, "line": line}


def place_of(function: str) -> tuple[str, int | None]:
    """Return the file, in the repository of this package, and the line where a function is defined.

    Of a function that is no part of the package, as those of its benchmarks, only the file is known.
    """
    module, _, name = function.rpartition(".")
    if not module.startswith(f"{_PACKAGE.name}."):
        return f"{module.replace('.', '/')}.py", None
    found = inspect.unwrap(getattr(import_module(module), name))
    file = Path(found.__code__.co_filename).relative_to(_PACKAGE.parent)
    return f"src/{file.as_posix()}", found.__code__.co_firstlineno
