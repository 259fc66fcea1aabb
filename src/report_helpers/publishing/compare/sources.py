"""What OLD and NEW name: an output folder, a page, a ledger, or a revision that is rendered for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.publishing import numbers as ledgers
from report_helpers.publishing import revisions
from report_helpers.publishing.compare.numbers import Entry
from report_helpers.publishing.pages import Page, Paragraph, read_page
from report_helpers.publishing.release.shelf import filed
from report_helpers.publishing.release.tags import releases

LEDGER, PAGE, OUTPUT = "numbers.json", "index.html", "_manuscript"

_NUMBERS = ("low", "high", "p", "line")
_RENDER_AGAIN = "render the manuscript again"
_REMEDY = "name a git revision, an output folder, numbers.json, or an HTML manuscript"


@dataclass(frozen=True)
class Version:
    """One version: its name as it was given, what its ledger says of it, its numbers and its page.

    `facts` are the label and value of version, data and software; `page` is None where only a ledger was
    given.
    """

    name: str
    facts: Mapping[str, str]
    entries: tuple[Entry, ...]
    page: tuple[Paragraph, ...] | None


def read_version(name: str, project: Path, say: Callable[[str], object]) -> Version:
    """Read a version.

    Parameters
    ----------
    name : str
        A path; or, where there is no such file, a git revision of the project. The tag of a version that is
        filed as it was released stands for what is filed; any other revision is rendered.
    project : Path
        Directory of the project whose revisions are meant.
    say : callable
        Told in a line what takes time.

    Raises
    ------
    ManuscriptError
        If there is no such version, or it cannot be read or rendered.
    """
    path = Path(name)
    if path.is_dir():
        return read_folder(name, path)
    if path.is_file():
        return _from_file(name, path)
    commit = revisions.find(name, project)
    if commit is None:
        raise ManuscriptError(f"there is no file, folder or git revision '{name}'", remedy=_REMEDY)
    released = next((each for each in releases(project) if name == each.tag and commit == each.commit), None)
    folder = filed(released, project) if released else None
    if folder is not None:
        return read_folder(name, folder)
    with revisions.rendered(name, commit, project, say) as output:
        return read_folder(name, output)


def read_folder(name: str, folder: Path) -> Version:
    """Read the version that lies in an output folder, or in that of a project.

    Raises
    ------
    ManuscriptError
        If there is none, or it cannot be read.
    """
    inner = folder / OUTPUT  # a project stands for its output
    for each in (folder, inner):
        page, ledger = each / PAGE, each / LEDGER
        if page.is_file() or ledger.is_file():
            return _version(name, page if page.is_file() else None, ledger if ledger.is_file() else None)
    raise ManuscriptError(f"the folder {name} holds neither {PAGE} nor {LEDGER}", remedy=_REMEDY)


def _from_file(name: str, path: Path) -> Version:
    if path.suffix.lower() == ".json":
        return _version(name, None, path)
    if path.suffix.lower() in (".html", ".htm"):
        # Until schema 2 only the ledger beside a page knows chapters and lines.
        beside = path.with_name(LEDGER)
        return _version(name, path, beside if path.name == PAGE and beside.is_file() else None)
    raise ManuscriptError(f"{name} is neither a page (.html) nor a ledger (.json)", remedy=_REMEDY)


def _version(name: str, page: Path | None, ledger: Path | None) -> Version:
    read = read_page(_text(page)) if page else None
    if ledger:
        facts, entries = _ledger(_text(ledger), str(ledger))
    elif read and read.ledger:
        facts, entries = _inside(read.ledger, str(page))
    else:
        facts, entries = {}, _marked(read) if read else ()
    return Version(name, facts, entries, read.paragraphs if read else None)


def _inside(text: str, where: str) -> tuple[dict[str, str], tuple[Entry, ...]]:
    """Read the ledger of a page: until schema 2 a list of entries, and so it is before the render is over."""
    content = _json(text, where)
    if isinstance(content, dict) and "schema" in content:
        return _ledger(text, where)
    return {}, _entries(content.get("numbers") if isinstance(content, dict) else content, where)


def _ledger(text: str, where: str) -> tuple[dict[str, str], tuple[Entry, ...]]:
    content = _json(text, where)
    if not isinstance(content, dict) or "numbers" not in content:
        raise ManuscriptError("this is no ledger of printed numbers", where, _REMEDY)
    schema = content.get("schema")
    if not isinstance(schema, int) or schema > ledgers.SCHEMA:
        remedy = "use the version of this program that wrote it, or a newer one"
        raise ManuscriptError(f"the ledger has schema {schema}, which is not known here", where, remedy)
    entries = _entries(content["numbers"], where)
    try:
        listed = content.get("provenance", {}).get("facts", ())
        return {str(each["label"]): str(each["value"]) for each in listed}, entries
    except (AttributeError, KeyError, TypeError):
        raise ManuscriptError("the ledger's provenance is no list of facts", where, _RENDER_AGAIN) from None


def _entries(listed: object, where: str) -> tuple[Entry, ...]:
    if not isinstance(listed, list):
        raise ManuscriptError("the ledger holds no list of numbers", where, _REMEDY)
    return tuple(_entry(each, place, where) for place, each in enumerate(listed, start=1))


def _entry(listed: object, place: int, where: str) -> Entry:
    facts = (
        {name: value for name, value in listed.items() if value is not None}
        if isinstance(listed, dict)
        else {}
    )
    if not isinstance(facts.get("key"), str) or not isinstance(facts.get("text"), str):
        raise ManuscriptError(f"number {place} of the ledger has no key and text", where, _RENDER_AGAIN)
    for name in _NUMBERS:
        if not isinstance(facts.get(name, 0), int | float):
            raise ManuscriptError(f"'{name}' of number {place} is not a number", where, _RENDER_AGAIN)
    known = {name: value for name, value in facts.items() if name in Entry.__dataclass_fields__}
    return Entry(**{**known, "text": " ".join(facts["text"].split())})


def _marked(page: Page) -> tuple[Entry, ...]:
    """Return the marked numbers of a page without a ledger: keys and texts, no more is known."""
    tokens = (token for paragraph in page.paragraphs for token in paragraph.tokens)
    return tuple(Entry(token.key, token.text) for token in tokens if token.key)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ManuscriptError("the file is not text in UTF-8", str(path), _REMEDY) from None
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise ManuscriptError(f"the file cannot be read ({reason})", str(path), _REMEDY) from None


def _json(text: str, where: str) -> object:
    try:
        return json.loads(text)
    except ValueError as error:
        raise ManuscriptError(f"the ledger is not JSON ({error})", where, _RENDER_AGAIN) from None
