"""Tags, attributes and names of JATS as pandoc's raw inlines."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from .. import nodes
from ..nodes import Node

_BARE, _END = "<?bare?>", "<?end?>"


def raw(text: str) -> Node:
    """Make an inline of JATS."""
    return nodes.raw_inline("jats", text)


def opening(tag: str, **attributes: str) -> str:
    """Return a start tag; attributes without value are left out, `_` in a name is written `-`, `__` is `:`.

    Examples
    --------
    >>> opening("sec", id="sec-methods", sec_type="")
    '<sec id="sec-methods">'
    """
    given = (
        f" {name.replace('__', ':').replace('_', '-')}={quoteattr(value)}"
        for name, value in attributes.items()
        if value
    )
    return f"<{tag}{''.join(given)}>"


def bare(inlines: Sequence[Node]) -> Node:
    """Make a line without the paragraph that pandoc puts around it; `without_marks` takes that off."""
    return nodes.plain([raw(_BARE), *inlines, raw(_END)])


def is_bare(block: Node) -> bool:
    """Whether a block is a line of JATS."""
    return bool(block["t"] == "Plain" and block["c"][:1] == [raw(_BARE)])


def line(text: str) -> Node:
    """Make a line of JATS between blocks."""
    return bare([raw(text)])


def without_marks(text: str) -> str:
    """Take the paragraphs around bare lines out of what pandoc wrote."""
    return text.replace(f"<p>{_BARE}", "").replace(f"{_END}</p>", "")


def element(tag: str, inlines: Sequence[Node], **attributes: str) -> list[Node]:
    """Put inlines into an element."""
    return [raw(opening(tag, **attributes)), *inlines, raw(f"</{tag}>")]


def text_element(tag: str, text: str, **attributes: str) -> str:
    """Return an element that holds plain text."""
    return f"{opening(tag, **attributes)}{escape(text)}</{tag}>"


def wrapped(tag: str, blocks: Sequence[Node], **attributes: str) -> list[Node]:
    """Put blocks into an element."""
    return [line(opening(tag, **attributes)), *blocks, line(f"</{tag}>")]


def _is_in_names(letter: str) -> bool:
    """Whether XML allows a letter within a name; of the signs below À it allows only those of ASCII."""
    plain = letter.isascii() and (letter.isalnum() or letter in "._-")
    return plain or (ord(letter) >= ord("À") and letter.isalpha())


def name_of(identifier: str) -> str:
    """Return an identifier as XML allows it.

    Examples
    --------
    >>> name_of("1:größe x²")
    '_1U003AgrößeU0020xU00B2'
    """
    written = "".join(letter if _is_in_names(letter) else f"U{ord(letter):04X}" for letter in identifier)
    return written if not written or written[0].isalpha() or written[0] == "_" else f"_{written}"
