"""Keep patients' data out of git: a repository is copied, pushed and kept for good."""

from __future__ import annotations

import shlex
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.publishing import repository
from report_helpers.study.definition import Study
from report_helpers.study.synthetic_record import doubt

_WHY = """\
Whoever has a copy of the repository has the patients' data too, so no manuscript is made from this file.
  In the project's folder, take it out of git (the file stays in place) and keep it out:
    {untrack}
    {ignore}
    {commit}
  Earlier commits still hold it, and so does every copy that was pushed or cloned: tell whoever answers for
  data protection. 'git filter-repo --invert-paths --path FILE' takes a file out of a history."""


class TrackedDataError(ManuscriptError):
    """Patients' data are in git, or would be with the next commit."""


def guard(claimed: Study, known: Study, data: Path) -> str:
    """Refuse patients' data that git tracks, and say what an author should know of how they are treated.

    Parameters
    ----------
    claimed, known : Study
        As ``study.yml`` has it, and as the file's own record lets it stand.
    data : Path
        The cohort file that is used.

    Returns
    -------
    str
        One line, or an empty text where nothing is to be said.

    Raises
    ------
    TrackedDataError
        If the patients are not synthetic and git tracks the file.
    """
    if known.data.synthetic:
        return ""
    # A link in git is only a name; what counts is the file it leads to.
    file = data.resolve()
    if repository.ask(file.parent, "ls-files", "--error-unmatch", "--", file.name) is not None:
        raise _refusal(claimed, file)
    return doubt(data) if claimed.data.synthetic else ""


def _refusal(study: Study, file: Path) -> TrackedDataError:
    root = study.path.resolve().parent
    inside = file.is_relative_to(root)
    folder, name = (root, file.relative_to(root).as_posix()) if inside else (file.parent, file.name)
    git = "git" if inside else f"git -C {shlex.quote(str(folder))}"
    ignore = "/" + "".join(f"\\{sign}" if sign in "*?[]\\#! " else sign for sign in name)
    ignored = ".gitignore" if inside else shlex.quote(str(folder / ".gitignore"))
    return TrackedDataError(
        "this file of patients is tracked by git",
        where=name,
        remedy=_WHY.format(
            untrack=f"{git} rm --cached -- {shlex.quote(name)}",
            ignore=f"printf '%s\\n' {shlex.quote(ignore)} >> {ignored}",
            commit=f"{git} commit -m {shlex.quote('Keep patient data out of git')}",
        ),
    )
