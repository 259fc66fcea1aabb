"""Patients' data stay out of git, and what is not known to be synthetic is treated as patients' data."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from report_helpers.cli import main
from report_helpers.errors import ManuscriptError
from report_helpers.publishing import prepare
from report_helpers.publishing.privacy import TrackedDataError
from report_helpers.study.synthetic_record import RECORD, record

ROOT = Path(__file__).parents[2]
ROWS = "".join(f"P{number},2022-01-{number + 1:02d}\n" for number in range(20))
COHORT = f"patient_id,screening_date\n{ROWS}"
REAL = "patient_id,screening_date\n" + ROWS.replace("P", "R")
SYNTHETIC, NOT = "synthetic: true", "synthetic: false"


def git(directory: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Author", "-c", "user.email=author@example.org", "-c", "commit.gpgsign=false"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    run = subprocess.run(
        ["git", *identity, *arguments], cwd=directory, check=True, capture_output=True, env=environment
    )
    return run.stdout.decode()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose cohort is recorded as synthetic, in a repository that tracks everything."""
    root = tmp_path / "Größe 1"
    for name in ("study.yml", "_quarto.yml", "assets/reference.docx", ".gitignore"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes((ROOT / name).read_bytes())
    data = root / "data" / "synthetic" / "cohort.csv"
    data.parent.mkdir(parents=True)
    data.write_text(COHORT, encoding="utf-8")
    record(data, data.read_bytes())
    git(root, "init", "-q")
    git(root, "add", "-f", ".")
    git(root, "commit", "-qm", "All")
    return root


def edit(project: Path, old: str, new: str) -> None:
    study = project / "study.yml"
    text = study.read_text(encoding="utf-8")
    assert text.count(f"{old}\n") == 1
    study.write_text(text.replace(f"{old}\n", f"{new}\n"), encoding="utf-8")


def synthetic(project: Path, data: Path | None = None) -> bool:
    """Prepare a render, and return whether its patients are taken as synthetic."""
    provenance = prepare.prepare(project, project / "_generated", data=data)["provenance"]
    assert isinstance(provenance, dict)
    assert (provenance["least-shown"] == 0) == provenance["synthetic"] == bool(provenance["notice"])
    return bool(provenance["synthetic"])


def added(project: Path, name: str, content: str = REAL) -> Path:
    """Put a file into the project and, in spite of all, into git."""
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    git(project, "add", "-f", "--", name)
    return path


# --- what is synthetic


def test_a_recorded_file_is_synthetic_wherever_it_is_copied(project: Path, tmp_path: Path) -> None:
    assert synthetic(project)
    copied = tmp_path / "other.csv"
    copied.write_text(COHORT, encoding="utf-8")
    assert synthetic(project, copied)


def test_the_shipped_cohort_is_recorded() -> None:
    from report_helpers.study.definition import load_study
    from report_helpers.study.synthetic_record import as_recorded

    study = load_study(ROOT / "study.yml")
    shipped = ROOT / "data" / "synthetic" / "cohort.csv"
    line = next(
        line for line in shipped.with_name(shipped.name + RECORD).read_text().splitlines() if line[0] != "#"
    )
    assert as_recorded(study, shipped, line.split()[0]).data.synthetic
    made = prepare.hashlib.sha256(shipped.read_bytes()).hexdigest()
    assert line == f"{made}  cohort.csv"


def test_a_synthesised_file_is_known_by_its_own_record(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "made.csv"
    assert main(["data", "synthesise", "--seed", "3", "--patients", "9", "--output", str(made)]) == 0
    assert synthetic(project, made)
    (tmp_path / f"made.csv{RECORD}").unlink()
    assert not synthetic(project, made)


def test_an_edited_copy_is_synthetic_but_not_what_was_put_in_its_place(project: Path) -> None:
    data = project / "data" / "synthetic" / "cohort.csv"
    data.write_text(COHORT.replace("P3,2022-01-04", "P3,2022-02-28"), encoding="utf-8")
    assert synthetic(project)
    data.write_text(COHORT.replace("\n", "\r\n"), encoding="utf-8", newline="")
    assert synthetic(project)
    data.write_text(REAL, encoding="utf-8")
    with pytest.raises(TrackedDataError):
        synthetic(project)


@pytest.mark.parametrize("patients", [1, 11])
def test_a_few_synthetic_rows_among_others_vouch_for_nothing(project: Path, patients: int) -> None:
    mixed = project / "data" / "mixed.csv"
    rows = COHORT.splitlines()[: 1 + patients - 1] + REAL.splitlines()[1 : 1 + patients]
    mixed.write_text("\n".join(rows), encoding="utf-8")
    assert not synthetic(project, mixed)


def test_without_a_threshold_patients_that_are_not_known_to_be_synthetic_are_refused(project: Path) -> None:
    edit(project, "disclosure_threshold: 5", "disclosure_threshold: 1")
    assert synthetic(project)
    other = project / "data" / "other.csv"
    other.write_text(REAL, encoding="utf-8")
    with pytest.raises(ManuscriptError, match=r"study\.yml, disclosure_threshold: other\.csv is no file of"):
        synthetic(project, other)


def test_a_record_that_is_no_record_vouches_for_nothing(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text(REAL, encoding="utf-8")
    (tmp_path / f"other.csv{RECORD}").write_bytes(b"\xff\x00 yes\n")
    (tmp_path / f"folder{RECORD}").mkdir()
    assert not synthetic(project, other)


# --- what git may have


@pytest.mark.parametrize(
    "name", ["export.csv", "data/Ä b 'c'.xlsx", "data/*[x]?.csv", "-n.csv", "data/synthetic/cohort.csv"]
)
def test_a_tracked_file_of_patients_is_refused_and_its_commands_mend_that(project: Path, name: str) -> None:
    path = added(project, name)
    git(project, "commit", "-qam", "Data")
    with pytest.raises(TrackedDataError) as caught:
        prepare.prepare(project, project / "_generated", data=path)
    told = str(caught.value)
    assert told.startswith(f"{name}: this file of patients is tracked by git\n")
    assert "Earlier commits still hold it" in told
    assert not (project / "_generated").exists()
    commands = [line.strip() for line in told.splitlines() if line.startswith("    ")]
    assert [command.split()[:2] for command in commands] == [
        ["git", "rm"],
        ["printf", "'%s\\n'"],
        ["git", "commit"],
    ]
    identity = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "A"}
    subprocess.run(
        "\n".join(["set -e", *commands]),
        shell=True,
        cwd=project,
        check=True,
        capture_output=True,
        env={**os.environ, **identity, "GIT_COMMITTER_EMAIL": "a@b"},
    )
    assert path.read_text(encoding="utf-8") == REAL
    assert not synthetic(project, path)
    git(project, "add", ".")
    assert git(project, "ls-files", "-z", "--", f":(literal){name}") == ""


def test_a_file_that_is_only_staged_is_refused(project: Path) -> None:
    with pytest.raises(TrackedDataError):
        synthetic(project, added(project, "data/export.csv"))


def test_the_study_may_declare_its_tracked_cohort_real(project: Path) -> None:
    edit(project, f"  {SYNTHETIC}", f"  {NOT}")
    with pytest.raises(TrackedDataError, match=r"git rm --cached -- data/synthetic/cohort\.csv"):
        synthetic(project)


def test_the_command_refuses_with_1_and_leaves_the_last_output(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "index.qmd").write_text("# A\n\nText.\n", encoding="utf-8")
    (project / "_quarto.yml").write_text("project:\n  render: [index.qmd]\n", encoding="utf-8")
    kept = project / "_manuscript" / "index.html"
    kept.parent.mkdir()
    kept.write_text("before", encoding="utf-8")
    path = added(project, "data/export.csv")
    arguments = ["render", str(project), "--engine", "builtin", "--to", "html", "--data", str(path)]
    assert main(arguments) == 1
    said = capsys.readouterr()
    assert "error: data/export.csv: this file of patients is tracked by git" in said.err
    assert kept.read_text(encoding="utf-8") == "before"
    git(project, "rm", "-q", "--cached", "data/export.csv")
    assert main(arguments) == 0
    assert "counts of fewer than 5 patients are not shown" in capsys.readouterr().out


def test_a_worktree_and_a_repository_elsewhere_are_looked_into(project: Path, tmp_path: Path) -> None:
    path = added(project, "data/export.csv")
    git(project, "commit", "-qm", "Data")
    worktree = tmp_path / "tree"
    git(project, "worktree", "add", "-q", str(worktree))
    with pytest.raises(TrackedDataError, match=r"^data/export\.csv"):
        synthetic(worktree, worktree / "data" / "export.csv")
    with pytest.raises(TrackedDataError, match=r"git -C .* rm --cached -- export\.csv"):
        synthetic(worktree, path)


def test_of_a_link_the_file_it_leads_to_counts(project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "export.csv"
    outside.write_text(REAL, encoding="utf-8")
    link = project / "data" / "link.csv"
    link.symlink_to(outside)
    git(project, "add", "-f", "data/link.csv")  # git has the name of a file, and no patient
    assert not synthetic(project, link)
    loose = tmp_path / "loose.csv"
    loose.symlink_to(added(project, "data/export.csv"))
    with pytest.raises(TrackedDataError):
        synthetic(project, loose)


def test_without_git_nothing_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = added(project, "data/export.csv")
    monkeypatch.setenv("PATH", str(project))
    assert not synthetic(project, path)


def test_another_repository_s_hook_is_not_mistaken_for_ours(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = added(project, "data/export.csv")
    git(tmp_path, "init", "-q", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other" / ".git" / "index"))
    with pytest.raises(TrackedDataError):
        synthetic(project, path)


def test_nothing_that_the_repository_names_is_run(project: Path, tmp_path: Path) -> None:
    path = added(project, "data/export.csv")
    trap, sprung = tmp_path / "trap.sh", tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch '{sprung}'\n", encoding="utf-8")
    trap.chmod(0o755)
    for setting in ("core.fsmonitor", "core.pager", "diff.external"):
        git(project, "config", setting, str(trap))
    git(project, "config", "core.hooksPath", str(tmp_path))
    with pytest.raises(TrackedDataError):
        synthetic(project, path)
    assert not sprung.exists()
    git(project, "status")
    assert sprung.exists()  # the trap works


@pytest.mark.parametrize(
    ("name", "ignored"),
    [
        ("data/export.csv", True),
        ("data/synthetic/export.csv", True),
        ("data/deep/er/x.txt", True),
        ("export.csv", True),
        ("EXPORT.XLSX", True),
        ("anywhere/Größe 1.sav", True),
        ("a.dta", True),
        ("a.parquet", True),
        ("a.tsv", True),
        ("data/synthetic/cohort.csv", False),
        (f"data/synthetic/cohort.csv{RECORD}", False),
        ("data/synthetic/data-dictionary.csv", False),
        ("data/synthetic/README.md", False),
        ("tests/data/trials/new.csv", False),
        ("chapters/new.qmd", False),
        ("tests/a/__pycache__/b.pyc", True),
    ],
)
def test_git_ignores_data_by_default(project: Path, name: str, ignored: bool) -> None:
    run = subprocess.run(["git", "check-ignore", "-q", "--no-index", name], cwd=project, check=False)
    assert (run.returncode == 0) == ignored


def test_the_reason_is_told_by_the_script_that_quarto_starts(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QUARTO_PROJECT_DIR", str(project))
    monkeypatch.setenv("MANUSCRIPT_DATA", str(added(project, "data/export.csv")))
    assert prepare.main() == 1
    assert "is tracked by git" in capsys.readouterr().err
    git(project, "rm", "-q", "--cached", "data/export.csv")
    assert prepare.main() == 0
    told = "export.csv is no file of 'manuscript data synthesise': its patients are taken as real\n"
    assert capsys.readouterr().err == told
    written = json.loads((project / "_generated" / "provenance.json").read_text(encoding="utf-8"))
    assert written["provenance"]["synthetic"] is False
