"""A report as one HTML page that holds its own style and fetches nothing: its frame, and its file."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from report_helpers.errors import ManuscriptError

_STYLE = Path(__file__).with_suffix(".css")
_HEAD_BYTES = 1000


def report_page(command: str, title: str, parts: Iterable[str], style: Path) -> str:
    """Return a page that is made of these parts.

    Parameters
    ----------
    command : str
        Which command writes the page, ``"manuscript diff"``; by it `write_report` knows an older one.
    title : str
        Title of the browser's window, as plain text.
    parts : iterable of str
        HTML of the header, the sections and the footer; empty ones are left out.
    style : Path
        Style sheet of this page alone, to come after ``report_page.css``, which all reports share.

    Examples
    --------
    >>> page = report_page("manuscript sing", "Do & re", ["<h1>Do</h1>", ""], _STYLE)
    >>> "<title>Do &amp; re</title>" in page
    True
    """
    sheets = "".join(path.read_text(encoding="utf-8") for path in (_STYLE, style))
    return (
        f'<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">{_signature(command)}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>\n{sheets}</style></head>\n<body><main>\n"
        + "\n".join(filter(None, parts))
        + "\n</main></body></html>\n"
    )


def section(title: str, content: str) -> str:
    """Return a section under a heading, or nothing where there is nothing to put into it.

    Parameters
    ----------
    title : str
        The heading, as plain text.
    content : str
        HTML.
    """
    return f"<section><h2>{escape(title)}</h2>{content}</section>" if content else ""


def write_report(page: str, path: Path, command: str) -> None:
    """Write a page, in place of an older one of the same command but of no other file.

    Raises
    ------
    ManuscriptError
        If another file is there, or the page cannot be written.
    """
    try:
        if path.exists() and _signature(command).encode() not in path.read_bytes()[:_HEAD_BYTES]:
            raise ManuscriptError(
                f"there is a file of that name, which no {command} wrote",
                str(path),
                "name another file with --html FILE",
            )
        path.write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        reason = (error.strerror or "unwritable").lower()
        raise ManuscriptError(f"the page cannot be written ({reason})", str(path), "name a file") from None


def _signature(command: str) -> str:
    return f'<meta name="generator" content="{command}">'
