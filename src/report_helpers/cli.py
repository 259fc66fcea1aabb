"""The command ``manuscript``: parse, call, print."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from report_helpers import __version__
from report_helpers.errors import ManuscriptError

_FORMATS = ("html", "pdf", "docx", "jats")
_USUAL = ("html", "pdf", "docx")
_CLEAR = "\r\033[2K"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 fine, 1 a problem of the manuscript or the data, 2 wrong usage, 130 stopped."""
    # Hospital consoles may not be UTF-8: a sign that cannot be shown is replaced, never a crash.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    try:
        with _ended_like_ctrl_c() as ended:
            code = _run(options)
            sys.stdout.flush()
            return code
    except KeyboardInterrupt:
        print("stopped; the previous output is untouched", file=sys.stderr)
        return 128 + (signal.SIGTERM if ended else signal.SIGINT)
    except BrokenPipeError:  # whoever read what is printed, such as `head`, has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


@contextmanager
def _ended_like_ctrl_c() -> Iterator[list[int]]:
    """Take a request to end (SIGTERM) as Ctrl-C, which every part of a render knows how to obey."""
    ended: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        ended.append(number)
        interrupt = signal.getsignal(signal.SIGINT)
        if not callable(interrupt):  # a job in the background ignores Ctrl-C
            raise KeyboardInterrupt
        interrupt(number, frame)

    if threading.current_thread() is not threading.main_thread():  # only that one may take signals
        yield ended
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield ended
    finally:
        signal.signal(signal.SIGTERM, before)


def _run(options: argparse.Namespace) -> int:
    from report_helpers.publishing.builtin import EngineError

    try:
        return int(options.run(options))
    except (ManuscriptError, EngineError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="manuscript", description="Renders a cohort manuscript in which every number is computed."
    )
    parser.add_argument("--version", action="version", version=f"manuscript {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    render = commands.add_parser("render", help="make the HTML, PDF and Word manuscript")
    _add_render_options(render)
    render.set_defaults(run=_render)

    preview = commands.add_parser(
        "preview", help="show the HTML manuscript in a browser; render on every save"
    )
    _add_project(preview)
    preview.add_argument("--data", type=Path, metavar="FILE", help="cohort file instead of study.yml's")
    preview.add_argument("--profile", metavar="NAME", help="merge _quarto-NAME.yml, e.g. submission")
    preview.add_argument("--port", type=int, metavar="N", help="port on this machine (default: a free one)")
    preview.add_argument("--no-browser", action="store_true", help="do not open a browser")
    preview.set_defaults(run=_preview)

    check = commands.add_parser("check", help="hold the text of a strict render against its numbers")
    _add_project(check)
    check.add_argument("--data", type=Path, metavar="FILE", help="cohort file instead of study.yml's")
    check.add_argument("--profile", metavar="NAME", help="merge _quarto-NAME.yml, e.g. submission")
    check.set_defaults(run=_check)

    diff = commands.add_parser("diff", help="tell what two versions differ in: numbers, conclusions, words")
    _add_diff_options(diff)
    diff.set_defaults(run=_diff)

    release = commands.add_parser("release", help="tag and file a version that never changes; or verify one")
    _add_release_options(release)
    release.set_defaults(run=_release)

    new = commands.add_parser("new", help="start a new study in a directory of its own")
    new.add_argument("directory", type=Path, metavar="DIR", help="made if it is not there")
    new.set_defaults(run=_new)

    data = commands.add_parser("data", help="work with cohort files").add_subparsers(
        required=True, metavar="ACTION"
    )
    _add_data_options(data)
    return parser


def _add_data_options(data: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = data.add_parser("check", help="tell what a cohort file holds, what is wrong, what would mend it")
    check.add_argument("file", nargs="?", type=Path, metavar="FILE", help="default: study.yml's")
    check.add_argument(
        "--html",
        nargs="?",
        const=Path("data-check.html"),
        type=Path,
        metavar="PAGE",
        help="write the report as a page, too (default data-check.html)",
    )
    _add_study(check)
    check.set_defaults(run=_check_data)

    synthesise = data.add_parser("synthesise", help="write a synthetic cohort of the study's shape")
    synthesise.add_argument("--seed", type=int, required=True, help="same seed and size, same file")
    synthesise.add_argument("--patients", type=int, required=True, metavar="N", help="patients screened")
    synthesise.add_argument("--output", type=Path, required=True, metavar="FILE", help="CSV file to write")
    synthesise.add_argument("--force", action="store_true", help="write it in place of another file")
    _add_study(synthesise)
    synthesise.set_defaults(run=_synthesise)


def _add_diff_options(diff: argparse.ArgumentParser) -> None:
    diff.description = "Tells what two versions of the manuscript differ in; 0 whether or not they do."
    what = "a git revision, an output folder, numbers.json or an HTML manuscript"
    diff.add_argument("old", metavar="OLD", help=what)
    diff.add_argument("new", metavar="NEW", help="the same")
    diff.add_argument("--json", action="store_true", help="print the comparison as JSON")
    diff.add_argument("--html", type=Path, metavar="FILE", help="write it as a page, too")


def _add_release_options(release: argparse.ArgumentParser) -> None:
    release.description = "Checks, renders and tags the last commit as a version, and files it in versions/."
    release.add_argument("version", metavar="VERSION", help="its number, such as 1.0")
    release.add_argument("--verify", action="store_true", help="hold a version against its tag, byte by byte")


def _add_study(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--study", type=Path, metavar="FILE", help="the study file (default: study.yml here)")


def _add_project(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "project", nargs="?", type=Path, default=Path(), metavar="PROJECT_DIR", help="default: here"
    )


def _add_render_options(parser: argparse.ArgumentParser) -> None:
    _add_project(parser)
    parser.add_argument(
        "--to",
        type=_formats,
        default=_USUAL,
        metavar="FORMATS",
        help="any of html,pdf,docx,jats (default html,pdf,docx)",
    )
    parser.add_argument("--data", type=Path, metavar="FILE", help="cohort file instead of study.yml's")
    parser.add_argument("--profile", metavar="NAME", help="merge _quarto-NAME.yml, e.g. submission")
    parser.add_argument(
        "--engine",
        choices=("auto", "quarto", "builtin"),
        default="auto",
        help="auto takes Quarto where it is installed (default auto)",
    )
    parser.add_argument("--output-dir", type=Path, metavar="DIR", help="default PROJECT_DIR/_manuscript")
    parser.add_argument(
        "--numbers-appendix",
        action="store_true",
        help="list every printed number in an appendix of the PDF and Word file",
    )
    parser.add_argument(
        "--strict", action="store_true", help="what would print by accident is an error, not output"
    )


def _formats(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in _FORMATS]
    if unknown or not names:
        raise argparse.ArgumentTypeError(f"{text!r}: choose from {', '.join(_FORMATS)}, joined by commas")
    return names


def _say(stage: str, detail: str, seconds: float | None) -> None:
    """Print a finished stage on a line of its own; what is under way only where the line can be redrawn."""
    if seconds is not None:
        print(f"{_CLEAR if sys.stdout.isatty() else ''}{seconds:6.1f} s  {stage:<10} {detail}", flush=True)
    elif sys.stdout.isatty():
        print(f"{_CLEAR}          {stage:<10} {detail}", end="", flush=True)


def _aside(line: str) -> None:
    """Say what is under way without mixing it with what is printed."""
    print(line, file=sys.stderr, flush=True)


def _render(options: argparse.Namespace) -> int:
    from report_helpers.publishing.render import Request, render

    request = Request(
        options.project,
        options.to,
        options.data,
        options.profile,
        options.engine,
        options.output_dir,
        options.strict,
        options.numbers_appendix,
    )
    done = render(request, _say)
    names = ", ".join(path.name for path in done.files)
    print(f"{done.seconds:6.1f} s  wrote {names} in {done.directory}")
    return 0


def _preview(options: argparse.Namespace) -> int:
    from report_helpers.publishing.preview import serve

    serve(
        options.project,
        port=options.port,
        data=options.data,
        profile=options.profile,
        open_browser=not options.no_browser,
        say=lambda line: print(line, flush=True),
    )
    return 0


def _check(options: argparse.Namespace) -> int:
    from report_helpers.publishing.check_manuscript import check_manuscript

    report = check_manuscript(options.project, data=options.data, profile=options.profile, progress=_say)
    print(report, end="")
    return 1 if report.fails else 0


def _diff(options: argparse.Namespace) -> int:
    from report_helpers.publishing.compare import compare
    from report_helpers.publishing.compare.as_json import as_json
    from report_helpers.publishing.compare.page import write_page
    from report_helpers.publishing.compare.sources import read_version
    from report_helpers.publishing.compare.terminal import as_text

    old, new = (read_version(name, Path(), _aside) for name in (options.old, options.new))
    comparison = compare(old, new)
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    print(as_json(comparison) if options.json else as_text(comparison, colour=colour), end="")
    if options.html:
        write_page(comparison, options.html)
        _aside(f"wrote {options.html}")
    return 0


def _release(options: argparse.Namespace) -> int:
    from report_helpers.publishing.release.making import release
    from report_helpers.publishing.release.verifying import verify

    if not options.verify:
        print(release(options.version, Path(), _aside))
        return 0
    verdict = verify(options.version, Path(), _aside)
    print(verdict, end="")
    return 0 if verdict.holds else 1


def _new(options: argparse.Namespace) -> int:
    from report_helpers.publishing.new_study import new_study

    print(new_study(options.directory))
    return 0


def _check_data(options: argparse.Namespace) -> int:
    from report_helpers.publishing.data_check import as_text
    from report_helpers.publishing.data_check_page import write_page
    from report_helpers.study.check import check_data
    from report_helpers.study.definition import load_study

    check = check_data(load_study(options.study or "study.yml"), options.file)
    print(as_text(check), end="")
    if options.html:
        write_page(check, options.html)
        print(f"\nwrote {options.html}")
    return 0 if check.analysable else 1


def _synthesise(options: argparse.Namespace) -> int:
    from report_helpers.study.look_alike import write_look_alike

    study = options.study or (Path("study.yml") if Path("study.yml").is_file() else None)
    write_look_alike(study, options.patients, options.seed, options.output, replace=options.force)
    print(f"wrote {options.patients} synthetic patients to {options.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
