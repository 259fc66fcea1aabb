"""What is left over by accident in the sources, and would not be known for it in the page.

Marks of a merge turn into headings and quotations, marks of an edit into dashes; a citation without its @ and
a backtick that nothing closes print as any other text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from report_helpers.publishing.builtin.reading.cells import Text
from report_helpers.publishing.builtin.reading.lines import Fences, Line
from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.reading.prose import Sentence, sentences
from report_helpers.publishing.checks.reading.references import read_references

CHECK = "leftover"
_MERGE = re.compile(r"(?:<{7}|>{7}|\|{7})(?:\s.*)?$")
_MERGED = ">" * 7
_EDIT = re.compile(r"\{(?:\+\+|--|~~|==|>>)(?=\S).*?(?:(?:\+\+|--|~~|==|<<)\}|$)", re.DOTALL)
_UNCITED = re.compile(
    r"(?<![\w\]!\\])[\[(](?P<key>[A-Za-z][\w:.-]*)(?:[\])]|[,;][^\]\[()]*(?:[\])]|$))(?![\[({])(?!:\s*<?(?:https?:|[./#]))"
)
_CODE = re.compile(r"(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)|<!--.*?-->", re.DOTALL)
_TICK = re.compile(r"(?<![\\`])`(?!`|\{python\})")


def left_in_sources(manuscript: Manuscript, told: Collection[tuple[str, int]] = ()) -> Iterator[Finding]:
    """Find marks of a merge or an edit, citations without @, and backticks that stand alone.

    Parameters
    ----------
    manuscript : Manuscript
        The manuscript.
    told : collection of (str, int)
        File and line of expressions that print themselves: they leave a backtick of their paragraph alone.
    """
    keys = {
        each.key
        for path in sorted(manuscript.root.glob("*.bib"))
        for each in read_references(path, path.name)
    }
    for part in manuscript.parts:
        if isinstance(part, Text):
            yield from _merges(part.lines)
    last, excused = Line("", "", 0), False
    for sentence in sentences(manuscript):
        if sentence.kind in ("text", "heading"):
            first = sentence.lines[0]
            goes_on = first.file == last.file and first.number - last.number in (0, 1)
            excused = (excused and goes_on) or any(
                (each.file, each.number) in told for each in sentence.lines
            )
            last = sentence.lines[-1]
            yield from _in_sentence(sentence, keys)
            if not excused:
                yield from _lone_backtick(sentence)


def _merges(lines: Iterable[Line]) -> Iterator[Finding]:
    """Find where two versions of the text stand one below the other; one finding for each such place."""
    fences, within = Fences(), False
    for line in lines:
        if fences.inside(line.text) or not _MERGE.match(line.text):
            continue
        if not within:
            what = f"“{line.text.strip()}” is a mark of git: two versions of the text stand here."
            remedy = "Keep one version, and take out the lines that begin with <<<<<<<, ======= and >>>>>>>."
            yield Finding(CHECK, what, line.file, line.number, remedy, line.text.strip(), line.text)
        within = not line.text.startswith(_MERGED)


def _in_sentence(sentence: Sentence, keys: set[str]) -> Iterator[Finding]:
    typed = _CODE.sub(lambda found: " " * len(found[0]), sentence.typed)
    for found in _EDIT.finditer(typed):
        what = "“{}” is a mark of an edit."
        yield _finding(sentence, found.start(), found[0], what, "Accept the edit or take it back.")
    for found in _UNCITED.finditer(typed):
        if found["key"] in keys:
            remedy = f"Write [@{found['key']}]."
            yield _finding(sentence, found.start(), found[0], "“{}” cites a work without @.", remedy)


def _lone_backtick(sentence: Sentence) -> Iterator[Finding]:
    lone = _TICK.search(sentence.text)  # code that is closed is blank there
    if lone:
        shown = sentence.typed[lone.start() :].split()[0]
        what = "The backtick before “{}” is not closed."
        yield _finding(
            sentence, lone.start(), shown.strip("`"), what, "Close it behind the code, or take it out."
        )


def _finding(sentence: Sentence, at: int, quote: str, what: str, remedy: str) -> Finding:
    line, quote = sentence.line_at(at), " ".join(quote.split())
    return Finding(
        CHECK, what.format(quote), line.file, line.number, remedy, quote, " ".join(sentence.typed.split())
    )
