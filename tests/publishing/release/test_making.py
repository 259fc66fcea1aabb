"""When a version is made and when it is refused; and that a failure, at whatever moment, leaves nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from report_helpers.publishing.release import making, shelf, tags

from . import owls
from .conftest import Run

KILLED = """
import os, sys
from report_helpers.cli import main
from report_helpers.publishing.release import rendering, shelf
rendering.check = lambda *arguments: []
shelf.put = lambda *arguments: os._exit(9)
main(["release", "1.2"])
"""


def state(project: Path) -> list[str]:
    """Everything that a release writes: tags and filed files."""
    return [*owls.git(project, "tag").split(), *map(str, sorted((project / "versions").rglob("*")))]


@pytest.fixture
def rendered_before(monkeypatch: pytest.MonkeyPatch, project: Path) -> Path:
    """Have a version's documents be copies of those of 1.1, said to be of 1.2."""
    made = project.parent / "made"
    made.mkdir()
    for name in shelf.DOCUMENTS:
        text = (project / "versions" / "v1.1" / name).read_bytes()
        (made / name).write_bytes(text.replace(b'"version": "1.1"', b'"version": "1.2"'))

    @contextmanager
    def documents(*arguments: object, **options: object) -> Iterator[Path]:
        yield made

    monkeypatch.setattr(making, "documents", documents)
    return made


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("final", "'final' is no version"),
        ("1.2.3.4", "is no version"),
        ("01.2", "is no version"),
        ("1.2-rc1", "is no version"),
        ("1.1", "version 1.1 exists, of 16 February 2026"),
        ("v1.0.0", "version 1.0 exists, of 15 January 2026"),
        ("1.0.5", "would not come after 1.1, the newest\n  name a later one, such as 1.2"),
        ("1.2", "nothing was committed since version 1.1"),
    ],
)
def test_a_number_that_cannot_be_the_next_one_is_refused(
    number: str, said: str, project: Path, run: Run
) -> None:
    before = state(project)
    code, told = run("release", number)
    assert code == 1
    assert said in told
    assert state(project) == before


def test_uncommitted_changes_are_named(project: Path, run: Run) -> None:
    (project / "index.qmd").write_text("other", encoding="utf-8")
    (project / "references.bib").unlink()
    code, said = run("release", "1.2")
    assert code == 1
    assert "uncommitted changes, which the version would not have\n  index.qmd\n  references.bib\n" in said


def test_outside_git_it_says_what_to_type(project: Path, run: Run) -> None:
    shutil.rmtree(project / ".git")
    code, said = run("release", "1.2")
    assert code == 1
    assert "git does not keep this project yet" in said
    assert "git init\n  git add ." in said
    assert run("release", "1.1", "--verify")[0] == 1


def test_whom_git_does_not_know_is_asked_who_they_are(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    owls.change(project, owls.document(9))
    owls.git(project, "config", "--unset", "user.name")
    owls.git(project, "config", "--unset", "user.email")
    owls.git(project, "config", "user.useConfigOnly", "true")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    code, said = run("release", "1.2")
    assert code == 1
    assert 'git config user.name "Your Name"' in said


@pytest.mark.parametrize(
    ("lines", "refused"),
    [
        ("version: 1.1", "CITATION.cff:3: it says 'version: 1.1'"),
        (
            'version: "1.2.0"\ndate-released: 2026-01-01',
            "CITATION.cff:4: it says 'date-released: 2026-01-01'",
        ),
        ("version: 1.2\ndate-released: '2026-02-16'", ""),
    ],
)
def test_a_citation_file_of_another_version_is_refused(
    lines: str, refused: str, project: Path, run: Run, rendered_before: Path
) -> None:
    with (project / "CITATION.cff").open("a", encoding="utf-8") as file:
        file.write(lines + "\n")
    owls.change(project, owls.document(9))
    code, said = run("release", "1.2")
    assert (code, refused in said) == (1 if refused else 0, True)
    if refused:
        assert "version: 1.2" in said
    else:
        filed = (project / "versions" / "v1.2" / "CITATION.cff").read_text(encoding="utf-8")
        assert filed.count("version:") == 2  # that of the format is the other


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "index.pdf").write_bytes(b"other"), "versions/v1.0/index.pdf was changed"),
        (lambda folder: (folder / "index.docx").unlink(), "versions/v1.0/index.docx is not there"),
        (lambda folder: (folder / "new.txt").write_text("x"), "versions/v1.0/new.txt was added"),
        (lambda folder: (folder / "SHA256SUMS").unlink(), "versions/v1.0/SHA256SUMS is not there"),
        (
            lambda folder: ((folder / "index.pdf").write_bytes(b"other"), shelf.close(folder)),
            "versions/v1.0/index.pdf is not the file that was released: its tag has another checksum",
        ),
    ],
)
def test_no_version_is_made_beside_one_that_was_changed(
    spoil: object, said: str, project: Path, run: Run
) -> None:
    folder = project / "versions" / "v1.0"
    for path in folder.iterdir():
        path.chmod(0o644)
    spoil(folder)  # type: ignore[operator]
    owls.change(project, owls.document(9))
    before = state(project)
    code, told = run("release", "1.2")
    assert code == 1
    assert said in told
    assert state(project) == before


def test_what_a_strict_render_refuses_is_not_released(project: Path, run: Run) -> None:
    owls.change(
        project, owls.document(9) + "\nThe mean was nan owls.\n"
    )  # found before other patients are tried
    before = state(project)
    code, said = run("release", "1.2")
    assert code == 1
    assert "version 1.2 cannot be rendered: the checks found" in said
    assert "nan" in said
    assert "nothing was tagged or filed" in said
    assert state(project) == before


def test_numbers_that_do_not_follow_the_patients_are_not_released(
    released: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "owls"
    shutil.copytree(released, project)
    monkeypatch.chdir(project)
    owls.change(project, owls.document(9))
    before = state(project)
    code, said = run("release", "1.2")
    assert code == 1
    assert "version 1.2 does not pass the checks:\n  index.qmd:" in said
    assert "[unmoved-number] “9” stays the same" in said
    assert "nothing was tagged or filed" in said
    assert state(project) == before


def test_a_failure_to_file_takes_the_tag_back(
    project: Path, run: Run, rendered_before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owls.change(project, owls.document(9))
    before = state(project)

    def full(self: Path, target: Path) -> Path:
        assert "v1.2" in owls.git(project, "tag").split()
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", full)
        code, said = run("release", "1.2")
    assert code == 1
    assert "cannot be filed (no space left on device)" in said
    assert state(project) == before
    (project / "notes.txt").write_text("x", encoding="utf-8")
    owls.git(project, "rm", "--quiet", ".gitignore")
    owls.git(project, "commit", "--quiet", "--message", "Ignore nothing")
    code, said = run("release", "1.2")
    assert code == 0
    assert "write the line /versions/ into .gitignore" in said
    assert "not part of the version, since git does not keep it: notes.txt" in said


def test_a_run_killed_between_tag_and_files_is_finished_by_the_next(project: Path, run: Run) -> None:
    owls.change(project, owls.document(9))
    killed = subprocess.run([sys.executable, "-c", KILLED], check=False, capture_output=True)
    assert killed.returncode == 9
    assert "v1.2" in owls.git(project, "tag").split()
    assert not (project / "versions" / "v1.2").exists()
    code, said = run("release", "1.2")
    assert code == 0
    assert "version 1.2 is tagged, but not filed here: making its files again" in said
    assert "byte for byte as its tag says" in said
    home = project / "versions"
    assert sorted(path.name for path in home.iterdir()) == [
        "index.html",
        "v1.0",
        "v1.1",
        "v1.2",
        "versions.json",
    ]
    assert "Version 1.2" in (home / "index.html").read_text(encoding="utf-8")


def test_the_page_says_how_a_version_that_is_not_filed_here_can_be(project: Path, run: Run) -> None:
    shutil.rmtree(project / "versions" / "v1.0")
    assert run("release", "1.1")[0] == 0
    page = (project / "versions" / "index.html").read_text(encoding="utf-8")
    assert "<code>manuscript release 1.0</code> files them from the tag" in page


def test_a_run_killed_before_the_page_of_versions_is_finished_by_the_next(project: Path, run: Run) -> None:
    page = project / "versions" / "index.html"
    whole = page.read_bytes()
    page.write_bytes(b"")
    code, said = run("release", "1.1")
    assert (code, page.read_bytes() == whole) == (0, True)
    assert "was filed already" in said


def test_files_of_a_version_without_its_tag_are_not_written_over(project: Path, run: Run) -> None:
    owls.git(project, "tag", "--delete", "v1.1")
    before = state(project)
    code, said = run("release", "1.1")
    assert code == 1
    assert "versions/v1.1: there is no tag v1.1, and yet files of that version" in said
    assert state(project) == before


def test_a_tag_set_by_hand_counts_and_is_left_alone(project: Path, run: Run) -> None:
    owls.change(project, owls.document(9))
    owls.git(project, "tag", "v2.0.0")
    assert "there is a tag v2.0.0 already, which was set by hand" in run("release", "2")[1]
    assert "set by hand and holds no checksums" in run("release", "2.0", "--verify")[1]
    assert "would not come after 2.0" in run("release", "1.2")[1]
    assert [str(each.number) for each in tags.releases(project) if each.sums] == ["1.0", "1.1"]
