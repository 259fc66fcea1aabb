"""Marked patients, and the search of an output for their marks, in bytes, texts and what is packed within."""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import html
import io
import json
import re
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from lxml import etree
from lxml import html as page
from pypdf import PdfReader
from pypdf.generic import ContentStream, StreamObject

NUMBERS = (
    "age_years",
    "bmi_kg_m2",
    "infertility_duration_years",
    "th1_th2_ratio",
    "nk_cells_percent",
)
DATES = ("screening_date", "biopsy_date", "transfer_date", "immunotherapy_start_date", "hcg_date")
BACK = timedelta(days=7305)
"""Twenty years, which no other day in an output lies in."""

_WORDS = {"patient_id": "83051", "centre": "Klinikum", "Notiz": "Merkzeichen", "Telefon": "0049173"}
_TEXT = re.compile("|".join(f"{word}\\d{{4}}" for word in _WORDS.values()))
_NUMBER = re.compile(r"(?<![\w.,])(\d{1,3})[.,](\d{2,17})(?![\w]|[.,]\d)")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_URI = re.compile(rb"data:[\w.+/;=-]*?base64,([A-Za-z0-9+/=\s%]+)")
_DECIMALS = 9
_LEAST, _FEW = 5, 5
"""With fewer decimals, another number may be alike: only so many different marks of a column are told."""

_RATIOS = tuple(name for name in NUMBERS if name != "age_years")
"""With two decimals these look like what is printed of ratios."""

_READ = ("alt", "title", "content", "aria-label", "summary", "descr", "value", "href")


@dataclass
class Marks:
    """What each patient of a cohort is known by; text marks need no list, since nothing else has them."""

    numbers: dict[str, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    days: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    rounded: dict[tuple[int, str], set[tuple[str, int]]] = field(default_factory=lambda: defaultdict(set))

    def number(self, column: str, patient: int, text: str) -> None:
        self.numbers[column][patient] = text
        for places in range(2, _DECIMALS + 1):
            for shown in (f"{float(text):.{places}f}", text[: len(text) - _DECIMALS + places]):
                self.rounded[places, shown].add((column, patient))

    def day(self, patient: int, day: date) -> None:
        for text in spelled(day):
            self.days[text].add(patient)

    def sharing(self, day: date) -> set[int]:
        """Return the patients to whom something happened on a day."""
        return self.days[day.isoformat()]


def spelled(day: date) -> list[str]:
    """Return a day as it may be written."""
    forms = ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d", "%d %B %Y", "%B %d, %Y", "%d-%b-%Y"]
    texts = [day.strftime(form) for form in forms]
    return [*texts, f"{day.day}.{day.month}.{day.year}", f"{day.day} {day:%B} {day.year}"]


def mark(shipped: Path, target: Path) -> Marks:
    """Write a copy of a cohort in which each patient can be told by every column that may hold a mark.

    Codes and counts are the same for many patients and cannot mark one. Besides the columns of the
    dictionary there are others, as exports have them, with markup and a formula.
    """
    marks = Marks()
    with shipped.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for patient, row in enumerate(rows):
        row["patient_id"] = f"PID-{_WORDS['patient_id']}{patient:04d}"
        row["centre"] = f"<b>{_WORDS['centre']}{patient:04d}</b>"
        row["Notiz"] = f'=HYPERLINK("x")\n<script>{_WORDS["Notiz"]}{patient:04d}</script> **und** $x$'
        row["Telefon"] = f"{_WORDS['Telefon']}{patient:04d}"
        for column in NUMBERS:
            if row[column]:
                # No mark below 1: a number like 0.123 may be a P value.
                digits = int(hashlib.sha256(f"{column} {patient}".encode()).hexdigest(), 16) % 10**_DECIMALS
                row[column] = f"{max(int(float(row[column])), 1)}.{digits:0{_DECIMALS}d}"
                marks.number(column, patient, row[column])
        for column in DATES:
            if row[column]:
                day = date.fromisoformat(row[column]) - BACK
                row[column] = day.isoformat()
                marks.day(patient, day)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return marks


def found(content: bytes, marks: Marks, name: str = "") -> dict[str, set[int]]:
    """Return which kinds of marks stand in an output, and whose: `{"patient_id": {17}}`."""
    told: dict[str, set[int]] = defaultdict(set)
    for text, is_text in unpacked(content, name):
        for hit in _TEXT.finditer(text):
            column = next(name for name, word in _WORDS.items() if hit[0].startswith(word))
            told[column].add(int(hit[0].removeprefix(_WORDS[column])))
        for day in re.findall(r"\d{4}-\d\d-\d\d|\d{8}|\d{1,2}[./]\d{1,2}[./]\d{4}|\d{1,2}-\w{3}-\d{4}", text):
            told["day"] |= marks.days.get(day, set())
        for day in re.findall(r"\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]+ \d{1,2}, \d{4}", text):
            told["day"] |= marks.days.get(day, set())
        # Drawings are made of numbers with as many decimals as a mark has: there only whole marks count.
        least = 2 if is_text else _DECIMALS - 1
        alike: dict[str, set[int]] = defaultdict(set)
        for whole, decimals in _NUMBER.findall(_DOI.sub("", text)):
            places = min(len(decimals), _DECIMALS)
            if places >= least:
                shown = f"{float(f'{whole}.{decimals}'):.{places}f}"
                for column, patient in marks.rounded.get((places, shown), ()):
                    if places >= _LEAST:
                        told[column].add(patient)
                    elif places > 2 or column not in _RATIOS:
                        alike[column].add(patient)
        for column, patients in alike.items():
            if len(patients) >= _FEW:
                told[column] |= patients
    return {column: patients for column, patients in told.items() if patients}


@cache
def unpacked(content: bytes, name: str) -> tuple[tuple[str, bool], ...]:
    """Return the layers of a file as text."""
    found = dict.fromkeys(layers(content, name))
    return tuple((layer.decode("utf-8", errors="replace"), is_text) for layer, is_text in found)


def layers(content: bytes, name: str = "") -> Iterator[tuple[bytes, bool]]:
    """Yield the bytes of a file and of all that is packed within it, and what is text in them.

    The second of a pair tells whether it is text that somebody reads, rather than bytes.
    """
    yield content, False
    if b"\0" in content:
        yield content.replace(b"\0", b""), False  # texts of two bytes a letter
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                yield f"{entry.filename} {entry.comment!r}".encode(), True
                yield from layers(archive.read(entry), entry.filename)
    elif content.startswith(b"%PDF"):
        yield from _pdf(content)
    elif content.startswith(b"\x89PNG"):
        yield from _png(content)
    elif name.endswith((".ipynb", ".json")):
        yield from _json(json.loads(content))
    elif name.endswith((".xml", ".svg", ".rels")) or content.lstrip().startswith(b"<?xml"):
        yield _read(etree.fromstring(content)), True
    elif name.endswith(".html"):
        yield _read(page.fromstring(content)), True
    elif name.endswith((".txt", ".yml", ".csl")):
        yield content, True
    for uri in _URI.findall(content):
        try:
            packed = base64.b64decode(uri, validate=False)
        except binascii.Error:
            continue
        yield from layers(packed)


def _read(root: etree._Element) -> bytes:
    """Return the texts of a tree, and those of its attributes that are read."""
    parts = []
    for node in root.iter():
        if not isinstance(node.tag, str):
            parts.append(node.text or "")
            continue
        attributes = [
            str(text) for key, text in node.attrib.items() if key in _READ or key.startswith("data-")
        ]
        parts += [*attributes, node.text or "", node.tail or ""]
    # A mark may be parted by elements, so the texts are read joined, too.
    return "\n".join([" ".join(parts), "".join(root.itertext())]).encode()


def _json(value: object) -> Iterator[tuple[bytes, bool]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key).encode(), True
            packed = key.startswith(("image/", "application/pdf")) and isinstance(inner, str)
            yield from layers(base64.b64decode(inner)) if packed and "<" not in inner else _json(inner)
    elif isinstance(value, list):
        if all(isinstance(each, str) for each in value):
            yield "".join(value).encode(), True
        else:
            for inner in value:
                yield from _json(inner)
    else:
        yield html.unescape(str(value)).encode(), True


def _png(content: bytes) -> Iterator[tuple[bytes, bool]]:
    at = 8
    while at < len(content):
        size, kind = struct.unpack(">I4s", content[at : at + 8])
        data = content[at + 8 : at + 8 + size]
        at += size + 12
        if kind in (b"tEXt", b"iTXt", b"zTXt", b"eXIf"):
            yield data, True
            for start in re.finditer(rb"\0", data):
                try:
                    yield zlib.decompress(data[start.end() :]), True
                except zlib.error:
                    continue


def _pdf(content: bytes) -> Iterator[tuple[bytes, bool]]:
    reader = PdfReader(io.BytesIO(content))
    numbers = {*reader.xref_objStm, *(number for each in reader.xref.values() for number in each)}
    for number in sorted(numbers):
        part = reader.get_object(number)
        if isinstance(part, StreamObject) and not isinstance(part, ContentStream):
            yield from layers(part.get_data())
        yield str(part).encode(errors="replace"), False
    yield "\n".join(map(str, (reader.metadata or {}).values())).encode(), True
    for sheet in reader.pages:
        yield sheet.extract_text().encode(errors="replace"), True
