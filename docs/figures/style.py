"""One look for all figures: light ground, few colours, words instead of legends where there is room."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK, MUTED, GRID = "#16202b", "#516070", "#e4e8ed"
HEALTHY, LEMS, MG, TREATED = "#1f5f99", "#b8431a", "#7a4fa3", "#0b7256"
SEQUENCE = ("#0b7256", "#2b7cbf", "#7a4fa3", "#b8431a")  # of rising rates
WIDTH_IN = 8.0

_SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": 10.0,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 8.0,
    "axes.labelsize": 10.0,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "text.color": INK,
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.fonttype": "path",  # no font is needed to read it
    "svg.hashsalt": "endplate",  # the same drawing gives the same file
}


@dataclass
class Drawn:
    """What one room has drawn: figures, and tables in Markdown, by name."""

    figures: dict[str, Figure] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)


def panels(columns: int, *, height_in: float = 3.1, rows: int = 1, **settings: object) -> tuple[Figure, list[Axes]]:
    """Return a figure with panels from left to right and from top to bottom."""
    with mpl.rc_context(_SETTINGS):
        figure, axes = plt.subplots(
            rows, columns, figsize=(WIDTH_IN, height_in * rows), layout="constrained", squeeze=False, **settings
        )  # type: ignore[call-overload]
    return figure, list(axes.ravel())


def label(axes: Axes, *, title: str, x: str, y: str) -> None:
    """Write the title and both axes."""
    with mpl.rc_context(_SETTINGS):
        axes.set_title(title)
        axes.set_xlabel(x)
        axes.set_ylabel(y)


def legend(axes: Axes, **settings: object) -> None:
    """Write the names of the lines."""
    with mpl.rc_context(_SETTINGS):
        axes.legend(**settings)


def save(figure: Figure, path: Path) -> None:
    """Write one figure and forget it."""
    with mpl.rc_context(_SETTINGS):
        metadata = {"Date": None} if path.suffix == ".svg" else None
        figure.savefig(path, metadata=metadata, dpi=110)
    plt.close(figure)
