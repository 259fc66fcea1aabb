"""Guess which heading is which column, and what codes mean: suggestions for an author to confirm.

Of what stands in a patient's row, a guess repeats only words that this package knows beforehand, and whole
numbers of one digit, which are codes. All else stays untold, and no guess is made of it.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence

from report_helpers.study.check_vocabulary import CODES, HEADINGS, MISSING, MISSING_NUMBERS, NO, YES
from report_helpers.study.data_source import MISSING as NOT_RECORDED
from report_helpers.study.dictionary import COLUMNS, Column

_SAME, _LETTERS, _WORDS, _LIKE = 100.0, 90.0, 50.0, 40.0
_LEAST_LIKENESS = 0.82
_MOST_HEADINGS = 500


def plain(text: str) -> str:
    """Return a heading or a code in small letters without accents, its words parted by single blanks.

    >>> plain("NK-Zellen (%)"), plain("Fruchthöhlen"), plain("Th1/Th2")
    ('nk zellen', 'fruchthohlen', 'th1 th2')
    """
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", kept))


def known_headings() -> tuple[str, ...]:
    """Return all headings that a suggestion can be made of, to find the line of headings by."""
    return (*COLUMNS, *(word for words in HEADINGS.values() for word in words))


def match(columns: Iterable[str], headings: Sequence[str]) -> dict[str, str]:
    """Return for columns of the dictionary the heading that each may have, no heading twice.

    >>> match(("age_years", "bmi_kg_m2"), ("Alter", "NK%", "BMI (kg/m²)"))
    {'age_years': 'Alter', 'bmi_kg_m2': 'BMI (kg/m²)'}
    """
    places = {name: place for place, name in enumerate(COLUMNS)}
    plainly = {heading: plain(heading) for heading in headings[:_MOST_HEADINGS] if heading}
    scored = [
        (-score, places[name], heading)
        for name in columns
        for heading, said in plainly.items()
        if (score := _likeness(name, said))
    ]
    names = tuple(COLUMNS)
    matched: dict[str, str] = {}
    for _, place, heading in sorted(scored):
        if names[place] not in matched and heading not in matched.values():
            matched[names[place]] = heading
    return dict(sorted(matched.items(), key=lambda each: places[each[0]]))


def _likeness(name: str, heading: str) -> float:
    """Return how like a plain heading is to a column's names; 0 where it is not."""
    own = plain(name)
    best = 0.0
    for word in (own, *HEADINGS[name]):
        if heading == word:
            return _SAME
        if heading.replace(" ", "") == word.replace(" ", ""):
            best = max(best, _LETTERS)
        elif len(word) > 2 and set(word.split()) <= set(heading.split()):
            best = max(best, _WORDS + 30 * len(word) / len(heading))
    if not best and len(heading) > 3:
        closest = difflib.SequenceMatcher(None, heading, own).ratio()
        best = _LIKE * closest if closest >= _LEAST_LIKENESS else 0.0
    return best


def codes_of(column: Column, unknown: Collection[str], all_codes: Collection[str]) -> dict[str, str]:
    """Return what unknown codes of a category may mean; codes that this package does not know are left out.

    Parameters
    ----------
    column : Column
    unknown : collection of str
        Codes that the dictionary does not know.
    all_codes : collection of str
        These and the others of the column: 1 means something else beside 0 than beside 2.
    """
    told = {code for code in all_codes if code not in MISSING_NUMBERS}
    numbers = _numbered(column, told)
    unknown = {*unknown, *numbers}
    guessed = {code: numbers.get(code) or _meaning(column, code) for code in sorted(unknown)}
    return {code: meaning for code, meaning in guessed.items() if meaning}


def stands_for_missing(code: str) -> bool:
    """Tell whether a code is one by which databases say that nothing is known."""
    return code in MISSING_NUMBERS or code in MISSING or plain(code) in MISSING


def yes_or_no(code: str) -> str:
    """Return whether a word says yes or no in one of the languages known here, or an empty text."""
    said = plain(code)
    return "yes" if said in YES or code == "+" else "no" if said in NO or code == "-" else ""


def _meaning(column: Column, code: str) -> str:
    if column.values == ("yes", "no") and yes_or_no(code):
        return yes_or_no(code)
    said = plain(code)
    words: Mapping[str, tuple[str, ...]] = CODES.get(column.name, {})
    for target, known in words.items():
        if said in known or said == plain(target):
            return target
    return NOT_RECORDED if stands_for_missing(code) else ""


def _numbered(column: Column, codes: Collection[str]) -> dict[str, str]:
    """Return the codes 1, 2, … or 0, 1, … in the dictionary's order, if that is all the codes there are."""
    if not codes or not all(re.fullmatch(r"\d", code) for code in codes):
        return {}
    first = 0 if "0" in codes else 1
    numbers = {str(number): value for number, value in enumerate(column.values, start=first)}
    return {code: numbers[code] for code in sorted(codes)} if set(codes) <= set(numbers) else {}
