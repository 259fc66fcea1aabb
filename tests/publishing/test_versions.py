"""Versions come from git, and their absence is said."""

import subprocess
from pathlib import Path

import pytest

from report_helpers.publishing.versions import describe


def git(directory: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Author", "-c", "user.email=author@example.org"]
    stamp = {"GIT_COMMITTER_DATE": "2026-01-15T12:00:00Z", "GIT_AUTHOR_DATE": "2026-01-15T12:00:00Z"}
    subprocess.run(
        ["git", *identity, *arguments], cwd=directory, check=True, capture_output=True,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(directory), **stamp},
    )  # fmt: skip


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "_quarto.yml").write_text("project: {}\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "_quarto.yml")
    git(tmp_path, "commit", "-qm", "First")
    return tmp_path


def test_a_tag_names_the_version(repository: Path) -> None:
    git(repository, "tag", "v1.2.0")
    version = describe(repository)
    assert (str(version), version.date, version.dirty) == ("1.2", "2026-01-15", False)
    assert version.heading == "Version 1.2"


def test_a_tag_with_a_message_and_the_newest_of_several_count(repository: Path) -> None:
    git(repository, "tag", "-a", "v1.9", "-m", "Version")
    git(repository, "tag", "-a", "v1.10", "-m", "Version")
    git(repository, "tag", "-a", "very-last", "-m", "No version")
    assert describe(repository).heading == "Version 1.10"


def test_before_the_first_version_a_commit_is_a_draft(repository: Path) -> None:
    version = describe(repository)
    assert str(version) == f"draft, commit {version.commit[:7]}"
    assert not version.released


def test_a_commit_after_the_tag_is_a_draft_after_it(repository: Path) -> None:
    git(repository, "tag", "v1.2.0")
    (repository / "index.qmd").write_text("x\n")
    git(repository, "add", "index.qmd")
    git(repository, "commit", "-qm", "Second")
    version = describe(repository)
    assert version.heading == f"Draft after 1.2, commit {version.commit[:7]}"


def test_an_uncommitted_change_is_said(repository: Path) -> None:
    git(repository, "tag", "v1.2.0")
    (repository / "_quarto.yml").write_text("project: {type: default}\n")
    version = describe(repository)
    assert version.heading == f"Draft after 1.2, commit {version.commit[:7]} with uncommitted changes"
    assert not version.released


def test_untracked_output_is_no_change(repository: Path) -> None:
    (repository / "notes.txt").write_text("x\n")
    assert not describe(repository).dirty


def test_without_git_the_date_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    version = describe(tmp_path)
    assert (str(version), version.date) == ("unversioned", "2026-01-01")


def test_a_repository_around_the_project_is_not_its_own(repository: Path) -> None:
    inner = repository / "elsewhere"
    inner.mkdir()
    (inner / "_quarto.yml").write_text("project: {}\n")
    assert describe(inner).name == "unversioned"


def test_looking_at_the_version_changes_nothing(repository: Path) -> None:
    index = repository / ".git" / "index"
    before = index.read_bytes(), index.stat().st_mtime_ns
    (repository / "_quarto.yml").touch()  # git would note in its index that the content is the same
    assert not describe(repository).dirty
    assert (index.read_bytes(), index.stat().st_mtime_ns) == before


def test_a_clone_made_at_another_time_is_the_same_version(repository: Path, tmp_path: Path) -> None:
    clone = tmp_path / "Größe 2"
    git(repository, "clone", "-q", str(repository), str(clone))
    (clone / "_quarto.yml").touch()
    assert describe(clone) == describe(repository)


def test_a_hook_of_another_repository_does_not_mislead(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path_factory.mktemp("other")
    git(other, "init", "-q")
    expected = describe(repository)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    assert describe(repository) == expected
