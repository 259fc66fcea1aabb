"""Point at a number: with mouse, keyboard and finger; on paper and without JavaScript it is plain text."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .chromium import Browser, Tab

pytestmark = [
    pytest.mark.xdist_group("render"),
    pytest.mark.skipif(os.name != "posix", reason="the browser is led through pipes"),
]

RATIO = '.num[data-key="dysregulated.any.risk_ratio"]'
CELL = "#tbl-regimens td .num"
HOSTILE = '<img src=x onerror="window.hacked = 1"><b>bold</b> & "quoted"'
OPEN = "!document.querySelector('#number-card').hidden"
READY = "document.readyState === 'complete' && document.querySelector('#number-card') !== null"
BOX = "(e => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; })"

KEYS = {
    "Tab": 9,
    "Enter": 13,
    "Escape": 27,
    "End": 35,
    "Home": 36,
    "ArrowLeft": 37,
    "ArrowRight": 39,
    "ArrowDown": 40,
}
"""The keys that are pressed, with their codes."""

Visit = Callable[..., Tab]


@pytest.fixture(scope="module")
def page(rendered: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a whole render, with one hostile entry and one that is withheld, read from a file."""
    html = (rendered / "index.html").read_text(encoding="utf-8")
    found = re.search(r'(<script type="application/json" id="numbers">)(.*?)(</script>)', html, re.DOTALL)
    assert found
    ledger = json.loads(found[2])
    for entry in ledger["numbers"]:
        if entry["key"] == "flow.screened":
            entry |= {"label": HOSTILE, "file": HOSTILE, "method": HOSTILE}
        elif entry["key"] == "flow.eligible":
            entry |= {"withheld": True, "reason": "few patients", "value": 3, "n": 5}
    ledger["methods"]["flow"]["citations"] = [HOSTILE]
    made = found[1] + json.dumps(ledger).replace("<", "\\u003c") + found[3]
    path = tmp_path_factory.mktemp("cards") / "page.html"
    path.write_text(html.replace(found[0], made), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def visit(browser: Browser, page: Path) -> Visit:
    def opened(width: int = 1280, height: int = 800, *, phone: bool = False, scripts: bool = True) -> Tab:
        tab = Tab(browser, "about:blank")
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone}
        tab.do("Emulation.setDeviceMetricsOverride", **size)
        tab.do("Emulation.setTouchEmulationEnabled", enabled=phone)
        if not scripts:
            tab.do("Emulation.setScriptExecutionDisabled", value=True)
        tab.do("Page.navigate", url=page.as_uri())
        tab.until(READY if scripts else "document.querySelectorAll('.num').length > 1000")
        return tab

    return opened


@pytest.fixture(scope="module")
def desk(visit: Visit) -> Tab:
    return visit()


@pytest.fixture
def tab(desk: Tab) -> Iterator[Tab]:
    """The page on a desk, with no card open and nothing in focus."""
    close(desk)
    yield desk
    close(desk)


def close(tab: Tab) -> None:
    point(tab, 3, 500)
    press(tab, "Escape")
    tab.value("document.activeElement.blur()")
    tab.until(f"!({OPEN})")


def place(tab: Tab, selector: str, which: int = 0) -> tuple[float, float]:
    """Scroll a number to the middle of the window and return the point in its middle."""
    found = f"[...document.querySelectorAll({json.dumps(selector)})].at({which})"
    tab.value(f"{found}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
    left, top, right, bottom = tab.value(
        f"(b => [b.left, b.top, b.right, b.bottom])({found}.getClientRects()[0])"
    )
    return (left + right) / 2, (top + bottom) / 2


def point(tab: Tab, x: float, y: float, kind: str = "mouseMoved", **more: object) -> None:
    tab.do("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)


def click(tab: Tab, x: float, y: float) -> None:
    for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
        button = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
        point(tab, x, y, kind, **button)


def tap(tab: Tab, x: float, y: float) -> None:
    tab.do("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
    tab.do("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])


def press(tab: Tab, key: str, *, shift: bool = False) -> None:
    for kind in ("rawKeyDown", "keyUp"):
        tab.do(
            "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=KEYS[key],
            modifiers=8 if shift else 0,
        )  # fmt: skip


def told(tab: Tab) -> dict[str, str]:
    """Return what the open card says, by the names of its lines."""
    tab.until(OPEN)
    facts: dict[str, str] = tab.value(
        "Object.fromEntries([...document.querySelectorAll('#number-card dl > div')].map("
        "d => [d.firstChild.textContent, d.lastChild.textContent]))"
    )
    what = tab.value("document.querySelector('.number-what').textContent")
    return {"what": what, **facts}


def focus(tab: Tab, selector: str) -> None:
    """Come with the Tab key to the paragraph or table of a number, and to the first number in it."""
    tab.value(
        "(e => { const a = document.createElement('a'); a.href = '#'; "
        "e.closest('p, table').before(a); a.focus(); })"
        f"(document.querySelector({json.dumps(selector)}))"
    )
    press(tab, "Tab")
    tab.value("document.querySelectorAll('a[href=\"#\"]').forEach(a => a.remove())")
    press(tab, "Home")


def test_a_pointer_that_rests_opens_the_card_and_may_move_onto_it(tab: Tab, rendered: Path) -> None:
    x, y = place(tab, RATIO)
    point(tab, x, y)
    assert tab.value(OPEN) is False  # a pointer that passes opens nothing
    facts = told(tab)
    listed = json.loads((rendered / "numbers.json").read_text(encoding="utf-8"))
    entry: dict[str, Any] = next(n for n in listed["numbers"] if n["key"] == "dysregulated.any.risk_ratio")
    assert facts["what"] == entry["label"]
    assert float(facts["Value"]) == pytest.approx(entry["value"], rel=1e-9)
    low, high = map(float, facts["95% limits"].split(" to "))
    assert (low, high) == (pytest.approx(entry["low"], rel=1e-9), pytest.approx(entry["high"], rel=1e-9))
    assert float(facts["P"]) == pytest.approx(entry["p"], rel=1e-9)
    assert (facts["n"], facts["Missing"]) == (str(entry["n"]), str(entry["missing"]))
    assert "Koopman PAR" in facts["Method"]
    method = listed["methods"][entry["by"]]
    assert facts["Computed by"] == f"{method['function']}{method['file']}:{method['line']}"
    assert facts["Tested by"] == method["test"]
    assert facts["Printed by"] == f"{entry['file']}:{entry['line']}"
    assert facts["Data"] == f"synthetic, {listed['provenance']['fingerprint']}"
    assert facts["Key"].startswith(entry["key"])
    left, top, right, bottom = tab.value(f"{BOX}(document.querySelector('#number-card'))")
    for step in range(1, 5):
        point(tab, x + ((left + right) / 2 - x) * step / 4, y + ((top + bottom) / 2 - y) * step / 4)
    assert tab.value(f"new Promise(done => setTimeout(() => done({OPEN}), 600))") is True
    point(tab, 3, 500)
    tab.until(f"!({OPEN})")


@pytest.mark.parametrize(
    ("selector", "which"), [(RATIO, 0), (CELL, -1), ("#tbl-regulated td .num", 4), (".num", 0)]
)
def test_the_card_is_never_clipped_and_leaves_its_number_free(tab: Tab, selector: str, which: int) -> None:
    x, y = place(tab, selector, which)
    point(tab, x, y)
    tab.until(OPEN)
    left, top, right, bottom = tab.value(f"{BOX}(document.querySelector('#number-card'))")
    assert 0 <= left < right <= 1280
    assert tab.value(f"{BOX}(document.querySelector('.notice'))[3]") <= top < bottom <= 800
    assert not top < y < bottom


def test_the_tab_key_opens_cards_and_stops_once_in_each_paragraph_and_table(tab: Tab) -> None:
    assert tab.value("document.querySelectorAll('.num[tabindex=\"0\"]').length") < 200
    for block in ("main p", "main table"):
        stops = "b => b.querySelectorAll('.num[tabindex=\"0\"]').length"
        assert tab.value(f"Math.max(...[...document.querySelectorAll('{block}')].map({stops}))") == 1
    focus(tab, RATIO)
    tab.until(OPEN)
    first = tab.value("document.activeElement.dataset.key")
    focused = "document.activeElement"
    assert tab.value(f"[{focused}.getAttribute('role'), {focused}.getAttribute('aria-expanded')]") == [
        "button",
        "true",
    ]
    described = tab.value(f"{focused}.getAttribute('aria-describedby')").split()
    texts = [tab.value(f"document.getElementById('{each}').textContent") for each in described]
    assert texts[0] == told(tab)["what"]
    assert "Computed by" in texts[1]
    press(tab, "ArrowRight")
    assert tab.value(f"{focused}.dataset.key") != first or tab.value(f"{focused}.textContent") != first
    assert tab.value(f"{focused}.tabIndex") == 0
    press(tab, "Escape")
    assert tab.value(OPEN) is False


def test_arrows_lead_through_a_table_by_rows_and_columns(tab: Tab) -> None:
    focus(tab, CELL)
    keys = []
    for key in ("", "ArrowRight", "ArrowDown", "ArrowLeft", "End"):
        if key:
            press(tab, key)
        keys.append(tab.value("document.activeElement.dataset.key"))
    assert keys[:4] == [
        "dysregulated.prednisone.events_of_n",
        "dysregulated.prednisone.reference_events_of_n",
        "dysregulated.prednisone_tacrolimus.reference_events_of_n",
        "dysregulated.prednisone_tacrolimus.events_of_n",
    ]
    assert keys[4] == tab.value(f"[...document.querySelectorAll('{CELL}')].at(-1).dataset.key")


def test_enter_leads_into_the_card_and_the_way_out_goes_on_behind_the_number(tab: Tab) -> None:
    focus(tab, CELL)
    press(tab, "Enter")
    assert tab.value("document.activeElement.id") == "number-card"
    name = tab.value(
        "document.getElementById(document.activeElement.getAttribute('aria-labelledby')).textContent"
    )
    assert name == told(tab)["what"]
    press(tab, "Tab")
    assert tab.value("document.activeElement.className") == "number-close"
    press(tab, "Tab", shift=True)
    assert tab.value("document.activeElement.dataset.key") == "dysregulated.prednisone.events_of_n"
    press(tab, "Enter")
    press(tab, "Escape")
    assert tab.value("document.activeElement.dataset.key") == "dysregulated.prednisone.events_of_n"
    press(tab, "Enter")
    tab.value("[...document.querySelectorAll('#number-card button')].at(-1).focus()")
    press(tab, "Tab")
    assert tab.value(OPEN) is False
    after = "document.querySelector('.num-open, #number-card:focus-within') === null"
    assert tab.value(after) is True
    table = "document.querySelector('#tbl-regimens table')"
    assert tab.value(f"{table}.compareDocumentPosition(document.activeElement) & 4") == 4


def test_a_click_keeps_the_card_and_the_reference_is_a_link(tab: Tab) -> None:
    x, y = place(tab, RATIO)
    click(tab, x, y)
    tab.until(OPEN)
    point(tab, 3, 500)
    assert tab.value(f"new Promise(done => setTimeout(() => done({OPEN}), 500))") is True
    assert "dysregulated.any.risk_ratio" in tab.value("document.querySelector('#number-card').innerText")
    target = tab.value("document.querySelector('#number-card a').getAttribute('href')")
    assert target == "#ref-koopman1984"
    tab.value("document.querySelector('#number-card a').click()")
    tab.until("location.hash === '#ref-koopman1984'")
    assert tab.value(OPEN) is False
    click(tab, *place(tab, RATIO))
    click(tab, 3, 500)
    tab.until(f"!({OPEN})")


def test_the_key_can_be_copied(tab: Tab, browser: Browser) -> None:
    browser.ask("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    click(tab, *place(tab, RATIO))
    tab.until(OPEN)
    click(tab, *place(tab, ".number-copy"))
    tab.until("document.querySelector('.number-said').textContent === 'copied'")


def test_text_of_the_ledger_is_text(tab: Tab) -> None:
    click(tab, *place(tab, '.num[data-key="flow.screened"]'))
    facts = told(tab)
    assert facts["what"] == HOSTILE
    assert facts["Method"] == HOSTILE * 2
    assert facts["Printed by"].startswith(HOSTILE)
    assert tab.value("document.querySelectorAll('#number-card img, #number-card b').length") == 0
    assert tab.value("window.hacked === undefined") is True


def test_a_p_value_has_no_limits(tab: Tab) -> None:
    click(tab, *place(tab, '.num[data-key="adjusted.dysregulated.any.risk_ratio_p"]'))
    facts = told(tab)
    assert 0 < float(facts["Value"]) < 0.001
    assert {"95% limits", "P"} & facts.keys() == set()


def test_a_withheld_number_says_so_and_nothing_else(tab: Tab) -> None:
    click(tab, *place(tab, '.num[data-key="flow.eligible"]'))
    tab.until(OPEN)
    shown = tab.value("document.querySelector('#number-card').textContent")
    assert shown == "×Eligible patientsNot shown: few patients."


def test_a_finger_opens_a_sheet_at_the_foot_of_a_phone(visit: Visit) -> None:
    tab = visit(390, 844, phone=True)
    x, y = place(tab, RATIO)
    tap(tab, x, y)
    assert told(tab)["Value"].startswith("1.7")
    left, top, right, bottom = tab.value(f"{BOX}(document.querySelector('#number-card'))")
    assert (left, right, bottom) == (0, 390, 844)
    assert top > 300
    tab.until(f"{BOX}(document.querySelector('.num-open'))[3] <= {top}")  # the page scrolls to it
    assert tab.value(f"{BOX}(document.querySelector('.num-open'))[1]") >= 0
    assert tab.value("document.documentElement.scrollWidth") <= 390
    tap(tab, x, 200)
    tab.until(f"!({OPEN})")


def test_on_paper_there_is_nothing_of_it(visit: Visit) -> None:
    tab = visit()
    click(tab, *place(tab, RATIO))
    tab.until(OPEN)
    tab.do("Emulation.setEmulatedMedia", media="print")
    style = "getComputedStyle(document.querySelector('{}')).{}"
    assert tab.value(style.format("#number-card", "display")) == "none"
    assert tab.value(style.format(".number-hint", "display")) == "none"
    line = tab.value(style.format(RATIO.replace('"', '\\"').replace("'", ""), "textDecorationLine"))
    assert line == "none"
    printed = base64.b64decode(tab.do("Page.printToPDF")["data"])
    assert printed.startswith(b"%PDF")


def test_without_javascript_the_page_reads_as_it_is(visit: Visit) -> None:
    tab = visit(scripts=False)
    number = f"document.querySelector('{RATIO}')"
    assert tab.value(f"getComputedStyle({number}).textDecorationLine") == "none"
    assert tab.value(f"{number}.hasAttribute('tabindex')") is False
    assert tab.value("document.querySelector('.number-hint, #number-card')") is None


def test_nothing_is_fetched(tab: Tab) -> None:
    names = tab.value(
        "performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith('data:'))"
    )
    assert names == []
