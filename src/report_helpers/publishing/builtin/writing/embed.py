"""Put what an HTML page loads into the page, so that it is one file.

Pandoc can do this for everything a page may load, but reads and rewrites the whole page to do it, which takes
longer than writing it. Pictures and style sheets, all that a manuscript usually has, are put in here.
"""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

_LOADING = re.compile(
    r"<(img|link|script|source|video|audio|embed|object|iframe|frame|track|input|image|use|base)\b[^>]*>",
    re.I,
)
_ADDRESS = re.compile(
    r"""\b(?:src|href|srcset|data|poster)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.I
)
_STYLE_SHEET = re.compile(r"""\brel\s*=\s*["']?stylesheet\b""", re.I)
_IN_STYLES = re.compile(r"""url\(\s*["']?(?!data:|#|["'])|@import""", re.I)


def embedded(page: str, find: Callable[[str], Path | None]) -> str | None:
    """Return the page with its pictures and style sheets inside, or None if it loads anything else.

    Parameters
    ----------
    page : str
        HTML.
    find : callable
        Returns the file that an address within the page means, or None.

    Examples
    --------
    >>> embedded("<p>No picture.</p>", lambda name: None)
    '<p>No picture.</p>'
    >>> embedded('<script src="a.js"></script>', lambda name: None) is None
    True
    """
    beyond = False

    def put(match: re.Match[str]) -> str:
        nonlocal beyond
        tag, kind = match[0], match[1].lower()
        addresses = list(_ADDRESS.finditer(tag))
        elsewhere = [each for each in addresses if not _address(each).startswith(("data:", "#"))]
        if not elsewhere:
            return tag
        path = find(_address(elsewhere[0]))
        if path is None or len(addresses) > 1:
            beyond = True
        elif kind == "img":
            return tag[: elsewhere[0].start()] + f'src="{data_uri(path)}"' + tag[elsewhere[0].end() :]
        elif kind == "link" and _STYLE_SHEET.search(tag):
            return f"<style>\n{path.read_text(encoding='utf-8').strip()}\n</style>"
        else:
            beyond = True
        return tag

    whole = _LOADING.sub(put, page)
    return None if beyond or _IN_STYLES.search(whole) else whole


def data_uri(path: Path) -> str:
    """Return a file as an address that holds it."""
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def _address(match: re.Match[str]) -> str:
    return unescape(next(group for group in match.groups() if group is not None))
