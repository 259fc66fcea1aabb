"""What Typst cannot set is told in the author's terms: the sign or the picture, its file and line."""

from pathlib import Path

import pytest

from report_helpers.publishing.builtin import EngineError, render

from .conftest import Project


def refusal(root: Path) -> str:
    with pytest.raises(EngineError) as caught:
        render(root, ["pdf"], root.parent / "out")
    return str(caught.value)


def test_every_sign_that_no_font_has_is_named_with_its_place(project: Project) -> None:
    root = project(
        "---\ntitle: T\nformat: {typst: {pdf-standard: ua-1}}\n---\n"
        "A \U00013000 here.\n\nText.\n\nA second \U00013001 there.\n\n"
        "```{python}\nprint(chr(0x13002))\n```\n",
        _manuscript__index_dot_html="of an earlier render: \U00013002",
    )
    said = refusal(root).splitlines()
    assert [line.partition(", so")[0] for line in said] == [
        "index.qmd:5: No font has the sign \U00013000 (U+13000)",
        "index.qmd:9: No font has the sign \U00013001 (U+13001)",
        "No font has the sign \U00013002 (U+13002)",
    ]
    assert "It comes from data or code." in said[2]


@pytest.mark.parametrize("name", ["b.png", "b.svg", "b.tiff"])
def test_a_picture_that_is_none_is_named_as_the_author_knows_it(project: Project, name: str) -> None:
    root = project(f"Text.\n\n![Caption]({name})\n")
    (root / name).write_text("<svg", encoding="utf-8")
    assert refusal(root).startswith(f"index.qmd:3: The picture {name} cannot be put into the PDF: ")
