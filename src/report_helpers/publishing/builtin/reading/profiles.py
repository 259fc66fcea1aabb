"""Profiles: settings of the project for one purpose, such as a journal, in files `_quarto-NAME.yml`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import ProjectError
from .files import Files
from .yamlfile import read_mapping

_LOCAL = ("_quarto.yml.local", "_quarto.yaml.local")


def active_profiles(files: Files, settings: Mapping[str, Any], asked: Sequence[str]) -> tuple[str, ...]:
    """Return the profiles in force, the first with the last word.

    Those asked for come first, else those of `QUARTO_PROFILE`, else `profile: default:`; of every group in
    `profile: group:` that none of them belongs to, its first member is added.

    Raises
    ------
    ProjectError
        If a profile that was asked for has no file.
    """
    local = local_settings(files).get("profile")
    said = settings.get("profile")
    profile: Mapping[str, Any] = said if isinstance(said, Mapping) else {}
    default = local.get("default") if isinstance(local, Mapping) else profile.get("default")
    environment = os.environ.get("QUARTO_PROFILE", "").replace(",", " ").split()
    active = list(asked) or environment or (default if isinstance(default, list) else [default or ""])
    active = [str(name) for name in active if name]
    groups = profile.get("group") or []
    for group in groups if groups and isinstance(groups[0], list) else [groups]:
        if group and not set(group) & set(active):
            active.append(str(group[0]))
    for name in asked:
        if _file(files, name) is None:
            have = sorted(p.stem.removeprefix("_quarto-") for p in files.project.glob("_quarto-*.yml"))
            raise ProjectError.at(
                f"There is no profile {name}: the project has no file _quarto-{name}.yml.",
                remedy=f"Profiles here: {', '.join(have)}." if have else "",
            )
    return tuple(active)


def profile_settings(files: Files, name: str) -> dict[str, Any]:
    """Return the settings of a profile; nothing for one that has no file and only marks parts of the text."""
    found = _file(files, name)
    return read_mapping(found, found.name) if found else {}


def local_settings(files: Files) -> dict[str, Any]:
    """Return the settings of this machine alone, `_quarto.yml.local`, which win over all profiles."""
    found = _first(files, _LOCAL)
    return read_mapping(found, found.name) if found else {}


def _file(files: Files, name: str) -> Path | None:
    return _first(files, (f"_quarto-{name}.yml", f"_quarto-{name}.yaml"))


def _first(files: Files, names: Iterable[str]) -> Path | None:
    return next((path for name in names if (path := files.find(name))), None)
