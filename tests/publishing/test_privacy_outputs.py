"""No output has a row of the data, a patient's id, or the name of a machine, its user or a folder."""

from __future__ import annotations

import base64
import json
import re
import shutil
import socket
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from lxml import html
from pypdf import PdfReader, PdfWriter

from report_helpers.publishing.render import Request, render

from . import leaks

VICTIM, SCREENED = 17, date(2002, 1, 18)
USER = "nutzerin-9917"
FOLDER = "Geheimordner 9917"
FILES = ("index.html", "index.pdf", "index.docx", "index.xml", "manuscript.ipynb", "numbers.json")

# What an author would have to do to print of a patient what must not be printed.
PLANT = """
```{python}
#| echo: false
import csv, os
from datetime import date
from IPython.display import Markdown
with open(os.environ["MANUSCRIPT_DATA"], encoding="utf-8", newline="") as file:
    row = list(csv.DictReader(file))[17]
day = date.fromisoformat(row["screening_date"])
age = float(row["age_years"])
words = [row["patient_id"], row["centre"][3:-4], row["Telefon"], row["Notiz"].split("<script>")[1][:15]]
Markdown("; ".join([*words, f"{day:%d.%m.%Y}", f"{age:.6f}".replace(".", ","), row["bmi_kg_m2"]]))
```
"""
PLANTED = ("patient_id", "centre", "Telefon", "Notiz", "day", "age_years", "bmi_kg_m2")


@dataclass(frozen=True)
class Marked:
    """One render of a marked cohort, with a leak planted in a chapter; and what it said meanwhile."""

    project: Path
    data: Path
    output: Path
    marks: leaks.Marks
    said: tuple[str, ...]


@pytest.fixture(scope="module")
def marked(project_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Marked:
    folder = tmp_path_factory.mktemp("marked") / FOLDER
    project = folder / "manuscript"
    shutil.copytree(project_copy, project, ignore=shutil.ignore_patterns("src", "tests", "_*manuscript"))
    data = folder / "export.csv"
    marks = leaks.mark(project / "data" / "synthetic" / "cohort.csv", data)
    study = project / "study.yml"
    text = study.read_text(encoding="utf-8")
    # The period is printed, so its ends are to be days of no patient.
    for printed, end in (("2022-01-01", "1999-01-01"), ("2023-12-31", "2009-12-31")):
        assert printed in text
        text = text.replace(printed, end)
    text = text.replace("bootstrap_resamples: 1000", "bootstrap_resamples: 100")
    study.write_text(text.replace("imputations: 20", "imputations: 2"), encoding="utf-8")
    chapter = project / "chapters" / "declarations.qmd"
    chapter.write_text(chapter.read_text(encoding="utf-8") + PLANT, encoding="utf-8")
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("USER", "LOGNAME", "USERNAME"):
            patch.setenv(name, USER)
        request = Request(project, ("html", "pdf", "docx", "jats"), data, engine="builtin")
        output = render(request, lambda stage, detail, seconds: said.append(f"{stage} {detail}")).directory
    return Marked(project, data, output, marks, tuple(said))


def outputs(marked: Marked) -> Mapping[str, Path]:
    return {path.name: path for path in marked.output.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", FILES)
def test_an_output_has_no_mark_of_a_patient_but_the_planted(marked: Marked, name: str) -> None:
    told = leaks.found((marked.output / name).read_bytes(), marked.marks, name)
    # The ledger lists what the manuscript computed, and the plant is none of it. Several share the day.
    planted = () if name == "numbers.json" else PLANTED
    alike = marked.marks.sharing(SCREENED)
    assert told == {column: alike if column == "day" else {VICTIM} for column in planted}


def test_no_other_file_and_nothing_said_has_a_mark(marked: Marked) -> None:
    others = {name: path for name, path in outputs(marked).items() if name not in FILES}
    assert all(leaks.found(path.read_bytes(), marked.marks, name) == {} for name, path in others.items())
    assert leaks.found("\n".join(marked.said).encode(), marked.marks, "log.txt") == {}
    assert any("its patients are taken as real" in line for line in marked.said)


def test_generated_files_have_no_mark(marked: Marked, tmp_path: Path) -> None:
    from report_helpers.publishing.prepare import prepare

    prepare(marked.project, tmp_path, data=marked.data)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 4
    assert all(leaks.found(path.read_bytes(), marked.marks, path.name) == {} for path in files)


def test_real_patients_have_no_notice_and_no_small_counts(marked: Marked) -> None:
    about = json.loads((marked.output / "numbers.json").read_text(encoding="utf-8"))["provenance"]
    assert (about["synthetic"], about["least-shown"], about["notice"]) == (False, 5, "")
    assert "[not shown]" in (marked.output / "index.html").read_text(encoding="utf-8")


def test_no_output_names_the_machine_its_user_or_a_folder(marked: Marked) -> None:
    names = [USER, FOLDER, FOLDER.replace(" ", "%20"), str(marked.project)]
    home, host = str(Path.home()), socket.gethostname()
    names += [f"{home}/"] if len(home) > 1 else []
    names += [host] if re.search(r"\w{3}.*[\d.-]", host) else []  # others may be words of the text
    for name, path in outputs(marked).items():
        for text, _ in leaks.unpacked(path.read_bytes(), name):
            assert [each for each in names if each in text] == [], name


def test_properties_name_nobody_but_the_authors(marked: Marked) -> None:
    word = zipfile.ZipFile(marked.output / "index.docx")
    core = word.read("docProps/core.xml").decode()
    assert re.findall(r"<cp:lastModifiedBy>(.*?)</cp:lastModifiedBy>", core) in ([], [""])
    assert set(re.findall(r"<dc:creator>(.*?)</dc:creator>", core)) == {
        "[First author]; [Second author]; [Last author]"
    }
    about = PdfReader(marked.output / "index.pdf").metadata or {}
    assert set(about) <= {
        "/Title",
        "/Author",
        "/Subject",
        "/Keywords",
        "/Creator",
        "/CreationDate",
        "/ModDate",
    }
    notebook = json.loads((marked.output / "manuscript.ipynb").read_text(encoding="utf-8"))
    assert set(notebook["metadata"]) <= {"kernelspec", "language_info"}
    assert {key for cell in notebook["cells"] for key in cell["metadata"]} == set()
    page = html.parse(str(marked.output / "index.html"))
    assert {each.get("content") for each in page.iterfind(".//meta[@name='author']")} == {
        "[First author]", "[Second author]", "[Last author]"
    }  # fmt: skip


def _png(text: bytes) -> bytes:
    chunks = [(b"IHDR", bytes(13)), (b"zTXt", b"Comment\0\0" + zlib.compress(text)), (b"IEND", b"")]
    made = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


def _zip(name: str, content: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def _pdf(text: str) -> bytes:
    made = PdfWriter()
    made.add_blank_page(9, 9)
    made.add_metadata({"/Keywords": text})
    made.add_attachment("a.txt", text.encode())
    packed = BytesIO()
    made.write(packed)
    return packed.getvalue()


SECRET = "PID-830510017"
PACKED = {
    "a picture's comment": (_png(SECRET.encode()), "a.png"),
    "a picture in a page": (
        b'<p><img src="data:image/png;base64,' + base64.b64encode(_png(SECRET.encode())) + b'"></p>',
        "a.html",
    ),
    "an archive in an archive": (_zip("a.zip", _zip("b.txt", SECRET.encode())), "a.docx"),
    "the name of a file in an archive": (_zip(f"{SECRET}.txt", b""), "a.docx"),
    "a text parted by elements": (b"<p>PID-83<b>0510</b>017</p>", "a.html"),
    "the description of a picture": (b'<p><img alt="PID-83&#48;510017"></p>', "a.html"),
    "escapes of a notebook": (
        json.dumps({"data": {"text/plain": [SECRET[:6], SECRET[6:]]}}).encode(),
        "a.ipynb",
    ),
    "a picture in a notebook": (
        json.dumps({"image/png": base64.b64encode(_png(SECRET.encode())).decode()}).encode(),
        "a.ipynb",
    ),
    "a PDF's keywords and attachment": (_pdf(SECRET), "a.pdf"),
    "letters of two bytes": (SECRET.encode("utf-16-be"), "a.bin"),
}


@pytest.mark.parametrize("place", PACKED)
def test_the_search_finds_what_is_packed(place: str) -> None:
    content, name = PACKED[place]
    assert leaks.found(content, leaks.Marks(), name) == {"patient_id": {VICTIM}}


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("34.712390481", {"age_years"}),
        ("aged 34,71239 years", {"age_years"}),
        ("34.71 and 12.340 once, as others may be", set()),
        ("34.71 35.72 36.73 37.74 38.75", {"age_years"}),
        ("05.03.2002", {"day"}),
        ("on 5 March 2002", {"day"}),
        ("2002-03-05T00:00:00", {"day"}),
        ("5 March 2003, 1.34.71239, 134.71239", set()),
    ],
)
def test_the_search_knows_numbers_and_days_as_they_are_written(text: str, columns: set[str]) -> None:
    marks = leaks.Marks()
    for patient, number in enumerate(
        ("34.712390481", "35.721111111", "36.731111111", "37.741111111", "38.751111111")
    ):
        marks.number("age_years", patient, number)
    marks.day(0, date(2002, 3, 5))
    assert set(leaks.found(text.encode(), marks, "a.txt")) == columns
