"""Plain pandoc with the filters that both engines share."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pypandoc
from lxml import html

FILTERS = Path(__file__).parents[2] / "filters"
EARLY = ("table-html", "tables", "table-layout", "abstract")
LATE = ("figures", "typst-tables", "word-tables", "docx")


def pandoc(markdown: str, to: str, filters: tuple[str, ...] = (*EARLY, *LATE), *options: str) -> bytes:
    command = [pypandoc.get_pandoc_path(), "--from=markdown", f"--to={to}", "--wrap=none", *options]
    command += [f"--lua-filter={FILTERS / name}.lua" for name in filters]
    output = ["--output=-"] if to == "docx" else []
    run = subprocess.run([*command, *output], input=markdown.encode(), capture_output=True, check=False)
    assert run.returncode == 0, run.stderr.decode()
    return run.stdout


def page(markdown: str, *filters: str) -> html.HtmlElement:
    return html.fromstring(pandoc(markdown, "html", *([filters] if filters else [])).decode())
