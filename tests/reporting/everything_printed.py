"""All that a manuscript prints of one analysis: prose, tables and figures, in one process."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

from report_helpers import reporting
from report_helpers.reporting import Report, cutoff_plot, flow_diagram, forest_plot, love_plot, tables
from report_helpers.reporting.drawing import Drawing
from report_helpers.reporting.ledger import Printed
from report_helpers.results import Results
from report_helpers.study.definition import Study, load_study

_INLINE = re.compile(r"`\{python\} ([^`]+)`")
_SPAN = re.compile(r'<span class="num" data-key="([^"]+)">(.*?)</span>', re.DOTALL)
_LABEL = re.compile(r'<text [^>]*data-key="([^"]+)"[^>]*>(.*?)</text>')


@dataclass(frozen=True)
class Everything:
    """Texts by their keys, as read off the page, and the whole of each table, figure and chapter."""

    texts: dict[str, set[str]]
    pages: dict[str, str]
    ledger: tuple[Printed, ...]


def protected(root: Path) -> Study:
    """Return the shipped study with disclosure control, and few draws of chance."""
    study = load_study(root / "study.yml")
    quick = replace(study.adjustment, bootstrap_resamples=100, imputations=2)
    return replace(study, disclosure="always", adjustment=quick)


def print_everything(results: Results, root: Path) -> Everything:
    """Print all chapters, tables and figures of the project at `root`."""
    r = Report(results)
    pages = {name: getattr(tables, name)(r).html for name in tables.__all__}
    for name, drawing in _drawings(r).items():
        pages[f"figure {name}"] = drawing.svg()
    for chapter in (root / "index.qmd", *sorted((root / "chapters").glob("*.qmd"))):
        pages[chapter.name] = _INLINE.sub(lambda code: _said(code[1], r), chapter.read_text(encoding="utf-8"))
    texts: dict[str, set[str]] = {}
    for page in pages.values():
        for key, text in (*_SPAN.findall(page), *_LABEL.findall(page)):
            texts.setdefault(key, set()).add(unescape(text))
    for printed in r.ledger:
        texts.setdefault(printed.key, set()).add(printed.text)
    return Everything(texts, pages, tuple(r.ledger))


def _drawings(r: Report) -> dict[str, Drawing]:
    found = {
        "flow": flow_diagram.draw(r.results.flow),
        "forest": forest_plot.draw(r.results),
        "love": love_plot.draw(r.results),
        "cutoffs": cutoff_plot.draw(r.results),
    }
    keys = [
        *flow_diagram.keys(r.results.flow),
        *(key for plot in (forest_plot, love_plot, cutoff_plot) for key in plot.keys(r.results)),
    ]
    for key in keys:
        r.value(key).note("figure")
    return found


def _said(code: str, r: Report) -> str:
    names = {name: getattr(reporting, name) for name in ("claim", "according_to")}
    value = eval(code, {"r": r, **names})  # the chapters of the project itself
    value._repr_markdown_()
    return str(value)
