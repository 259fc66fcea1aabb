"""Put the document together after the run: text with its values, each cell replaced by what it showed.

A labelled cell becomes the same division an author would write by hand, so that figures and tables from cells
and from text take one way from here on:

    ::: {#fig-flow}
    (what the cell showed)

    The caption
    :::
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import ExecutionError
from ..reading.cells import Cell, Text
from ..reading.lines import Line
from .cellfloats import LAYOUT, Shown, float_lines, listed, unnumbered_lines
from .execute import Executed
from .inline import accidents, never_run, substitute
from .outputs import OutputWriter, attribute, fence, shown_outputs

_DISPLAYED = ("display_data", "execute_result")


@dataclass(frozen=True)
class Assembly:
    """Settings for one target.

    Attributes
    ----------
    defaults : mapping
        The document's `execute:` settings.
    html : bool
        Whether the target is HTML.
    strict : bool
        Whether Quarto's accidents are errors.
    float_kinds : frozenset of str
        How labels of figures, tables and their like begin.
    code_fold, code_summary
        How the code of cells is folded, and what stands for it.
    head : tuple of Line
        Lines of the front matter, where no code is run.
    """

    defaults: Mapping[str, Any]
    html: bool
    strict: bool
    float_kinds: frozenset[str]
    code_fold: Any = None
    code_summary: str = "Code"
    head: tuple[Line, ...] = ()


def assemble(done: Sequence[Executed], settings: Assembly, pictures: Path) -> str:
    """Return the Markdown of the executed document."""
    writer = OutputWriter(pictures, html=settings.html, strict=settings.strict)
    lines: list[str] = []
    if not any(isinstance(item.part, Cell) for item in done):
        done = [replace(item, values={}) for item in done]  # Quarto runs no expressions without a cell
    if settings.strict:
        _refuse_accidents(done, settings)
    for position, item in enumerate(done):
        if isinstance(item.part, Text):
            new = substitute(item.part, item.values or {}, html=settings.html)
            lines += [line.text for line in new]
            continue
        block = _CellWriter(item, item.part, settings, writer, position).lines()
        lines += ["", *(item.part.indent + line if line else line for line in block), ""]
    return "\n".join(lines) + "\n"


def _refuse_accidents(done: Sequence[Executed], settings: Assembly) -> None:
    found = never_run(settings.head, "no code is run in the front matter", "Write the text itself.")
    texts = [(item.part, item.values or {}) for item in done if isinstance(item.part, Text)]
    for text, values in texts:
        if len(texts) < len(done):
            found += accidents(text, values, html=settings.html)
        else:
            found += never_run(text.lines, "none is run in a document without cells", "Add a {python} cell.")
    if found:
        raise ExecutionError(found)


class _CellWriter:
    def __init__(
        self, item: Executed, cell: Cell, settings: Assembly, writer: OutputWriter, position: int
    ) -> None:
        self.item, self.cell, self.settings, self.writer = item, cell, settings, writer
        self.options = {**settings.defaults, **cell.options}
        kind = cell.label.split("-")[0]
        self.kind = kind if "-" in cell.label and kind in settings.float_kinds else ""
        self.name = re.sub(r"[^A-Za-z0-9_-]+", "-", cell.label) or f"cell-{position}"
        # Pandoc knows a division only where a list's own text begins, and cells are often set in further.
        self.bare = bool(cell.indent) and not self.kind

    def lines(self) -> list[str]:
        if not self.options.get("include", True):
            return []
        code = self._code()
        shown = self._shown()
        if not code and not shown:
            return []
        if self.options.get("output") == "asis" and not self.kind:
            return [*code, "", *(line for part in shown for line in part.lines)]
        content = self._content(code, shown)
        return content if self.bare else ["::: {" + self._attributes() + "}", *content, ":::"]

    def _attributes(self) -> str:
        parts = [".cell", *(f".{name.lstrip('.')}" for name in listed(self.options.get("classes")))]
        if "column" in self.options:
            parts.append(f".column-{self.options['column']}")
        if self.cell.label and not self.kind:
            parts.insert(0, f"#cell-{self.name}")
        if not self.kind:
            parts += [f"{key}={attribute(str(self.options[key]))}" for key in LAYOUT if key in self.options]
        return " ".join(parts)

    def _code(self) -> list[str]:
        echo = self.options.get("echo", True)
        if not echo or not (self.cell.code.strip() or echo == "fenced"):
            return []
        text = self.cell.code.strip("\n") if self.cell.first else self.cell.code.rstrip("\n")
        info = ".python .cell-code"
        if echo == "fenced":
            options = [
                line.text.removeprefix(self.cell.indent) for line in self.cell.lines[: self.cell.first]
            ]
            kept = [line for line in options if not re.search(r"\|\s+echo:\s+fenced\s*$", line)]
            text = "\n".join(["```{python}", *kept, text, "```"])
            info = ".markdown .cell-code"
        fold = self.options.get("code-fold", self.settings.code_fold)
        if fold and fold != "none":
            summary = self.options.get("code-summary", self.settings.code_summary)
            info += f" code-fold={attribute(str(fold).lower())} code-summary={attribute(str(summary))}"
        if "lst-label" in self.options:
            info = f"#{str(self.options['lst-label']).lstrip('#')} {info}"
            info += f" lst-cap={attribute(str(self.options.get('lst-cap', '')))}"
        return fence(text, f" {{{info}}}")

    def _shown(self) -> list[Shown]:
        """Return the Markdown of every output, each in its division."""
        if self.options.get("output", True) is False:
            return []
        outputs = shown_outputs(
            self.cell, self.item.outputs, warnings=bool(self.options.get("warning", True))
        )
        alts, captions = listed(self.options.get("fig-alt")), self._outer_captions()
        result, displayed = [], 0
        for index, output in enumerate(outputs):
            caption = alt = ""
            display = output["output_type"] in _DISPLAYED
            if display:
                caption = captions[displayed] if displayed < len(captions) else ""
                # One text stands for every picture of the cell; a list gives each its own.
                alt = alts[displayed] if displayed < len(alts) else alts[0] if len(alts) == 1 else ""
                displayed += 1
            name = f"{self.name}-output-{index + 1}"
            asis = self.options.get("output") == "asis"
            body = self.writer.markdown(output, self.cell, name, caption=caption, alt=alt, asis=asis)
            if not asis:
                body = ["", *body, ""] if self.bare else ["", "::: {" + _classes(output) + "}", *body, ":::"]
            result.append(Shown(body, display))
        return result

    def _outer_captions(self) -> list[str]:
        """Return captions for pictures of a cell that is not a numbered float."""
        return [] if self.kind else [" ".join(text.split()) for text in listed(self.options.get("fig-cap"))]

    def _content(self, code: list[str], shown: list[Shown]) -> list[str]:
        if self.kind:
            return float_lines(self.cell.label, self.kind, self.options, code, shown)
        return [*code, *unnumbered_lines(self.options, shown)]


def _classes(output: Mapping[str, Any]) -> str:
    kind = output["output_type"]
    if kind in _DISPLAYED:
        extra = " .cell-output-markdown" if "text/markdown" in output["data"] else ""
        return f".cell-output .cell-output-display{extra}"
    return f".cell-output .cell-output-{output['name'] if kind == 'stream' else 'error'}"
