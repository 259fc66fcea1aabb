"""The only place that starts pandoc."""

from __future__ import annotations

import functools
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypandoc

from .errors import FilterError, WriterError

_FILTER_FAILED = 83
_HERE = Path(__file__).parent


@functools.cache
def pandoc_path() -> str:
    """Return the path of the pandoc that came as a wheel."""
    return str(pypandoc.get_pandoc_path())


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
) -> dict[str, dict[str, Any]]:
    """Parse documents and run their early filters, in one process.

    Returns
    -------
    dict
        Pandoc's document tree as JSON gives it, by target.

    Raises
    ------
    FilterError
        If a filter of the project fails.
    """
    orders, texts = [], dict[str, Path]()
    for job in jobs:
        if job.markdown not in texts:
            texts[job.markdown] = workspace / f"document-{len(texts)}.md"
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
    order = workspace / "read.json"
    order.write_text(json.dumps(orders), encoding="utf-8")
    run_pandoc(["lua", str(_HERE / "read.lua"), str(order)], environment=environment)
    return {job.target: _document(workspace / f"read-{job.target}.json") for job in jobs}


def _document(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def run_pandoc(
    arguments: Sequence[str],
    *,
    document: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> str:
    """Run pandoc, hand it a document tree, and return what it says on standard error.

    Raises
    ------
    FilterError
        If one of the project's filters fails.
    WriterError
        If pandoc fails for another reason.
    """
    given = json.dumps(document, ensure_ascii=False).encode() if document is not None else None
    done = subprocess.run(
        [pandoc_path(), *arguments],
        input=given,
        stdin=subprocess.DEVNULL if given is None else None,
        capture_output=True,
        env=dict(environment) if environment is not None else None,
        cwd=cwd,
        check=False,
    )
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode == _FILTER_FAILED:
        first, _, rest = said.partition("\n")
        raise FilterError.at("This filter failed.", first.removeprefix("filter "), 0, excerpt=rest or first)
    if done.returncode:
        raise WriterError.at(f"pandoc stopped with code {done.returncode}.", excerpt=said)
    return said
