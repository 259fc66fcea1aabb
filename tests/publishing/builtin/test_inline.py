"""Inline expressions keep Quarto's rules, and a value is never markup."""

import pytest

from report_helpers.publishing.builtin import render
from report_helpers.publishing.builtin.reading.cells import Text
from report_helpers.publishing.builtin.reading.lines import Line
from report_helpers.publishing.builtin.running.inline import accidents, expressions, substitute

from .conftest import Project

OPENINGS = ("::: x", ":::{.x}", ": x", "===", "# x", "> x", "- x", "+ x", "1. x", "| x", "~~~", "% x")


def text_of(*lines: str) -> Text:
    return Text(tuple(Line(line, "index.qmd", number) for number, line in enumerate(lines, start=1)))


def printed(line: str, *, html: bool = True, **values: dict[str, str]) -> str:
    return substitute(text_of(line), values, html=html)[0].text


def test_each_expression_is_run_once_in_order_with_its_line() -> None:
    found = expressions(text_of("a `{python} x` and `{python} y`", "again `{python} x`"))
    assert [(item.code, item.line.number) for item in found] == [("x", 1), ("y", 1)]


def test_a_number_is_printed_and_text_is_escaped() -> None:
    assert printed("n `{python} x`.", x={"text/plain": "734"}) == "n 734."
    assert printed("`{python} x`", x={"text/plain": "'a *b* <c>'"}) == r"a \*b\* \<c\>"


def test_markdown_is_taken_as_it_is_and_before_plain_text() -> None:
    values = {"text/plain": "<R>", "text/markdown": "[7]{.num}"}
    assert printed("**`{python} x`**", x=values) == "**[7]{.num}**"


def test_html_counts_only_for_html() -> None:
    values = {"text/plain": "7", "text/html": "<b>7</b>"}
    assert printed("`{python} x`", x=values) == "`<b>7</b>`{=html}"
    assert printed("`{python} x`", html=False, x=values) == "7"


def test_double_backticks_are_run_too() -> None:
    assert printed("`` `{python} x` ``", x={"text/plain": "7"}) == "`` 7 ``"


@pytest.mark.parametrize(
    "line", ["`{python} x `", "`{python} y`"], ids=["space before the closing backtick", "empty value"]
)
def test_quirks_print_the_source(line: str) -> None:
    values = {"x ": {"text/plain": "7"}, "y": {"text/plain": "''"}}
    assert substitute(text_of(line), values, html=True)[0].text == line


def test_a_broken_expression_prints_its_source() -> None:
    broken = text_of("`{python} x", "+ 1`")
    assert [line.text for line in substitute(broken, {"x\n+ 1": {"text/plain": "2"}}, html=True)] == [
        "`{python} x",
        "+ 1`",
    ]


@pytest.mark.parametrize(
    ("line", "values", "said"),
    [
        ("`{python} x `", {"x ": {"text/plain": "7"}}, "its source"),
        ("`{python} x`", {"x": {"text/plain": "None"}}, "a repr"),
        ("`{python} x`", {"x": {"text/plain": "'5\\xa0mg'"}}, "a repr with escapes"),
        ("`{python} x", {}, "is not closed"),
        ("`{python} x\n+ 1`", {}, "broken over lines"),
        ("`{python} x and `{python} y`", {}, "is not closed"),
        ("`{python}x`", {}, "no space stands behind {python}"),
        ("`{python}\u00a0x`", {}, "is no plain space"),
        ("``{python} x``", {}, "two backticks on each side"),
        (
            "`{python} r.flow`",
            {"r.flow": {"text/plain": "[r.flow is not one value: add one of eligible, excluded]"}},
            "`r.flow` is not one value",
        ),
    ],
)
def test_strict_refuses_accidents_with_file_and_line(
    line: str, values: dict[str, dict[str, str]], said: str
) -> None:
    problem, *others = accidents(text_of("fine", *line.split("\n")), values, html=True)
    assert said in problem.what
    assert (problem.file, problem.line, bool(problem.remedy), others) == ("index.qmd", 2, True, [])


def test_a_name_that_stands_for_several_values_is_told_with_those_below_it() -> None:
    names = ", ".join(f"name{i}" for i in range(12))
    values = {"r.flow": {"text/plain": f"[r.flow is not one value: add one of {names}]"}}
    (problem,) = accidents(text_of("`{python} r.flow`"), values, html=True)
    assert "name7 …, as in `{python} r.flow.name0`" in problem.remedy
    assert "name8" not in problem.remedy


def test_strict_lets_text_numbers_and_markdown_pass() -> None:
    values = {"a": {"text/plain": "'x'"}, "b": {"text/plain": "-0.5"}, "c": {"text/markdown": "m"}}
    text = text_of("`{python} a` `{python} b` `{python} c`")
    assert not accidents(text, values, html=True)
    assert substitute(text, values, html=True)[0].text == "x -0.5 m"


def test_no_value_opens_a_block(project: Project) -> None:
    code = ["```{python}", "class Shown(str):", "    __repr__ = str.__str__", "```", ""]
    for value in OPENINGS:
        code += ["Text", f"`{{python}} '{value}'`", "", f"`{{python}} '{value}'`", ""]
        code += [f"`{{python}} [Shown('{value}')][0]`", ""]
    root = project("\n".join(code))
    page = render(root, ["html"], root.parent / "out").paths["html"].read_text(encoding="utf-8")
    body = page[page.index("</pre>") :].replace("&gt;", ">")
    assert not [tag for tag in ("<h1", "<dl", "<ul", "<ol", "<blockquote", '"x"', "<pre>") if tag in body]
    missing = [
        v for v in OPENINGS if f"<p>{v}</p>" not in body or f"<p>Text {v}</p>" not in body.replace("\n", " ")
    ]
    assert not missing
