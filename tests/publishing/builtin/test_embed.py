"""Pictures and style sheets put into the page; anything else is left to pandoc."""

import base64

import pytest

from report_helpers.publishing.builtin.writing.embed import data_uri, embedded


@pytest.fixture
def find(tmp_path):
    (tmp_path / "dot.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "look.css").write_text("p { color: red }\n", encoding="utf-8")
    (tmp_path / "fonts.css").write_text("p { src: url(font.woff2) }\n", encoding="utf-8")
    (tmp_path / "play.js").write_text("1\n", encoding="utf-8")

    def look(name):
        path = tmp_path / name
        return path if path.is_file() else None

    return look


def test_a_picture_becomes_part_of_the_page_and_keeps_its_attributes(find):
    page = embedded('<p><img src="dot.svg" alt="A dot" /></p>', find)
    held = base64.b64encode(b"<svg/>").decode()
    assert page == f'<p><img src="data:image/svg+xml;base64,{held}" alt="A dot" /></p>'


def test_a_style_sheet_becomes_a_style(find):
    page = embedded('<link rel="stylesheet" href="look.css">', find)
    assert page == "<style>\np { color: red }\n</style>"


@pytest.mark.parametrize(
    "page",
    [
        '<a href="https://doi.org/10.1">a source</a>',
        '<script type="application/json">{"src": "x"}</script>',
        '<img src="data:image/png;base64,AAAA">',
        '<svg><use href="#mark"/></svg>',
        '<div style="background: url(#pattern)">x</div>',
    ],
)
def test_what_loads_nothing_stays(page, find):
    assert embedded(page, find) == page


@pytest.mark.parametrize(
    "page",
    [
        '<script src="play.js"></script>',
        '<img src="missing.png">',
        '<img src="https://elsewhere.example/dot.svg">',
        '<img src="dot.svg" srcset="dot.svg 2x">',
        '<iframe src="dot.svg"></iframe>',
        '<link rel="icon" href="dot.svg">',
        '<link rel="stylesheet" href="fonts.css">',
        "<p style='background: url(dot.svg)'>x</p>",
        "<style>@import 'look.css';</style>",
        "<IMG SRC=missing.png>",
    ],
)
def test_what_loads_more_is_left_to_pandoc(page, find):
    assert embedded(page, find) is None


def test_an_unknown_kind_of_file_is_held_as_bytes(tmp_path):
    (tmp_path / "thing.unheard").write_bytes(b"\x00")
    assert data_uri(tmp_path / "thing.unheard") == "data:application/octet-stream;base64,AA=="
