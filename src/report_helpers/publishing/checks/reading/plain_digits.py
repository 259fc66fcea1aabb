"""Digits of a sentence that count and measure nothing: dates and years, and those that belong to a name.

A year is one from 1900 to 2099 after a word of time (since, from, in), unless a noun follows that it could
count: “of 2023 embryos” is a number. The years of the study's own period are printed from its definition, so
their digits are left, save where something was published or revised in one of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_YEAR = r"(?:19|20)\d\d"
# What may follow a year, but not a number that counts: a stop, a function word, a name.
_AFTER = (
    r"(?=\s*[,;:.)\]\ufffc]|\s*$|\s+[A-Z][a-z]|\s+(?:and|or|to|until|the|an?|by|with|when|while|as|at|in|on|of|for|but"
    r"|because|which|that|after|before|than|is|are|was|were|has|have|had|did|it|we|they|he|she|all|several|some|most|this"
    r"|these|our|their|its|one|two|three|only|not|no|onwards?)\b)(?![.,·]\d)"
)
_SPAN = rf"{_YEAR}(?:\s*(?:,|,?\s(?:to|and|or|until|till|through)\b|[–—-])\s*{_YEAR})*"
_DATES = (
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?:\s*(?:to|and|[–-])\s*\d{{1,2}})?\s+)?{_MONTH}\s+{_YEAR}\b",
    rf"\b{_MONTH}\s+\d{{1,2}},?\s+{_YEAR}\b",
    rf"\b\d{{1,2}}\s+{_MONTH}(?!\w)",
    r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b",
    r"\b(?:19|20)\d0s\b",
    rf"\b{_YEAR}\s(?:criteria|definition|guideline|recommendation|consensus|revision|update|edition|statement)s?\b",
    rf"\b[A-Z]\w+\s\({_YEAR}\)",
    rf"\b(?i:since|from|in|until|till|before|after|between|during|by|throughout)\s+(?:(?:early|late|mid)[\s-])?"
    rf"{_SPAN}{_AFTER}",
)
_DATE = re.compile("|".join(_DATES))
_EVENT = re.compile(
    r"\b(?:published|revised|updated|amended|introduced|founded|proposed|defined|issued|described)\s+in\s+$",
    re.IGNORECASE,
)
_SOFTWARE = (
    "R|Python|SAS|SPSS|Stata|Julia|MATLAB|Excel|Prism|REDCap|Quarto|Pandoc|Typst|NumPy|SciPy|[Pp]andas"
)
_NAMES = (
    r"\b[Tt]ypes?\s[1-9]\b(?:\s?(?:,|/|and|or|to)\s?(?:type\s)?[1-9]\b)?(?![.,]\d|\s?%)",
    # Arms are allocated 1:1; a result is no such ratio.
    r"\b\d{1,2}(?::\d{1,2})+(?=[\s-]+(?:allocat|random|match|ratio\sof\sallocat))",
    r"\b(?:allocat|random|match)\w+\s(?:(?:in|at|with|an?|the|ratio|of)\s)*\d{1,2}(?::\d{1,2})+",
    rf"\b(?:{_SOFTWARE})\s(?:v\.?\s?)?[1-9]\d*(?:\.\d+)+\b|\b(?:[Vv]ersion|[Rr]elease)\s\d+(?:\.\d+)*\b",
    r"\b\w+\s\d+\.\d+\.\d+\b",
    r"\b\d+\s?×(?=[\s-](?:field|magnification|objective|lens|microscop|view))"
    r"|\b(?:magnification|objective|lens)\s(?:of\s|at\s)?(?:×\s?\d+|\d+\s?×)",
    # Numbers of grants, registrations and telephones.
    r"\b\d{5,}[-_]\d{3,}\b|\b\d{3,}[-_]\d{5,}\b|\b\d{4}-\d{4}-\d{4}-\d{3}[\dX]\b|\+\d{1,3}(?:[\s()-]*\d){7,12}\b",
    r"\b(?i:grants?|awards?|registration|registered\sas|approval|permit|licen[cs]e|project|identifier|committee),?"
    r"(?:\s(?i:number|no\.?|nr\.?|id):?\s(?=(?:[./-]?\w){4})|:?\s(?=\w*(?:[./-]?\d){6}))[\w./-]*\d",
    r"\b[A-Z][A-Za-z]*(?:[-\u2010\u2011][A-Z]\w*)+[-\u2010\u2011]\d+\b",
)
_NAME = re.compile("|".join(_NAMES))
_FOUR = re.compile(r"\b\d{4}\b")
_DIGIT = re.compile(r"\d")


def without_plain_digits(text: str, own: Collection[str] = ()) -> str:
    """Return a text of the same length with blanks for the digits of dates, years and names.

    Parameters
    ----------
    text : str
    own : collection of str
        The years of the study's period, which are left unless something was published or revised in them.

    Examples
    --------
    >>> without_plain_digits("Of 9 since 2011, or 3 March 2023, with type 2 diabetes", ["2023"])
    'Of 9 since     , or 3 March 2023, with type   diabetes'
    """

    def dated(found: re.Match[str]) -> str:
        years = set(_FOUR.findall(found[0]))
        digit = _DIGIT.search(text, found.start())
        event = _EVENT.search(text[: digit.start() if digit else 0])
        return found[0] if years.intersection(own) and not event else _blanked(found)

    return _NAME.sub(_blanked, _DATE.sub(dated, text))


def _blanked(found: re.Match[str]) -> str:
    return _DIGIT.sub(" ", found[0])
