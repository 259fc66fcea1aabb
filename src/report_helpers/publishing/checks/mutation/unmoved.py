"""Numbers that stand still when the patients change, though code printed them: no results, whatever they say.

The code of the manuscript is run again on perturbed cohorts, and what it printed is held against what it
prints of the study's patients, number by number. What moves in none of these runs was typed into code, read
from an old file, or belongs to something else than it says. (Numbers typed into the text need no second run:
see `typed_numbers`.)

A number may stand still that is declared to be constant: by the ledger, such as a cut-off; by the words of
``study.yml`` or of the data dictionary that it is printed with; by ``checks: exceptions: unmoved-number:`` of
``study.yml``; or by its place, such as the level of an interval or the limit in "fewer than 10". A zero may,
too, as the count of what cannot happen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from report_helpers.publishing.builtin.errors import EngineError, Problem
from report_helpers.publishing.builtin.running.execute import Executed
from report_helpers.publishing.checks.finding import Finding, without_allowed
from report_helpers.publishing.checks.mutation import constants
from report_helpers.publishing.checks.mutation.alignment import still
from report_helpers.publishing.checks.mutation.printed import CELL, ROW, Piece, Word, ledger_of, printed
from report_helpers.publishing.checks.mutation.rerun import Author, run_with
from report_helpers.study.cohort import load_cohort
from report_helpers.study.definition import load_study
from report_helpers.study.dictionary import dictionary_csv
from report_helpers.study.eligibility import apply_criteria

CHECK = "unmoved-number"
FEWEST, MOST = 2, 4
"""Cohorts that are tried at least, and at most; those after the first only while a number stands still."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_STRING = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")
_ZERO = re.compile(r"0(?:[.,]0+)?")
_BETWEEN = frozenset(("CI", "P", "of", "to"))
_STOPS = frozenset((CELL, ROW, "."))
_REMEDY = (
    "Print it from the results, as in `{python} r.flow.eligible`, so that it follows the data. If it is a "
    "constant, let the phrase stand in study.yml: checks: exceptions: unmoved-number."
)


@dataclass(frozen=True)
class Declared:
    """What is declared to be constant.

    Attributes
    ----------
    keys : tuple of str
        How the keys begin of computed values that depend on no patient.
    levels : frozenset of float
        Levels of the intervals.
    words : str
        The words of the study's definition and dictionary, as `constants.words_of` gives them.
    """

    keys: tuple[str, ...]
    levels: frozenset[float]
    words: str


def unmoved_numbers(author: Author) -> Iterator[Finding]:
    """Find numbers that code prints and that stay what they are when the patients are others.

    Parameters
    ----------
    author : Author
        The project, and what it is rendered with.

    Raises
    ------
    ManuscriptError, EngineError
        If the code fails with the study's own patients.
    """
    study = load_study(author.project / "study.yml")
    if apply_criteria(study, load_cohort(study, author.file)).flow.eligible < study.least_patients:
        what = "Whether numbers move with the patients was not judged: there are too few patients to report."
        yield Finding(CHECK, what, note=True)
        return
    [own] = run_with(author, [0])
    pieces, ledger = printed(own), ledger_of(own)
    words = f"{study.path.read_text(encoding='utf-8-sig')} {dictionary_csv()}"
    declared = Declared(
        tuple(ledger.get("constant", ())),
        frozenset(each["level"] for each in ledger.get("numbers", ()) if each.get("level")),
        constants.words_of(words),
    )
    try:
        others = run_with(author, range(1, FEWEST + 1))
        found = _standing(pieces, others, declared)
        while without_allowed(found, study.checks.exceptions) and len(others) < MOST:
            others += run_with(author, [len(others) + 1])
            found = _standing(pieces, others, declared)
    except EngineError as error:  # the study's own patients do not make the code fail
        found = [_failed(problem) for problem in error.problems]
    yield from found


def _failed(problem: Problem) -> Finding:
    what = " ".join(["With other patients the code fails.", problem.what, *problem.excerpt.splitlines()[-1:]])
    remedy = "Let it hold for any cohort: a group may be empty, a share 0 or 1, a value missing."
    return Finding(CHECK, " ".join(what.split()), problem.file, problem.line, remedy)


def _standing(
    pieces: Sequence[Piece], others: Sequence[Sequence[Executed]], declared: Declared
) -> list[Finding]:
    """Return a finding for each number, or value, that moved in none of the other runs."""
    texts = [printed(run) for run in others]
    found: list[Finding] = []
    for place, piece in enumerate(pieces):
        equal: dict[int, list[bool]] = defaultdict(list)
        for run in texts:
            for number, same in still(piece.words, run[place].words):
                equal[number].append(same)
        places = _suspects(piece, equal, declared)
        found += [_finding(piece, numbers) for numbers in _together(piece.words, places)]
    return found


def _suspects(piece: Piece, equal: Mapping[int, Sequence[bool]], declared: Declared) -> list[int]:
    """Return the places of the numbers that stood still, and are not declared to be constant."""
    words, literals = piece.words, _literals(piece.code)
    still_there = {place for place, each in equal.items() if len(each) >= FEWEST and all(each)}
    found: list[int] = []
    keys = {word.key for word in words if word.key}
    if keys and all(key.partition(".")[0] in declared.keys for key in keys):
        return found  # such as a table of definitions, whose notes are constant, too
    for key, group in groupby(range(len(words)), key=lambda place: words[place].key):
        places = [place for place in group if words[place].number]
        if key.partition(".")[0] in declared.keys:
            continue
        moved = {place for place in places if place in equal and not all(equal[place])}
        for place in places:
            if place in moved or _is_constant(piece, place, declared):
                continue
            spelt = words[place].text.lstrip("−-") in literals
            if spelt or (place in still_there and not _is_vouched_for(words, place, moved)):
                found.append(place)
    return found


def _is_vouched_for(words: Sequence[Word], place: int, moved: Collection[int]) -> bool:
    """Tell whether a number that moves shows that this one, too, is computed.

    Of a computed value any of its numbers does. In other text one that is said in the same breath does for
    a number of one digit, such as 3 or 0.01, which may well be the same for two cohorts.
    """
    if words[place].key:
        return bool(moved)
    if len(words[place].text.strip("−-0.,")) > 1:
        return False
    return any(_same_breath(words, *sorted((place, other))) for other in moved)


def _same_breath(words: Sequence[Word], start: int, stop: int) -> bool:
    return not any(word.text in _STOPS for word in words[start:stop])


def _is_constant(piece: Piece, place: int, declared: Declared) -> bool:
    words = piece.words
    return (
        (bool(_ZERO.fullmatch(words[place].text.lstrip("−-"))) and bool(words[place].key))
        or (constants.is_bound(words, place) and bool(words[place].key))
        or constants.is_level(words, place, declared.levels)
        or constants.is_limit(words, place)
        or constants.is_null_value(words, place)
        or constants.is_item(words, place)
        or constants.is_quoted(words, place, declared.words)
    )


def _literals(code: str) -> Collection[str]:
    """Return the numbers that stand in the strings of code."""
    strings = (double or single for double, single in _STRING.findall(code))
    return {number for text in strings for number in _NUMBER.findall(text)}


def _together(words: Sequence[Word], places: Sequence[int]) -> Iterator[list[int]]:
    """Join the numbers of one statement, such as those of an estimate with its interval."""
    joined: list[int] = []
    for place in places:
        between = words[joined[-1] + 1 : place] if joined else ()
        if joined and any(
            word.text in (CELL, ROW) or (word.text.isalpha() and word.text not in _BETWEEN)
            for word in between
        ):
            yield joined
            joined = []
        joined.append(place)
    if joined:
        yield joined


def _finding(piece: Piece, places: Sequence[int]) -> Finding:
    stop = places[-1] + 1
    stop += next((1 for word in piece.words[stop : stop + 1] if word.text == "%"), 0)
    if "(" in piece.part(places[0], stop):
        stop += next((1 for word in piece.words[stop : stop + 1] if word.text == ")"), 0)
    quote = piece.part(places[0], stop)
    what = f"“{quote}” stays the same when the patients are others, so it was typed into the code."
    context = piece.part(max(0, places[0] - 12), stop + 12)
    return Finding(CHECK, what, piece.file, _line(piece, quote), _REMEDY, quote, context)


def _line(piece: Piece, quote: str) -> int:
    """Return the line of a cell that spells out what was found, or else its first."""
    lines = enumerate(piece.code.splitlines())
    numbers = _NUMBER.findall(quote)
    spelt = numbers[0] if numbers else quote  # a number in words
    return piece.line + next(
        (place for place, line in lines if spelt in (_NUMBER.findall(line) if numbers else line)), 0
    )
