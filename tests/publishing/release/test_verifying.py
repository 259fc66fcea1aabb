"""``manuscript release --verify``: what is filed, and what the tagged commit gives anew, against the tag."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from report_helpers.publishing.release import shelf, verifying

from . import owls
from .conftest import ALL_IS_WELL, Run


def spoil(path: Path, old: str, new: str) -> None:
    """Change a filed text."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.chmod(0o644)
    path.write_text(text.replace(old, new), encoding="utf-8")


def remade(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have version 1.1 rendered anew as a copy of what is filed, to be spoilt."""
    made = project.parent / "made"
    made.mkdir()
    for name in shelf.DOCUMENTS:
        shutil.copy(project / "versions" / "v1.1" / name, made)

    @contextmanager
    def documents(*arguments: object, **options: object) -> Iterator[Path]:
        yield made

    monkeypatch.setattr(verifying, "documents", documents)
    return made


def test_a_changed_number_of_a_filed_version_is_told(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    remade(project, monkeypatch)
    spoil(project / "versions" / "v1.1" / "numbers.json", '"text": "8"', '"text": "80"')
    code, said = run("release", "1.1", "--verify")
    assert code == 1
    assert "filed: versions/v1.1/numbers.json was changed" in said
    assert "rendered anew: index.docx, index.html, index.pdf, numbers.json are the same byte for byte" in said
    assert "numbers: owls.seen was 8 and is 80 in the filed ledger" in said


def test_a_clone_verifies_from_the_tag_alone(
    released: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = tmp_path / "clone"
    owls.git(tmp_path, "clone", "--quiet", str(released), str(clone))
    monkeypatch.chdir(clone)
    code, said = run("release", "1.0", "--verify")
    assert code == 0
    assert "filed: nothing here; 'manuscript release 1.0' files versions/v1.0 from the tag" in said
    assert "rendered anew: index.docx, index.html, index.pdf, numbers.json are the same byte for byte" in said
    assert not (clone / "versions").exists()


def test_other_packages_may_give_other_bytes_but_no_other_numbers(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = remade(project, monkeypatch)
    spoil(made / "index.html", "<title>", "<title >")
    code, said = run("release", "1.1", "--verify")
    assert code == 1  # with the same packages the bytes have to be the same
    assert "rendered anew: index.html differs from the release" in said
    assert "numbers: every one is the same" in said
    newer = {**verifying.made_with(), "typst": "99.0"}
    monkeypatch.setattr(verifying, "made_with", lambda: newer)
    code, said = run("release", "1.1", "--verify")
    assert code == 0
    assert "made with other packages: typst was " in said
    assert "bytes may differ between packages, numbers may not: the version holds" in said
    spoil(made / "numbers.json", '"text": "8"', '"text": "9"')
    code, said = run("release", "1.1", "--verify")
    assert code == 1
    assert "numbers: owls.seen was 8 and is 9 rendered anew" in said
    shutil.rmtree(project / "versions" / "v1.1")
    code, said = run("release", "1.1", "--verify")
    assert code == 1
    assert "numbers: not compared, since those of the release are not filed here" in said


def test_a_version_that_is_not_there(project: Path, run: Run) -> None:
    code, said = run("release", "3.0", "--verify")
    assert code == 1
    assert "there is no version 3.0\n  the versions are: 1.0, 1.1" in said


def test_data_outside_git_are_known_by_their_fingerprint(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = owls.start(tmp_path / "owls")
    study = project / "study.yml"
    spoil(
        study, "file: data/synthetic/cohort.csv\n  synthetic: true", "file: data/own.csv\n  synthetic: false"
    )
    own = project / "data" / "own.csv"
    shutil.copy(project / "data" / "synthetic" / "cohort.csv", own)
    owls.change(project, owls.document())
    monkeypatch.chdir(project)
    monkeypatch.setattr(*ALL_IS_WELL)
    code, said = run("release", "1.0")
    assert code == 0, said
    assert ".gitignore" not in said
    page = (project / "versions" / "v1.0" / "index.html").read_text(encoding="utf-8")
    assert "own.csv, SHA-256 " in page
    about = json.loads((project / "versions" / "v1.0" / "numbers.json").read_text(encoding="utf-8"))
    assert about["provenance"]["synthetic"] is False
    released = own.read_bytes()
    own.write_bytes(released + b"\n")
    code, said = run("release", "1.0", "--verify")
    assert code == 1
    assert "filed: the files of versions/v1.0 are as they were filed" in said
    assert "data/own.csv: these are other data, SHA-256 " in said
    own.rename(project / "elsewhere.csv")
    code, said = run("release", "1.0", "--verify")
    assert code == 1
    assert "data/own.csv: the data are not here: version 1.0 was made from own.csv, SHA-256 " in said
    assert "MANUSCRIPT_DATA=path/to/own.csv" in said
