"""The comparison as one HTML page, which holds its own style and fetches nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from report_helpers.publishing.compare import wording
from report_helpers.publishing.compare.comparison import Comparison
from report_helpers.publishing.compare.numbers import Entry
from report_helpers.publishing.compare.prose import Passage, Piece, word_diff
from report_helpers.publishing.compare.reread import Reread
from report_helpers.publishing.compare.scales import in_words
from report_helpers.publishing.pages import Token
from report_helpers.publishing.report_page import report_page, section, write_report

COMMAND = "manuscript diff"

_STYLE = Path(__file__).parent / "page.css"
_OTHER_SIDE = {"old": "new", "new": "gone"}


def write_page(comparison: Comparison, path: Path) -> None:
    """Write the page, in place of an older one but of no other file; see `write_report`."""
    write_report(page(comparison), path, COMMAND)


def page(comparison: Comparison) -> str:
    """Return the page."""
    numbers = comparison.numbers
    title = f"{comparison.old.name} → {comparison.new.name}"
    crossed = [
        (
            f"<strong>{escape(in_words(each.key))}</strong><br>{escape(each.said)}",
            each.old.text,
            each.new.text,
        )
        for each in comparison.crossings
    ]
    changed = [(_named(each.key, each.new), each.old.text, each.new.text) for each in numbers.printed]
    facts = [(escape(label), old, new) for label, old, new in comparison.facts]
    parts = [
        f'<header><h1>What changed</h1><p class="title">{escape(title)}</p>'
        f'<p class="verdict{" warn" if crossed else ""}">{escape(wording.verdict(comparison))}</p>'
        + "".join(f'<p class="under">{escape(each)}</p>' for each in _asides(comparison))
        + "</header>",
        section("Conclusions that crossed a line", _table(crossed)),
        section("Sentences to reread", "".join(map(_reread, comparison.reread))),
        section("Numbers that changed", _table(changed)),
        section(
            "Numbers that appeared",
            _table((_named(each.key, each), "", each.text) for each in numbers.appeared),
        ),
        section(
            "Numbers that went", _table((_named(each.key, each), each.text, "") for each in numbers.gone)
        ),
        section("Words, side by side", "".join(map(_passage, filter(_shown, comparison.prose)))),
        section("Version, data and software", _table(facts)),
        '<footer><del class="gone">Gone</del>, <ins>new</ins>, <span class="num">computed value</span>. '
        "Paragraphs that are not shown are as they were; so are the words of tables.</footer>",
    ]
    return report_page(COMMAND, title, parts, _STYLE)


def _asides(comparison: Comparison) -> list[str]:
    return list(filter(None, (wording.unseen(comparison), "" if comparison.pages else wording.NO_PAGES)))


def _named(key: str, entry: Entry) -> str:
    place = f'<span class="place">{escape(entry.place)}</span>' if entry.place else ""
    return f'<span title="{escape(key)}">{escape(in_words(key))}</span>{place}'


def _table(rows: Iterable[tuple[str, str, str]]) -> str:
    """Set rows whose first cell is HTML; on a narrow screen the other two stand below it, labelled."""
    body = "".join(
        f'<tr><th scope="row">{first}</th><td data-label="old">{_kind(old, "del")}</td>'
        f'<td data-label="new">{_kind(new, "ins")}</td></tr>'
        for first, old, new in rows
    )
    if not body:
        return ""
    heads = '<thead><tr><td></td><th scope="col">Old</th><th scope="col">New</th></tr></thead>'
    return f"<table>{heads}<tbody>{body}</tbody></table>"


def _kind(text: str, tag: str) -> str:
    return f'<{tag} class="value">{escape(text)}</{tag}>' if text else '<span class="none">–</span>'


def _reread(each: Reread) -> str:
    place = ", ".join(filter(None, (each.place, each.section)))
    mark = '<span class="crossed">a conclusion crossed a line</span>' if each.crossed else ""
    return _sides(f"{escape(place)} {mark}", word_diff(each.old, each.new))


def _shown(passage: Passage) -> bool:
    """Leave out the rows of tables in which only numbers changed: these are in a table of their own."""
    return wording.is_edited(passage) or passage.shown.kind != "row"


def _passage(passage: Passage) -> str:
    shown = passage.shown
    under = "heading" if shown.kind == "heading" else shown.section or "front matter"
    row = ", row of a table" if shown.kind == "row" else ""
    said = f'{escape(under + row)} <span class="state">{escape(wording.state(passage))}</span>'
    return _sides(said, passage.pieces)


def _sides(said: str, pieces: Sequence[Piece]) -> str:
    """Set the old and the new words beside each other; on a narrow screen, one below the other."""
    sides = "".join(
        f'<div class="{side}"><span class="label">{side}</span>'
        + (
            _marked([each for each in pieces if each.state != _OTHER_SIDE[side]])
            or '<span class="none">–</span>'
        )
        + "</div>"
        for side in ("old", "new")
    )
    return f'<article><p class="where">{said}</p><div class="sides">{sides}</div></article>'


def _marked(pieces: Sequence[Piece]) -> str:
    """Return words with tags around what is gone or new; unchanged numbers come from the new version."""
    tags = {"gone": ("<del>", "</del>"), "new": ("<ins>", "</ins>"), "same": ("", "")}
    found = ""
    for piece in pieces:
        opened, closed = tags[piece.state]
        gap = " " if found and piece.tokens[0].gap else ""
        found += gap + opened + "".join(map(_token, piece.tokens)).strip() + closed
    return found


def _token(token: Token) -> str:
    text = escape(token.text)
    key = escape(token.key)
    shown = f'<span class="num" title="{key}">{text}</span>' if token.key else text
    return (" " if token.gap else "") + shown
