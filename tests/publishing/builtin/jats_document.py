"""A document with every construct that JATS has to hold, and how its elements read."""

from __future__ import annotations

from lxml import etree

_CONFIG = """\
project:
  render: [index.qmd]
number-sections: true
bibliography: refs.bib
crossref:
  custom:
    - {kind: float, key: suptbl, reference-prefix: Supplementary Table, space-before-numbering: true}
format:
  html: {minimal: true}
  jats: {version: 2.1, short-title: Short, article: {type: research-article}}
"""
_BIB = "@article{sun2023, author={Sun, Yun}, title={Prednisone & more}, journal={JAMA}, year={2023}}\n"
_SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="12" height="6"><rect width="12" height="6"/></svg>'
_INDEX = """\
---
title: The *title* & more
author:
  - name: Ada Example
    orcid: 0000-0002-1825-0097
    email: ada@example.org
    corresponding: true
    affiliations: [{name: Clinic X, city: Town, department: Ward}]
  - "[Second author]"
abstract: Twelve^[In the abstract.] patients.
date: 2026-01-05
keywords: [embryo, cells & more]
lang: en
---

Before any heading [@sun2023].

# Methods {#sec-methods}

Value [48.2%]{.num key="a.b"}, see @fig-two, @fig-a, @tbl-x, @suptbl-more, @eq-rate, @sec-methods, @lst-code,
@sec-supplement, [a place](#place), [a division](#part), [a box](#box), [a frame](#frame).^[With `code`.]

[Marked]{#place} text[^long].

[^long]: A note.

    - list in a note

### Three levels down {#sec-deep}

::: {#fig-two layout-ncol=2}

![First](pic.svg){#fig-a fig-alt="alt & <a>"}

![Second](<more/pic.svg>){#fig-b}

Both.

:::

::: {#tbl-two layout-ncol=2}

| a |
|---|
| 1 |

: First {#tbl-x}

| b |
|---|
| 2 |

: Second {#tbl-y}

Both tables.

:::

::: {#suptbl-more}

| b | c |
|---|--:|
| 2^[In a cell.] | $x<1$ |

More^[In a caption.]

:::

```{#lst-code .python lst-cap="A listing"}
x = 1 < 2
```

$$ p = x / n $$ {#eq-rate alt="p is x by n"}

::: {.callout-note #box}
## Mind
The box.

### Within
:::

::: {#part}
A division with [a link to the top](#).
:::

::: {#frame}
#### Framed
Text, $a ]]> b$.
:::

```{=jats}
<p>As is.</p>
```

1. one

   ::: {.callout-tip}
   nested box
   :::

   | t |
   |---|
   | 3 |

2. two

   ```python
   code()
   ```

> quote
>
> | t |
> |---|
> | 4 |

Term
: ![in a definition](pic.svg)

![Unnumbered](pic.svg)

Inline ![mark](pic.svg) picture.

+-------+------+
| a     | b    |
+=======+======+
| - x   | p    |
| - y   |      |
|       | q    |
+-------+------+

: Grid

#### Größe x² in µm ("10%")

With a [link](#größe-x²-in-µm-10) to it.

# References {.unnumbered}

::: {#refs}
:::

# Supplement {#sec-supplement}

Behind the references.

## More {#sec-more}

### fn1 {#fn1}

See @sec-more.^[The last.]
"""
FILES = {
    "_quarto.yml": _CONFIG,
    "index.qmd": _INDEX,
    "refs.bib": _BIB,
    "pic.svg": _SVG,
    "more/pic.svg": _SVG,
}


def text_of(node: etree._Element) -> str:
    return " ".join("".join(node.itertext()).split())
