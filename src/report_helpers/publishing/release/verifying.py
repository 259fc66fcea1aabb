"""``manuscript release --verify``: the filed files, and the tagged commit rendered anew, against the tag."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from report_helpers.errors import ManuscriptError
from report_helpers.publishing.compare.numbers import compare_numbers
from report_helpers.publishing.compare.sources import LEDGER, read_version
from report_helpers.publishing.release import conditions, shelf, tags
from report_helpers.publishing.release.made_with import differences, made_with
from report_helpers.publishing.release.rendering import Say, documents
from report_helpers.publishing.release.tags import Release

_SHOWN = 20


@dataclass(frozen=True)
class Verdict:
    """What holding a version against its tag showed, line by line, and whether the version stands."""

    lines: tuple[str, ...]
    holds: bool

    def __str__(self) -> str:
        """Return it as it is printed."""
        return "".join(f"{line}\n" for line in self.lines)


def verify(text: str, project: Path, say: Say) -> Verdict:
    """Hold a version against its tag: the checksums of what is filed, and a render of its commit.

    Bytes may differ where packages are not those of the release; then the version stands if its numbers do.

    Raises
    ------
    ManuscriptError
        If there is no such version, its data are not here, or it cannot be rendered.
    """
    number = conditions.read_number(text)
    project = project.resolve()
    conditions.committed(project)
    known = tags.releases(project)
    old = next((each for each in known if each.number == number), None)
    if old is None:
        names = ", ".join(str(each.number) for each in known) or "none yet"
        raise ManuscriptError(f"there is no version {number}", remedy=f"the versions are: {names}")
    if not old.sums:
        raise ManuscriptError(
            f"the tag {old.tag} was set by hand and holds no checksums",
            remedy="only versions that were released have them",
        )
    lines, whole = _filed(old, project)
    try:
        with documents(old, project, "check that version out to see why", say, strict=False) as made:
            more, same = _remade(old, made, project)
    except ManuscriptError as error:
        raise ManuscriptError("\n".join((*lines, str(error)))) from None
    return Verdict((*lines, *more), whole and same)


def _filed(old: Release, project: Path) -> tuple[list[str], bool]:
    folder = f"{shelf.SHELF}/{old.tag}"
    if not shelf.folder_of(old, project).is_dir():
        return [f"filed: nothing here; 'manuscript release {old.number}' files {folder} from the tag"], True
    faults = shelf.faults(old, project)
    if faults:
        return [f"filed: {fault}" for fault in faults], False
    return [f"filed: the files of {folder} are as they were filed and as the tag says"], True


def _remade(old: Release, made: Path, project: Path) -> tuple[list[str], bool]:
    """Hold what was rendered anew against the tag, and its numbers against those of the filed ledger."""
    sums = shelf.sums_of(made)
    other = [name for name, digest in sorted(old.sums.items()) if sums.get(name) != digest]
    ledger = shelf.folder_of(old, project) / LEDGER
    if not other:
        lines = [f"rendered anew: {', '.join(sorted(old.sums))} are the same byte for byte"]
        if ledger.is_file() and shelf.digest_of(ledger) != old.sums.get(LEDGER):
            lines += _limited(_numbers(made / LEDGER, ledger, "in the filed ledger"))
        return lines, True
    lines = [f"rendered anew: {name} differs from the release" for name in other]
    changed = differences(old.made_with, made_with())
    lines += [f"made with other packages: {each}" for each in changed]
    if not ledger.is_file() or shelf.digest_of(ledger) != old.sums.get(LEDGER):
        return [*lines, "numbers: not compared, since those of the release are not filed here"], False
    numbers = _limited(_numbers(ledger, made / LEDGER, "rendered anew"))
    if numbers:
        return [*lines, *numbers], False
    lines.append("numbers: every one is the same")
    if changed:
        lines.append("bytes may differ between packages, numbers may not: the version holds")
    return lines, bool(changed)


def _numbers(before: Path, after: Path, where: str) -> Iterator[str]:
    """Tell which numbers differ between two ledgers."""
    old, new = (read_version(str(path), Path(), print).entries for path in (before, after))
    found = compare_numbers(old, new)
    for change in found.changed:
        if change.printed:
            place = f" ({change.new.place})" if change.new.place else ""
            yield f"numbers: {change.key} was {change.old.text} and is {change.new.text} {where}{place}"
        else:
            yield f"numbers: {change.key} differs {where} in what is not printed"
    yield from (f"numbers: {each.key}, {each.text}, is missing {where}" for each in found.gone)
    yield from (f"numbers: {each.key}, {each.text}, is new {where}" for each in found.appeared)


def _limited(lines: Iterable[str]) -> list[str]:
    shown = list(lines)
    return shown[:_SHOWN] + ([f"numbers: {len(shown) - _SHOWN} more"] if len(shown) > _SHOWN else [])
