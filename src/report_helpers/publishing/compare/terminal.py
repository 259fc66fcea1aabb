"""The comparison as it stands in a terminal: aligned, at most 100 columns wide, in colour if wanted."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from report_helpers.publishing.compare import wording
from report_helpers.publishing.compare.comparison import Comparison
from report_helpers.publishing.compare.numbers import Entry
from report_helpers.publishing.compare.prose import Passage, Piece
from report_helpers.publishing.compare.scales import in_words
from report_helpers.publishing.pages import Token, plain

_WIDTH = 100
_INDENT = "  "
_AROUND = 12
"""Unchanged words shown on either side of a change."""

_MARK = re.compile(r"(\[-|-\]|\{\+|\+\})")
_OPENS = {"[-": "gone", "{+": "new"}
_MARKS = {"same": ("", ""), "gone": ("[-", "-]"), "new": ("{+", "+}")}


@dataclass(frozen=True)
class _Pen:
    """Writes in colour, or leaves text as it is."""

    colour: bool

    def __call__(self, kind: str, text: str) -> str:
        code = {"heading": "1", "gone": "31", "new": "32", "warn": "1;33"}.get(kind, "")
        return f"\033[{code}m{text}\033[0m" if self.colour and code and text else text


def as_text(comparison: Comparison, *, colour: bool = False) -> str:
    """Return the report, each part under its heading; parts that have nothing to say are left out."""
    pen = _Pen(colour)
    numbers = comparison.numbers
    title = f"{comparison.old.name} → {comparison.new.name}"
    changed = [(in_words(each.key), each.old.text, each.new.text) for each in numbers.printed]
    crossed = [
        (f"{in_words(each.key)}: {each.said}", each.old.text, each.new.text) for each in comparison.crossings
    ]
    said = list(filter(None, (wording.verdict(comparison), wording.unseen(comparison))))
    said += [] if comparison.pages else [wording.NO_PAGES]
    parts: list[tuple[str, Sequence[str]]] = [
        (title, [line for each in said for line in _wrapped(each)]),
        ("VERSION, DATA AND SOFTWARE", _table(comparison.facts, ("", "old", "new"), pen)),
        ("CONCLUSIONS THAT CROSSED A LINE", _table(crossed, ("conclusion", "old", "new"), pen)),
        ("NUMBERS THAT CHANGED", _table(changed, ("number", "old", "new"), pen)),
        ("NUMBERS THAT APPEARED", _table(_single(numbers.appeared), ("number", "new", ""), pen)),
        ("NUMBERS THAT WENT", _table(_single(numbers.gone), ("number", "old", ""), pen)),
        ("SENTENCES TO REREAD", list(_rereads(comparison, pen))),
        ("WORDS: [-gone-] {+new+}, ‹computed›", list(_prose(comparison.prose, pen))),
    ]
    shown = [(heading, lines) for heading, lines in parts if lines]
    return "\n\n".join("\n".join([*_heading(heading, "", pen), *lines]) for heading, lines in shown) + "\n"


def _heading(text: str, indent: str, pen: _Pen) -> list[str]:
    return [pen("heading", line) for line in _wrapped(text, indent)]


def _single(entries: Sequence[Entry]) -> list[tuple[str, str, str]]:
    return [(in_words(each.key), each.text, "") for each in entries]


def _wrapped(text: str, indent: str = _INDENT) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def _table(rows: Sequence[tuple[str, str, str]], heads: tuple[str, str, str], pen: _Pen) -> list[str]:
    """Set rows in columns as wide as needed, and no wider than there is room for."""
    if not rows:
        return []
    needed = [max(len(row[place]) for row in (heads, *rows)) for place in range(3)]
    room = _WIDTH - len(_INDENT) - 4
    widths = _fitted(needed, room)
    lines = [
        _INDENT + "  ".join(head.ljust(width) for head, width in zip(heads, widths, strict=True)).rstrip()
    ]
    kinds = ("", "gone" if heads[1] == "old" else "new", "new")
    for row in rows:
        cells = [textwrap.wrap(cell, width) or [""] for cell, width in zip(row, widths, strict=True)]
        for place in range(max(map(len, cells))):
            texts = [cell[place] if place < len(cell) else "" for cell in cells]
            # Blanks are added before the colour, whose signs take no room.
            last = max(number for number, text in enumerate(texts) if text)
            padded = [
                pen(kind, text) + " " * (width - len(text)) if number < last else pen(kind, text)
                for number, (kind, text, width) in enumerate(zip(kinds, texts, widths, strict=True))
                if number <= last
            ]
            lines.append(_INDENT + "  ".join(padded))
    return lines


def _fitted(needed: Sequence[int], room: int) -> list[int]:
    """Give each column what it needs, or an even share of what the narrower ones leave."""
    widths = [0] * len(needed)
    left = room
    for rank, place in enumerate(sorted(range(len(needed)), key=lambda each: needed[each])):
        widths[place] = max(1, min(needed[place], left // (len(needed) - rank)))
        left -= widths[place]
    return widths


def _rereads(comparison: Comparison, pen: _Pen) -> Iterator[str]:
    for number, each in enumerate(comparison.reread):
        place = ", ".join(filter(None, (each.place, each.section))) or "place not known"
        crossed = "; a conclusion crossed a line" if each.crossed else ""
        yield from [""] if number else []
        yield from (pen("warn" if crossed else "heading", line) for line in _wrapped(place + crossed))
        for label, sentence, kind in (("old", each.old, "gone"), ("new", each.new, "new")):
            text = plain(sentence) or "(no such sentence)"
            first, *others = _wrapped(text, " " * 9)
            yield f"{_INDENT * 2}{label}  {pen(kind, first.strip())}"
            yield from (" " * 9 + pen(kind, line.strip()) for line in others)


def _prose(prose: Sequence[Passage], pen: _Pen) -> Iterator[str]:
    edited = [passage for passage in prose if wording.is_edited(passage)]
    for number, passage in enumerate(edited):
        shown = passage.shown
        under = "heading" if shown.kind == "heading" else shown.section or "front matter"
        kind = ", row of a table" if shown.kind == "row" else ""
        yield from [""] if number else []
        yield from _heading(f"{under}{kind}: {wording.state(passage)}", _INDENT, pen)
        yield from _coloured(_wrapped(_marked(passage.pieces), _INDENT * 2), pen)
    others = len(prose) - len(edited)
    if others:
        yield from [""] if edited else []
        count = wording.counted(others, "paragraph or row of a table", "paragraphs or rows of tables")
        yield f"{_INDENT}{count} with other numbers and the same words."


def _marked(pieces: Sequence[Piece]) -> str:
    """Return words with marks around what is gone or new, as colour may be wanting."""
    text = ""
    for number, piece in enumerate(pieces):
        before, after = _MARKS[piece.state]
        tokens = piece.tokens
        shown = (
            _shortened(tokens, first=number == 0, last=number == len(pieces) - 1)
            if piece.state == "same"
            else _words(tokens)
        )
        text += (" " if text and tokens[0].gap else "") + before + shown + after
    return text


def _shortened(tokens: tuple[Token, ...], *, first: bool, last: bool) -> str:
    """Return unchanged words, without those that are far from any change."""
    head = _AROUND if last or not first else 0
    tail = _AROUND if not last else 0
    if len(tokens) <= head + tail:
        return _words(tokens)
    return " … ".join((_words(tokens[:head]), _words(tokens[len(tokens) - tail :]))).strip()


def _words(tokens: Sequence[Token]) -> str:
    return plain(tuple(Token(f"‹{each.text}›", each.key, each.gap) if each.key else each for each in tokens))


def _coloured(lines: Sequence[str], pen: _Pen) -> Iterator[str]:
    """Colour what stands between marks; a line that wraps inside of marks goes on in their colour."""
    kind = ""
    for line in lines:
        text = line.lstrip()
        done = line[: len(line) - len(text)]
        for part in _MARK.split(text):
            kind = _OPENS.get(part, kind)
            done += pen(kind, part)
            kind = "" if part in ("-]", "+}") else kind
        yield done
