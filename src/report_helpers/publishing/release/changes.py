"""What a version differs in from the one before it: a page to read side by side, and the same as data."""

from __future__ import annotations

from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.publishing.compare import Comparison, compare
from report_helpers.publishing.compare.as_json import as_json
from report_helpers.publishing.compare.page import write_page
from report_helpers.publishing.compare.sources import read_folder, read_version
from report_helpers.publishing.release.rendering import Say, provenance_of
from report_helpers.publishing.release.tags import Release

_SHOWN = 5


def name_of(old: Release) -> str:
    """Return the name, without its ending, of what tells the differences from an older version."""
    return f"changes-from-{old.tag}"


def write_changes(old: Release, new: Release, folder: Path, project: Path, say: Say) -> None:
    """Write page and data of the differences into the folder of the newer version.

    An older version that cannot be read any more, as a tag set by hand may be, is told of and left out.
    """
    try:
        before = read_version(old.tag, project, say)
    except ManuscriptError as error:
        say(f"no differences are filed: {error}")
        return
    comparison = compare(before, read_folder(new.tag, folder))
    _warn_of_small_differences(comparison, old, int(provenance_of(folder)["least-shown"]), say)
    write_page(comparison, folder / f"{name_of(old)}.html")
    (folder / f"{name_of(old)}.json").write_text(as_json(comparison), encoding="utf-8", newline="\n")


def _warn_of_small_differences(comparison: Comparison, old: Release, least: int, say: Say) -> None:
    """Name the counts whose difference, which readers of both versions can take, is too small to be shown."""
    counts = ((each, each.old.value, each.new.value) for each in comparison.numbers.printed)
    small = [
        f"{each.key} ({each.old.text} → {each.new.text})"
        for each, before, after in counts
        if type(before) is int and type(after) is int and 0 < abs(after - before) < least
    ]
    if small:
        more = f" and {len(small) - _SHOWN} more" if len(small) > _SHOWN else ""
        say(
            f"these counts differ by fewer than {least} patients from {old.number}, and readers of both "
            f"can subtract them: {', '.join(small[:_SHOWN])}{more}"
        )
