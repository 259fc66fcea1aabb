"""The project's settings: `_quarto.yml`, the files it names, and front matter, merged as Quarto does."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ProjectError, UnsupportedError
from .files import Files
from .profiles import active_profiles, local_settings, profile_settings
from .settings import check_kinds
from .yamlfile import read_mapping

Metadata = dict[str, Any]

FORMAT_KEYS = {"html": ("html",), "typst": ("typst",), "docx": ("docx",), "jats": ("jats", "jats_archiving")}
"""Keys under `format:` that speak to a target; the PDF is written by way of Typst."""

DEFAULTS: dict[str, Metadata] = {
    "html": {"default-image-extension": "png"},
    "typst": {"default-image-extension": "svg"},
    "docx": {"default-image-extension": "png"},
    "jats": {"default-image-extension": "png"},
}

_REFUSED: dict[str, tuple[str, ...]] = {
    "cite-method": ("citeproc",),
    "book": (),
    "website": (),
}
"""Settings that would change the text and that the engine does not obey, with the values it can live with."""


@dataclass(frozen=True)
class Project:
    """What the project says before any document is read.

    Attributes
    ----------
    files : Files
        Where its files are.
    main : str
        The document to render, relative to the project.
    settings : dict
        Settings that hold for every document.
    variables : dict
        Content of `_variables.yml`.
    profiles : tuple of str
        Profiles in force.
    """

    files: Files
    main: str
    settings: Metadata
    variables: Metadata
    profiles: tuple[str, ...] = ()

    def metadata(
        self, front_matter: Metadata, target: str, extra: Mapping[str, Any] | None = None
    ) -> Metadata:
        """Return a target's metadata: settings, front matter, what they say under `format:`, then `extra`."""
        metadata = target_metadata(merge(self.settings, front_matter), target, extra)
        for name in _REFUSED:
            if metadata.get(name) not in (None, False, *_REFUSED[name]):
                raise UnsupportedError.construct(f"`{name}: {metadata[name]}`", self.main, 0, "Remove it.")
        return metadata


def merge(base: Metadata, over: Mapping[str, Any]) -> Metadata:
    """Merge two mappings: mappings within are merged, lists are joined without repeats, all else is replaced.

    Examples
    --------
    >>> merge({"a": {"x": 1}, "l": [1]}, {"a": {"y": 2}, "l": [1, 2]})
    {'a': {'x': 1, 'y': 2}, 'l': [1, 2]}
    """
    result = copy.deepcopy(base)
    for key, value in over.items():
        old = result.get(key)
        if isinstance(old, dict) and isinstance(value, Mapping):
            result[key] = merge(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            result[key] = old + [item for item in copy.deepcopy(value) if item not in old]
        else:
            result[key] = copy.deepcopy(value)
    return result


def target_metadata(merged: Metadata, target: str, extra: Mapping[str, Any] | None = None) -> Metadata:
    """Fold what `format:` says about `target` into the rest."""
    common = {
        key: value for key, value in merged.items() if key not in ("format", "project", "metadata-files")
    }
    result = merge(DEFAULTS[target], common)
    formats = merged.get("format")
    if isinstance(formats, Mapping):
        for key in FORMAT_KEYS[target]:
            chosen = formats.get(key)
            if isinstance(chosen, Mapping):
                result = merge(result, chosen)
    return merge(result, extra or {})


def load_project(files: Files, profiles: Sequence[str] = ()) -> Project:
    """Read the settings of the project in `files.project`.

    Raises
    ------
    YamlError
        If a settings file is not valid YAML.
    ProjectError
        If there is no document to render, or more than one.
    """
    config_name = next((n for n in ("_quarto.yml", "_quarto.yaml") if (files.project / n).is_file()), None)
    settings = read_mapping(files.project / config_name, config_name) if config_name else {}
    profiles = active_profiles(files, settings, profiles)
    settings = _with_profiles(files, settings, profiles)
    check_kinds(settings, files)
    _check(settings, config_name or "_quarto.yml")
    directory = files.find("_metadata.yml")
    if directory:
        settings = merge(settings, read_mapping(directory, "_metadata.yml"))
    variables = files.find("_variables.yml")
    return Project(
        files,
        _main_document(files.project, settings, config_name or "_quarto.yml"),
        settings,
        read_mapping(variables, "_variables.yml") if variables else {},
        profiles,
    )


def _with_profiles(files: Files, settings: Metadata, profiles: Sequence[str]) -> Metadata:
    """Add what `metadata-files` hold, and over it what the profiles and this machine say."""
    over: Metadata = {}
    for name in reversed(profiles):
        over = merge(over, profile_settings(files, name))
    over = merge(over, local_settings(files))
    for name in _names(merge(settings, over).get("metadata-files")):
        settings = merge(settings, _named(files, name))
    settings = merge(settings, over)
    settings.pop("profile", None)
    return settings


def with_metadata_files(files: Files, front_matter: Metadata) -> Metadata:
    """Add what the document's own `metadata-files` hold."""
    for name in _names(front_matter.get("metadata-files")):
        front_matter = merge(front_matter, _named(files, name))
    check_kinds(front_matter, files)
    return front_matter


def _named(files: Files, name: str) -> Metadata:
    return read_mapping(files.named(name, "metadata-files"), name)


def _names(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)] if value else []


def _check(settings: Metadata, where: str) -> None:
    project = settings.get("project")
    kind = project.get("type", "default") if isinstance(project, Mapping) else "default"
    if kind not in ("default", None):
        raise UnsupportedError.construct(f"projects of type {kind}", where, 0, "Use `type: default`.")
    engine = settings.get("engine", "jupyter")
    if engine != "jupyter":
        raise UnsupportedError.construct(f"the engine {engine}", where, 0, "Use `engine: jupyter`.")


def _main_document(root: Path, settings: Metadata, where: str) -> str:
    project = settings.get("project")
    named = _names(project.get("render")) if isinstance(project, Mapping) else []
    wanted = [name for name in named if not name.startswith("!")]
    if len(wanted) > 1:
        raise UnsupportedError.construct(
            "more than one document in `project: render:`",
            where,
            0,
            "Name the main document and include the rest.",
        )
    if wanted:
        if not (root / wanted[0]).is_file():
            raise ProjectError.at(f"`render` names {wanted[0]}, which does not exist.", where)
        return wanted[0]
    found = sorted(path.name for path in root.glob("*.qmd") if not path.name.startswith("_"))
    if "index.qmd" in found:
        return "index.qmd"
    if len(found) == 1:
        return found[0]
    raise ProjectError.at(
        "It is not clear which document to render." if found else "There is no document (.qmd) to render.",
        where,
        remedy="Write `project: render: [index.qmd]`.",
    )
