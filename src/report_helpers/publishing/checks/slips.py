"""Slips of the hand in the sources: a word typed twice, a blank before a comma, a bracket left open."""

from __future__ import annotations

import re
from collections.abc import Iterator

from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.reading.prose import Sentence, sentences

_CHECK = "typing"
_TWICE = re.compile(r"(?<![\w-])(?P<word>[^\W\d_]{2,})\s+(?P=word)(?![\w-])", re.IGNORECASE)
_RIGHT_TWICE = frozenset(("that", "had"))
_SLIPS = {
    re.compile(r"(?<=\S)\s+(?P<found>[,;.])(?=[\s\]]|$)"): (
        "A blank stands before “{}”.",
        "Take the blank out.",
    ),
    re.compile(r"(?P<found>[,;]\s*[,;.]|(?<!\.)\.\.(?!\.))"): ("“{}” is one sign too many.", "Take one out."),
    re.compile(r"(?<=[^\W\d_])(?P<found>[,;])(?=[^\W\d_])"): (
        "No blank stands after “{}”.",
        "Add the blank.",
    ),
}
_ENTITY = re.compile(r"&(?:[a-zA-Z]\w*|#\w+);$")
_CODE = re.compile(r"(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)", re.DOTALL)
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"))
_NO_PAIR = re.compile(
    r"(?:(?<=[\s;,])|^)(?:[a-z\d]|[ivx]{1,4})\)"  # the numbers of a list within a sentence: a) … b) …
    r"|[(\[]\s*[-−+]?[\d.]+\s*,\s*[-−+]?[\d.∞]+\s*[)\]]"  # intervals that are open at one end
)


def slips(manuscript: Manuscript) -> Iterator[Finding]:
    """Find words typed twice, punctuation that went wrong, and brackets and quotation marks left open."""
    paragraph: list[Sentence] = []
    for each in sentences(manuscript):
        yield from _twice(each)
        if each.kind != "text":
            continue
        yield from _punctuation(each)
        if paragraph and not _goes_on(paragraph[-1], each):
            yield from _unpaired(paragraph)
            paragraph = []
        paragraph.append(each)
    yield from _unpaired(paragraph)


def _twice(sentence: Sentence) -> Iterator[Finding]:
    for found in _TWICE.finditer(sentence.text):
        between = sentence.typed[found.end("word") : found.end() - len(found["word"])]
        if found["word"].lower() not in _RIGHT_TWICE and not between.strip():
            what = f"“{found['word']}” stands twice in a row."
            yield _at(sentence, found.end() - 1, what, "Take one out.", " ".join(found[0].split()))


def _punctuation(sentence: Sentence) -> Iterator[Finding]:
    for pattern, (said, remedy) in _SLIPS.items():
        for found in pattern.finditer(sentence.typed):
            place = found.start("found")
            entity = _ENTITY.search(sentence.typed, 0, place + 1)
            if (
                not entity and sentence.text[place] == sentence.typed[place]
            ):  # not within code, an address or a formula
                around = sentence.typed[max(0, found.start() - 12) : found.end() + 12]
                yield _at(sentence, place, said.format(found["found"]), remedy, " ".join(around.split()))


def _unpaired(paragraph: list[Sentence]) -> Iterator[Finding]:
    """Find the first bracket or quotation mark of each kind that has no other half in its paragraph."""
    for opening, closing in _PAIRS:
        waiting: list[tuple[Sentence, int]] = []
        for sentence in paragraph:
            text = sentence.text if opening != "[" else _CODE.sub(_blanks, sentence.typed)
            for place, sign in enumerate(_NO_PAIR.sub(_blanks, text)):
                if sign == opening:
                    waiting.append((sentence, place))
                elif sign == closing and waiting:
                    waiting.pop()
                elif sign == closing:
                    yield _half(sentence, place, closing)
        if waiting:
            yield _half(*waiting[0], opening)


def _blanks(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _half(sentence: Sentence, place: int, sign: str) -> Finding:
    around = " ".join(sentence.typed[max(0, place - 12) : place + 12].split())
    return _at(sentence, place, f"A {sign} stands alone.", "Add its other half, or take it out.", around)


def _goes_on(before: Sentence, after: Sentence) -> bool:
    """Tell whether two sentences belong to one paragraph: no blank line parts them."""
    last, first = before.lines[-1], after.lines[0]
    return last.file == first.file and first.number - last.number in (0, 1)


def _at(sentence: Sentence, place: int, what: str, remedy: str, quote: str) -> Finding:
    line = sentence.line_at(place)
    return Finding(_CHECK, what, line.file, line.number, remedy, quote, " ".join(sentence.typed.split()))
