"""One document, three formats: the same text, captions and references in each; the same bytes twice."""

import json
import re
import shutil
import stat
from pathlib import Path

import docx
import psutil
import pypdf
import pytest
from lxml import html

from report_helpers.publishing.builtin import Rendered, render
from report_helpers.publishing.builtin.running import kernel_process

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60"><rect width="120" height="60"/></svg>'
BIB = "@article{sun2023, author={Sun, Yun}, title={Prednisone}, journal={JAMA}, year={2023}}\n"
CONFIG = """\
project:
  render: [index.qmd]
number-sections: true
bibliography: refs.bib
filters:
  - path: late.lua
    at: post-render
  - early.lua
crossref:
  custom:
    - {kind: float, key: suptbl, reference-prefix: Supplementary Table, space-before-numbering: true}
format:
  html: {minimal: true}
  typst: {pdf-standard: ua-1}
  docx: default
"""
EARLY = """\
function Str(s)
  if s.text == "FORMAT" then return pandoc.Str("early:" .. FORMAT) end
end
"""
LATE = """\
function Str(s)
  if s.text == "LATE" then return pandoc.Str("late:" .. FORMAT) end
end
"""
INDEX = """\
---
title: The title
author:
  - name: Ada Example
    affiliations: [{name: Clinic X}]
abstract: The abstract says 12.
lang: en
---

```{python}
#| include: false
import os
import matplotlib.pyplot as plt
import pandas as pd
evil = "<script>alert(1)</script> [x](javascript:y) #eval(1) *a* \\\\beta"
class Reported:
    def _repr_markdown_(self):
        return '[48.2%]{.num key="a.b"}'
rate = Reported()
```

# Methods {#sec-methods}

FORMAT and LATE here. Value `{python} rate`, data `{python} evil`, `{python} os.environ["GREETING"]`,
it's "quoted".
See @fig-bars, @fig-drawn, @tbl-frame, @suptbl-more, @eq-rate, @sec-methods and
[@sun2023].^[Note `{python} 3 + 4`.]

```{python}
#| include: false
rate, print(os.getcwd())
```

```{python}
#| label: fig-bars
#| fig-cap: "Bars of `code`"
#| fig-alt: "Two bars"
#| echo: false
plt.bar([1, 2], [3, 4])
plt.show()
```

![A drawing](pictures/drawn){#fig-drawn fig-alt="A dark box"}

::: {#tbl-frame}

```{python}
#| echo: false
pd.DataFrame({"group": ["<0.001 & more"], "n": [7]})
```

Frame of `{python} 1 + 1` rows.

:::

::: {#suptbl-more}

| b |
|---|
| 2 |

More

:::

$$ p = x / n $$ {#eq-rate}

::: {.callout-note}
## Mind
The callout.
:::

# References {.unnumbered}

::: {#refs}
:::
"""
SAID = [
    "The title",
    "Ada Example",
    "The abstract says 12.",
    "1 Methods",
    "Value 48.2%, data <script>alert(1)</script> [x](javascript:y) #eval(1) *a*",
    "hello, it’s “quoted”",
    "See Figure 1, Figure 2, Table 1, Supplementary Table 1, Equation 1, Section 1 and (Sun 2023)",
    "Figure 1: Bars of code",
    "Figure 2: A drawing",
    "Table 1: Frame of 2 rows.",
    "Supplementary Table 1: More",
    "<0.001 & more",
    "Note 7.",
    "Mind",
    "The callout.",
    "References",
    "Sun, Yun. 2023.",
]


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00a0]+", " ", text)


def html_text(path: Path) -> str:
    return squeezed(html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot().text_content())


def pdf_text(path: Path) -> str:
    return squeezed(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages))


def docx_text(path: Path) -> str:
    document = docx.Document(str(path))
    found = [paragraph.text for paragraph in document.paragraphs]
    found += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    parts = document.part.package.iter_parts()
    found += [re.sub(r"<[^>]+>", "", p.blob.decode()) for p in parts if p.partname.endswith("footnotes.xml")]
    return squeezed(" ".join(found))


def write_project(root: Path) -> Path:
    (root / "pictures").mkdir(parents=True)
    files = {"_quarto.yml": CONFIG, "index.qmd": INDEX, "refs.bib": BIB, "early.lua": EARLY, "late.lua": LATE}
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rendered, Rendered]:
    """Render the same project from two directories; the first is read-only, its picture in the overlay."""
    results = []
    for name in ("first", "ein zweiter Ort ß"):
        base = tmp_path_factory.mktemp("render")
        root = write_project(base / name)
        overlay = base / "overlay" / "pictures"
        overlay.mkdir(parents=True)
        (overlay / "drawn.svg").write_text(SVG, encoding="utf-8")
        root.chmod(stat.S_IRUSR | stat.S_IXUSR)
        environment = {"GREETING": "hello", "SOURCE_DATE_EPOCH": "1767225600"}
        results.append(
            render(
                root,
                ["html", "pdf", "docx", "jats"],
                base / "out",
                overlay=overlay.parent,
                environment=environment,
            )
        )
        root.chmod(stat.S_IRWXU)
        assert sorted(path.name for path in root.iterdir()) == sorted(
            ["_quarto.yml", "early.lua", "index.qmd", "late.lua", "pictures", "refs.bib"]
        )
        shutil.rmtree(root)
    return results[0], results[1]


@pytest.mark.parametrize("said", SAID)
def test_every_format_says_the_same(two: tuple[Rendered, Rendered], said: str) -> None:
    paths = two[0].paths
    without_hyphens = pdf_text(paths["pdf"]).replace("- ", "")
    assert said in html_text(paths["html"])
    assert said.replace("- ", "") in without_hyphens
    assert said in docx_text(paths["docx"])


def test_filters_see_the_format_they_work_for(two: tuple[Rendered, Rendered]) -> None:
    texts = {"html": html_text, "pdf": pdf_text, "docx": docx_text, "jats": Path.read_text}
    names = {"html": "html", "pdf": "typst", "docx": "docx", "jats": "jats"}
    for name, read in texts.items():
        assert f"early:{names[name]} and late:{names[name]}" in read(two[0].paths[name])


@pytest.mark.parametrize("name", ["html", "pdf", "docx", "jats", "ipynb"])
def test_the_same_input_gives_the_same_bytes(two: tuple[Rendered, Rendered], name: str) -> None:
    assert two[0].paths[name].read_bytes() == two[1].paths[name].read_bytes()


def test_the_page_needs_nothing_else_and_keeps_keys(two: tuple[Rendered, Rendered]) -> None:
    page = squeezed(two[0].paths["html"].read_text(encoding="utf-8"))
    assert '<span class="num" data-key="a.b">48.2%</span>' in page
    assert not re.findall(r'(?:src|href)="(?!#|data:|mailto:)[^"]+"', page)
    assert "<script" not in page


def test_word_has_captions_tables_and_sharp_pictures_with_alternative_text(
    two: tuple[Rendered, Rendered],
) -> None:
    document = docx.Document(str(two[0].paths["docx"]))
    captions = [(p.style.name, p.text) for p in document.paragraphs if "Caption" in p.style.name]
    assert ("Image Caption", "Figure\u00a01: Bars of code") in captions
    assert ("Table Caption", "Table\u00a01: Frame of 2 rows.") in captions
    assert len(document.tables) == 2
    shapes = document.inline_shapes
    assert [shape._inline.docPr.get("descr") for shape in shapes] == ["Two bars", "A dark box"]
    images = [part for part in document.part.package.iter_parts() if part.partname.endswith(".png")]
    assert len(images) == 2
    assert {round(part.image.horz_dpi, -1) for part in images} == {300}
    assert " SEQ Figure " in document.element.xml


def test_pdf_is_tagged_and_has_its_language(two: tuple[Rendered, Rendered]) -> None:
    reader = pypdf.PdfReader(two[0].paths["pdf"])
    catalog = reader.trailer["/Root"]
    assert catalog["/Lang"] == "en"
    assert catalog["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == "The title"


def test_the_notebook_is_executed_and_tells_no_time(two: tuple[Rendered, Rendered]) -> None:
    notebook = json.loads(two[0].paths["ipynb"].read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == [1, 2, 3, 4]
    assert [cell["id"] for cell in notebook["cells"]] == [f"part-{n}" for n in range(len(notebook["cells"]))]
    assert "execution" not in code[0]["metadata"]


def test_no_kernel_is_left(two: tuple[Rendered, Rendered]) -> None:
    assert two
    assert not [child for child in psutil.Process().children() if kernel_process.__file__ in child.cmdline()]
