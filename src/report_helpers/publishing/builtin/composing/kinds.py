"""Kinds of things that are numbered and referred to: figures, tables, theorems … and those a project adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..errors import ProjectError, UnsupportedError
from ..reading.files import Place, nowhere
from ..reading.language import words_of
from .numerals import ARABIC, LETTERS, Style, read_style


@dataclass(frozen=True)
class Kind:
    """A kind of numbered thing.

    Attributes
    ----------
    key : str
        Beginning of its labels: `fig` in `fig-flow`.
    title : str
        What stands before the number in a caption.
    prefix : str
        What stands before the number in a reference.
    caption_on_top : bool
        Whether captions stand above.
    spaced : bool
        Whether a space stands before the number.
    style : Style
        How its numbers are written.
    """

    key: str
    title: str
    prefix: str
    caption_on_top: bool = False
    spaced: bool = True
    style: Style = ARABIC


_FLOATS = {"fig": False, "tbl": True, "lst": True}
"""Floats, and whether their captions stand above."""

_PLAIN = ("sec", "eq")
CALLOUTS = {"nte": "Note", "wrn": "Warning", "cau": "Caution", "tip": "Tip", "imp": "Important"}
_THEOREMS = ("thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr")


@dataclass(frozen=True)
class Kinds:
    """All kinds of a document, and how its references are worded."""

    floats: Mapping[str, Kind]
    others: Mapping[str, Kind]
    theorems: Mapping[str, Kind]
    callouts: Mapping[str, Kind]
    words: Mapping[str, str]
    parts: Style = LETTERS
    delimiter: str = ":"
    between: str = ","
    linked: bool = True

    def of(self, label: str) -> Kind | None:
        """Return the kind a label belongs to, or None."""
        key, dash, _ = label.partition("-")
        tables = (self.floats, self.others, self.theorems, self.callouts) if dash else ()
        return next((table[key] for table in tables if key in table), None)

    def float_of(self, label: str) -> Kind | None:
        """Return the kind of float a label belongs to, or None."""
        key, dash, _ = label.partition("-")
        return self.floats.get(key) if dash else None


def read_kinds(metadata: Mapping[str, Any], place: Place = nowhere) -> Kinds:
    """Return the kinds that the document's `crossref:` settings define.

    `place` finds the line of a setting, for messages.

    Raises
    ------
    ProjectError
        If a custom kind lacks its key or prefix.
    UnsupportedError
        For a language whose words are not known, or a place of captions.
    """
    settings = metadata.get("crossref")
    options: Mapping[str, Any] = settings if isinstance(settings, Mapping) else {}
    words = words_of(metadata, place)

    def worded(key: str, word: str, *, top: bool = False) -> Kind:
        title = str(options.get(f"{key}-title", word))
        prefix = str(options.get(f"{key}-prefix", word))
        style = read_style(options.get(f"{key}-labels", options.get("labels", "arabic")), place)
        return Kind(key, title, prefix, top, style=style)

    floats = [worded(key, words[key], top=top) for key, top in _FLOATS.items()]
    floats += [_custom(entry, options, place) for entry in options.get("custom") or []]
    if options.get("chapters"):
        raise ProjectError.at("`crossref: chapters:` is for books.", *place("", "chapters"), "Remove it.")
    return Kinds(
        {kind.key: _placed(kind, metadata, place) for kind in floats},
        {key: worded(key, words[key]) for key in _PLAIN},
        {**{key: worded(key, words[key]) for key in _THEOREMS}, "alg": worded("alg", "Algorithm")},
        {key: worded(key, word) for key, word in CALLOUTS.items()},
        words,
        read_style(options.get("subref-labels", options.get("labels", "alpha a")), place),
        str(options.get("title-delim", ":")).strip(),
        str(options.get("ref-delim", ",")),
        options.get("ref-hyperlink", True) is not False,
    )


def _custom(entry: Any, options: Mapping[str, Any], place: Place) -> Kind:
    """Read a kind the project adds; Quarto captions it with `reference-prefix`, and refers with the other."""
    said = entry if isinstance(entry, Mapping) else {}
    key, prefix = str(said.get("key", "")), str(said.get("reference-prefix", ""))
    if not key or not prefix:
        what = "Each entry of `crossref: custom:` needs `key` and `reference-prefix`."
        raise ProjectError.at(what, *place("", "crossref"))
    return Kind(
        key,
        prefix,
        str(entry.get("caption-prefix", prefix)),
        entry.get("caption-location", "bottom") == "top",
        entry.get("space-before-numbering", True) is not False,
        read_style(options.get(f"{key}-labels", options.get("labels", "arabic"))),
    )


def _placed(kind: Kind, metadata: Mapping[str, Any], find: Place) -> Kind:
    """Move the captions of a kind to where `fig-cap-location` and its like want them."""
    own = f"{kind.key}-cap-location"
    name = own if own in metadata else "cap-location"
    place = metadata.get(name)
    if place not in (None, "top", "bottom", "margin"):
        remedy = "Use `top`, `bottom` or `margin`."
        raise UnsupportedError.construct(f"captions at `{place}`", *find(str(place), name), remedy)
    return kind if place is None else replace(kind, caption_on_top=place == "top")
