"""Which outputs of a labelled cell are the figure or table, and what stands beside it, as Quarto sees it.

One shown value is the float, and what was printed stays outside. Several are parts of one float: `fig-subcap`
captions them, and without it the first part takes the caption of the whole. A list of captions makes each a
float of its own. A cell that shows no value is a float as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .outputs import attribute

LAYOUT = ("layout", "layout-ncol", "layout-nrow", "layout-align", "layout-valign")
_PLACES = ("cap-location", "fig-cap-location", "tbl-cap-location", "lst-cap-location", "tbl-colwidths")


@dataclass(frozen=True)
class Shown:
    """Markdown of one output, and whether it is a value that was displayed, not text that was printed."""

    lines: Sequence[str]
    display: bool


def listed(value: Any) -> list[str]:
    """Return an option that may be one text or several as a list of texts."""
    if value is None or isinstance(value, bool):
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def float_lines(
    label: str, kind: str, options: Mapping[str, Any], code: Sequence[str], shown: Sequence[Shown]
) -> list[str]:
    """Return the Markdown of a labelled cell: its code, and divisions that are floats.

    Parameters
    ----------
    label, kind : str
        Label of the cell and the kind it names: `fig-flow` and `fig`.
    options : mapping
        Options of the cell.
    code : sequence of str
        Lines that show the code.
    shown : sequence of Shown
        What the cell showed, in order.
    """
    attributes = [f"{key}={attribute(str(options[key]))}" for key in (*LAYOUT, *_PLACES) if key in options]
    captions = [" ".join(text.split()) for text in listed(options.get(f"{kind}-cap"))]
    parts = [" ".join(text.split()) for text in listed(options.get(f"{kind}-subcap"))]
    values = [part for part in shown if part.display]
    printed = [part for part in shown if not part.display]
    displays = len(values)
    whole = next(iter(captions), "")
    if displays == 0:
        return _division(label, attributes, [*code, *_lines(shown)], whole)
    if displays == 1 and not parts:
        return [*code, *_each(shown, [label], [whole], attributes)]
    if isinstance(options.get(f"{kind}-cap"), list) and not parts and len(captions) > 1:
        labels = [label, *(f"{label}-{number}" for number in range(2, displays + 1))]
        return [*code, *_each(shown, labels, captions, attributes)]
    if f"{kind}-subcap" not in options:
        if kind == "tbl":
            return [*code, *_lines(printed), *_division(label, attributes, _lines(values), whole)]
        parts, whole = [whole], ""
    labels = [f"{label}-{number}" for number in range(1, displays + 1)]
    body = _each(values, labels, parts, [])
    return [*code, *_lines(printed), *_division(label, attributes, body, whole)]


def unnumbered_lines(options: Mapping[str, Any], shown: Sequence[Shown]) -> list[str]:
    """Return the Markdown of what a cell without a label showed; `tbl-cap` captions its values."""
    captions = [" ".join(text.split()) for text in listed(options.get("tbl-cap"))]
    values = [part for part in shown if part.display] or list(shown)
    if not captions or not values:
        return _lines(shown)
    printed = [part for part in shown if part not in values]
    division = ["", '::: {.engine-unnumbered kind="tbl"}', *_lines(values), "", captions[0], "", ":::", ""]
    return [*_lines(printed), *division]


def _each(
    shown: Sequence[Shown], labels: Sequence[str], captions: Sequence[str], attributes: Sequence[str]
) -> list[str]:
    """Make each displayed value a float; leave what was printed between them."""
    result: list[str] = []
    position = 0
    for part in shown:
        if not part.display:
            result += part.lines
            continue
        caption = captions[position] if position < len(captions) else ""
        result += _division(labels[position], attributes, part.lines, caption)
        position += 1
    return result


def _division(label: str, attributes: Sequence[str], body: Sequence[str], caption: str) -> list[str]:
    head = " ".join([f"#{label}", ".cell-float", *attributes])
    return ["", f"::: {{{head}}}", *body, "", caption, "", ":::", ""]


def _lines(shown: Sequence[Shown]) -> list[str]:
    return [line for part in shown for line in part.lines]
