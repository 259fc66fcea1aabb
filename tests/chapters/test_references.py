"""The reference list against the text: what is cited exists, what is listed is cited."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

LEAST = 25
_CITATION = re.compile(r"(?<![\w.])@([a-z][\w]*)\b(?!-)")


@pytest.fixture(scope="module")
def entries(root: Path) -> dict[str, dict[str, str]]:
    """The fields of each entry of references.bib, by key."""
    text = (root / "references.bib").read_text(encoding="utf-8")
    found = re.findall(r"^@\w+\{([^,]+),\n(.*?)^\}", text, flags=re.MULTILINE | re.DOTALL)
    assert len(found) == text.count("\n@"), "an entry is not written in the form of the others"
    assert len(found) == len({key for key, _ in found}), "a key is given twice"
    return {key: dict(re.findall(r"^  (\w+) = \{(.*)\},?$", body, re.MULTILINE)) for key, body in found}


def test_every_citation_has_its_entry_and_every_entry_is_cited(
    prose: str, entries: dict[str, dict[str, str]]
) -> None:
    assert set(_CITATION.findall(prose)) == set(entries)


def test_there_are_enough_references(entries: dict[str, dict[str, str]]) -> None:
    assert len(entries) >= LEAST


def test_every_entry_can_be_found_by_a_reader(entries: dict[str, dict[str, str]]) -> None:
    for key, fields in entries.items():
        assert {"title", "journal", "year", "doi"} <= set(fields), key
        assert re.fullmatch(r"10\.\d{4,}/\S+", fields["doi"]), key
        assert re.fullmatch(r"(19|20)\d\d", fields["year"]), key
        assert all(fields.values()), key


def test_no_work_is_listed_twice(entries: dict[str, dict[str, str]]) -> None:
    identifiers = Counter(fields["doi"].lower() for fields in entries.values())
    assert [each for each, times in identifiers.items() if times > 1] == []


def test_an_author_list_that_breaks_off_says_so_in_a_form_every_style_knows(
    entries: dict[str, dict[str, str]],
) -> None:
    for key, fields in entries.items():
        names = fields.get("author", "").split(" and ")
        assert "others" not in names[:-1], key
        assert not any("et al" in name for name in names), key
