"""The advances of letters, against FreeType as matplotlib wraps it."""

from __future__ import annotations

import pytest
from matplotlib.ft2font import FT2Font, LoadFlags

from report_helpers.reporting.typeface import font_directory, typeface


@pytest.mark.parametrize(("name", "bold"), [("DejaVuSans.ttf", False), ("DejaVuSans-Bold.ttf", True)])
def test_every_letter_is_as_wide_as_freetype_says(name: str, bold: bool) -> None:
    face = FT2Font(str(font_directory() / name))
    letters = sorted(face.get_charmap())
    assert len(letters) > 5000
    wrong = [
        code
        for code in letters
        if typeface(bold).advance(chr(code))
        != face.load_char(code, LoadFlags.NO_SCALE).horiAdvance / face.units_per_EM
    ]
    assert wrong == []


@pytest.mark.parametrize("unknown", ["\x01", "\u2fff", "\U0010ffff"])
def test_an_unknown_letter_is_as_wide_as_the_empty_box_it_prints_as(unknown: str) -> None:
    face = FT2Font(str(font_directory() / "DejaVuSans.ttf"))
    assert face.get_char_index(ord(unknown)) == 0
    box = face.load_glyph(0, LoadFlags.NO_SCALE).horiAdvance / face.units_per_EM
    assert typeface(False).advance(unknown) == box
