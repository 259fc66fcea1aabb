"""What a release leaves: tag, documents that know their version, and the page of all versions."""

from __future__ import annotations

import hashlib
import json
import re
import stat
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader

from report_helpers.publishing.release.changes import write_changes
from report_helpers.publishing.release.tags import releases

from . import owls
from .conftest import Run

CITATION = "A. One, B. Two. Owls in situ. Version 1.1. 16 February 2026. [repository or DOI to be supplied]."
FILES = ["CITATION.cff", "SHA256SUMS", "index.docx", "index.html", "index.pdf", "numbers.json"]


class Links(HTMLParser):
    """Holds that every tag is closed in its order, and collects what is linked or fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "link", "img", "iframe")
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        self.open += [tag] if tag != "meta" else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_files_are_there_read_only_and_listed_with_their_checksums(released: Path) -> None:
    first = released / "versions" / "v1.0"
    assert sorted(path.name for path in first.iterdir()) == FILES
    second = released / "versions" / "v1.1"
    assert sorted(path.name for path in second.iterdir()) == sorted(
        [*FILES, "changes-from-v1.0.html", "changes-from-v1.0.json"]
    )
    for path in (*first.iterdir(), *second.iterdir()):
        assert not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH), path
    lines = (second / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((second / name).read_bytes()).hexdigest() == digest
    assert len(lines) == len(FILES) + 1


def test_the_documents_say_version_day_and_citation(released: Path) -> None:
    folder = released / "versions" / "v1.1"
    page = (folder / "index.html").read_text(encoding="utf-8")
    pdf = " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(folder / "index.pdf").pages).split())
    word = docx.Document(str(folder / "index.docx"))
    texts = (page, pdf, "\n".join(paragraph.text for paragraph in word.paragraphs))
    for text in texts:
        assert "1.1, 16 February 2026" in text
        assert CITATION in text.replace("\u00a0", " ")
    assert "Version 1.1" in pdf
    assert any("Version 1.1" in paragraph.text for paragraph in word.sections[0].header.paragraphs)
    about = json.loads((folder / "numbers.json").read_text(encoding="utf-8"))["provenance"]
    assert (about["version"], about["date-iso"], about["citation"]) == ("1.1", "2026-02-16", CITATION)
    cff = (folder / "CITATION.cff").read_text(encoding="utf-8")
    commit = owls.git(released, "rev-parse", "v1.1^{commit}")
    assert cff.endswith(f'title: Owls\nversion: "1.1"\ndate-released: 2026-02-16\ncommit: {commit}\n')


def test_the_tag_says_what_was_made_from_which_data_and_with_what(released: Path) -> None:
    assert owls.git(released, "cat-file", "-t", "v1.1") == "tag"
    first, second = releases(released)
    assert (str(first.number), first.tag, first.date) == ("1.0", "v1.0", "2026-01-15")
    assert second.commit == owls.git(released, "rev-parse", "HEAD")
    assert second.citation == CITATION
    cohort = released / "data" / "synthetic" / "cohort.csv"
    assert (second.data, second.fingerprint) == (
        "cohort.csv",
        hashlib.sha256(cohort.read_bytes()).hexdigest(),
    )
    assert {"Python", "report-helpers", "numpy", "typst"} <= set(second.made_with)
    folder = released / "versions" / "v1.1"
    assert second.sums == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in ("index.docx", "index.html", "index.pdf", "numbers.json")
    }


def test_git_does_not_offer_the_filed_files_to_a_commit(released: Path) -> None:
    assert owls.git(released, "status", "--porcelain") == ""


def test_the_page_of_versions_is_whole_and_its_links_lead_somewhere(released: Path) -> None:
    home = released / "versions"
    page = (home / "index.html").read_text(encoding="utf-8")
    links = Links()
    links.feed(page)
    assert links.open == []
    assert "url(" not in page
    assert "v1.1/changes-from-v1.0.html" in links.links
    for link in links.links:
        assert f'id="{link[1:]}"' in page if link.startswith("#") else (home / link).is_file(), link
    assert page.index("Version 1.1") < page.index("Version 1.0")
    assert CITATION in page
    text = " ".join(re.sub("<[^>]+>", " ", page).split())
    assert "2 numbers changed, 0 appeared, 0 went, 0 are printed as before; 1 conclusion crossed" in text
    assert "the interval now includes 1" in text


def test_the_list_for_programs_says_the_same(released: Path) -> None:
    content = json.loads((released / "versions" / "versions.json").read_text(encoding="utf-8"))
    second, first = content["versions"]
    assert (first["version"], first["changes"], second["version"]) == ("1.0", None, "1.1")
    assert second["changes"]["from"] == "1.0"
    assert [each["words"] for each in second["changes"]["crossings"]] == ["owls: risk ratio"]
    sizes = {each["name"]: each["bytes"] for each in second["files"]}
    assert sizes["index.pdf"] == (released / "versions" / "v1.1" / "index.pdf").stat().st_size
    assert second["filed"]


def test_counts_whose_difference_is_too_small_to_be_shown_are_named(project: Path, tmp_path: Path) -> None:
    first, second = releases(project)
    folder = tmp_path / "v1.1"
    folder.mkdir()
    for name in ("index.html", "numbers.json"):
        (folder / name).write_bytes((project / "versions" / "v1.1" / name).read_bytes())
    said: list[str] = []
    write_changes(first, second, folder, project, said.append)
    assert said == []  # synthetic owls
    ledger = folder / "numbers.json"
    ledger.write_text(ledger.read_text(encoding="utf-8").replace('"least-shown": 0', '"least-shown": 5'))
    write_changes(first, second, folder, project, said.append)
    assert len(said) == 1
    assert "differ by fewer than 5 patients from 1.0" in said[0]
    assert said[0].endswith(": owls.seen (7 → 8)")


def test_filed_versions_are_compared_without_being_rendered(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = run("diff", "v1.0", "v1.1")
    assert code == 0
    assert "the interval now includes 1" in said
    assert "rendering" not in said
    asked: list[str] = []

    def rendered(name: str, *rest: object) -> None:
        asked.append(name)
        raise KeyboardInterrupt

    monkeypatch.setattr("report_helpers.publishing.revisions.rendered", rendered)
    (project / "versions" / "v1.1" / "added.txt").write_text("x", encoding="utf-8")
    assert run("diff", "v1.0", "v1.1")[0] == 130
    assert asked == ["v1.1"]  # what is filed is not as it was
