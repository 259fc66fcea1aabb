"""The sheet on which a plot of several columns or panels is laid out."""

from __future__ import annotations

from dataclasses import dataclass, field

from report_helpers.reporting.drawing import INK, Area, Box, Dot, Drawing, Path, Text
from report_helpers.reporting.lettering import ASCENT, LEADING, wrap

SIZE = 7.5
LINE = LEADING * SIZE


@dataclass
class Sheet:
    """A plot as it grows downwards: what is drawn, and how far down it reaches."""

    y: float = 1.0
    boxes: list[Box] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)

    def column(self, text: str, x: float, width: float, *, bold: bool = False, anchor: str = "start",
               fill: str = INK, key: str = "", top: float | None = None) -> float:  # fmt: skip
        """Write a text broken to its column; return its lower edge."""
        y = self.y if top is None else top
        for line in wrap(text, width, SIZE, bold) if text else ():
            self.texts.append(Text(x, y + ASCENT * SIZE, line, SIZE, bold, anchor, fill, key))
            y += LINE
        return y

    def drawing(self, name: str, title: str, description: str) -> Drawing:
        """Return the finished figure."""
        return Drawing(
            name=name,
            title=title,
            description=description,
            height=self.y,
            boxes=tuple(self.boxes),
            paths=tuple(self.paths),
            texts=tuple(self.texts),
            areas=tuple(self.areas),
            dots=tuple(self.dots),
        )
