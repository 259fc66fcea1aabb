"""Page, PDF, Word and JATS say the same: paragraphs, captions, cells, notes, references, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from report_helpers.publishing import builtin

from .said import Said, letters, read_html, read_jats, read_pdf, read_word, words

pytestmark = pytest.mark.xdist_group("render")

Read = Callable[[Path], Said]
OTHERS: dict[str, tuple[str, Read]] = {
    "pdf": ("index.pdf", read_pdf),
    "word": ("index.docx", read_word),
    "jats": ("index.xml", read_jats),
}
CONFIG = """\
project:
  render: [index.qmd]
number-sections: true
bibliography: refs.bib
suppress-bibliography: false
crossref:
  custom:
    - {kind: float, key: suptbl, reference-prefix: Supplementary Table, space-before-numbering: true}
format:
  html: {minimal: true}
  typst: default
  docx: default
  jats: default
"""
BIB = """\
@article{sun2023, author={Sun, Yun}, title={Prednisone & more}, journal={JAMA}, year={2023}}
@book{knol2012, author={Knol, Mirjam and others}, title={Interaction}, publisher={Press}, year={2012}}
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60"><rect width="120" height="60"/></svg>'
DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ONLY_HTML = "Only where there is a browser."
INDEX = """\
---
title: A small document
author: Ada Example
lang: en
---

# First {#sec-first}

```{python}
#| include: false
class Reported:
    def _repr_markdown_(self):
        return '[48.2% (95% CI 41.0–55.4)]{.num key="a.b"}'
rate = Reported()
odd = "<script>alert(1)</script> [x](javascript:y) #eval(1) *a* $b$ \\\\\\\\beta @fig-two"
```

The rate was `{python} rate`, “quoted”, of x² and 1 ½ ﬁsh; data `{python} odd`.
See @fig-two, @fig-left, @tbl-first, @suptbl-more, @sec-second and
[@sun2023; @knol2012, p. 3].^[With `{python} 3 + 4` inside.]

::: {#fig-two layout-ncol=2}

![Left](pic.svg){#fig-left fig-alt="A dark box"}

![Right](pic.svg){#fig-right}

Both, with `{python} 1 + 1` parts.

:::

::: {#tbl-pair layout-ncol=2}

| a |
|---|
| 1 |

: First {#tbl-first}

| b |
|---|
| 2 |

: Second {#tbl-second}

Two tables[^later].

:::

[^later]: A note with

    two paragraphs.

::: {#suptbl-more}

+-----------+-------+
| a         | b     |
+===========+=======+
| - x       | p^[c] |
| - y       |       |
|           | <q> & |
+-----------+-------+

More

:::

## Second level {#sec-second}

1. one
   - nested
2. two

Term
: its meaning

![](DOT){fig-alt="One dot"}

> quoted text

| verse
| by line

::: {.callout-note}
## Mind
The box.
:::

::: {.panel-tabset}

## Tab A

In A.

## Tab B

In B.

:::

:::: {.columns}

::: {.column width="40%"}
Left column.
:::

::: {.column width="60%"}
Right column.
:::

::::

<b>Bold</b> in HTML, ~~gone~~, H~2~O, [link](https://example.org), `code <&>`.

```{python}
#| echo: true
print("printed <&>")
{"a": 1}
```

```{python}
#| label: tbl-frame
#| tbl-cap: "A *frame*"
#| echo: false
import pandas as pd
pd.DataFrame({"group": ["<0.001 & more", "[x](y)"], "n": [7, 8]})
```

::: {.content-visible when-format="html"}
ONLY_HTML
:::

# References {.unnumbered}

::: {#refs}
:::

# Supplement {#sec-supplement}

Behind the references (@sec-supplement).^[The last note.]
""".replace("ONLY_HTML", ONLY_HTML).replace("DOT", DOT)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document of many constructs in every format."""
    root = tmp_path_factory.mktemp("small")
    for name, text in {"_quarto.yml": CONFIG, "index.qmd": INDEX, "refs.bib": BIB, "pic.svg": SVG}.items():
        (root / name).write_text(text, encoding="utf-8")
    builtin.render(root, ["html", "pdf", "docx", "jats"], root / "out")
    return root / "out"


@pytest.fixture(scope="module", params=["manuscript", "small document"])
def directory(request: pytest.FixtureRequest) -> Path:
    """Where a document lies in every format."""
    found = request.getfixturevalue("rendered" if request.param == "manuscript" else "small")
    assert isinstance(found, Path)
    return found


@pytest.fixture(scope="module")
def page(directory: Path) -> Said:
    return read_html(directory / "index.html")


@pytest.fixture(scope="module", params=OTHERS)
def other(request: pytest.FixtureRequest, directory: Path) -> tuple[str, Said]:
    name, read = OTHERS[request.param]
    return request.param, read(directory / name)


def comparable(name: str) -> Callable[[str], str]:
    """Compare words, but letters where a PDF is read: it has no space where a line ends."""
    return letters if name == "pdf" else words


def body(page: Said) -> str:
    return " ".join(page.stream).replace(ONLY_HTML, "")


def test_the_text_is_the_same(page: Said, other: tuple[str, Said]) -> None:
    name, said = other
    as_compared = comparable(name)
    wanted, found = as_compared(body(page)), as_compared(" ".join(said.stream))
    assert len(wanted) > 400
    # What stands before is the title block, which each format lays out its own way: see below.
    start = found.find(wanted[:30])
    assert found[start:] == wanted


@pytest.mark.parametrize("kind", ["captions", "parts", "notes", "alternatives"])
def test_captions_notes_and_descriptions_are_the_same(page: Said, other: tuple[str, Said], kind: str) -> None:
    name, said = other
    as_compared = comparable(name)
    wanted, found = getattr(page, kind), getattr(said, kind)
    if kind == "notes":  # on paper, those of one table are one paragraph
        wanted, found = [" ".join(wanted)], [" ".join(found)]
    assert [as_compared(each) for each in found] == [as_compared(each) for each in wanted]


def test_tables_are_the_same_cell_by_cell(page: Said, other: tuple[str, Said]) -> None:
    name, said = other
    as_compared = comparable(name)
    assert len(page.tables) >= 4
    for wanted, found in zip(page.tables, said.tables, strict=True):
        wanted, found = without_pages(wanted), without_pages(found)
        assert [as_compared(cell) for cell in found] == [as_compared(cell) for cell in wanted]


def without_pages(cells: list[str]) -> list[str]:
    """Leave out the pages of a checklist, which only the PDF knows."""
    if cells[:2] != ["Item", "What is asked"]:
        return cells
    return [cell for cell in cells if not re.fullmatch(r"Page|PDF( .*)?|[\d–, ]*", cell)]


def test_footnotes_are_the_same(page: Said, other: tuple[str, Said]) -> None:
    # In order of their numbers; a caption may stand below its table here and above it there, so that notes in
    # the two change places.
    name, said = other
    as_compared = comparable(name)
    assert sorted(map(as_compared, said.footnotes)) == sorted(map(as_compared, page.footnotes))


def test_the_small_document_has_what_is_compared(small: Path) -> None:
    page = read_html(small / "index.html")
    assert (len(page.captions), len(page.parts), len(page.footnotes)) == (4, 4, 4)
    assert page.alternatives == ["A dark box", "Right", "One dot"]
    assert ONLY_HTML in " ".join(page.stream)


EXTRA = {
    "pdf": {"and"},
    "word": set[str](),
    # The notice stands in the head of every page of PDF and Word, and above the page in HTML.
    "jats": {
        "Synthetic data: every patient is simulated, and no number here says anything about real patients."
    },
}


def test_the_title_block_says_the_same(rendered: Path) -> None:
    page = read_html(rendered / "index.html")
    assert len(page.front) > 20
    for name, (file, read) in OTHERS.items():
        front = letters(" ".join(read(rendered / file).stream)).partition(letters(body(page))[:60])[0]
        for piece in sorted({*page.front, *EXTRA[name]}, key=len, reverse=True):
            assert letters(piece) in front, f"{piece} is not in {name}"
            front = front.replace(letters(piece), "\n")
        assert set(front) <= set("\n,:*"), f"{name} says more: {front.split()}"
