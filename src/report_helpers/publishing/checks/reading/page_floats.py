"""Tables and figures as the page shows them: caption, and pictures that say nothing to who cannot see."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from report_helpers.publishing.pages import read_page

_CAPTION = re.compile(
    r"<figcaption\b[^>]*\bid=\"(?P<label>[\w:.-]+?)-caption\b[^>]*>.*?</figcaption>", re.DOTALL
)
_NUMBER = re.compile(r"^[^\d:]*[\d.]+[a-z]?\s*(?:[:.]\s*|$)|^\([a-z]+\)\s*")


@dataclass(frozen=True)
class PageFloat:
    """A float of the page.

    Attributes
    ----------
    caption : str
        Its caption with "Table 1:", as it is read; empty where there is none.
    unread : int
        Pictures in it without alternative text.
    """

    caption: str = ""
    unread: int = 0

    @property
    def title(self) -> str:
        """The caption without "Table 1:"."""
        return _NUMBER.sub("", self.caption, count=1).strip()


def page_floats(html: str, labels: frozenset[str]) -> dict[str, PageFloat]:
    """Return those of `labels` that the page has.

    Examples
    --------
    >>> caption = '<figcaption id="fig-a-caption">Figure 1: A.</figcaption>'
    >>> page = f'<div id="fig-a"><img src="a.png">{caption}</div>'
    >>> page_floats(page, frozenset({"fig-a"}))["fig-a"]
    PageFloat(caption='Figure 1: A.', unread=1)
    """
    captions = {
        found["label"]: " ".join(each.text for each in read_page(found[0]).paragraphs)
        for found in _CAPTION.finditer(html)
    }
    pictures = _Pictures(labels)
    pictures.feed(html)
    pictures.close()
    return {label: PageFloat(captions.get(label, ""), unread) for label, unread in pictures.unread.items()}


class _Pictures(HTMLParser):
    """Counts pictures without alternative text by the float that they stand in."""

    def __init__(self, labels: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.unread: dict[str, int] = {}
        self._labels = labels
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        label = given.get("id") or ""
        if label in self._labels:
            self.unread.setdefault(label, 0)
        if tag == "img":
            around = next((name for _, name in reversed(self._open) if name), label)
            if around in self.unread and not (given.get("alt") or "").strip():
                self.unread[around] += 1
        elif tag in ("div", "figure", "section"):
            self._open.append((tag, label if label in self._labels else ""))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()
