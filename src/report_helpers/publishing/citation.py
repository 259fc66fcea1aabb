"""How a released version of the manuscript is cited: by the authors and title of its own front matter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.publishing.builtin import EngineError
from report_helpers.publishing.builtin.reading.authors import normalise_authors
from report_helpers.publishing.builtin.reading.yamlfile import parse_mapping, read_mapping

TO_BE_SUPPLIED = "[repository or DOI to be supplied]"

_DOCUMENT, _SETTINGS = "index.qmd", "_quarto.yml"
_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_EMPHASIS = re.compile(r"[*`^~]|(?<!\w)_|_(?!\w)")


def citation(project: Path, version: str, day: str, where: str | None) -> str:
    """Return the line by which a version is cited.

    Parameters
    ----------
    project : Path
        Directory of ``index.qmd``.
    version, day : str
        The number of the version, and its date in words.
    where : str or None
        DOI or address of the repository, if the authors have said one.

    Raises
    ------
    ManuscriptError
        If the front matter cannot be read.
    """
    about = _metadata(project)
    authors = about.get("author")
    names = ", ".join(map(str, authors)) if isinstance(authors, list) else ""
    title = _EMPHASIS.sub("", str(about.get("title") or "Untitled manuscript"))
    parts = (names, title, f"Version {version}", day, where or TO_BE_SUPPLIED)
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)


def _metadata(project: Path) -> Mapping[str, object]:
    """Return title and authors: of the project's settings, and of the document on top of them."""
    try:
        settings = read_mapping(project / _SETTINGS, _SETTINGS)
        document = (project / _DOCUMENT).read_text(encoding="utf-8").replace("\r\n", "\n")
        found = _FRONT_MATTER.match(document)
        return normalise_authors({**settings, **(parse_mapping(found[1], _DOCUMENT, 2) if found else {})})
    except EngineError as error:
        raise ManuscriptError(str(error)) from error
    except (OSError, UnicodeDecodeError):
        raise ManuscriptError("the document cannot be read", _DOCUMENT, "save it as UTF-8 text") from None
