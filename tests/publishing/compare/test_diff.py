"""``manuscript diff`` as it is used: output folders with planted changes, files, revisions, bad input."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from report_helpers.cli import main
from report_helpers.errors import ManuscriptError
from report_helpers.publishing.compare import Comparison, compare
from report_helpers.publishing.compare.as_json import as_json
from report_helpers.publishing.compare.page import write_page
from report_helpers.publishing.compare.sources import read_version
from report_helpers.publishing.compare.terminal import as_text

RATIO = "dysregulated.any.risk_ratio"
P_VALUE = "interaction.difference_of_risk_differences_p"


class Pairs(HTMLParser):
    """Holds that every tag is closed in its order, and that nothing is to be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not {"src", "href"} & {name for name, _ in attrs}
        assert tag not in ("script", "link", "img", "iframe")
        self.open += [tag] if tag not in ("meta", "br") else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


class Copy:
    """A copied output folder, in which changes are planted in page and ledger alike."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.html = (folder / "index.html").read_text(encoding="utf-8")
        self.ledger = json.loads((folder / "numbers.json").read_text(encoding="utf-8"))

    def number(self, key: str, change: Callable[[dict[str, Any]], None]) -> None:
        entries = [each for each in self.ledger["numbers"] if each["key"] == key]
        assert entries
        for entry in entries:
            old = entry["text"]
            change(entry)
            mark = f'<span class="num" data-key="{key}">'
            self.html = self.html.replace(f"{mark}{old}<", f"{mark}{entry['text']}<")

    def words(self, old: str, new: str) -> None:
        assert self.html.count(old) == 1
        self.html = self.html.replace(old, new)

    def write(self) -> None:
        (self.folder / "index.html").write_text(self.html, encoding="utf-8")
        (self.folder / "numbers.json").write_text(json.dumps(self.ledger), encoding="utf-8")


@pytest.fixture(scope="module")
def pair(rendered: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The rendered manuscript, and a copy in which one thing of each kind differs."""
    folder = tmp_path_factory.mktemp("versions")
    for name in ("old", "new"):
        (folder / name).mkdir()
        for file in ("index.html", "numbers.json"):
            shutil.copy(rendered / file, folder / name / file)
    copy = Copy(folder / "new")
    copy.number("flow.screened", lambda entry: entry.update(text="735", value=735))
    copy.number("regulated.patients", lambda entry: entry.update(method="another"))
    copy.number(RATIO, lambda entry: entry.update(low=0.98, text=entry["text"].replace("1.12–", "0.98–")))
    copy.number(P_VALUE, lambda entry: entry.update(p=0.07, value=0.07, text="P=0.07"))
    copy.words("Adverse events were not compared.", "Harms were not compared.")
    (known,) = re.findall(r"<p><strong>What is known already.*?</p>\n?", copy.html, re.DOTALL)
    copy.words(known, "")
    copy.words("<p><strong>Main results", known + "<p><strong>Main results")
    copy.write()
    return folder / "old", folder / "new"


@pytest.fixture(scope="module")
def comparison(pair: tuple[Path, Path]) -> Comparison:
    """What the two differ in."""
    return compare(*(read_version(str(each), Path(), print) for each in pair))


@pytest.fixture(scope="module")
def found(comparison: Comparison) -> dict[str, Any]:
    """The same as whoever reads the JSON has it."""
    content: dict[str, Any] = json.loads(as_json(comparison))
    return content


def diff(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main(["diff", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def test_a_version_does_not_differ_from_itself(
    pair: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    said = diff(capsys, pair[0], pair[0])
    assert re.search(r"Both versions print the same 1,\d{3} numbers and the same words\.", said)


def test_planted_changes_are_found_and_nothing_else(found: dict[str, Any]) -> None:
    assert found["alike"] is False
    printed = [each["key"] for each in found["numbers"]["changed"] if each["printed"]]
    assert printed == [RATIO, "flow.screened", P_VALUE]
    unseen = [each["key"] for each in found["numbers"]["changed"] if not each["printed"]]
    assert unseen == ["regulated.patients"]
    assert [(each["key"], each["kind"]) for each in found["crossings"]] == [
        (RATIO, "interval"),
        (P_VALUE, "p"),
    ]
    assert found["numbers"]["appeared"] == found["numbers"]["gone"] == found["facts"] == []
    edited = [each for each in found["prose"] if each["moved"] or each["state"] != "numbers"]
    assert [(each["state"], each["moved"]) for each in edited] == [("same", True), ("edited", False)]
    gone = [piece["text"] for piece in edited[1]["pieces"] if piece["state"] == "gone"]
    assert gone == ["Adverse events"]


def test_sentences_to_reread_name_the_line_that_prints_them(found: dict[str, Any], root: Path) -> None:
    assert len(found["reread"]) >= 8
    for each in found["reread"]:
        assert each["old"] != each["new"]
        file, line = each["place"].split(":")
        source = (root / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        assert "{python}" in source
    first = found["reread"][0]
    assert first["crossed"]
    assert "(95% CI 1.12–" in first["old"]
    assert first["new"] == first["old"].replace("1.12–", "0.98–")


def test_the_terminal_report_is_aligned_narrow_and_plain(comparison: Comparison) -> None:
    said = as_text(comparison)
    lines = said.splitlines()
    assert max(map(len, lines)) <= 100
    assert "\033" not in said
    heading = lines.index("NUMBERS THAT CHANGED")
    assert lines[heading + 1].split() == ["number", "old", "new"]
    row = next(line for line in lines if line.strip().startswith("flow: screened"))
    head = lines[heading + 1]
    assert row[head.index("old") :].startswith("734")
    assert row[head.index("new") :] == "735"
    assert "[-Adverse events-] {+Harms+} were not" in " ".join(said.split())


def test_colour_adds_nothing_but_colour(comparison: Comparison) -> None:
    coloured = as_text(comparison, colour=True)
    assert "\033[31m" in coloured
    assert re.sub(r"\033\[[\d;]*m", "", coloured) == as_text(comparison)


def test_the_page_is_whole_and_shows_both_sides(
    pair: tuple[Path, Path],
    comparison: Comparison,
    found: dict[str, Any],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    target = tmp_path / "diff.html"
    assert json.loads(diff(capsys, *pair, "--json", "--html", target)) == found
    html = target.read_text(encoding="utf-8")
    pairs = Pairs()
    pairs.feed(html)
    assert pairs.open == []
    assert "url(" not in html
    assert "<del>Adverse events</del>" in html
    assert "<ins>Harms</ins>" in html
    assert '<del class="value">734</del>' in html
    assert '<ins><span class="num" title="flow.screened">735</span></ins>' in html
    before = html
    write_page(comparison, target)  # an older page of its own is replaced
    assert target.read_text(encoding="utf-8") == before


def test_a_file_of_another_program_is_not_replaced(comparison: Comparison, tmp_path: Path) -> None:
    target = tmp_path / "letter.html"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(ManuscriptError, match="which no manuscript diff wrote"):
        write_page(comparison, target)
    assert target.read_text(encoding="utf-8") == "mine"


def test_pages_and_ledgers_can_be_named_by_themselves(
    pair: tuple[Path, Path], found: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledgers = json.loads(diff(capsys, *(each / "numbers.json" for each in pair), "--json"))
    assert ledgers["numbers"] == found["numbers"]
    assert (ledgers["pages"], ledgers["reread"], ledgers["prose"]) == (False, [], [])
    alone = shutil.copy(pair[0] / "index.html", tmp_path / "sent.html")  # its ledger is inside
    page = json.loads(diff(capsys, alone, pair[1] / "index.html", "--json"))
    changed = [each["key"] for each in page["numbers"]["changed"]]
    assert changed == [each["key"] for each in found["numbers"]["changed"]]
    assert page["prose"] == found["prose"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.json", "{", "not JSON"),
        ("x.json", "[]", "no ledger of printed numbers"),
        ("x.json", '{"schema": 999, "numbers": []}', "schema 999"),
        ("x.json", '{"schema": 1, "numbers": [{"key": "a"}]}', "number 1 of the ledger has no key and text"),
        ("x.json", '{"schema": 1, "numbers": [7]}', "number 1 of the ledger has no key and text"),
        ("x.json", '{"schema": 1, "numbers": [{"key": "a", "text": "1", "p": "x"}]}', "'p' of number 1"),
        ("x.json", '{"schema": 1, "numbers": {}}', "no list of numbers"),
        ("x.json", '{"schema": 1, "numbers": [], "provenance": {"facts": [1]}}', "no list of facts"),
        ("x.html", b"\xff\xfe", "not text in UTF-8"),
        ("x.docx", "", "neither a page (.html) nor a ledger (.json)"),
        ("folder/x.txt", "", "holds neither index.html nor numbers.json"),
        ("", "", "no file, folder or git revision"),
    ],
)
def test_what_cannot_be_read_is_said(
    name: str,
    content: str | bytes,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    given = name.partition("/")[0] or "nowhere"
    if name:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert main(["diff", given, given]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.startswith("error: ")


def test_one_name_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["diff", "old"])
    assert ended.value.code == 2
    assert "NEW" in capsys.readouterr().err


DOCUMENT = """---
title: Owls
---

```{python}
#| output: asis
#| echo: false
import json
entry = {"key": "owls", "text": "SEEN", "value": SEEN, "where": "inline"}
print('We saw [SEEN]{.num key="owls"} owls in the wood.')
script = '<script type="application/json" id="numbers">' + json.dumps([entry]) + '</script>'
print('\\n```{=html}\\n' + script + '\\n```')
```
"""


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, "-C", str(folder), *arguments], check=True, capture_output=True)


def test_revisions_are_rendered_for_the_comparison_and_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "_quarto.yml").write_text(
        "project:\n  render: [index.qmd]\nformat:\n  html:\n    minimal: true\n"
    )
    git(tmp_path, "init", "--quiet")
    for seen in ("7", "8"):
        (tmp_path / "index.qmd").write_text(DOCUMENT.replace("SEEN", seen))
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "--quiet", "-m", seen)
    (tmp_path / "index.qmd").write_text(DOCUMENT.replace("SEEN", "9"))  # uncommitted: not looked at
    files = sorted(tmp_path.rglob("*.*"))
    found = json.loads(diff(capsys, "HEAD~1", "HEAD", "--json"))
    assert sorted(tmp_path.rglob("*.*")) == files
    (change,) = found["numbers"]["changed"]
    assert (change["old"]["text"], change["new"]["text"]) == ("7", "8")
    assert [(each["old"], each["new"]) for each in found["reread"]] == [
        ("We saw 7 owls in the wood.", "We saw 8 owls in the wood.")
    ]
    (tmp_path / "index.qmd").write_text("---\ntitle: [\n---\n")
    git(tmp_path, "commit", "--quiet", "-am", "broken")
    assert main(["diff", "HEAD", "HEAD~1"]) == 1
    error = capsys.readouterr().err
    assert "revision 'HEAD' cannot be rendered" in error
    assert "index.qmd" in error
