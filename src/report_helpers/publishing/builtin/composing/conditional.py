"""Leave out what is meant for other formats, and refuse what the engine does not know."""

from __future__ import annotations

import fnmatch
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from .. import nodes
from ..errors import Problem, UnsupportedError
from ..nodes import Node, Replacement
from ..reading.lines import Line


class Locate(Protocol):
    """Find the line of the sources in which a regular expression matches for the first, second … time."""

    def __call__(self, pattern: str, occurrence: int = 1) -> Line | None:  # noqa: D102 - see the class
        ...


_CONDITIONS = ("when-format", "unless-format", "when-meta", "unless-meta", "when-profile", "unless-profile")
_FORMATS = {
    "html": ("html", "html5", "html:js"),
    "typst": ("typst",),
    "docx": ("docx",),
    "jats": ("jats", "jats_archiving"),
}
_UNKNOWN_CLASSES = (
    "panel-center",
    "panel-fill",
    "panel-input",
    "panel-sidebar",
    "landscape",
    "content-visible-*",
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ANNOTATION = re.compile(r"(#|//|--|%) <\d+>(?=\s*$)", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[\^[^\s\[\]]+\]")
_CONDITIONAL = frozenset(("Div", "Span", "CodeBlock"))


def keep_visible(blocks: Any, target: str, metadata: Mapping[str, Any], profiles: Sequence[str]) -> Any:
    """Drop conditional parts that do not belong in `target`, and unwrap those that do."""

    def change(node: Node) -> Replacement:
        attributes = nodes.attributes_of(node)
        if attributes is None:
            return None
        classes = attributes[1]
        behaviour = next((name for name in classes if name in ("content-visible", "content-hidden")), None)
        if behaviour is None:
            return None
        conditions = [(key, nodes.take(attributes, key)) for key in _CONDITIONS if nodes.get(attributes, key)]
        holds = all(_holds(key, value, target, metadata, profiles) for key, value in conditions)
        classes.remove(behaviour)
        if holds != (behaviour == "content-visible"):
            return []
        if node["t"] in ("Div", "Span") and not attributes[0] and not classes:
            content: list[Node] = node["c"][1]
            return content
        return None

    return nodes.walk(blocks, _CONDITIONAL, change)


def _holds(key: str, value: str, target: str, metadata: Mapping[str, Any], profiles: Sequence[str]) -> bool:
    condition, _, subject = key.partition("-")
    if subject == "format":
        found = value in _FORMATS[target]
    elif subject == "profile":
        found = value in profiles
    else:
        item: Any = metadata
        for part in value.split("."):
            item = item.get(part) if isinstance(item, Mapping) else None
        found = item is True
    return found if condition == "when" else not found


def break_lines(blocks: Any) -> Any:
    """Make `<br>` a line break where HTML is dropped, for words around it would grow together."""

    def change(node: Node) -> Replacement:
        kind, text = node["c"]
        return {"t": "LineBreak"} if kind == "html" and _BREAK.fullmatch(text) else None

    return nodes.walk(blocks, frozenset(("RawInline",)), change)


def refuse_unknown(blocks: Any, locate: Locate) -> None:
    """Raise an error that names every construct of Quarto's in the document which the engine does not know.

    Raises
    ------
    UnsupportedError
        With file and line of each.
    """
    problems: list[Problem] = []

    def look(node: Node) -> None:
        attributes = nodes.attributes_of(node)
        if attributes is None:
            return
        if node["t"] == "CodeBlock" and (mark := _ANNOTATION.search(node["c"][1])):
            line = locate(re.escape(mark[0]) + r"\s*$")
            problems.append(_problem(f"code annotations (`{mark[0]}`)", line))
        for name in attributes[1]:
            if any(fnmatch.fnmatch(name, pattern) for pattern in _UNKNOWN_CLASSES):
                line = locate(rf"[{{.\s]{name}\b")
                problems.append(_problem(f"`.{name}`", line))

    nodes.visit(blocks, frozenset(("Div", "Span", "Figure", "CodeBlock")), look)
    if problems:
        raise UnsupportedError(problems)


def refuse_lost(blocks: Any, locate: Locate) -> None:
    r"""Raise an error for what Quarto leaves out, or prints as it is written, without a word.

    That is LaTeX in the text, such as `\textbf{n}`, which no format shows, and the mark of a footnote that is
    not there. What a block ```` ```{=latex} ```` holds is meant for others.

    Raises
    ------
    UnsupportedError
        With file and line of each.
    """
    problems: list[Problem] = []
    seen: Counter[str] = Counter()

    def look(node: Node) -> None:
        if node["t"] == "Str":
            for mark in _NOTE_MARK.findall(node["c"]):
                if line := locate(re.escape(mark)):  # else it comes from a value, and is text
                    what = f"The footnote `{mark}` is not there: its mark is printed."
                    problems.append(Problem(what, line.file, line.number, f"Add a line `{mark}: …`."))
            return
        kind, text = node["c"]
        if kind != "tex":
            return
        first = text.partition("\n")[0]
        seen[first] += 1
        line = locate(re.escape(first), seen[first])
        what = f"The LaTeX `{first}` is left out of every format."
        place = (line.file, line.number) if line else ("", 0)
        problems.append(Problem(what, *place, "Write it in Markdown, or remove it."))

    nodes.visit(blocks, frozenset(("RawBlock", "RawInline", "Str")), look)
    if problems:
        raise UnsupportedError(problems)


def _problem(name: str, line: Line | None) -> Problem:
    return Problem(
        f"The built-in engine does not know {name}.",
        line.file if line else "",
        line.number if line else 0,
        "Write it another way, or render with Quarto.",
    )
