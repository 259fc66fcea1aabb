"""The comparison as JSON.

The document is an object of this shape; keys and texts are those of the ledgers (``numbers.json``)::

    schema    integer, 1
    old, new  {name}: what was compared, as it was given
    alike     boolean: the same numbers and words are read in both
    verdict   the difference in a sentence or two
    pages     boolean: both had a page; without, `reread` and `prose` are empty
    facts     [{label, old, new}]: version, data and software, where they differ
    numbers   {same: count of unchanged keys,
               changed: [{key, words, printed, old: number, new: number}],
               appeared: [{key, words} + number], gone: [{key, words} + number]}
    crossings [{key, words, kind, said, old: text, new: text}],
              kind: direction | interval | p | finding | estimable
    reread    [{keys, section, place, crossed, old, new}]: sentences; "" where there is none
    prose     [{state, moved, section, kind, pieces: [{state, text, words: [{text, key}]}]}],
              state: same | numbers | edited | added | removed; kind: text | heading | row;
              of a piece: same | gone | new; `key` is "" where a word was typed

    number    {text, value, low, high, p, n, method, reason, file, line}: null where not known, and `printed`
              of a change is false where only digits that are not shown, or the method, differ
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from report_helpers.publishing.compare import wording
from report_helpers.publishing.compare.comparison import Comparison
from report_helpers.publishing.compare.numbers import Entry
from report_helpers.publishing.compare.prose import Passage
from report_helpers.publishing.compare.scales import in_words
from report_helpers.publishing.pages import plain

SCHEMA = 1


def as_json(comparison: Comparison) -> str:
    """Return the comparison as JSON text; the module's documentation tells its shape."""
    numbers = comparison.numbers
    content = {
        "schema": SCHEMA,
        "old": {"name": comparison.old.name},
        "new": {"name": comparison.new.name},
        "alike": comparison.alike,
        "verdict": wording.verdict(comparison),
        "pages": comparison.pages,
        "facts": [{"label": label, "old": old, "new": new} for label, old, new in comparison.facts],
        "numbers": {
            "same": numbers.same,
            "changed": [
                {
                    **_named(each.key),
                    "printed": each.printed,
                    "old": _number(each.old),
                    "new": _number(each.new),
                }
                for each in numbers.changed
            ],
            "appeared": [{**_named(each.key), **_number(each)} for each in numbers.appeared],
            "gone": [{**_named(each.key), **_number(each)} for each in numbers.gone],
        },
        "crossings": [
            {
                **_named(each.key),
                "kind": each.kind,
                "said": each.said,
                "old": each.old.text,
                "new": each.new.text,
            }
            for each in comparison.crossings
        ],
        "reread": [
            {
                "keys": list(each.keys),
                "section": each.section,
                "place": each.place,
                "crossed": each.crossed,
                "old": plain(each.old),
                "new": plain(each.new),
            }
            for each in comparison.reread
        ],
        "prose": [_passage(each) for each in comparison.prose],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _named(key: str) -> Mapping[str, str]:
    return {"key": key, "words": in_words(key)}


def _number(entry: Entry) -> Mapping[str, object]:
    return {
        "text": entry.text,
        "value": entry.value,
        "low": entry.low,
        "high": entry.high,
        "p": entry.p,
        "n": entry.n,
        "method": entry.method or None,
        "reason": entry.reason or None,
        "file": entry.file or None,
        "line": entry.line,
    }


def _passage(passage: Passage) -> Mapping[str, object]:
    return {
        "state": passage.state,
        "moved": passage.moved,
        "section": passage.shown.section,
        "kind": passage.shown.kind,
        "pieces": [
            {
                "state": piece.state,
                "text": plain(piece.tokens),
                "words": [{"text": token.text, "key": token.key} for token in piece.tokens],
            }
            for piece in passage.pieces
        ],
    }
