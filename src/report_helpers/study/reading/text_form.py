"""What a text file does not say about itself: its encoding, and what separates its cells."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from report_helpers.study.cohort_errors import CohortError
from report_helpers.study.data_shape import DELIMITERS, ENCODINGS
from report_helpers.study.data_source import DataSource
from report_helpers.study.reading.source import Source
from report_helpers.study.reading.table import Wanted

EXPORT = (
    "Export the patients again as 'CSV UTF-8' or as an Excel workbook (.xlsx), with one heading per column "
    "in the first line."
)

_PLURALS = {"comma": "commas", "semicolon": "semicolons", "tab": "tabs", "pipe": "vertical bars"}
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_NAMES = {"utf-8": "UTF-8", "utf-16": "UTF-16", "windows-1252": "Windows-1252", "latin-1": "Latin-1"}
_UNDEFINED_IN_WINDOWS_1252 = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
_START = 1 << 16
_SNIFFED = 1 << 20


@dataclass(frozen=True)
class Decoded:
    """A text, its lines ended by a line feed; the same in UTF-8; and its encoding in words."""

    text: str = field(repr=False)
    encoding: str
    original: memoryview | None

    @property
    def utf8(self) -> memoryview:
        """The bytes of the text in UTF-8, those of the file itself where they are just that."""
        return memoryview(self.text.encode()) if self.original is None else self.original


def decode(source: Source, options: DataSource) -> Decoded:
    """Return the text of a file, in the encoding that the author or the bytes say.

    Bytes that are not UTF-8 are taken for Windows-1252, of which Latin-1 is a part.

    Raises
    ------
    CohortError
        If the bytes are no text, or not in the encoding that ``study.yml`` names.
    """
    name = options.encoding or _encoding(source.content)
    codec = ENCODINGS[name]
    if name != "utf-16" and b"\x00" in source.content:
        raise _nul(source, source.content[: source.content.index(b"\x00")].count(b"\n") + 1)
    if name == "utf-16" and source.content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        codec = "utf-16-be" if source.content[:1] == b"\x00" else "utf-16-le"
    try:
        text = source.content.decode(codec)
    except UnicodeError as error:
        line = source.content[: getattr(error, "start", 0)].count(b"\n") + 1
        what = (
            f"the data file is not in {_NAMES.get(name, name)}; the first foreign character is on line {line}"
        )
        remedy = f"{EXPORT} Or name its encoding in study.yml under data: encoding:"
        raise CohortError.unreadable(source.name, what, remedy) from None
    if "\x00" in text:
        raise _nul(source, text[: text.index("\x00")].count("\n") + 1)
    original = None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    elif name == "utf-8":
        marked = source.content.startswith(b"\xef\xbb\xbf")
        original = memoryview(source.content)[3 if marked else 0 :]
    return Decoded(text, _NAMES.get(name, name), original)


def separator(source: Source, text: str, options: DataSource, wanted: Wanted) -> tuple[str, int]:
    r"""Return what separates the cells, and how many characters of a line ``sep=;`` to pass over.

    The separator is the one that finds most of the wanted headings; where none finds any, the one that
    cuts the first lines into equally many cells.
    """
    hint = re.match(r"sep=(.)\n", text, re.IGNORECASE)
    said = hint[1] if hint else ""
    skipped = hint.end() if hint else 0
    found = _sniffed(text[skipped : skipped + _SNIFFED], wanted)
    best = max(found, key=lambda each: found[each])
    if not options.delimiter:
        return (said if said in DELIMITERS.values() else DELIMITERS[best]), skipped
    if not found[options.delimiter][0] and found[best][0]:
        what = f"the data file is separated by {_PLURALS[best]}, not by {_PLURALS[options.delimiter]}"
        remedy = f"Write in study.yml, under data:\n    delimiter: {best}"
        raise CohortError.unreadable(source.name, what, remedy)
    return DELIMITERS[options.delimiter], skipped


def delimiter_words(delimiter: str) -> str:
    """Return a separator in words, in the plural."""
    name = next(name for name, sign in DELIMITERS.items() if sign == delimiter)
    return _PLURALS[name]


def _nul(source: Source, line: int) -> CohortError:
    what = f"the data file is not text, or is damaged: line {line} holds a NUL character"
    return CohortError.unreadable(source.name, what, EXPORT)


def _encoding(content: bytes) -> str:
    for mark, name in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return name
    start = content[:_START]
    # Of UTF-16 without its mark, every other byte of ordinary letters is zero.
    for offset in (0, 1):
        if len(start) >= 4 and start[offset::2].count(0) > 0.8 * len(start[offset::2]):
            return "utf-16"
    if content.isascii():
        return "utf-8"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        undefined = any(byte in content for byte in _UNDEFINED_IN_WINDOWS_1252)
        return "utf-8" if undefined else "windows-1252"  # "utf-8" then says on which line it ends
    return "utf-8"


def _sniffed(text: str, wanted: Wanted) -> dict[str, tuple[int, int, int]]:
    """Return for each separator how many wanted headings it finds, and how even and wide its lines are."""
    found = {}
    for name, sign in DELIMITERS.items():
        records = _first_records(text, sign)
        widths = Counter(len(record) for record in records if len(record) > 1)
        width, lines = widths.most_common(1)[0] if widths else (0, 0)
        found[name] = (max(map(wanted.count, records), default=0), lines, width)
    return found


def _first_records(text: str, sign: str) -> Sequence[list[str]]:
    records: list[list[str]] = []
    with suppress(csv.Error):
        records.extend(islice(csv.reader(io.StringIO(text), delimiter=sign), 20))
    return records
