"""The report on a data file as one HTML page, which holds its own style and fetches nothing."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from report_helpers.publishing import data_check as words
from report_helpers.publishing.report_page import report_page, section, write_report
from report_helpers.study.check import LACKING, ColumnReport, DataCheck
from report_helpers.study.check_edit import Change
from report_helpers.study.dictionary import COLUMNS

COMMAND = "manuscript data check"

_STYLE = Path(__file__).parent / "data_check.css"


def write_page(check: DataCheck, path: Path) -> None:
    """Write the page, in place of an older one but of no other file; see `write_report`."""
    write_report(page(check), path, COMMAND)


def page(check: DataCheck) -> str:
    """Return the page."""
    title = f"Data check of {check.file}"
    edit_title = f"Edit of {check.study}"
    mood = "good" if check.analysable else "warn"
    parts = [
        f'<header><h1>{escape(title)}</h1><p class="verdict {mood}">{escape(words.verdict(check))}</p>'
        f'<p class="form">{escape(check.form)}</p></header>',
        _part("Not readable", "", _paragraphs(check.error.splitlines())),
        _part(
            edit_title, words.edit_words(check), "".join(_change(each, check.study) for each in check.edit)
        ),
        _part("To correct in the source of the data", "", _list(words.corrections(check))),
        _part("Worth adding", words.OFFER, "".join(_change(each, check.study) for each in check.offer)),
        _part("Flow of patients", words.flow_words(check) if check.flow else "", _flow(check)),
        section("Rules", _rules(check)),
        _part("Columns", words.summary(check), _columns(check.columns)),
        _part("Headings that nothing reads", "", _paragraphs([words.unused(check)] if check.unused else [])),
        _part("Notes", "", _list(check.notes)),
        "<footer>Counts, headings and row numbers only: no patient's value is on this page.</footer>",
    ]
    return report_page(COMMAND, title, parts, _STYLE)


def _part(title: str, under: str, content: str) -> str:
    return section(title, _under(under) + content) if content else ""


def _under(line: str) -> str:
    return f'<p class="under">{escape(line)}</p>' if line else ""


def _rules(check: DataCheck) -> str:
    return _under(words.rules(check)) + _list(map(str, check.breaches)) if check.columns else ""


def _paragraphs(lines: Iterable[str]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _list(lines: Iterable[str]) -> str:
    items = "".join(f"<li>{_item(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def _item(line: str) -> str:
    """Return an item; lines below its first one are an edit, whose blanks count."""
    first, _, rest = line.partition("\n")
    return escape(first) + (f"<pre>{escape(rest)}</pre>" if rest else "")


def _change(change: Change, study: str) -> str:
    lines = f"<pre>{escape(chr(10).join(change.lines))}</pre>" if change.lines else ""
    said = words.place(change, study)
    return f"<p>{escape(said[:1].upper() + said[1:])}</p>{lines}"


def _columns(columns: Iterable[ColumnReport]) -> str:
    rows = "".join(_row(column) for column in columns)
    if not rows:
        return ""
    heads = "".join(
        f'<th scope="col">{head}</th>'
        for head in ("Column", "State", "Patients, or a guess", "What it may hold")
    )
    return (
        '<div class="wide" tabindex="0" role="region" aria-label="Columns">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(column: ColumnReport) -> str:
    mark = ' class="lacking"' if column.state == LACKING else ""
    holds = COLUMNS[column.name].unit_or_values.replace("|", ", ")
    cells = (column.state, words.about(column), holds)
    return (
        f'<tr{mark}><th scope="row">{escape(column.name)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
    )


def _flow(check: DataCheck) -> str:
    flow = check.flow
    if flow is None:
        return _paragraphs([f"It {words.flow_words(check)}."] if check.columns else [])
    steps = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td>{count}</td><td>{escape(left)}</td></tr>'
        for label, count, left in words.steps(flow)
    )
    groups = "".join(
        f'<tr class="depth{depth}"><th scope="row">{escape(label)}</th><td>{count}</td><td></td></tr>'
        for group in flow.groups
        for label, count, depth in words.groups(group, 1)
    )
    return f'<table class="flow"><tbody>{steps}{groups}</tbody></table>'
