"""Every interval holds its estimate, has the study's level, and agrees with its P value, a probability.

Printed intervals are read wherever they stand, typed ones too; those of the ledger are compared by their
exact values. Which value means no difference, and which P value belongs to which estimate, is said by the
ledger (`relations`). Interval and P value of one method agree: the interval excludes the value of no
difference exactly where P is below one minus the level. Those of two methods may differ near the border; then
the manuscript has to say which of them decides, in the value that the ledger names for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from report_helpers.publishing.checks.finding import Finding
from report_helpers.publishing.checks.reading.digits import DIGITS, LEVEL, MINUS, Number, evened, number
from report_helpers.publishing.checks.reading.manuscript import Manuscript
from report_helpers.publishing.checks.reading.passages import Stretch, stretches

NAME = "interval"

_SIGNED = rf"[<>]?[{MINUS}]?{DIGITS}"
_ESTIMATE = rf"(?<![\w.,])(?<![\w)%.][{MINUS}])(?P<estimate>{_SIGNED})(?![.,]?\d)"
_UNIT = r"(?:\s?%|\spercentage\spoints?)?"
_LEVEL = LEVEL.pattern.replace("?P<level>", "") + r"(?:\s?\(CI\))?(?:\s(?:of|from|was))?[:,]?\s?"
_TO = rf"\s?(?:to|and|[,;—{MINUS}])\s?"
_LIMITS = rf"(?P<low>{_SIGNED})\s?%?{_TO}(?P<high>{_SIGNED})"
_NAMED = re.compile(rf"{_ESTIMATE}{_UNIT}(?:\s[^\W\d]+){{0,2}}\s?[(\[,;:]?\s?{_LEVEL}{_LIMITS}")
_BARE = re.compile(rf"{_ESTIMATE}{_UNIT}\s?[(\[]{_LIMITS}\s?%?[)\]]")
_OPEN = re.compile(
    rf"{_ESTIMATE}{_UNIT}\s?[(\[](?:{_LEVEL})?"
    rf"(?:from\s(?P<low>{_SIGNED})%?, no upper limit|up to (?P<high>{_SIGNED})%?, no lower limit)"
)
_ANY_P = re.compile(rf"(?<![\w-])[Pp]\s?[=<>≤≥]\s?(?P<p>[{MINUS}]?\d+(?:\.\d+)?)")
_P = re.compile(r"^[^.;)\[\]\d]{0,30}?\b[Pp]\s?(?P<sign>[=<>])\s?(?P<p>\d?\.\d+)")
_RATIO = re.compile(r"\b(?:ratio|RR|OR|HR|IRR)\b[^.;()]{0,20}$")
_DIFFERENCE = re.compile(r"\b(?:difference|RD)\b[^.;()]{0,20}$")

_REMEDY = "Let the results print estimate and interval, or correct what is typed."


def intervals(manuscript: Manuscript) -> Iterator[Finding]:
    """Find intervals that contradict their estimate, the study's level, or the P value."""
    levels = {each["level"] for each in manuscript.entries if each.get("level")}
    seen = set[str]()
    for stretch in stretches(manuscript):
        found = (*_of_text(stretch), *_levels(stretch.text, levels), *_typed(stretch), *_no_p(stretch.text))
        for start, end, what in found:
            line = stretch.place(manuscript, start)
            told = f"In {stretch.where}: {what}" if stretch.where else what
            quote = stretch.text[start:end]
            seen.add(quote)
            yield Finding(NAME, told, line.file, line.number, _REMEDY, quote, stretch.around(start, end))
    for name, text in manuscript.texts.items():
        if name != "html":
            plain = Stretch(evened(text))
            for start, end, what in (*_of_text(plain), *_levels(plain.text, levels), *_no_p(plain.text)):
                quote = plain.text[start:end]
                if quote not in seen:  # else it is told of the page, with its line
                    yield Finding(NAME, f"In {name}: {what}", remedy=_REMEDY, quote=quote, context=quote)
    yield from _of_ledger(manuscript)


def outside(estimate: Number, low: Number | None, high: Number | None) -> str:
    """Return in words how a printed interval contradicts itself or its estimate; nothing where it does not.

    Examples
    --------
    >>> outside(number("1.73"), number("1.12"), number("1.37"))
    'the estimate 1.73 is not within its interval, 1.12 to 1.37.'
    """
    bottom = None if low is None else _least(low)
    top = None if high is None else high.value
    if low and high and bottom is not None and bottom > high.value:
        return f"the interval ends at {high.text} below its beginning, {low.text}."

    # An estimate printed with fewer decimals than its limits may be rounded beyond one of them.
    def slack(limit: Number) -> Decimal:
        return estimate.half if estimate.places < limit.places else Decimal(0)

    below = low is not None and bottom is not None and estimate.value + slack(low) < bottom
    above = high is not None and top is not None and _least(estimate) - slack(high) > top
    if not (below or above):
        return ""
    if low and high:
        return f"the estimate {estimate.text} is not within its interval, {low.text} to {high.text}."
    limit = f"from {low.text}" if low else f"up to {high.text}" if high else ""
    return f"the estimate {estimate.text} is not within its interval, {limit}."


def _least(limit: Number) -> Decimal:
    """Return the least that a printed number may stand for: ``<0.001`` may be as low as 0."""
    return Decimal(0) if limit.bound == "<" else limit.value


def _of_text(stretch: Stretch) -> Iterator[tuple[int, int, str]]:
    taken: list[range] = []
    for pattern in (_NAMED, _OPEN, _BARE):
        for found in pattern.finditer(stretch.text):
            if any(found.start() in place for place in taken):
                continue
            taken.append(range(found.start(), found.end()))
            given = {name: number(text) for name, text in found.groupdict().items() if text}
            if pattern is _BARE and not (_with_decimals(given) or stretch.within(found.start(), found.end())):
                continue  # 2015 (3–7): a year, pages
            if what := outside(given["estimate"], given.get("low"), given.get("high")):
                yield found.start(), found.end(), what


def _with_decimals(given: Mapping[str, Number]) -> bool:
    return bool(given["estimate"].places and (given["low"].places or given["high"].places))


def _levels(text: str, levels: set[float]) -> Iterator[tuple[int, int, str]]:
    """Find levels other than the study's, where all its intervals have one."""
    if len(levels) != 1:
        return
    level = f"{100 * next(iter(levels)):g}"
    for found in LEVEL.finditer(text):
        if found["level"] != level:
            yield found.start(), found.end(), f"“{found[0]}” where the study's intervals have {level}%."


def _no_p(text: str) -> Iterator[tuple[int, int, str]]:
    """Find P values that none can be: above 1, or negative."""
    for found in _ANY_P.finditer(text):
        if not 0 <= number(found["p"]).value <= 1:
            yield found.start(), found.end(), f"“{found[0]}” is no P value, which is from 0 to 1."


def _typed(stretch: Stretch) -> Iterator[tuple[int, int, str]]:
    """Hold typed intervals of ratios and differences against the P value that follows them."""
    for pattern in (_NAMED, _BARE):
        for found in pattern.finditer(stretch.text):
            before, after = stretch.text[: found.start()], stretch.text[found.end() :]
            p = _P.match(after.lstrip(")]"))
            null = 1 if _RATIO.search(before) else 0 if _DIFFERENCE.search(before) else None
            if p is None or null is None or stretch.within(found.start(), found.end()):
                continue
            low, high = number(found["low"]), number(found["high"])
            told = LEVEL.search(found[0])
            alpha = 1 - Decimal(told["level"]) / 100 if told else Decimal("0.05")
            significant = _below(p["sign"], Decimal(p["p"]), alpha)
            excludes = low.value > null or high.value < null
            at_border = null in (low.value, high.value) or (Decimal(p["p"]) == alpha and p["sign"] == "=")
            if significant is not None and not at_border and significant != excludes:
                what = _contradiction(f"{low.text} to {high.text}", null, excludes, f"P{p['sign']}{p['p']}")
                yield found.start(), found.end(), what


def _below(sign: str, p: Decimal, alpha: Decimal) -> bool | None:
    """Tell whether a printed P value is below alpha; None where its bound leaves it open."""
    if sign == "<":
        return True if p <= alpha else None
    return False if sign == ">" and p >= alpha else None if sign == ">" else p < alpha


def _contradiction(interval: str, null: float, excludes: bool, p: str) -> str:
    word = "excludes" if excludes else "includes"
    return f"the interval {interval} {word} {null:g}, the value of no difference, but {p}."


def _of_ledger(manuscript: Manuscript) -> Iterator[Finding]:
    relations: Mapping[str, Any] = manuscript.ledger.get("relations", {})
    nulls: Mapping[str, float] = relations.get("nulls", {})
    tests: Mapping[str, str] = relations.get("tests", {})
    first: dict[str, Mapping[str, Any]] = {}
    for entry in manuscript.entries:
        first.setdefault(entry["key"], entry)
    told = relations.get("decides", "") in first
    for key, entry in first.items():
        path, _, name = key.rpartition(".")
        null = nulls.get(name)
        other = any(method in entry["method"] for method in relations.get("others", ()))
        if null is not None and (what := _exact(entry, null, paired=not other)):
            yield _in_ledger(
                entry, what, "This is a fault of the analysis: the ledger holds what it computed."
            )
        estimate = first.get(f"{path}.{tests[name]}" if path else tests[name]) if name in tests else None
        if estimate is None or told:
            continue
        null = nulls.get(tests[name])
        excludes = None if null is None else _excludes(estimate, null)
        p, level = entry.get("value"), estimate.get("level")
        if excludes is not None and isinstance(p, float) and level and (p < 1 - level) != excludes:
            what = _contradiction(_limits(estimate), null or 0, excludes, f"P={p:.3g} by another method")
            yield _in_ledger(
                entry, what, "Say beside them which of the two decides; print r.methods.decides."
            )


def _exact(entry: Mapping[str, Any], null: float, *, paired: bool) -> str:
    value, low, high = (entry.get(name) for name in ("value", "low", "high"))
    if low is not None and high is not None and low > high:
        return f"the interval ends at {high:.6g} below its beginning, {low:.6g}."
    if isinstance(value, float) and (
        (low is not None and value < low) or (high is not None and value > high)
    ):
        return f"the estimate {value:.6g} is not within its interval, {_limits(entry)}."
    excludes, p, level = _excludes(entry, null), entry.get("p"), entry.get("level")
    if not paired or excludes is None or p is None or level is None or (p < 1 - level) == excludes:
        return ""
    return _contradiction(_limits(entry), null, excludes, f"P={p:.3g} by the same method")


def _excludes(entry: Mapping[str, Any], null: float) -> bool | None:
    low, high = entry.get("low"), entry.get("high")
    if low is None and high is None:
        return None
    return (low is not None and low > null) or (high is not None and high < null)


def _limits(entry: Mapping[str, Any]) -> str:
    low, high = ("no limit" if entry.get(name) is None else f"{entry[name]:.6g}" for name in ("low", "high"))
    return f"{low} to {high}"


def _in_ledger(entry: Mapping[str, Any], what: str, remedy: str) -> Finding:
    told = f"Of {entry['key']}, {what}"
    return Finding(
        NAME, told, entry.get("file") or "", entry.get("line") or 0, remedy, entry["text"], entry["text"]
    )
