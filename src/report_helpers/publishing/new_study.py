"""Start a new study: the files of this project, an invented cohort, and words that await the author's own.

The files are those of the project itself, not a second copy of them: an installed package carries them
beside the few that only a new study has (``pyproject.toml`` says which), and a checkout has them anyway.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.study.dictionary import dictionary_csv
from report_helpers.study.synthetic import synthesise, write_csv

PROJECT_FILES = (
    "_quarto.yml",
    "_quarto-submission.yml",
    "index.qmd",
    "references.bib",
    "study.yml",
    ".gitignore",
    "chapters",
    "assets",
    "filters",
)
"""What of the project a new study takes over."""

_PACKAGE = Path(__file__).resolve().parents[1]
_OWN = _PACKAGE / "new_study"
_LEFT_OUT = ("page.png", "__pycache__", ".*.swp", ".DS_Store")
_PATIENTS, _SEED = 734, 2040
_TITLE = (
    "The Efficacy of Personalized Immunotherapy on Embryo Implantation: Insights from a Retrospective Study"
)

# What stands in the project's files, and what a new study has in its place.
_CHANGES: Mapping[str, Mapping[str, str]] = {
    "study.yml": {
        f'title: "{_TITLE}"': 'title: "[Title of your study]"',
        'short_title: "Personalized immunotherapy and implantation"': 'short_title: "[Short title]"',
    },
    "index.qmd": {f'title: "{_TITLE}"': 'title: "[Title of your study]"'},
    "_quarto.yml": {
        "pre-render: src/report_helpers/publishing/prepare.py": "pre-render: scripts/before_render.py",
        "post-render: src/report_helpers/publishing/numbers.py": "post-render: scripts/after_render.py",
    },
}


def new_study(directory: Path) -> str:
    """Write the files of a new study into a directory.

    Parameters
    ----------
    directory : Path
        Empty, or not there yet.

    Returns
    -------
    str
        What to do next.

    Raises
    ------
    ManuscriptError
        If something is there already, or it cannot be written.
    """
    _refuse_what_is_there(directory)
    source = _project()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name in PROJECT_FILES:
            _copy(source / name, directory / name)
        shutil.copytree(_OWN / "scripts", directory / "scripts", ignore=_ignored)
        _copy(_OWN / "README.md", directory / "README.md")
        for name, changes in _CHANGES.items():
            _change(directory / name, changes)
        cohort = directory / "data" / "synthetic"
        cohort.mkdir(parents=True)
        (cohort / "data-dictionary.csv").write_bytes(dictionary_csv().encode())
        write_csv(synthesise(_PATIENTS, _SEED), cohort / "cohort.csv")
    except OSError as error:
        reason = (error.strerror or "unwritable").lower()
        raise ManuscriptError(
            f"the new study cannot be written ({reason})", str(directory), "Name another directory."
        ) from None
    return _welcome(directory)


def _refuse_what_is_there(directory: Path) -> None:
    if directory.is_dir():
        empty = not any(directory.iterdir())
        what = "the directory is not empty"
    else:
        empty = not (directory.exists() or directory.is_symlink())
        what = "there is a file of that name"
    if not empty:
        raise ManuscriptError(what, str(directory), "Name a new directory; nothing is written over.")


def _project() -> Path:
    """Return where the project's files are: in the installed package, or else in the checkout around it."""
    for folder in (_OWN, _PACKAGE.parents[1]):
        if all((folder / name).exists() for name in PROJECT_FILES):
            return folder
    raise ManuscriptError(
        "the files that a new study starts from are not installed",
        str(_OWN),
        "Install the package anew, or run the command in a checkout of the project.",
    )


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=_ignored, copy_function=shutil.copyfile)
    else:
        shutil.copyfile(source, target)


def _ignored(folder: str, names: list[str]) -> set[str]:
    return shutil.ignore_patterns(*_LEFT_OUT)(folder, names)


def _change(path: Path, changes: Mapping[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes.items():
        if old not in text:
            raise ManuscriptError(f"the project's {path.name} has no '{old}'", "new", "Please report this.")
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def _welcome(directory: Path) -> str:
    return (
        f"A new study is in {directory}. Its patients are invented until you name your own file.\n"
        f"  manuscript render {directory}    makes the manuscript, into {directory / '_manuscript'}\n"
        f"  {directory / 'README.md'}    tells how to put your own patients in"
    )
