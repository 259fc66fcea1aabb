"""The generated files: metadata, citation style and Word reference document."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from report_helpers.errors import ManuscriptError
from report_helpers.publishing import prepare, versions, word_reference
from report_helpers.study.synthetic_record import record

FILES = ("manuscript.yml", "provenance.json", "style.csl", "reference.docx")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project outside any repository, with a cohort of one line (its content is not read here)."""
    for name in ("study.yml", "_quarto.yml", "_quarto-submission.yml", "assets/reference.docx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    data = tmp_path / "data" / "synthetic" / "cohort.csv"
    data.parent.mkdir(parents=True)
    data.write_text("patient_id\n", encoding="utf-8")
    record(data, data.read_bytes())
    return tmp_path


def not_synthetic(project: Path) -> None:
    study = project / "study.yml"
    text = study.read_text(encoding="utf-8")
    assert "synthetic: true" in text
    study.write_text(text.replace("synthetic: true", "synthetic: false"), encoding="utf-8")


def part(document: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return archive.read(name).decode()


def headers(document: bytes) -> list[str]:
    """Return the text of each page header, checked to be well-formed."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        names = [name for name in archive.namelist() if name.startswith("word/header")]
        return ["".join(ElementTree.fromstring(archive.read(name)).itertext()) for name in names]


def test_metadata_say_version_day_data_and_notice(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1768435200")  # 15 January 2026, 00:00 UTC
    about = prepare.prepare(project, project / "_generated")
    written = json.loads((project / "_generated" / "provenance.json").read_text(encoding="utf-8"))
    assert written == about
    assert json.loads((project / "_generated" / "manuscript.yml").read_text(encoding="utf-8")) == about
    manuscript = written["provenance"]
    software = about["provenance"]["software"]  # type: ignore[index]
    fingerprint = hashlib.sha256(b"patient_id\n").hexdigest()
    assert written["date"] == manuscript["date-iso"] == "2026-01-15"
    assert manuscript["day"] == {"year": 2026, "month": 1, "day": 15}
    assert manuscript["version"] == "unversioned"
    assert manuscript["data"] == {"file": "cohort.csv", "sha256": fingerprint}
    assert manuscript["synthetic"] is True
    assert manuscript["notice"] == prepare.NOTICE
    assert {fact["label"]: fact["value"] for fact in manuscript["facts"]} == {
        "Version": "unversioned, 15 January 2026",
        "Data": f"synthetic, cohort.csv, SHA-256 {fingerprint[:16]}",
        "Software": ", ".join(f"{name} {number}" for name, number in software.items()),
    }
    assert {"Python", "numpy", "scipy", "pandas"} <= set(software)


def test_a_released_version_says_how_it_is_cited(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    released = versions.Version("1.0", "2026-01-15", 1768435200, commit="0" * 40, released=True)
    monkeypatch.setattr(prepare.versions, "describe", lambda project: released)
    (project / "index.qmd").write_text(
        "---\ntitle: Owls *in situ*\nauthor: [A. One, {name: {given: B., family: Two}}]\n---\n",
        encoding="utf-8",
    )
    manuscript = prepare.prepare(project, project / "_generated")["provenance"]
    cited = "A. One, B. Two. Owls in situ. Version 1.0. 15 January 2026. [repository or DOI to be supplied]."
    assert manuscript["citation"] == cited  # type: ignore[index]
    assert manuscript["facts"][1] == {"label": "Cite as", "value": cited}  # type: ignore[index]
    assert any(
        "Version 1.0" in text for text in headers((project / "_generated/reference.docx").read_bytes())
    )
    study = project / "study.yml"
    text = study.read_text(encoding="utf-8")
    study.write_text(text.replace("code_repository: null", "code_repository: doi:10.1/x"), encoding="utf-8")
    manuscript = prepare.prepare(project, project / "_generated")["provenance"]
    assert manuscript["citation"].endswith("15 January 2026. doi:10.1/x.")  # type: ignore[index]


def test_same_input_gives_same_bytes(project: Path, tmp_path: Path) -> None:
    for run in ("one", "two"):
        prepare.prepare(project, tmp_path / run)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_word_header_carries_notice_and_version(project: Path) -> None:
    prepare.prepare(project, project / "_generated")
    texts = headers((project / "_generated" / "reference.docx").read_bytes())
    assert any(prepare.NOTICE in text and "Unversioned" in text for text in texts)
    assert not any(word_reference.NOTICE_MARK in text or word_reference.HEAD_MARK in text for text in texts)


def test_no_notice_when_the_data_are_real(project: Path) -> None:
    not_synthetic(project)
    about = prepare.prepare(project, project / "_generated")
    assert about["provenance"]["notice"] == ""  # type: ignore[index]
    texts = headers((project / "_generated" / "reference.docx").read_bytes())
    assert not any("ynthetic" in text or word_reference.NOTICE_MARK in text for text in texts)
    assert any("Unversioned" in text for text in texts)


def test_another_data_file_changes_the_fingerprint_and_takes_the_notice_off(project: Path) -> None:
    other = project / "other.csv"
    other.write_text("patient_id\n1\n", encoding="utf-8")
    told: list[str] = []
    about = prepare.prepare(project, project / "_generated", data=other, say=told.append)
    manuscript = about["provenance"]
    assert manuscript["data"]["file"] == "other.csv"  # type: ignore[index]
    assert manuscript["data"]["sha256"] == hashlib.sha256(other.read_bytes()).hexdigest()  # type: ignore[index]
    assert manuscript["synthetic"] is False  # type: ignore[index]
    assert manuscript["notice"] == ""  # type: ignore[index]
    assert told == ["other.csv is no file of 'manuscript data synthesise': its patients are taken as real"]


def test_missing_data_file_is_named(project: Path) -> None:
    with pytest.raises(ManuscriptError, match=r"nowhere\.csv cannot be read"):
        prepare.prepare(project, project / "_generated", data=project / "nowhere.csv")


def test_unknown_citation_style_names_the_nearest() -> None:
    with pytest.raises(ManuscriptError) as caught:
        prepare.citation_style("human-reproductoin")
    assert "human-reproduction" in str(caught.value)
    assert "_quarto.yml" in str(caught.value)


def test_et_al_has_the_comma_that_stands_before_the_last_name() -> None:
    style = prepare.citation_style(prepare.DEFAULT_STYLE)
    assert style.count(b'delimiter-precedes-last="always" delimiter-precedes-et-al="always"') > 0
    assert style.count(b"delimiter-precedes-last") == style.count(b"delimiter-precedes-et-al")


def test_citation_styles_are_complete_styles() -> None:
    for name in (prepare.DEFAULT_STYLE, "human-reproduction", "vancouver-nlm"):
        style = ElementTree.fromstring(prepare.citation_style(name))
        assert style.find("{http://purl.org/net/xbiblio/csl}citation") is not None, name


def test_submission_profile_numbers_lines_and_doubles_spacing_in_word(project: Path) -> None:
    prepare.prepare(project, project / "plain")
    prepare.prepare(project, project / "submission", profile="submission")
    plain = (project / "plain" / "reference.docx").read_bytes()
    submission = (project / "submission" / "reference.docx").read_bytes()
    assert "w:lnNumType" not in part(plain, "word/document.xml")
    assert "w:lnNumType" in part(submission, "word/document.xml")
    for style in ("BodyText", "FirstParagraph"):
        block = (
            part(submission, "word/styles.xml")
            .partition(f'w:styleId="{style}"')[2]
            .partition("</w:style>")[0]
        )
        assert 'w:line="480"' in block
        assert block.count("<w:spacing") == 1
    ElementTree.fromstring(part(submission, "word/styles.xml"))
    ElementTree.fromstring(part(submission, "word/document.xml"))


def test_broken_quarto_yml_names_the_line(project: Path) -> None:
    (project / "_quarto.yml").write_text("project:\n  type: [default\n", encoding="utf-8")
    with pytest.raises(ManuscriptError, match=r"_quarto\.yml:\d"):
        prepare.prepare(project, project / "_generated")


@pytest.mark.parametrize("content", [b"no zip", None])
def test_damaged_word_reference_is_said(project: Path, content: bytes | None) -> None:
    reference = project / "assets" / "reference.docx"
    if content is None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("word/header1.xml", "<w:hdr/>")
        content = buffer.getvalue()
    reference.write_bytes(content)
    with pytest.raises(ManuscriptError, match=r"assets/reference\.docx"):
        prepare.prepare(project, project / "_generated")


def test_runs_as_the_script_that_quarto_starts(project: Path) -> None:
    script = Path(prepare.__file__)
    environment = {**os.environ, "QUARTO_PROJECT_DIR": str(project), "MANUSCRIPT_DATA": ""}
    run = subprocess.run(
        [sys.executable, str(script)],
        env=environment,
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert sorted(path.name for path in (project / "_generated").iterdir()) == sorted(FILES)


def test_script_says_what_is_wrong_in_words(project: Path) -> None:
    environment = {
        **os.environ,
        "QUARTO_PROJECT_DIR": str(project),
        "MANUSCRIPT_DATA": str(project / "gone.csv"),
    }
    run = subprocess.run(
        [sys.executable, prepare.__file__], env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "gone.csv" in run.stderr
    assert "Traceback" not in run.stderr


def test_unchanged_files_are_not_written_again(project: Path) -> None:
    target = project / "_generated"
    prepare.prepare(project, target)
    for name in FILES:
        os.utime(target / name, (1, 1))
    prepare.prepare(project, target)
    assert {(target / name).stat().st_mtime for name in FILES} == {1}
