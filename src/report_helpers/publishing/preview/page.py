"""The page as it is served: the manuscript, a problem laid over it, and a script that waits for the next."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.publishing.builtin import EngineError

_SCRIPT = (Path(__file__).parent / "reload.js").read_text(encoding="utf-8")
_STYLE = (Path(__file__).parent / "problem.css").read_text(encoding="utf-8")

_EMPTY = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Manuscript preview</title></head>
<body></body></html>"""


@dataclass(frozen=True)
class Problem:
    """Something that keeps the manuscript from being rendered.

    Attributes
    ----------
    what : str
        The problem, in a sentence.
    place : str
        File and line, as far as they are known.
    remedy : str
        What to do about it.
    excerpt : str
        Source lines or an exception. They may hold what the data hold, so they are for the page only.
    """

    what: str
    place: str = ""
    remedy: str = ""
    excerpt: str = ""


def problems_of(error: Exception) -> tuple[Problem, ...]:
    """Return what an error says, problem by problem."""
    if isinstance(error, EngineError):
        return tuple(
            Problem(
                each.what,
                f"{each.file}, line {each.line}" if each.line else each.file,
                each.remedy,
                each.excerpt,
            )
            for each in error.problems
        )
    if isinstance(error, ManuscriptError):
        return (Problem(error.what, error.where, error.remedy),)
    return (
        Problem(
            "The preview met something it was not made for.",
            remedy="Please report this with what you changed last.",
            excerpt=f"{type(error).__name__}: {error}",
        ),
    )


def served_page(manuscript: str, problems: Iterable[Problem], edition: str, waiting: str = "") -> str:
    """Return the page for the browser.

    Parameters
    ----------
    manuscript : str
        The last manuscript that could be rendered; empty if there is none yet.
    problems : iterable of Problem
        What is wrong with the sources as they are now.
    edition : str
        What the browser compares to learn that there is something new.
    waiting : str
        What is said in place of a manuscript while the first is being made.
    """
    page = manuscript or _EMPTY
    found = [_one(each) for each in problems]
    panel = ""
    if found:
        below = "<p>Below is the last manuscript without it.</p>" if manuscript else ""
        panel = (
            f"<style>{_STYLE}</style>\n"
            '<div id="manuscript-preview-problem" role="alert">'
            f"<h1>The manuscript has {'a problem' if len(found) == 1 else f'{len(found)} problems'}</h1>"
            f"{''.join(found)}{below}<p>Mend it and save: this note goes by itself.</p></div>\n"
        )
    elif not manuscript:
        panel = f"<p>{html.escape(waiting)}</p>"
    script = f"<script>{_SCRIPT.replace('EDITION', edition)}</script>\n"
    head, end, tail = page.rpartition("</body>")
    return head + panel + script + end + tail if end else page + panel + script


def _one(problem: Problem) -> str:
    parts = [f"<h2>{html.escape(problem.place)}</h2>"] if problem.place else []
    parts.append(f"<p>{html.escape(problem.what)}</p>")
    if problem.excerpt:
        parts.append(f"<pre>{html.escape(problem.excerpt)}</pre>")
    if problem.remedy:
        parts.append(f"<p><strong>{html.escape(problem.remedy)}</strong></p>")
    return "".join(parts)
