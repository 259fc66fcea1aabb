"""How far each letter of a TrueType font advances, read from the file itself.

A drawing library would tell too, but takes longer to load than all figures take to draw.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_FULL_UNICODE = 12
"""The format of a character map that reaches all of Unicode, as runs of consecutive glyphs."""


def font_directory() -> Path:
    """Return the folder of the fonts that figures are measured and drawn with: those matplotlib ships.

    Raises
    ------
    FileNotFoundError
        If matplotlib is not installed with its data.
    """
    found = find_spec("matplotlib")
    for place in (found.submodule_search_locations or ()) if found else ():
        folder = Path(place) / "mpl-data" / "fonts" / "ttf"
        if folder.is_dir():
            return folder
    raise FileNotFoundError("matplotlib's fonts are missing; install this package anew")


class Typeface:
    """The advances of one font file.

    Parameters
    ----------
    path : Path
        A TrueType font with a character map of all Unicode.

    Examples
    --------
    >>> Typeface(font_directory() / "DejaVuSans.ttf").advance("A")
    0.68408203125
    """

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        (tables,) = struct.unpack_from(">4xH", self._data)
        directory = struct.iter_unpack(">4s4xII", self._data[12 : 12 + 16 * tables])
        self._tables = {name: start for name, start, _ in directory}
        (self._units,) = struct.unpack_from(">H", self._data, self._tables[b"head"] + 18)
        (self._measured,) = struct.unpack_from(">H", self._data, self._tables[b"hhea"] + 34)
        self._runs = self._character_map()
        self._starts = [start for start, _, _ in self._runs]

    def advance(self, letter: str) -> float:
        """Return how far a letter advances, in font sizes; an unknown one prints as the font's empty box."""
        run = self._runs[max(bisect_right(self._starts, ord(letter)) - 1, 0)]
        glyph = run[2] + ord(letter) - run[0] if run[0] <= ord(letter) <= run[1] else 0
        # Glyphs after the last one measured are as wide as that one.
        place = self._tables[b"hmtx"] + 4 * min(glyph, self._measured - 1)
        (units,) = struct.unpack_from(">H", self._data, place)
        return float(units / self._units)

    def _character_map(self) -> list[tuple[int, int, int]]:
        """Return runs of characters: the first, the last, and the first one's glyph."""
        start = self._tables[b"cmap"]
        (maps,) = struct.unpack_from(">2xH", self._data, start)
        for _, _, offset in struct.iter_unpack(">HHI", self._data[start + 4 : start + 4 + 8 * maps]):
            kind, groups = struct.unpack_from(">H10xI", self._data, start + offset)
            if kind == _FULL_UNICODE:
                first = start + offset + 16
                return list(struct.iter_unpack(">III", self._data[first : first + 12 * groups]))
        raise ValueError("the font has no character map of all Unicode")


@cache
def typeface(bold: bool) -> Typeface:
    """Return the DejaVu Sans that the figures are set in."""
    return Typeface(font_directory() / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"))
