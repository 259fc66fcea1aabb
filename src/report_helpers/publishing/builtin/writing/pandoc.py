"""The only place that starts pandoc."""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypandoc  # type: ignore[import-untyped]

from ..errors import CitationError, FilterError, Problem, WriterError

_FILTER_FAILED = 83
_BIBLIOGRAPHY = re.compile(
    r"bibliography file (?P<file>[^\n]+):\n\(line (?P<line>\d+), column \d+\):\n(?P<why>.*)", re.DOTALL
)
_LUA_PLACE = re.compile(r"^(?P<file>[^\n]+?\.lua):(?P<line>\d+): (?P<why>.*)", re.DOTALL | re.MULTILINE)
_SOURCE_PLACE = re.compile(r"^(?P<file>[^\s:]+\.[A-Za-z]*md):(?P<line>\d+): (?P<what>.*)$", re.MULTILINE)
_HERE = Path(__file__).parent


@functools.cache
def pandoc_path() -> str:
    """Return the path of the pandoc that came as a wheel.

    `pypandoc` itself takes the newest of all on the machine, and, asked from two threads at once, any.
    """
    files = Path(pypandoc.__file__).parent / "files"
    return str(next(path for path in (files / "pandoc", files / "pandoc.exe") if path.is_file()))


@dataclass(frozen=True)
class ReadJob:
    """One document to parse for one format.

    Attributes
    ----------
    target : str
        `html`, `typst` or `docx`: what filters see as FORMAT.
    markdown : str
        The assembled document, without front matter.
    metadata : dict
        Its metadata; text in it is Markdown.
    filters : tuple of Path
        Lua filters, in order.
    """

    target: str
    markdown: str
    metadata: Mapping[str, Any]
    filters: tuple[Path, ...] = ()


def read_documents(
    jobs: Sequence[ReadJob], workspace: Path, environment: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Parse documents and run their early filters in one process; yield each as soon as it is there.

    Yields
    ------
    tuple
        A target, and pandoc's document tree as JSON gives it.

    Raises
    ------
    FilterError
        If a filter of the project fails.
    """
    if not jobs:  # the code was to be run, and no more
        return
    order = workspace / f"read-{jobs[0].target}.order.json"
    order.write_text(json.dumps(_orders(jobs, workspace)), encoding="utf-8")
    with order.with_suffix(".log").open("w+b") as log:
        command = [pandoc_path(), "lua", str(_HERE / "read.lua"), str(order)]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, env=_in_utf8(environment)
        ) as process:
            try:
                for line in process.stdout or ():
                    target = line.decode().strip()
                    text = (workspace / f"read-{target}.json").read_text(encoding="utf-8")
                    yield target, json.loads(text)
            finally:
                if process.poll() is None and process.stdout and not process.stdout.closed:
                    process.stdout.close()
            code = process.wait()
        log.seek(0)
        _judge(code, log.read().decode("utf-8", "replace").strip())


def _orders(jobs: Sequence[ReadJob], workspace: Path) -> list[dict[str, Any]]:
    """Write the texts to read into files, each text once, and return what `read.lua` is to do."""
    orders, texts = [], dict[str, Path]()
    for job in jobs:
        if job.markdown not in texts:
            texts[job.markdown] = workspace / f"document-{job.target}.md"
            texts[job.markdown].write_text(job.markdown, encoding="utf-8")
        metadata = workspace / f"metadata-{job.target}.md"
        metadata.write_text(f"---\n{json.dumps(job.metadata, ensure_ascii=False)}\n---\n", encoding="utf-8")
        orders.append(
            {
                "markdown": str(texts[job.markdown]),
                "metadata": str(metadata),
                "format": job.target,
                "filters": [str(path) for path in job.filters],
                "output": str(workspace / f"read-{job.target}.json"),
            }
        )
    return orders


def run_pandoc(
    arguments: Sequence[str],
    output: Path,
    *,
    document: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> str:
    """Run pandoc, hand it a document tree, and return what it says on standard error.

    What it writes comes through a pipe and is put into `output` here: a pandoc whose render was killed then
    writes nothing, and does not make anew a directory that was swept up.

    Raises
    ------
    FilterError
        If one of the project's filters fails.
    WriterError
        If pandoc fails for another reason.
    """
    given = json.dumps(document, ensure_ascii=False).encode() if document is not None else None
    # An author's own pandoc templates and styles, which another machine has not, are kept out.
    options = [f"--data-dir={_HERE / 'none'}", "--output=-"]
    done = subprocess.run(
        [pandoc_path(), *arguments, *options],
        input=given,
        stdin=subprocess.DEVNULL if given is None else None,
        capture_output=True,
        env=_in_utf8(os.environ if environment is None else environment),
        cwd=cwd,
        check=False,
    )
    said = _judge(done.returncode, done.stderr.decode("utf-8", "replace").strip())
    output.write_bytes(done.stdout)
    return said


def _in_utf8(environment: Mapping[str, str]) -> dict[str, str]:
    """Let pandoc take names of files, and what filters print, for UTF-8 whatever the terminal's language."""
    return {**environment, "LC_ALL": "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"}


def _judge(code: int, said: str) -> str:
    if code == _FILTER_FAILED:
        raise _failed_filter(said)
    if broken := _BIBLIOGRAPHY.search(said):
        what, place = "This bibliography cannot be read.", (Path(broken["file"]).name, int(broken["line"]))
        raise CitationError.at(what, *place, "Look at the entry before that line as well.", broken["why"])
    if "CiteprocXMLError" in said:
        raise CitationError.at("The citation style (`csl`) is not valid XML.", excerpt=said)
    if code:
        raise WriterError.at(f"pandoc stopped with code {code}.", excerpt=said)
    return said


def _failed_filter(said: str) -> FilterError:
    """Describe the failure of a filter without the frames below it, which are the engine's and pandoc's.

    What a filter has to say of the text begins with its place there, one complaint to a line:
    ``chapters/methods.qmd:20: …``.
    """
    what = "This filter failed."
    own, _, _ = said.partition("\nstack traceback:")
    if places := list(_SOURCE_PLACE.finditer(own)):  # the filter itself complains of the text
        return FilterError(Problem(each["what"], each["file"], int(each["line"])) for each in places)
    if found := _LUA_PLACE.search(own):
        return FilterError.at(what, Path(found["file"]).name, int(found["line"]), excerpt=found["why"])
    first, _, rest = own.partition("\n")
    return FilterError.at(what, Path(first.removeprefix("filter ")).name, 0, excerpt=rest or first)
