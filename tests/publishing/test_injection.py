"""Values that look like markup of any language are printed as the text they are, in every format."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from lxml import etree, html
from pypdf import PdfReader

from report_helpers.publishing.render import Request, render

HOSTILE = r"""
<script>alert(1)</script>
</script><b>b</b>
<!-- c -->
<img src=x onerror=alert(1)>
&lt;i&gt; &amp;
[x](javascript:alert(1))
![x](/etc/passwd)
<javascript:alert(1)>
*a* # b
**a** _b_
# head
- item
1. item
> quoted
| a | b |
```
~~~
:::
::: {.x}
---
`code`
a^b^ c~d~
[a]{.b}
[^1]
@fig-x
[@nobody]
$x$
$$x$$
\input{/etc/passwd}
\(x\)
#eval("1")
#strong[a]
#read("/etc/passwd")
// c
/* c */
<label>
{{< include /etc/passwd >}}
{{< meta title >}}
`{python} 1`
{=html}
{{ x }}
{% x %}
a -- b ... c
say "so"
it's
100 %
=HYPERLINK(1)
ä Ω
""".strip().splitlines()

PARTS = """\
---
title: Probe
---

```{python}
import json, os
from pathlib import Path
from report_helpers.reporting import figures
from report_helpers.reporting.drawing import Drawing, Text
from report_helpers.reporting.ledger import Ledger
from report_helpers.reporting.reported import Reported
from report_helpers.reporting.tables.build import Column, Row, build, text

H = json.loads(Path("hostile.json").read_text(encoding="utf-8"))
ledger = Ledger()
R = [Reported(words, f"k{place}", words, ledger=ledger) for place, words in enumerate(H)]
```

```{python}
#| echo: false
for words in H:
    print(f"‹{words}›")
```

::: {#tbl-hostile}

```{python}
rows = [Row(f"‹{words}›", (text(f"‹{words}›"),), f"‹{words}›") for words in H]
notes = [f"‹{words}›" for words in H]
build("hostile", "".join(notes), [Column("a", "".join(notes), "".join(notes))], rows, notes)
```

A table
:::

::: {#fig-hostile}

```{python}
lines = [Text(5, 20 + 12 * place, f"‹{words}›") for place, words in enumerate(H)]
said = "".join(f"‹{words}›" for words in H)
drawing = Drawing("hostile", said, said, 20 + 12 * len(H), (), (), tuple(lines))
figures.write(drawing, Path(os.environ[figures.DIRECTORY]))
```

A figure
:::

@tbl-hostile and @fig-hostile.

"""


DATA = "*a* <b>$x$ [y](javascript:1) {{< meta title >}} @z.csv"
STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "--", "—": "---", "…": "..."})


def squeezed(text: str) -> str:
    """Return text without blanks, which each format breaks in its own way."""
    return re.sub(r"[\s\u00ad\u200b]+", "", text)


@pytest.fixture(scope="module")
def probe(project_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of a document that prints every hostile value in every way we print values."""
    project = tmp_path_factory.mktemp("injection")
    for name in ("filters", "assets"):
        shutil.copytree(project_copy / name, project / name)
    for name in ("_quarto.yml", "study.yml", "references.bib"):
        shutil.copy(project_copy / name, project)
    data = project / DATA
    data.write_text("no patients\n")
    (project / "hostile.json").write_text(json.dumps(HOSTILE), encoding="utf-8")
    places = range(len(HOSTILE))
    paragraphs = [
        f"R{n}‹`{{python}} R[{n}]`›R S{n}‹`{{python}} H[{n}]`›S\n\n`{{python}} R[{n}]`\n" for n in places
    ]
    index = PARTS + "\n".join(paragraphs) + "\n```{python}\nledger\n```\n"
    (project / "index.qmd").write_text(index, encoding="utf-8")
    request = Request(project, ("html", "pdf", "docx", "jats"), data=data, engine="builtin")
    return render(request, lambda stage, detail, seconds: None).directory


@cache
def text_of_page(out: Path) -> str:
    page = html.parse(out / "index.html", html.HTMLParser(encoding="utf-8")).getroot()
    return str(page.xpath("//main")[0].text_content())


@cache
def text_of_pdf(out: Path) -> str:
    return "\n".join(sheet.extract_text() for sheet in PdfReader(out / "index.pdf").pages)


@cache
def text_of_word(out: Path) -> str:
    with zipfile.ZipFile(out / "index.docx") as archive:
        return "".join(etree.fromstring(archive.read("word/document.xml")).itertext())


@cache
def text_of_jats(out: Path) -> str:
    return "".join(etree.parse(out / "index.xml", etree.XMLParser(load_dtd=False)).getroot().itertext())


TEXTS = {"html": text_of_page, "pdf": text_of_pdf, "docx": text_of_word, "jats": text_of_jats}
# Printed by a cell, in a table as label, group, cell, column head, spanner, head of the labels, and note.
TIMES = 1 + 7


@pytest.mark.parametrize("kind", TEXTS)
def test_every_value_is_printed_as_the_text_it_is(probe: Path, kind: str) -> None:
    found = squeezed(TEXTS[kind](probe))
    printed = Counter(re.findall("‹([^‹›]*)›", found))
    assert {
        words: printed[squeezed(words)] for words in HOSTILE if printed[squeezed(words)] < TIMES + 1
    } == {}
    told = {words: re.findall(f"R{place}‹([^›]*)›R", found) for place, words in enumerate(HOSTILE)}
    assert {words: seen for words, seen in told.items() if seen != [squeezed(words)]} == {}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_plain_string_is_printed_as_quarto_prints_it_and_no_markup_acts(probe: Path, kind: str) -> None:
    """Quarto doubles a backslash and curls quotes in a plain string; a `Reported` does not."""
    found = squeezed(TEXTS[kind](probe)).translate(STRAIGHT).replace("\\\\", "").replace("\\", "")
    told = {words: re.findall(f"S{place}‹([^›]*)›S", found) for place, words in enumerate(HOSTILE)}
    expected = {words: [repr(squeezed(words))[1:-1].replace("\\", "")] for words in HOSTILE}
    assert {words: seen for words, seen in told.items() if seen != expected[words]} == {}


def test_nothing_of_it_acts_in_the_page(probe: Path, project_copy: Path) -> None:
    page = html.parse(probe / "index.html", html.HTMLParser(encoding="utf-8")).getroot()
    scripts = [str(each.text) for each in page.iter("script")]
    assets = project_copy / "assets" / "html"
    files = [assets / name for name in ("manuscript.html", "numbers.js")]
    shipped = "".join(file.read_text(encoding="utf-8").replace("$$", "$") for file in files)
    own = [text for text in scripts if text.strip() and text.strip() in shipped]
    ledger = [each.text for each in page.xpath("//script[@type='application/json']")]
    assert len(scripts) == len(own) + len(ledger)
    assert {entry["value"] for entry in json.loads(ledger[0])["numbers"]} == set(HOSTILE)
    assert [h for h in page.xpath("//@href") if not str(h).startswith(("#", "data:"))] == []
    assert (
        page.xpath("//@onerror | //main//b | //main//i | //label | //fig | //comment()[contains(., ' c ')]")
        == []
    )
    assert [src for src in page.xpath("//@src") if not src.startswith("data:image/")] == []


def test_nothing_of_it_acts_in_pdf_word_and_jats(probe: Path) -> None:
    for sheet in PdfReader(probe / "index.pdf").pages:
        for link in sheet.get("/Annots", []):
            assert "/URI" not in link.get_object().get("/A", {})
    with zipfile.ZipFile(probe / "index.docx") as archive:
        assert b'TargetMode="External"' not in archive.read("word/_rels/document.xml.rels")
        body = etree.fromstring(archive.read("word/document.xml"))
    assert body.xpath("//*[local-name()='oMath' or local-name()='hyperlink'][contains(., 'x')]") == []
    article = etree.parse(probe / "index.xml", etree.XMLParser(load_dtd=False)).getroot()
    assert article.xpath("//ext-link[contains(@*, 'javascript')] | //inline-formula | //body//b") == []


def test_the_description_of_a_figure_is_the_text_it_is(probe: Path) -> None:
    expected = squeezed("".join(f"‹{words}›" for words in HOSTILE))
    page = html.parse(probe / "index.html", html.HTMLParser(encoding="utf-8")).getroot()
    assert [squeezed(alt) for alt in page.xpath("//main//img/@alt")] == [expected]
    with zipfile.ZipFile(probe / "index.docx") as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
    assert expected in [squeezed(each) for each in body.xpath("//*[local-name()='docPr']/@descr")]
    reader = PdfReader(probe / "index.pdf")
    objects = (reader.get_object(number) for number in range(1, int(reader.trailer["/Size"])))
    told = [squeezed(str(each["/Alt"])) for each in objects if isinstance(each, dict) and "/Alt" in each]
    assert expected in told


@pytest.mark.parametrize("kind", ["html", "pdf"])
def test_the_name_of_a_data_file_is_the_text_it_is(probe: Path, kind: str) -> None:
    assert squeezed(DATA) in squeezed(TEXTS[kind](probe))


def test_no_file_of_the_machine_is_printed(probe: Path) -> None:
    first = Path("/etc/passwd").read_text(encoding="utf-8", errors="replace").splitlines()[0]
    for kind, text in TEXTS.items():
        assert first not in text(probe), kind
