"""One render from start to finish: engine, preparation, ledger, and the output put in place whole."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.publishing import builtin, numbers, output, quarto, versions
from report_helpers.publishing.messages import may_show

FORMATS = ("html", "pdf", "docx")
DEFAULT_OUTPUT = "_manuscript"

_LEDGER = '<script type="application/json" id="numbers">'

Progress = Callable[[str, str, float | None], None]


@dataclass(frozen=True)
class Rendered:
    """What a render left: the directory, its files, the engine used and the seconds taken."""

    directory: Path
    files: tuple[Path, ...]
    engine: str
    seconds: float


@dataclass(frozen=True)
class Request:
    """What the author asked for; see the command's help for each option."""

    project: Path
    formats: Sequence[str] = FORMATS
    data: Path | None = None
    profile: str | None = None
    engine: str = "auto"
    output_dir: Path | None = None
    strict: bool = False
    numbers_appendix: bool = False
    checked: bool = True
    """Whether a strict render is refused for what the checks of its text find."""


class CheckError(ManuscriptError):
    """What was rendered does not pass the checks."""

    @classmethod
    def of(cls, findings: Sequence[object]) -> CheckError:
        """List what was found."""
        count = "one thing" if len(findings) == 1 else f"{len(findings)} things"
        listed = "\n".join(f"  {finding}" for finding in findings)
        return cls(f"the checks found {count} to mend; the previous output is untouched\n{listed}")


def render(request: Request, progress: Progress) -> Rendered:
    """Render a project and replace its output directory with the result.

    Parameters
    ----------
    request : Request
        Project and options.
    progress : callable
        Called with a stage, a detail and, once the stage is done, its seconds.

    Raises
    ------
    ManuscriptError, builtin.EngineError
        With what is wrong, where, and what to do; the previous output is then untouched.
    """
    started = time.perf_counter()
    project = request.project.resolve()
    if not (project / "_quarto.yml").is_file():
        raise ManuscriptError(
            f"{request.project} is no manuscript project: it has no _quarto.yml",
            remedy="run the command in the project's directory, or name that directory",
        )
    request = replace(request, data=_data(request))
    environment = _environment(request)
    engine, account = _choose(request.engine)
    progress("engine", account, time.perf_counter() - started)
    target = (request.output_dir or project / DEFAULT_OUTPUT).absolute()
    if project.is_relative_to(target.resolve()):
        raise ManuscriptError(
            f"the output directory {target} holds the project itself",
            remedy="give a directory of its own with --output-dir DIR",
        )
    document = "index"
    with output.staged(target) as stage:
        if engine == "quarto":
            quarto.render(project, request.formats, stage / "out", environment, request.profile)
            _check(request, project, stage / "out")
        else:
            document = _render_builtin(request, project, stage, environment, progress)
    files = tuple(sorted(path for path in target.iterdir() if output.is_output(path.name, document)))
    return Rendered(target, files, engine, time.perf_counter() - started)


def _render_builtin(
    request: Request, project: Path, stage: Path, environment: dict[str, str], progress: Progress
) -> str:
    """Render into ``out`` of the stage, and return the name that the outputs have without their suffix."""
    overlay, out = stage / "overlay", stage / "out"
    figures = overlay / "_figures"
    figures.mkdir(parents=True)
    version = versions.describe(project)
    about: dict[str, object] = {}

    def get_ready() -> None:
        if not (project / "study.yml").is_file():
            return
        began = time.perf_counter()
        # Loaded only now: the kernel gets ready meanwhile.
        from report_helpers.publishing.prepare import prepare

        told: list[str] = []
        about.update(
            prepare(
                project,
                overlay / "_generated",
                data=request.data,
                profile=request.profile,
                say=told.append,
            )
        )
        progress("prepare", f"version {version}", time.perf_counter() - began)
        provenance = about["provenance"]
        if request.data is not None or (isinstance(provenance, dict) and not provenance["synthetic"]):
            _say_how_read(project, request.data, progress)
        if isinstance(provenance, dict):
            told.append(_privacy(provenance, request.data is not None))
        for line in filter(None, told):
            progress("privacy", line, 0.0)

    # The ledger is read from the page, so the page is made even where only another format is wanted.
    formats = tuple(dict.fromkeys(("html", *request.formats)))
    done = builtin.render(
        project,
        formats,
        out,
        overlay=overlay,
        prepare=get_ready,
        environment={
            **environment,
            "MANUSCRIPT_FIGURES": str(figures),
            "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", str(version.timestamp)),
        },
        progress=progress,
        strict=request.strict,
        profile=request.profile,
        may_show=lambda name: may_show(name, about, strict=request.strict),
    )
    began = time.perf_counter()
    html = done.paths["html"]
    if _LEDGER in html.read_text(encoding="utf-8"):
        try:
            numbers.write(out, project / "index.qmd", project, about)
        except numbers.LedgerError as error:
            raise ManuscriptError(
                f"the number ledger and the page disagree: {error}",
                remedy="print a value as text of its own: not in maths, an attribute, or where HTML hides it",
            ) from error
        progress("numbers", "numbers.json", time.perf_counter() - began)
    _check(request, project, out)
    if "html" not in request.formats:
        html.unlink()
    return html.stem


def _check(request: Request, project: Path, out: Path) -> None:
    """Refuse a strict render whose text does not pass the checks."""
    if not (request.strict and request.checked and (project / "study.yml").is_file()):
        return
    if not (out / "index.html").is_file():  # Quarto, asked for other formats alone
        return
    from report_helpers.publishing.checks import check

    findings = [finding for finding in check(project, out) if not finding.note]
    if findings:
        raise CheckError.of(findings)


def _privacy(provenance: Mapping[str, object], other_file: bool) -> str:
    """Say whether small counts are hidden, where an author may need to know."""
    if provenance["least-shown"]:
        return f"counts of fewer than {provenance['least-shown']} patients are not shown"
    if other_file:
        return "the patients are synthetic, says the record of the file: small counts are shown"
    return ""


def _say_how_read(project: Path, data: Path | None, progress: Progress) -> None:
    """Say in one line how an author's own file was read."""
    from report_helpers.study.cohort import CohortError, load_cohort
    from report_helpers.study.definition import load_study

    began = time.perf_counter()
    with suppress(CohortError):  # the document says what is wrong with its data, where it reads them
        cohort = load_cohort(load_study(project / "study.yml"), data)
        progress("data", cohort.form, time.perf_counter() - began)


def _data(request: Request) -> Path | None:
    """Return the cohort file to use instead of the study's; the kernel, too, would obey the variable."""
    named = os.environ.get("MANUSCRIPT_DATA")
    given = request.data or (Path(named) if named else None)
    if given is not None and not given.is_file():
        where = "--data" if request.data else "the environment variable MANUSCRIPT_DATA"
        raise ManuscriptError(f"there is no data file {given}", remedy=f"check the path in {where}")
    return given.resolve() if given else None


def _environment(request: Request) -> dict[str, str]:
    settings = {"MANUSCRIPT_STRICT": "1"} if request.strict else {}
    if request.numbers_appendix:
        settings["MANUSCRIPT_NUMBERS_APPENDIX"] = "1"
    return settings | ({"MANUSCRIPT_DATA": str(request.data)} if request.data else {})


def _choose(wanted: str) -> tuple[str, str]:
    """Return the engine and the one line that says why."""
    found = quarto.available() if wanted != "builtin" else None
    if wanted == "quarto" and found is None:
        raise ManuscriptError(
            "no Quarto of version 1.4 or newer is on PATH",
            remedy="install Quarto, or leave out --engine quarto to use the built-in engine",
        )
    if found is not None:
        return "quarto", f"Quarto {found} from {shutil.which('quarto')}"
    return "builtin", "the built-in engine" + ("" if wanted == "builtin" else " (no Quarto on PATH)")
