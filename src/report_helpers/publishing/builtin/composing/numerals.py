"""How the numbers of figures, tables and their parts are written: `1`, `a`, `IV`, or from a list of signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import UnsupportedError
from ..reading.files import Place, nowhere

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(frozen=True)
class Style:
    """A way of writing numbers: `arabic`, `alpha a` (counting from that letter), `roman i`, or signs.

    Examples
    --------
    >>> [Style("alpha A").of(2), Style("roman i").of(4), Style(signs=("*", "†")).of(3)]
    ['B', 'iv', '*']
    """

    name: str = "arabic"
    signs: tuple[str, ...] = ()

    def of(self, number: int) -> str:
        """Return the written number."""
        if self.signs:
            return self.signs[(number - 1) % len(self.signs)]
        if self.name.startswith("alpha"):
            first = self.name.removeprefix("alpha").strip() or "a"
            return chr(ord(first[0]) + number - 1)
        if self.name.startswith("roman"):
            written = _roman(number)
            return written if self.name.endswith("i") else written.upper()
        return str(number)


ARABIC, LETTERS = Style(), Style("alpha a")


def read_style(given: Any, place: Place = nowhere) -> Style:
    """Return the style that a setting such as `fig-labels: roman I` names.

    Raises
    ------
    UnsupportedError
        For a style that is not known.
    """
    if isinstance(given, list) and given:
        return Style(signs=tuple(str(sign) for sign in given))
    name = str(given)
    if name.split(" ")[0] not in ("arabic", "alpha", "roman"):
        remedy = "Use `arabic`, `alpha a`, `roman i` or a list of signs."
        raise UnsupportedError.construct(f"the labels `{name}`", *place(name, "crossref"), remedy)
    return Style(name)


def _roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        written += letters * count
    return written
