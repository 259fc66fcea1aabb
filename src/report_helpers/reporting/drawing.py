"""A drawing as data (boxes, lines, texts) and its SVG: plain elements that any browser and PDF understand.

One unit is one point when the drawing is printed at its own width.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from report_helpers.reporting import lettering

WIDTH = 453.6
"""16 cm in points: the width of a figure on A4, so that a font size here is the size on paper."""

INK, GREY, BAND, PALE = "#000000", "#595959", "#d4d4d4", "#eeeeee"


@dataclass(frozen=True)
class Text:
    """One line of text at its base line; `anchor` says which end `x` is, `key` which result it prints."""

    x: float
    y: float
    text: str
    size: float = 8.0
    bold: bool = False
    anchor: str = "start"
    fill: str = INK
    key: str = ""

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the letters."""
        wide = lettering.width(self.text, self.size, self.bold)
        left = self.x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]
        return (
            left,
            self.y - lettering.ASCENT * self.size,
            left + wide,
            self.y + lettering.DESCENT * self.size,
        )

    def svg(self) -> str:
        """Return the element."""
        weight = ' font-weight="bold"' if self.bold else ""
        anchor = f' text-anchor="{self.anchor}"' if self.anchor != "start" else ""
        key = f' data-key="{escape(self.key)}"' if self.key else ""
        place = f'x="{_n(self.x)}" y="{_n(self.y)}" font-size="{_n(self.size)}"'
        return (
            f'<text {place}{weight}{anchor} fill="{self.fill}"{key}>{escape(self.text, quote=False)}</text>'
        )


@dataclass(frozen=True)
class Box:
    """A rectangle with a border, or a filled one without."""

    left: float
    top: float
    width: float
    height: float
    fill: str = "#ffffff"
    stroke: str = INK

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    @property
    def middle(self) -> float:
        """Half-way down."""
        return self.top + self.height / 2

    @property
    def centre(self) -> float:
        """Half-way across."""
        return self.left + self.width / 2

    def svg(self) -> str:
        """Return the element."""
        place = f'x="{_n(self.left)}" y="{_n(self.top)}" width="{_n(self.width)}" height="{_n(self.height)}"'
        return f'<rect {place} fill="{self.fill}" stroke="{self.stroke}" stroke-width="0.8"/>'


@dataclass(frozen=True)
class Path:
    """Straight lines through `points`; `head` draws an arrow at the end, `tail` one at the start."""

    points: tuple[tuple[float, float], ...]
    head: bool = False
    tail: bool = False
    stroke: str = INK
    weight: float = 0.8
    dashes: str = ""

    def svg(self) -> str:
        """Return the elements: the line and its arrow heads."""
        track = "M" + " L".join(f"{_n(x)} {_n(y)}" for x, y in self.points)
        dashes = f' stroke-dasharray="{self.dashes}"' if self.dashes else ""
        line = (
            f'<path d="{track}" fill="none" stroke="{self.stroke}" stroke-width="{_n(self.weight)}"{dashes}/>'
        )
        heads = [_head(*self.points[-2:])] if self.head else []
        heads += [_head(self.points[1], self.points[0])] if self.tail else []
        return "\n".join([line, *(f'<path d="{head}" fill="{self.stroke}"/>' for head in heads)])


def _head(start: tuple[float, float], tip: tuple[float, float]) -> str:
    """Return a small triangle that ends in `tip`, for a level or upright line."""
    x, y = tip
    along = (tip[0] > start[0]) - (tip[0] < start[0]), (tip[1] > start[1]) - (tip[1] < start[1])
    long, half = 4.5, 2.2
    back = x - long * along[0], y - long * along[1]
    one = back[0] - half * along[1], back[1] - half * along[0]
    two = back[0] + half * along[1], back[1] + half * along[0]
    return f"M{_n(x)} {_n(y)} L{_n(one[0])} {_n(one[1])} L{_n(two[0])} {_n(two[1])} Z"


@dataclass(frozen=True)
class Dot:
    """A round marker, filled or open."""

    x: float
    y: float
    radius: float = 2.6
    fill: str = INK

    def svg(self) -> str:
        """Return the element."""
        place = f'cx="{_n(self.x)}" cy="{_n(self.y)}" r="{_n(self.radius)}"'
        return f'<circle {place} fill="{self.fill}" stroke="{INK}" stroke-width="0.9"/>'


@dataclass(frozen=True)
class Area:
    """A filled shape without a border."""

    points: tuple[tuple[float, float], ...]
    fill: str = BAND

    def svg(self) -> str:
        """Return the element."""
        corners = " ".join(f"{_n(x)},{_n(y)}" for x, y in self.points)
        return f'<polygon points="{corners}" fill="{self.fill}"/>'


@dataclass(frozen=True)
class Drawing:
    """A finished figure with its name and description for screen readers."""

    name: str
    title: str
    description: str
    height: float
    boxes: tuple[Box, ...]
    paths: tuple[Path, ...]
    texts: tuple[Text, ...]
    width: float = WIDTH
    areas: tuple[Area, ...] = ()
    dots: tuple[Dot, ...] = ()

    def svg(self) -> str:
        """Return the drawing as an SVG document; the same drawing gives the same bytes."""
        size = f'width="{_n(self.width)}pt" height="{_n(self.height)}pt"'
        view = f'viewBox="0 0 {_n(self.width)} {_n(self.height)}"'
        names = f"{self.name}-title {self.name}-description"
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {view} role="img" aria-labelledby="{names}"'
            f' font-family="{lettering.FAMILY}">',
            f'<title id="{self.name}-title">{escape(self.title, quote=False)}</title>',
            f'<desc id="{self.name}-description">{escape(self.description, quote=False)}</desc>',
            f'<rect width="{_n(self.width)}" height="{_n(self.height)}" fill="#ffffff"/>',
            # Later elements lie on top: bands beneath lines, lines beneath markers, markers beneath text.
            *(area.svg() for area in self.areas),
            *(path.svg() for path in self.paths),
            *(box.svg() for box in self.boxes),
            *(dot.svg() for dot in self.dots),
            *(text.svg() for text in self.texts),
            "</svg>\n",
        ]
        return "\n".join(parts)


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
