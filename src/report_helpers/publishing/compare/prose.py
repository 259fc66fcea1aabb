"""Two pages, paragraph by paragraph: what was edited, moved, added and taken out, and the words of it."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from report_helpers.publishing.pages import Paragraph, Token

_STILL_THE_SAME = 0.5
"""Share of words in common from which two paragraphs are taken for one that was edited."""


@dataclass(frozen=True)
class Piece:
    """Words that are in both versions (``same``), in the old one (``gone``) or in the new one (``new``)."""

    state: str
    tokens: tuple[Token, ...]


@dataclass(frozen=True)
class Passage:
    """A paragraph of the old page and what became of it in the new one; one of them may be missing.

    `state` is ``same``, ``numbers`` (typed words as they were), ``edited``, ``added`` or ``removed``;
    `moved` tells whether it stands elsewhere.
    """

    state: str
    old: Paragraph | None
    new: Paragraph | None
    moved: bool = False
    pieces: tuple[Piece, ...] = ()

    @property
    def shown(self) -> Paragraph:
        """The newer of its paragraphs."""
        paragraph = self.new or self.old
        assert paragraph is not None
        return paragraph


def compare_prose(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> tuple[Passage, ...]:
    """Align the paragraphs of two pages, and compare the words of each pair.

    Returns
    -------
    tuple of Passage
        In the order of the new page; what was removed stands where it was. Unchanged ones are included.
    """
    stayed = _stayed(old, new)
    moved = _pairs_left(old, new, stayed)
    partner = {after: (before, False) for before, after in stayed.items()}
    partner |= {after: (before, True) for before, after in moved.items()}
    kept = set(stayed) | set(moved)
    passages: list[Passage] = []
    waiting = deque(place for place in range(len(old)) if place not in kept)
    for place, paragraph in enumerate(new):
        before, elsewhere = partner.get(place, (None, False))
        if before is None:
            passages.append(Passage("added", None, paragraph, pieces=(Piece("new", paragraph.tokens),)))
            continue
        if not elsewhere:
            passages += [
                _removed(old[waiting.popleft()]) for _ in range(sum(one < before for one in waiting))
            ]
        passages.append(_passage(old[before], paragraph, elsewhere))
    return (*passages, *(_removed(old[place]) for place in waiting))


def word_diff(old: Sequence[Token], new: Sequence[Token]) -> tuple[Piece, ...]:
    """Compare two paragraphs word by word; a computed value is one word.

    Examples
    --------
    >>> [piece.state for piece in word_diff([Token("a"), Token("b")], [Token("a"), Token("c")])]
    ['same', 'gone', 'new']
    """
    matcher = SequenceMatcher(None, _names(old), _names(new), autojunk=False)
    pieces: list[Piece] = []
    for operation, a1, a2, b1, b2 in matcher.get_opcodes():
        if operation == "equal":
            pieces.append(Piece("same", tuple(new[b1:b2])))
            continue
        pieces += [Piece("gone", tuple(old[a1:a2]))] if a2 > a1 else []
        pieces += [Piece("new", tuple(new[b1:b2]))] if b2 > b1 else []
    return tuple(pieces)


def likeness(old: Iterable[Token], new: Iterable[Token]) -> float:
    """Return the share of words in common, from 0 to 1; a computed value counts by its key."""
    before = Counter(token.key or token.text for token in old)
    after = Counter(token.key or token.text for token in new)
    return 2 * (before & after).total() / max(1, before.total() + after.total())


def _names(tokens: Sequence[Token]) -> list[tuple[str, str]]:
    return [(token.key, token.text) for token in tokens]


def _passage(old: Paragraph, new: Paragraph, moved: bool) -> Passage:
    pieces = word_diff(old.tokens, new.tokens)
    if all(piece.state == "same" for piece in pieces):
        return Passage("same", old, new, moved, pieces)
    return Passage("numbers" if old.skeleton == new.skeleton else "edited", old, new, moved, pieces)


def _removed(paragraph: Paragraph) -> Passage:
    return Passage("removed", paragraph, None, pieces=(Piece("gone", paragraph.tokens),))


def _stayed(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> dict[int, int]:
    """Pair the paragraphs that stand in the same order, edited ones between two unedited ones included."""
    matcher = SequenceMatcher(None, [each.skeleton for each in old], [each.skeleton for each in new], False)
    stayed: dict[int, int] = {}
    for operation, a1, a2, b1, b2 in matcher.get_opcodes():
        if operation == "equal":
            stayed |= zip(range(a1, a2), range(b1, b2), strict=True)
        elif operation == "replace":
            stayed |= dict(_nearest(old, new, range(a1, a2), range(b1, b2)))
    return stayed


def _nearest(
    old: Sequence[Paragraph], new: Sequence[Paragraph], before: range, after: range
) -> Iterator[tuple[int, int]]:
    """Pair paragraphs that are alike, in order, each old one with the first left that is like it."""
    start = after.start
    for one in before:
        other = next((each for each in range(start, after.stop) if _alike(old[one], new[each])), None)
        if other is not None:
            start = other + 1
            yield one, other


def _pairs_left(old: Sequence[Paragraph], new: Sequence[Paragraph], stayed: dict[int, int]) -> dict[int, int]:
    """Pair what is left: first the unedited that moved, then those that are most alike."""
    here = [place for place in range(len(old)) if place not in stayed]
    taken = set(stayed.values())
    there = [place for place in range(len(new)) if place not in taken]
    by_skeleton: dict[tuple[str, ...], deque[int]] = defaultdict(deque)
    for place in there:
        by_skeleton[new[place].skeleton].append(place)
    moved = {place: same.popleft() for place in here if (same := by_skeleton.get(old[place].skeleton))}
    free = [place for place in there if place not in set(moved.values())]
    for place in here:
        alike = [each for each in free if _alike(old[place], new[each])] if place not in moved else []
        if alike:
            moved[place] = max(alike, key=lambda each: likeness(old[place].tokens, new[each].tokens))
            free.remove(moved[place])
    return moved


def _alike(old: Paragraph, new: Paragraph) -> bool:
    return old.kind == new.kind and likeness(old.tokens, new.tokens) >= _STILL_THE_SAME
