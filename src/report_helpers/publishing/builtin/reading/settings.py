"""Settings that cannot be meant: values of the wrong kind are errors, names that look misspelt are told.

Quarto passes over a name it does not know, for templates may use it; so nothing more than a hint is given.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import Problem, ProjectError
from .files import Files


@dataclass(frozen=True)
class Kind:
    """What a setting may hold, in Python's types and in words, with an example."""

    types: tuple[type, ...]
    words: str
    example: str


_TRUTH = Kind((bool,), "true or false", "true")
_WHOLE = Kind((int,), "a whole number", "3")
_NUMBER = Kind((int, float), "a number", "6.5")
_FILE = Kind((str,), "the name of a file", "name.txt")
_FILES = Kind((str, list), "the name of a file or a list of them", "[name.txt]")
_MAPPING = Kind((dict,), "names with values, indented below it", "{name: value}")

_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("toc", "number-sections", "link-citations", "section-divs", "minimal"), _TRUTH),
    **dict.fromkeys(("toc-depth", "number-depth", "shift-heading-level-by"), _WHOLE),
    **dict.fromkeys(("fig-width", "fig-height"), _NUMBER),
    **dict.fromkeys(("csl", "template", "reference-doc", "citation-abbreviations"), _FILE),
    **dict.fromkeys(("bibliography", "css", "template-partials", "metadata-files", "font-paths"), _FILES),
    **dict.fromkeys(("project", "execute"), _MAPPING),
    "format": Kind((dict, str), "a format or names of formats with their settings", "html"),
    "crossref": Kind((dict, bool), _MAPPING.words, _MAPPING.example),
    "filters": Kind((list, str, dict), "a list of filters", "[name.lua]"),
    "references": Kind((list,), "a list of references", "[{id: name, title: …}]"),
}

# What Quarto knows at the top of a document or project, as far as a manuscript may want it.
_NAMES = """
abstract abstract-title affiliation affiliations appendix appendix-style author author-meta
author-title authors bibliography body-width book brand callout-appearance callout-icon categories
chapters citation citation-abbreviations citation-location cite-method citeproc code-annotations
code-copy code-fold code-line-numbers code-link code-overflow code-summary code-tools colorlinks
column-gap comments copyright crossref csl css date date-format date-modified default-image-extension
description df-print dir documentclass doi echo editor email-obfuscation embed-resources engine eval
execute fig-align fig-asp fig-cap-location fig-dpi fig-format fig-height fig-responsive fig-width
filters font-paths fontsize footnotes-hover format freeze funding grid header-includes highlight-style
html-math-method ident image include-after-body include-before-body include-in-header institute
jupyter jupytext keep-ipynb keep-md keep-tex keep-typ kernel keywords knitr lang language layout
license lightbox linestretch link-citations link-color link-external-icon link-external-newwindow
linkcolor listing listings lof logo lot mainfont margin margin-bottom margin-left margin-right
margin-top math max-width metadata-file metadata-files minimal monofont notebook-links notebook-view
notebooks number-depth number-offset number-sections order other-links output output-dir output-ext
output-file page-layout papersize params pdf-engine pdf-standard pdfa post-render pre-render preview
profile project prose-wrap published-title quality reader-mode reference-doc reference-location
reference-section-title references render repo-actions resources rights search section-divs
section-numbering self-contained shift-heading-level-by shortcodes slug smooth-scroll source
standalone status subject subtitle suppress-bibliography syntax-definitions tags tbl-cap-location
tbl-colwidths template template-partials thanks theme title title-block-banner title-block-style
title-meta toc toc-depth toc-expand toc-location toc-title top-level-division type unnumbered
variables variant version warning website wrap
"""
_KNOWN = frozenset(_NAMES.split())
_ALIKE = 0.86
"""How alike two names have to be for one to be taken for the other, misspelt."""


def check_kinds(settings: Mapping[str, Any], files: Files) -> None:
    """Refuse values that no setting of the name can have, at the top and below each format.

    Raises
    ------
    ProjectError
        With every one of them, and its line.
    """
    problems = []
    for name, value in _each(settings):
        kind = _KINDS.get(name)
        if kind is None or value is None or _fits(value, kind):
            continue
        what = f"`{name}` has to be {kind.words}, not {_told(value)}."
        remedy = f"Write for example `{name}: {kind.example}`."
        problems.append(Problem(what, *files.place("", name), remedy))
    if problems:
        raise ProjectError(problems)


def suspects(settings: Mapping[str, Any], files: Files) -> list[Problem]:
    """Return a hint for every name that is not known and is very like one that is."""
    hints = []
    for name in dict.fromkeys(name for name, _ in _each(settings)):
        near = [] if name in _KNOWN else difflib.get_close_matches(name, _KNOWN, n=1, cutoff=_ALIKE)
        if near:
            what = f"`{name}` is no setting that is known, and is passed over."
            hints.append(Problem(what, *files.place("", name), f"Did you mean {near[0]}?"))
    return hints


def _each(settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from settings.items()
    formats = settings.get("format")
    for chosen in formats.values() if isinstance(formats, Mapping) else ():
        if isinstance(chosen, Mapping):
            yield from ((str(name), value) for name, value in chosen.items())


def _fits(value: Any, kind: Kind) -> bool:
    if isinstance(value, bool):
        return bool in kind.types or (value is False and dict in kind.types)
    return isinstance(value, kind.types)


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return "a list" if isinstance(value, list) else "names with values"
    return f"`{value}`"
