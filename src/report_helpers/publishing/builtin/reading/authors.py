"""Authors and affiliations in the shape that templates written for Quarto expect.

An author may be written as a name, or with affiliations given in place, by `ref`, or under `affiliations:` of
the document. Templates get them joined: `by-author` (each author with full affiliations), `by-affiliation`,
and `labels`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import Problem, ProjectError, did_you_mean
from .language import words_of

_SIMPLE = ("id", "orcid", "email", "url", "phone", "fax", "acknowledgements", "degrees", "note")
_FLAGS = ("corresponding", "equal-contributor", "deceased")
_AFFILIATION = ("affiliation", "affiliations")
_ROLES = ("role", "roles")


def normalise_authors(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the metadata with authors, affiliations and `labels` in the shapes templates expect.

    Raises
    ------
    ProjectError
        If an author refers to an affiliation that is not defined.
    """
    result = dict(metadata)
    given = metadata.get("authors") or metadata.get("author") or []
    entries = given if isinstance(given, list) else [given]
    places = _Places()
    authors = [_author(entry, number, places) for number, entry in enumerate(entries, start=1)]
    defined = metadata.get("affiliations") or []
    for place in defined if isinstance(defined, list) else [defined]:
        places.add(place)
    _check_refs(authors, places)
    joined = [
        {**author, "affiliations": [places.get(ref) for ref in author["affiliations"]]} for author in authors
    ]
    if authors:
        result["author"] = [author["name"]["literal"] for author in authors]
        result["author-meta"] = result["author"]
        result["by-author"] = joined
        result.pop("authors", None)
    if places.known:
        result["affiliations"] = list(places.known.values())
        result["by-affiliation"] = [
            {**place, "authors": [a for a in authors if key in a["affiliations"]]}
            for key, place in places.known.items()
        ]
    result["labels"] = _labels(metadata, len(authors), len(places.known))
    result.setdefault("abstract-title", result["labels"]["abstract"])
    return result


class _Places:
    """Affiliations in the order of first mention, each once."""

    def __init__(self) -> None:
        self.known: dict[str, dict[str, Any]] = {}
        self.wanted: list[str] = []

    def add(self, place: Any) -> str:
        """Add an affiliation (or a reference to one) and return its key."""
        entry = dict(place) if isinstance(place, Mapping) else {"name": str(place)}
        if set(entry) == {"ref"}:
            self.wanted.append(str(entry["ref"]))
            return str(entry["ref"])
        same = next(
            (k for k, v in self.known.items() if v.get("name") == entry.get("name") and "id" not in entry),
            None,
        )
        if same:
            return same
        key = str(entry.get("id") or f"aff-{len(self.known) + 1}")
        self.known[key] = {**entry, "id": key}
        self._number()
        return key

    def get(self, key: str) -> dict[str, Any]:
        return self.known[key]

    def _number(self) -> None:
        for number, place in enumerate(self.known.values(), start=1):
            place["number"] = number
            place["letter"] = chr(ord("a") + (number - 1) % 26)


def _author(entry: Any, number: int, places: _Places) -> dict[str, Any]:
    fields = dict(entry) if isinstance(entry, Mapping) else {"name": str(entry)}
    author: dict[str, Any] = {
        "name": _name(fields.pop("name", "")),
        "number": number,
        "letter": chr(ord("a") + (number - 1) % 26),
        "affiliations": [],
        "attributes": {},
        "metadata": {},
    }
    for key, value in fields.items():
        if key in _SIMPLE:
            author[key] = value
        elif key in _FLAGS:
            if value:
                author["attributes"][key] = True
        elif key == "attributes" and isinstance(value, Mapping):
            author["attributes"].update({name: True for name, on in value.items() if on})
        elif key in _AFFILIATION:
            author["affiliations"] += [
                places.add(item) for item in (value if isinstance(value, list) else [value])
            ]
        elif key in _ROLES:
            author["roles"] = [_role(item) for item in (value if isinstance(value, list) else [value])]
        else:
            author["metadata"][key] = value
    author.setdefault("id", number)
    return author


def _name(given: Any) -> dict[str, str]:
    if isinstance(given, Mapping):
        parts = {str(key): str(value) for key, value in given.items()}
        order = ("given", "dropping-particle", "non-dropping-particle", "family")
        parts.setdefault("literal", " ".join(parts[key] for key in order if key in parts))
        return parts
    literal = str(given).strip()
    # A blank to fill in, such as "[First author]", is one piece.
    first, _, last = literal.rpartition(" ") if not literal.startswith("[") else ("", "", literal)
    return (
        {"literal": literal, "given": first, "family": last}
        if first
        else {"literal": literal, "family": literal}
    )


def _role(given: Any) -> dict[str, Any]:
    if isinstance(given, Mapping) and len(given) == 1:
        role, degree = next(iter(given.items()))
        return {"role": str(role), "degree-of-contribution": str(degree)}
    return {"role": str(given)}


def _check_refs(authors: list[dict[str, Any]], places: _Places) -> None:
    problems = [
        Problem(
            f"The author {author['name']['literal']} has the affiliation {ref}, which is not defined.",
            remedy=did_you_mean(ref, places.known) or "Define it under `affiliations:`.",
        )
        for author in authors
        for ref in author["affiliations"]
        if ref not in places.known
    ]
    if problems:
        raise ProjectError(problems)


def _labels(metadata: Mapping[str, Any], authors: int, affiliations: int) -> dict[str, Any]:
    own = words_of(metadata)
    words = {
        "authors": "Author" if authors == 1 else "Authors",
        "affiliations": "Affiliation" if affiliations == 1 else "Affiliations",
        "published": "Published",
        "modified": "Modified",
        "doi": "Doi",
        "abstract": own["abstract"],
        "description": "Description",
        "keywords": "Keywords",
    }
    titles = {"authors": "author-title", "affiliations": "affiliation-title"}
    return {key: metadata.get(titles.get(key, f"{key}-title"), word) for key, word in words.items()}
