"""Write one self-contained HTML file."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ..errors import SourceError, UnsupportedError
from ..reading.files import Files
from .blocks_html import render_html
from .embed import embedded
from .loads import refuse_outside
from .options import WriteJob, stage_template
from .pandoc import run_pandoc
from .said import check_messages

_MATH = {"mathml": ["--mathml"], "plain": [], "katex": ["--mathml"], "mathjax": ["--mathml"]}
"""Ways of writing mathematics; the two that need the network become MathML, which every browser knows."""

_NO_NETWORK = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
"""Pandoc would fetch what raw HTML names, to put it into the file; a proxy that is not there stops it."""


def write_html(job: WriteJob) -> None:
    """Write the document as HTML into `job.output`, with pictures, styles and fonts in the one file."""
    arguments = [
        "--from=json",
        "--to=html5",
        "--standalone",
        "--wrap=none",
        f"--template={stage_template(job, 'html', 'template.html')}",
        *_math(job),
        *job.arguments(),
    ]
    if job.metadata.get("section-divs"):
        arguments.append("--section-divs")
    for name in _css(job):
        arguments.append(f"--css={job.files.named(name, 'css')}")
    written = [render_html(tree, job.kinds) for tree in (job.composed.blocks, job.composed.meta)]
    document = job.document(*written)
    environment = {**job.environment, **_NO_NETWORK}
    run = functools.partial(run_pandoc, document=document, environment=environment, cwd=job.files.project)
    said = run(arguments, job.output)
    plain, find = job.output.read_text(encoding="utf-8"), functools.partial(_meant, job.files)
    page = embedded(plain, find)
    if page is None:
        refuse_outside(plain, find)
        said = run([*arguments, "--embed-resources"], job.output)
    else:
        job.output.write_text(page, encoding="utf-8")
    check_messages(said)


def _meant(files: Files, address: str) -> Path | None:
    """Return the file that an address in a page means; a blank is written as a code there."""
    try:
        return files.find(address) or files.find(unquote(address))
    except SourceError as error:
        problem, place = error.problems[0], files.mention(address)
        place = place if place[0] else files.mention(Path(address).name)  # as a style sheet names it
        raise SourceError.at(problem.what, *place, problem.remedy) from None


def _css(job: WriteJob) -> list[str]:
    given: Any = job.metadata.get("css") or []
    return [str(name) for name in (given if isinstance(given, list) else [given])]


def _math(job: WriteJob) -> list[str]:
    given = job.metadata.get("html-math-method")
    if isinstance(given, dict):
        given = given.get("method")
    if given is None:
        # Quarto's minimal pages leave mathematics to pandoc, its full ones load a script from the network.
        given = "plain" if job.metadata.get("minimal") else "mathml"
    if given not in _MATH:
        raise UnsupportedError.construct(
            f"`html-math-method: {given}`", remedy=f"Known are {', '.join(_MATH)}."
        )
    return _MATH[given]
