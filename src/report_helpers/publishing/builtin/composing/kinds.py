"""Kinds of things that are numbered and referred to: figures, tables, listings, and those a project adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..errors import ProjectError, UnsupportedError


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
    """

    key: str
    title: str
    prefix: str
    caption_on_top: bool = False
    spaced: bool = True


_FLOATS = (
    Kind("fig", "Figure", "Figure"),
    Kind("tbl", "Table", "Table", caption_on_top=True),
    Kind("lst", "Listing", "Listing", caption_on_top=True),
)
_OTHERS = (Kind("sec", "Section", "Section"), Kind("eq", "Equation", "Equation"))

UNSUPPORTED = {
    "thm": "theorems",
    "lem": "lemmas",
    "cor": "corollaries",
    "prp": "propositions",
    "cnj": "conjectures",
    "def": "definitions",
    "exm": "examples",
    "exr": "exercises",
    "alg": "algorithms",
    "nte": "numbered notes",
    "wrn": "numbered warnings",
    "cau": "numbered cautions",
    "tip": "numbered tips",
    "imp": "numbered important notes",
}
"""Label beginnings that mean something to Quarto and nothing here."""


@dataclass(frozen=True)
class Kinds:
    """All kinds of a document, and how its references are worded."""

    floats: Mapping[str, Kind]
    others: Mapping[str, Kind]
    delimiter: str = ":"
    linked: bool = True

    def of(self, label: str) -> Kind | None:
        """Return the kind a label belongs to, or None."""
        key, dash, _ = label.partition("-")
        if not dash:
            return None
        return self.floats.get(key) or self.others.get(key)

    def float_of(self, label: str) -> Kind | None:
        """Return the kind of float a label belongs to, or None."""
        key, dash, _ = label.partition("-")
        return self.floats.get(key) if dash else None


def read_kinds(metadata: Mapping[str, Any]) -> Kinds:
    """Return the kinds that the document's `crossref:` settings define.

    Raises
    ------
    ProjectError
        If a custom kind lacks its key or prefix.
    """
    settings = metadata.get("crossref")
    options: Mapping[str, Any] = settings if isinstance(settings, Mapping) else {}
    kinds = [_worded(kind, options) for kind in _FLOATS]
    for entry in options.get("custom") or []:
        key, prefix = str(entry.get("key", "")), str(entry.get("reference-prefix", ""))
        if not key or not prefix:
            raise ProjectError.at("Each entry of `crossref: custom:` needs `key` and `reference-prefix`.")
        kinds.append(
            Kind(
                key,
                prefix,
                str(entry.get("caption-prefix", prefix)),
                entry.get("caption-location", "bottom") == "top",
                entry.get("space-before-numbering", True) is not False,
            )
        )
    if options.get("chapters"):
        raise ProjectError.at("`crossref: chapters:` is for books.", remedy="Remove it.")
    return Kinds(
        {kind.key: _placed(kind, metadata) for kind in kinds},
        {kind.key: _worded(kind, options) for kind in _OTHERS},
        str(options.get("title-delim", ":")),
        options.get("ref-hyperlink", True) is not False,
    )


def _worded(kind: Kind, options: Mapping[str, Any]) -> Kind:
    title = str(options.get(f"{kind.key}-title", kind.title))
    prefix = str(options.get(f"{kind.key}-prefix", kind.prefix))
    return Kind(kind.key, title, prefix, kind.caption_on_top, kind.spaced)


def _placed(kind: Kind, metadata: Mapping[str, Any]) -> Kind:
    """Move the captions of a kind to where `fig-cap-location` and its like want them."""
    place = metadata.get(f"{kind.key}-cap-location", metadata.get("cap-location"))
    if place not in (None, "top", "bottom"):
        raise UnsupportedError.construct(f"captions at `{place}`", remedy="Use `top` or `bottom`.")
    return kind if place is None else replace(kind, caption_on_top=place == "top")
