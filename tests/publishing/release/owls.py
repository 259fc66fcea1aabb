"""A small manuscript about owls under git, which renders in two seconds and can be released."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[3]
TAKEN = ("_quarto.yml", "study.yml", "references.bib", ".gitignore", "assets", "filters", "data")

_DOCUMENT = """---
title: Owls *in situ*
author: [A. One, B. Two]
---

# Results

```{python}
#| output: asis
#| echo: false
import json

numbers = [
    {"key": "owls.seen", "text": "SEEN", "value": SEEN, "where": "inline"},
    {"key": "owls.risk_ratio", "text": "1.50 (LOW–2.05)", "value": 1.5, "low": LOW, "high": 2.05,
     "where": "inline"},
]
print('We saw [SEEN]{.num key="owls.seen"} owls in the WHERE, and the risk ratio was')
print('[1.50 (LOW–2.05)]{.num key="owls.risk_ratio"}.')
script = '<script type="application/json" id="numbers">' + json.dumps({"numbers": numbers}) + "</script>"
print("\\n```{=html}\\n" + script + "\\n```")
```
"""


def document(seen: int = 7, low: str = "1.10", where: str = "wood") -> str:
    """The text of the manuscript."""
    return _DOCUMENT.replace("SEEN", str(seen)).replace("LOW", low).replace("WHERE", where)


def git(folder: Path, *arguments: str, day: str = "2026-01-15") -> str:
    moment = f"{day}T12:00:00Z"
    stamp = {"GIT_COMMITTER_DATE": moment, "GIT_AUTHOR_DATE": moment}
    run = subprocess.run(
        ["git", "-C", str(folder), *arguments], check=True, capture_output=True, env={**os.environ, **stamp}
    )
    return run.stdout.decode().strip()


def change(project: Path, text: str, day: str = "2026-02-16") -> None:
    """Write another text, and commit it."""
    (project / "index.qmd").write_text(text, encoding="utf-8")
    git(project, "commit", "--quiet", "--all", "--message", "Change", day=day)


def identify(project: Path) -> None:
    """Tell git who tags in a repository."""
    for name, value in (("user.name", "A"), ("user.email", "a@example.org"), ("tag.gpgSign", "false")):
        git(project, "config", name, value)


def start(project: Path) -> Path:
    """Write the project, and commit it."""
    project.mkdir(parents=True)
    for name in TAKEN:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, project / name)
        else:
            shutil.copy(source, project / name)
    study = project / "study.yml"
    text = re.sub(r"(?ms)^checks:\n.*?(?=^\S)", "", study.read_text(encoding="utf-8"))
    study.write_text(text, encoding="utf-8")  # what is allowed there is about the words of another text
    (project / "index.qmd").write_text(document(), encoding="utf-8")
    (project / "CITATION.cff").write_text("cff-version: 1.2.0\ntitle: Owls\n", encoding="utf-8")
    git(project, "init", "--quiet")
    identify(project)
    git(project, "config", "commit.gpgSign", "false")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--message", "First")
    return project
