"""The page of all versions: one file that holds its own style and fetches nothing."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from report_helpers.publishing.versions import in_words

_STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
_KILOBYTE, _MEGABYTE = 1000, 1_000_000
_SHORT_COMMIT, _SHORT_SUM = 7, 16
_SHOWN = 5
"""Conclusions that crossed a line; the page of the differences has all."""


def page(content: Mapping[str, Any]) -> str:
    """Return the page.

    Parameters
    ----------
    content : mapping
        What `catalogue` returns.
    """
    title = content["title"] or "Manuscript"
    notice = f'<aside class="notice">{escape(content["notice"])}</aside>' if content["notice"] else ""
    listed = content["versions"]
    parts = [
        f'<header><h1>Versions</h1><p class="title">{escape(title)}</p></header>',
        _contents(listed),
        *map(_version, listed),
        _footer(listed),
    ]
    return (
        '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="generator" content="manuscript release">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Versions: {escape(title)}</title><style>\n{_STYLE}</style></head>\n<body>{notice}<main>\n"
        + "\n".join(filter(None, parts))
        + "\n</main></body></html>\n"
    )


def _contents(listed: list[Mapping[str, Any]]) -> str:
    links = "".join(f'<li><a href="#{each["tag"]}">{each["version"]}</a></li>' for each in listed)
    return f'<nav aria-label="Versions"><ul>{links}</ul></nav>' if len(listed) > 1 else ""


def _version(each: Mapping[str, Any]) -> str:
    tag = each["tag"]
    data = each["data"]
    return (
        f'<section id="{tag}" aria-labelledby="{tag}-heading">'
        f'<h2 id="{tag}-heading">Version {each["version"]} '
        f'<span class="day">{in_words(each["date"])}</span></h2>'
        f"{_read(each)}"
        f'<h3>Cite as</h3><p class="cite">{escape(each["citation"])}</p>'
        f"{_changes(each)}"
        '<h3>Made from</h3><dl class="facts">'
        f'<div><dt>Commit</dt><dd><code title="{each["commit"]}">{each["commit"][:_SHORT_COMMIT]}</code>, '
        f"tag <code>{tag}</code></dd></div>"
        f"<div><dt>Data</dt><dd>{escape(data['file'])}, SHA-256 "
        f'<code title="{data["sha256"]}">{data["sha256"][:_SHORT_SUM]}</code></dd></div>'
        f"<div><dt>Made with</dt><dd>{escape(_joined(each['made_with']))}</dd></div></dl>"
        f"{_files(each)}</section>"
    )


def _joined(made_with: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in made_with.items())


_KINDS = {"index.html": "Web page", "index.pdf": "PDF", "index.docx": "Word", "numbers.json": "Numbers"}


def _read(each: Mapping[str, Any]) -> str:
    """Return the links that most readers come for."""
    if not each["filed"]:
        return (
            '<p class="absent">Its files are not filed in this folder; '
            f"<code>manuscript release {each['version']}</code> files them from the tag.</p>"
        )
    sizes = {file["name"]: file["bytes"] for file in each["files"]}
    links = "".join(
        f'<li><a href="{each["tag"]}/{name}">{kind}</a> <span class="size">{_size(sizes[name])}</span></li>'
        for name, kind in _KINDS.items()
        if name in sizes
    )
    return f'<ul class="read">{links}</ul>'


def _changes(each: Mapping[str, Any]) -> str:
    changes = each["changes"]
    if not changes:
        return ""
    found = changes["crossings"]
    crossed = "".join(
        f"<li><strong>{escape(one['words'])}</strong>: {escape(one['said'])}. "
        f"<del>{escape(one['old'])}</del> → <ins>{escape(one['new'])}</ins></li>"
        for one in found[:_SHOWN]
    )
    if len(found) > _SHOWN:
        crossed += f"<li>and {len(found) - _SHOWN} more</li>"
    kind = "verdict warn" if crossed else "verdict"
    return (
        f'<h3>Changes from {changes["from"]}</h3><p class="{kind}">{escape(changes["verdict"])}</p>'
        + (f'<ul class="crossed">{crossed}</ul>' if crossed else "")
        + f'<p><a href="{each["tag"]}/{changes["page"]}">All changes, side by side</a></p>'
    )


def _files(each: Mapping[str, Any]) -> str:
    rows = "".join(
        f'<tr><th scope="row"><a href="{each["tag"]}/{escape(file["name"])}">{escape(file["name"])}</a></th>'
        f"<td>{_size(file['bytes'])}</td><td><code>{file['sha256']}</code></td></tr>"
        for file in each["files"]
    )
    if not rows:
        return ""
    heads = "".join(f'<th scope="col">{each}</th>' for each in ("File", "Size", "SHA-256"))
    return (
        "<details><summary>Files and checksums</summary>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></details>"
    )


def _size(count: int) -> str:
    """Return a size in words.

    Examples
    --------
    >>> _size(5_300_000), _size(84_200), _size(12)
    ('5.3 MB', '84 kB', '12 bytes')
    """
    if count >= _MEGABYTE:
        return f"{count / _MEGABYTE:.1f} MB"
    return f"{count / _KILOBYTE:.0f} kB" if count >= _KILOBYTE else f"{count} bytes"


def _footer(listed: list[Mapping[str, Any]]) -> str:
    newest = listed[0]["version"] if listed else "1.0"
    return (
        "<footer><p>A version is never changed. To hold a copy of its folder against its checksums, type "
        "<code>sha256sum --check SHA256SUMS</code> in it; to hold it against its commit and data, "
        f"<code>manuscript release {newest} --verify</code> in the project.</p></footer>"
    )
