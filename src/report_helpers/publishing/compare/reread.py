"""The sentences to read again: those that print a number which changed or went."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from report_helpers.publishing.compare.numbers import Entry
from report_helpers.publishing.compare.prose import Passage, likeness
from report_helpers.publishing.pages import Paragraph, Token, sentences

Sentence = tuple[Token, ...]

_STILL_THE_SAME = 0.3


@dataclass(frozen=True)
class Reread:
    """A sentence to read again, as it was and as it is; one may be empty.

    `place` is the chapter and line that print it (of the old version where there is no new sentence), as far
    as the ledger knows; `crossed` tells whether a conclusion in it crossed a line.
    """

    keys: tuple[str, ...]
    old: Sentence
    new: Sentence
    place: str
    section: str
    crossed: bool


@dataclass(frozen=True)
class Places:
    """Gives each number on a page the chapter and line that printed it, from the ledger in page order."""

    by_number: Mapping[tuple[str, str], tuple[str, ...]]

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Places:
        """Collect the places of each key and text."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for entry in entries:
            found[entry.key, entry.text].append(entry.place)
        return cls({number: tuple(places) for number, places in found.items()})

    def of_page(self, paragraphs: Sequence[Paragraph]) -> list[list[str]]:
        """Return, for each paragraph, the place of each of its tokens (empty for typed words)."""
        seen: Counter[tuple[str, str]] = Counter()
        found = []
        for paragraph in paragraphs:
            places = []
            for token in paragraph.tokens:
                number = (token.key, token.text)
                listed = self.by_number.get(number, ()) if token.key else ()
                places.append(listed[min(seen[number], len(listed) - 1)] if listed else "")
                seen[number] += 1
            found.append(places)
        return found


def sentences_to_reread(
    passages: Sequence[Passage],
    old: Sequence[Paragraph],
    new: Sequence[Paragraph],
    ledgers: tuple[Sequence[Entry], Sequence[Entry]],
    changed: Collection[str],
    crossed: Collection[str],
) -> tuple[Reread, ...]:
    """List the sentences, outside tables, that print a number which changed or went.

    Parameters
    ----------
    passages : sequence of Passage
        What `compare_prose` returned for the two pages.
    old, new : sequence of Paragraph
        The pages.
    ledgers : tuple
        The entries of the old and of the new version, for chapters and lines.
    changed : collection of str
        Keys of numbers that are printed otherwise, or no more.
    crossed : collection of str
        Keys of the conclusions that crossed a line.
    """
    places_old, places_new = (
        dict(zip(map(id, page), Places.of(entries).of_page(page), strict=True))
        for page, entries in zip((old, new), ledgers, strict=True)
    )
    everywhere = [
        sentence for paragraph in old if paragraph.kind != "row" for sentence in sentences(paragraph)
    ]
    found: list[Reread] = []
    for passage in passages:
        if passage.shown.kind == "row":
            continue
        before = sentences(passage.old) if passage.old else ()
        paired: set[int] = set()
        for start, sentence in _with_starts(passage.new):
            keys = _keys(sentence, changed)
            partner = _nearest(sentence, before or (_sharing(keys, everywhere) if keys else ()))
            if partner is not None and before:
                paired.add(before.index(partner))
            if not keys and not (partner and _keys(partner, changed)):
                continue
            if partner and _read(partner) == _read(sentence):
                continue
            assert passage.new is not None
            here = places_new[id(passage.new)][start : start + len(sentence)]
            keys = tuple(dict.fromkeys((*keys, *_keys(partner or (), changed))))
            found.append(_reread(keys, partner or (), sentence, here, passage.new, crossed))
        for place, (start, sentence) in enumerate(_with_starts(passage.old)):
            keys = _keys(sentence, changed)
            if place in paired or not keys:
                continue
            assert passage.old is not None
            here = places_old[id(passage.old)][start : start + len(sentence)]
            found.append(_reread(keys, sentence, (), here, passage.old, crossed))
    return tuple(found)


def _reread(
    keys: tuple[str, ...],
    old: Sentence,
    new: Sentence,
    places: Sequence[str],
    paragraph: Paragraph,
    crossed: Collection[str],
) -> Reread:
    place = next(filter(None, places), "")
    return Reread(keys, old, new, place, paragraph.section, any(key in crossed for key in keys))


def _with_starts(paragraph: Paragraph | None) -> list[tuple[int, Sentence]]:
    found, start = [], 0
    for sentence in sentences(paragraph) if paragraph else ():
        found.append((start, sentence))
        start += len(sentence)
    return found


def _keys(sentence: Sentence, changed: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(token.key for token in sentence if token.key in changed))


def _sharing(keys: Collection[str], all_sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    return tuple(each for each in all_sentences if any(token.key in keys for token in each))


def _nearest(sentence: Sentence, candidates: Sequence[Sentence]) -> Sentence | None:
    best = max(candidates, key=lambda each: likeness(each, sentence), default=None)
    return best if best and likeness(best, sentence) >= _STILL_THE_SAME else None


def _read(sentence: Sentence) -> list[str]:
    return [token.text for token in sentence]
