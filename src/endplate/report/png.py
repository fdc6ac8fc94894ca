"""Drawing -> PNG through Matplotlib, which is loaded only here and only when a picture is made."""

from __future__ import annotations

import io
import warnings
from typing import Any, Final

from endplate.report.drawing import Area, Drawing, Item, Label, Mark, Stroke
from endplate.report.palette import LIGHT

POINTS_PER_PX: Final = 0.75  # Matplotlib thinks in points of 1/72 inch, drawings in pixels of 1/96
MARGIN_PX: Final = 12.0
_MARKERS: Final = {"dot": "o", "ring": "o", "square": "s", "diamond": "D", "up": "^", "down": "v", "tick": "|"}
_ANCHORS: Final = {"start": "left", "middle": "center", "end": "right"}


def png_bytes(drawing: Drawing, *, width_px: int | None = None) -> bytes:
    """Return the drawing as a PNG file on white.

    Parameters
    ----------
    drawing
        What to paint.
    width_px
        Width of the picture; None gives two pixels for each of the drawing's. [px]

    Notes
    -----
    Uses the object interface and its own canvas: no backend is chosen and no setting of the
    caller's Matplotlib is read or changed, but for the fonts that are installed.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    width, height = drawing.width + 2 * MARGIN_PX, drawing.height + 2 * MARGIN_PX
    pixels = width_px if width_px is not None else round(2 * width)
    figure = Figure(figsize=(width / 96, height / 96), dpi=96 * pixels / width, facecolor=LIGHT["raised"])
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-MARGIN_PX, drawing.width + MARGIN_PX), ylim=(drawing.height + MARGIN_PX, -MARGIN_PX))
    axes.axis("off")
    for order, item in enumerate(drawing.items):
        _paint(axes, item, order)
    page = io.BytesIO()
    with warnings.catch_warnings():
        # a name in a script that the font lacks is drawn as boxes: the page beside it shows it in full
        warnings.filterwarnings("ignore", message=".*missing from font", category=UserWarning)
        figure.savefig(page, format="png", facecolor=LIGHT["raised"], metadata={"Title": drawing.title})
    return page.getvalue()


def _paint(axes: Any, item: Item, order: int) -> None:
    from matplotlib.lines import Line2D

    if isinstance(item, Stroke):
        line = Line2D(
            item.points[:, 0],
            item.points[:, 1],
            color=LIGHT[item.tone],
            linewidth=item.width * POINTS_PER_PX,
            linestyle=(0, (4, 3)) if item.dashed else "solid",
            alpha=item.opacity,
            solid_joinstyle="round",
            zorder=order,
            marker="none",
        )
        axes.add_artist(line)  # not plot(): the limits are set, and looking at every line for them is slow
    elif isinstance(item, Area):
        axes.fill(
            item.points[:, 0], item.points[:, 1], color=LIGHT[item.tone], alpha=item.opacity, linewidth=0, zorder=order
        )
    elif isinstance(item, Mark):
        _paint_mark(axes, item, order)
    else:
        _paint_label(axes, item, order)


def _paint_mark(axes: Any, item: Mark, order: int) -> None:
    from matplotlib.lines import Line2D

    symbol = Line2D(
        [item.x],
        [item.y],
        linestyle="none",
        marker=_MARKERS[item.shape],
        markersize=2 * item.size * POINTS_PER_PX,
        markeredgewidth=1.0,
        markeredgecolor=LIGHT[item.tone],
        markerfacecolor="none" if item.shape == "ring" else LIGHT[item.tone],
        zorder=order,
    )
    axes.add_artist(symbol)


def _paint_label(axes: Any, item: Label, order: int) -> None:
    axes.text(
        item.x,
        item.y,
        item.text,
        color=LIGHT[item.tone],
        fontsize=item.size * POINTS_PER_PX,
        fontfamily="DejaVu Sans",
        fontweight="bold" if item.bold else "normal",
        horizontalalignment=_ANCHORS[item.anchor],
        verticalalignment="baseline",
        parse_math=False,  # a "$" in a name is a dollar
        zorder=order,
    )
