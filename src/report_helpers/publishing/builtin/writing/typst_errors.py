"""Say what Typst complains about in the author's terms: the sign or the picture, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import typst

from ..errors import Problem, WriterError
from ..reading.files import Files

_NO_GLYPH = re.compile(r'error: [^\n]*the text `"(?P<text>[^\n]+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{(?P<code>[0-9a-f]+)\}")


def explain(error: typst.TypstError, pictures: Iterable[tuple[str, Path]], files: Files) -> WriterError:
    """Describe why the PDF could not be set.

    Parameters
    ----------
    error : typst.TypstError
        What Typst said.
    pictures : iterable of (str, Path)
        Name that Typst knows each picture by, and the author's file.
    files : Files
        Where the sources are.
    """
    problems = [*_missing_signs(error.diagnostic, files), *_broken_pictures(error, pictures, files)]
    if problems:
        return WriterError(problems)
    hints = [f"hint: {hint}" for hint in error.hints]
    return WriterError.at(
        f"Typst cannot set the PDF: {error.message}.", excerpt="\n".join([error.diagnostic, *hints])
    )


def _missing_signs(diagnostic: str, files: Files) -> Iterator[Problem]:
    shown = (
        _ESCAPED.sub(lambda code: chr(int(code["code"], 16)), text) for text in _NO_GLYPH.findall(diagnostic)
    )
    for text in dict.fromkeys(shown):
        file, line = _place(text, files)
        codes = " ".join(f"U+{ord(sign):04X}" for sign in text)
        what = f"No font has the sign {text} ({codes}), so the PDF cannot show it."
        remedy = "Write it another way, or name a directory with a font that has it in `font-paths`."
        yield Problem(what, file, line, remedy if file else f"It comes from data or code. {remedy}")


def _broken_pictures(
    error: typst.TypstError, pictures: Iterable[tuple[str, Path]], files: Files
) -> Iterator[Problem]:
    described = "alt text" in error.message
    remedy = 'Describe it: `{fig-alt="…"}`.' if described else "Save it anew, as SVG, PNG or JPEG."
    for path in dict.fromkeys(path for known, path in pictures if known in error.diagnostic):
        file, line = _place(path.name, files)
        what = f"The picture {path.name} cannot be put into the PDF: {error.message}."
        yield Problem(what, file, line, remedy)


def _place(text: str, files: Files) -> tuple[str, int]:
    """Return where the author wrote a text; an earlier output in the project has it too, and is not meant."""
    file, line = files.mention(text)
    return (file, line) if Path(file).suffix in (".qmd", ".md") else ("", 0)
