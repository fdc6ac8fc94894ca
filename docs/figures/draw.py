"""Every figure by its name; run ``python -m docs.figures.draw FOLDER`` to look at them as PNG."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from docs.figures import activezone, examination, fast_scheme, junction, muscle, person, style, terminal
from docs.figures.style import Drawn

ROOMS = (activezone, terminal, fast_scheme, junction, muscle, person, examination)


def draw_all(folder: Path, *, suffix: str = "svg") -> None:
    """Draw every figure into a folder, and write the tables beside them."""
    for room in ROOMS:
        began = time.perf_counter()
        drawn: Drawn = room.draw()
        for name, figure in drawn.figures.items():
            style.save(figure, folder / f"{name}.{suffix}")
        for name, text in drawn.tables.items():
            (folder / f"{name}.inc").write_text(text, encoding="utf-8")
        if suffix != "svg":
            print(f"{room.__name__}: {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    draw_all(target, suffix="png")
