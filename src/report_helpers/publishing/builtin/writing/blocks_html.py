"""Write the engine's own nodes as HTML with Quarto's classes, so that one style sheet serves both."""

from __future__ import annotations

import html
from typing import Any

from .. import nodes
from ..composing.compose import caption_prefix
from ..composing.kinds import Kinds
from ..nodes import Attr, Node, Replacement

_OURS = frozenset(("Float", "Callout", "Layout", "Reference", "Equation", "CodeBlock", "Div", "Tabset"))


def render_html(tree: Any, kinds: Kinds) -> Any:
    """Replace floats, callouts, layouts, references and equations by what pandoc writes as HTML."""

    def change(node: Node) -> Replacement:
        content = node.get("c")
        match node["t"]:
            case "Float":
                return _float(node["c"], kinds)
            case "Callout":
                return _callout(node["c"])
            case "Tabset":
                return _tabset(node["c"])
            case "Layout":
                return _layout(node["c"]["rows"])
            case "Reference":
                return linked_reference(node["c"])
            case "Equation":
                return numbered_equation(node["c"])
            case "CodeBlock":
                return _folded(node)
            case "Div" if content and "engine-pagebreak" in content[0][1]:
                return nodes.raw_block("html", '<div style="page-break-after: always;"></div>')
        return None

    return nodes.walk(tree, _OURS, change)


def linked_reference(content: dict[str, Any]) -> Node | list[Node]:
    """Return a cross-reference as a link with its text: `Figure 3 (b)`."""
    inlines = list(content["prefix"])
    if inlines and content["spaced"]:
        inlines.append(nodes.string("\u00a0"))
    inlines.append(nodes.string(content["number"]))
    if content["sub"]:
        inlines += [nodes.space(), nodes.string(f"({content['sub']})")]
    return nodes.link(inlines, f"#{content['id']}", ["quarto-xref"]) if content["linked"] else inlines


def numbered_equation(content: dict[str, Any]) -> Node:
    """Return an equation with its number to the right, as TeX that every writer can turn into its own."""
    text = f"{content['text']} \\qquad({content['number']})"
    return nodes.span([{"t": "Math", "c": [{"t": "DisplayMath"}, text]}], content["id"])


def _float(content: dict[str, Any], kinds: Kinds) -> list[Node]:
    key, part = content["kind"], bool(content.get("sub"))
    role = "subfloat" if part else "float"
    caption_id = f"{content['id']}-caption" if content["id"] else ""
    caption = [*caption_prefix(content, kinds), *content["caption"]]
    figcaption = [
        nodes.raw_block(
            "html",
            f"<figcaption{_html_attributes(caption_id, [f'quarto-{role}-caption', f'quarto-{role}-{key}'])}>",
        ),
        nodes.plain(caption),
        nodes.raw_block("html", "</figcaption>"),
    ]
    described: Attr = ["", [], [["aria-describedby", caption_id]] if caption and caption_id else []]
    body = [{"t": "Div", "c": [described, content["content"]]}]
    inner = [*figcaption, *body] if content["top"] else [*body, *figcaption]
    if not caption:
        inner = body
    figure = [
        nodes.raw_block("html", f"<figure{_html_attributes('', ['quarto-float', f'quarto-{role}-{key}'])}>"),
        *inner,
        nodes.raw_block("html", "</figure>"),
    ]
    classes = [*content["attributes"][1], "quarto-float", "quarto-figure", "quarto-figure-center"]
    return [{"t": "Div", "c": [[content["id"], classes, content["attributes"][2]], figure]}]


def _html_attributes(identifier: str, classes: list[str]) -> str:
    text = f' id="{html.escape(identifier)}"' if identifier else ""
    return f'{text} class="{html.escape(" ".join(classes))}"'


def _callout(content: dict[str, Any]) -> list[Node]:
    kind = content["type"]
    attributes: Attr = content["attributes"]
    classes = [*attributes[1], "callout", f"callout-{kind}", "callout-titled", "callout-style-default"]
    title = nodes.div([nodes.para([nodes.strong(content["title"])])], classes=["callout-title"])
    body = nodes.div(content["content"], classes=["callout-content", "callout-body"])
    # A callout that Quarto can fold stands open here: nothing is hidden from a reader of print.
    inner = [title, body]
    return [{"t": "Div", "c": [[attributes[0], classes, attributes[2]], inner]}]


def _tabset(content: dict[str, Any]) -> Node:
    """Return the tabs one below the other, behind a list of links to them: no script, nothing hidden."""
    tabs = content["tabs"]
    links = [
        [nodes.plain([nodes.link(tab["title"], f"#tab-{content['id']}-{number}")])]
        for number, tab in enumerate(tabs, 1)
    ]
    panels = [
        nodes.div(tab["content"], f"tab-{content['id']}-{number}") for number, tab in enumerate(tabs, 1)
    ]
    attributes: Attr = [content["id"], content["attributes"][1], content["attributes"][2]]
    inner = [{"t": "BulletList", "c": links}, nodes.div(panels, classes=["tab-content"])]
    return {"t": "Div", "c": [attributes, inner]}


def _layout(rows: list[list[dict[str, Any]]]) -> Node:
    written = []
    for row in rows:
        cells = [
            nodes.div(
                cell["content"], classes=["quarto-layout-cell"], style=f"flex-basis: {cell['width']:.1f}%;"
            )
            for cell in row
        ]
        written.append(nodes.div(cells, classes=["quarto-layout-row"], style="display: flex; gap: 1em;"))
    return nodes.div(written, classes=["quarto-layout-panel"])


def _folded(node: Node) -> Replacement:
    attributes = node["c"][0]
    fold = nodes.take(attributes, "code-fold")
    summary = nodes.take(attributes, "code-summary", "Code")
    if not fold or fold == "false":
        return None
    opened = " open" if fold == "show" else ""
    return [
        nodes.raw_block(
            "html", f'<details class="code-fold"{opened}><summary>{html.escape(summary)}</summary>'
        ),
        node,
        nodes.raw_block("html", "</details>"),
    ]
