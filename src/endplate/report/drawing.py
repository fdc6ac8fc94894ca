"""Drawing: a picture as lines, marks and words in pixels, the same for the page, SVG and PNG."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from endplate.report.palette import Tone

Points = NDArray[np.float64]
Anchor = Literal["start", "middle", "end"]
Shape = Literal["dot", "ring", "square", "diamond", "up", "down", "tick"]

HEADER_PX: Final = 26.0
SIMULATED: Final = "SIMULATED"


@dataclass(frozen=True, eq=False, slots=True)
class Stroke:
    """A line through points (n, 2), y downwards. [px]"""

    points: Points
    tone: Tone
    width: float = 1.3
    dashed: bool = False
    opacity: float = 1.0


@dataclass(frozen=True, eq=False, slots=True)
class Area:
    """A filled outline (n, 2). [px]"""

    points: Points
    tone: Tone
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Mark:
    """One symbol; its shape carries the meaning, its tone only repeats it."""

    x: float
    y: float
    shape: Shape
    tone: Tone
    size: float = 3.0


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a point of their baseline. [px]"""

    x: float
    y: float
    text: str
    tone: Tone = "muted"
    size: float = 12.0
    anchor: Anchor = "start"
    bold: bool = False


Item = Stroke | Area | Mark | Label


@dataclass(frozen=True, eq=False)
class Drawing:
    """A finished picture.

    `key` names its files, `alt` says in a sentence what a reader who cannot see it must know.
    A simulated drawing carries the word in its header: it cannot be cropped off by a style.
    """

    key: str
    title: str
    alt: str
    width: float
    height: float
    items: tuple[Item, ...]
    simulated: bool
    note: str = ""

    def moved(self, right: float, down: float) -> tuple[Item, ...]:
        """Return the items shifted, to stand inside a larger drawing."""
        return tuple(_moved(item, right, down) for item in self.items)


@dataclass
class Canvas:
    """Collects items; `finish` gives the drawing its header and the word SIMULATED."""

    width: float
    height: float
    simulated: bool
    items: list[Item] = field(default_factory=list)

    def stroke(
        self, x: Points, y: Points, tone: Tone, *, width: float = 1.3, dashed: bool = False, opacity: float = 1.0
    ) -> None:
        """Add a line; gaps (nan) split it."""
        points = np.column_stack([np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)])
        for run in _runs(points):
            self.items.append(Stroke(simplify(run), tone, width, dashed, opacity))

    def segment(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        tone: Tone,
        *,
        width: float = 1.0,
        dashed: bool = False,
    ) -> None:
        """Add a straight line between two points."""
        self.items.append(Stroke(np.array([start, end], dtype=np.float64), tone, width, dashed))

    def box(self, x: float, y: float, width: float, height: float, tone: Tone, *, opacity: float = 1.0) -> None:
        """Add a filled rectangle with its upper left corner at (x, y)."""
        corners = np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
        self.items.append(Area(corners, tone, opacity))

    def mark(self, x: float, y: float, shape: Shape, tone: Tone, *, size: float = 3.0) -> None:
        """Add a symbol, unless its place is not a number."""
        if np.isfinite(x) and np.isfinite(y):
            self.items.append(Mark(float(x), float(y), shape, tone, size))

    def label(
        self,
        x: float,
        y: float,
        text: str,
        tone: Tone = "muted",
        *,
        size: float = 12.0,
        anchor: Anchor = "start",
        bold: bool = False,
    ) -> None:
        """Add words."""
        self.items.append(Label(float(x), float(y), text, tone, size, anchor, bold))

    def finish(self, *, key: str, title: str, alt: str, note: str = "", small: bool = False) -> Drawing:
        """Close the canvas: title at the left, SIMULATED at the right where it is."""
        size = 11.0 if small else 12.5
        self.label(2, 15, title, "ink", size=size, bold=True)
        if self.simulated:
            self.label(self.width - 2, 15, SIMULATED, "simulated", size=9.0 if small else 11.0, anchor="end", bold=True)
            alt = f"Simulated. {alt}"
        return Drawing(key, title, alt, self.width, self.height, tuple(self.items), self.simulated, note)


def compose(
    drawings: list[Drawing], *, columns: int, key: str, title: str, alt: str, simulated: bool, gap: float = 14.0
) -> Drawing:
    """Set drawings of one size into a grid, as one picture for a file."""
    cell_w = max(d.width for d in drawings) + gap
    cell_h = max(d.height for d in drawings) + gap
    rows = -(-len(drawings) // columns)
    canvas = Canvas(columns * cell_w - gap, HEADER_PX + 6 + rows * cell_h - gap, simulated)
    for index, drawing in enumerate(drawings):
        row, column = divmod(index, columns)
        canvas.items.extend(drawing.moved(column * cell_w, HEADER_PX + 6 + row * cell_h))
    return canvas.finish(key=key, title=title, alt=alt)


def with_footer(drawing: Drawing, text: str) -> Drawing:
    """Return the drawing with one line below it that says whose it is and how it was made."""
    items = (*drawing.items, Label(2, drawing.height + 15, text, "muted", 10.0))
    return replace(drawing, items=items, height=drawing.height + 20)


def simplify(points: Points, tolerance_px: float = 0.15) -> Points:
    """Leave out points that nobody could see (Douglas-Peucker).

    Parameters
    ----------
    points
        (n, 2), a line. [px]
    tolerance_px
        Largest distance between the line and the one returned. [px]

    Returns
    -------
    numpy.ndarray
        (m, 2) with m <= n, both ends kept.

    Examples
    --------
    >>> import numpy as np
    >>> line = np.column_stack([np.arange(5.0), np.zeros(5)])
    >>> simplify(line).tolist()
    [[0.0, 0.0], [4.0, 0.0]]
    """
    n = len(points)
    if n < 3:
        return points
    keep = np.zeros(n, dtype=bool)
    keep[[0, -1]] = True
    stack = [(0, n - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        inner = points[first + 1 : last]
        along = points[last] - points[first]
        length = float(np.hypot(*along))
        off = inner - points[first]
        # a closed loop has no direction: take the distance from its end instead
        distance = np.abs(along[0] * off[:, 1] - along[1] * off[:, 0]) / length if length else np.hypot(*off.T)
        worst = int(np.argmax(distance))
        if distance[worst] > tolerance_px:
            middle = first + 1 + worst
            keep[middle] = True
            stack += [(first, middle), (middle, last)]
    return points[keep]


def _runs(points: Points) -> list[Points]:
    good = np.isfinite(points).all(axis=1)
    if good.all():
        return [points] if len(points) > 1 else []
    edges = np.flatnonzero(np.diff(np.concatenate([[0], good.astype(np.int8), [0]])))
    return [points[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 1]


def _moved(item: Item, right: float, down: float) -> Item:
    if isinstance(item, Stroke | Area):
        return replace(item, points=item.points + np.array([right, down]))
    return replace(item, x=item.x + right, y=item.y + down)
