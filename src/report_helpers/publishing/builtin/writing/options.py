"""What every writer asks of pandoc: template, citations, contents, included text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..composing.compose import Composed
from ..composing.kinds import Kinds
from ..errors import ProjectError, UnsupportedError
from ..reading.files import Files

_HERE = Path(__file__).parent
# Settings of the render, given to pandoc as options; left in the metadata they would act a second time.
_SETTINGS = frozenset(
    [
        "bibliography",
        "citation-abbreviations",
        "css",
        "csl",
        "citeproc",
        "csl-hanging-indent",
        "embed-resources",
        "execute",
        "filters",
        "format",
        "crossref",
        "jupyter",
        "engine",
        "include-after-body",
        "include-before-body",
        "include-in-header",
        "metadata-files",
        "project",
        "reference-doc",
        "template",
        "template-partials",
    ]
)
_EARLY = ("pre-ast", "post-ast", "pre-quarto")
_LATE = ("post-quarto", "pre-render", "post-render")


@dataclass(frozen=True)
class WriteJob:
    """Everything a writer needs to write one format.

    Attributes
    ----------
    composed : Composed
        The document.
    metadata : dict
        Metadata of the target.
    kinds : Kinds
        What is numbered.
    files : Files
        Where files are.
    bibliography : list of Path
        Bibliography files.
    late_filters : tuple of Path
        Filters to run on the finished document.
    workspace : Path
        Directory for intermediate files.
    output : Path
        File to write.
    environment : dict
        Environment of subprocesses.
    """

    composed: Composed
    metadata: Mapping[str, Any]
    kinds: Kinds
    files: Files
    bibliography: list[Path]
    late_filters: tuple[Path, ...]
    workspace: Path
    output: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def document(self, blocks: Any, meta: Any = None, **extra: Any) -> dict[str, Any]:
        """Return pandoc's tree with `blocks`, and metadata that template and citation processor may use.

        `meta` is the metadata as the format writes it, for an abstract may refer to figures as well.
        """
        written = self.composed.meta if meta is None else meta
        meta = {key: value for key, value in written.items() if key not in _SETTINGS}
        for key, value in extra.items():
            meta[key.replace("_", "-")] = value
        return {"pandoc-api-version": [1, 23, 1], "meta": meta, "blocks": blocks}

    def arguments(self) -> list[str]:
        """Return the options that all formats share."""
        result = [f"--lua-filter={path}" for path in self.late_filters]
        if self.composed.cites and self.bibliography_given():
            result.append("--citeproc")
            result += [f"--bibliography={path}" for path in self.bibliography]
            csl = self.metadata.get("csl")
            if csl:
                result.append(f"--csl={self.files.named(str(csl), 'csl')}")
            short = self.metadata.get("citation-abbreviations")
            if short:
                path = self.files.named(str(short), "citation-abbreviations")
                result.append(f"--citation-abbreviations={path}")
        if self.metadata.get("toc"):
            result += ["--toc", f"--toc-depth={int(self.metadata.get('toc-depth', 3))}"]
        shift = self.metadata.get("shift-heading-level-by")
        if shift:
            result.append(f"--shift-heading-level-by={int(shift)}")
        place = self.metadata.get("reference-location")
        if place:  # there is no margin: what belongs there stands at the end
            result.append(f"--reference-location={'document' if place == 'margin' else place}")
        for place in ("in-header", "before-body", "after-body"):
            result += [f"--include-{place}={path}" for path in self._included(place)]
        return result

    def bibliography_given(self) -> bool:
        """Whether the document has a bibliography of any kind."""
        return bool(self.bibliography or self.metadata.get("references"))

    def _included(self, place: str) -> list[Path]:
        given = self.metadata.get(f"include-{place}") or []
        found = []
        for number, item in enumerate(given if isinstance(given, list) else [given]):
            if isinstance(item, Mapping) and "text" in item:
                path = self.workspace / f"include-{self.output.suffix[1:]}-{place}-{number}.txt"
                path.write_text(str(item["text"]), encoding="utf-8")
                found.append(path)
            else:
                name = str(item.get("file")) if isinstance(item, Mapping) else str(item)
                found.append(self.files.named(name, f"include-{place}"))
        return found


def stage_template(job: WriteJob, kind: str, main: str) -> Path:
    """Lay out the template with its partials in one directory, where pandoc looks for them.

    The engine's own partials come first, then those the project names, which replace partials of the same
    name; as in Quarto.
    """
    directory = job.workspace / f"template-{kind}"
    directory.mkdir(exist_ok=True)
    own = _HERE / "templates" / kind
    for path in own.iterdir() if own.is_dir() else ():
        (directory / path.name).write_bytes(path.read_bytes())
    partials = job.metadata.get("template-partials") or []
    for name in partials if isinstance(partials, list) else [partials]:
        path = job.files.named(str(name), "template-partials")
        (directory / path.name).write_bytes(path.read_bytes())
    template = job.metadata.get("template")
    if not template:
        return directory / main
    path = job.files.named(str(template), "template")
    staged = directory / f"project-{path.name}"
    staged.write_bytes(path.read_bytes())
    return staged


def read_filters(metadata: Mapping[str, Any], files: Files) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Return the project's filters: those to run before the document is composed, and those to run after.

    A filter given by its name runs early; after the word `quarto`, or with `at: post-render` and its like,
    late.

    Raises
    ------
    UnsupportedError
        For filters that are not Lua, and unknown values of `at`.
    """
    early: list[Path] = []
    late: list[Path] = []
    ranked: list[tuple[int, Path]] = []
    given = metadata.get("filters") or []
    after = False
    for item in given if isinstance(given, list) else [given]:
        if item in ("quarto", "citeproc"):
            after = after or item == "quarto"
            continue
        entry = item if isinstance(item, Mapping) else {"path": item}
        if "path" not in entry:
            raise ProjectError.at("Each entry of `filters:` needs `path`.")
        at = str(entry.get("at", "post-quarto" if after else "pre-quarto"))
        path = files.named(str(entry["path"]), "filters")
        if entry.get("type", "lua") != "lua" or path.suffix != ".lua":
            raise UnsupportedError.construct(f"the filter {entry['path']}", remedy="Write filters in Lua.")
        if at in _EARLY:
            ranked.append((_EARLY.index(at), path))
        elif at in _LATE:
            ranked.append((len(_EARLY) + _LATE.index(at), path))
        else:
            raise UnsupportedError.construct(
                f"`at: {at}`", remedy=f"Known are {', '.join((*_EARLY, *_LATE))}."
            )
    for rank, path in sorted(ranked, key=lambda pair: pair[0]):
        (early if rank < len(_EARLY) else late).append(path)
    return tuple(early), tuple(late)
