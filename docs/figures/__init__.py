"""Figures of the explanation, drawn from the model in force; drawn anew only when something behind them changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from endplate.foundation.parameters import PACKAGE, fingerprint

FOLDER = Path(__file__).resolve().parents[1] / "reference" / "generated" / "figures"
_DRAWN_BY = ("body", "change", "exam", "foundation")


def _stamp() -> str:
    """Return a hash of every parameter, of the code that the figures show, and of the figures' own."""
    digest = hashlib.sha256(fingerprint().encode())
    sources = [path for room in _DRAWN_BY for path in (PACKAGE / room).rglob("*.py")]
    sources += [path for path in PACKAGE.rglob("*.toml") if path.name != "references.json"]
    for path in sorted([*sources, *Path(__file__).parent.glob("*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def write(folder: Path = FOLDER) -> None:
    """Draw every figure and the tables of numbers beside them, unless nothing has changed."""
    stamp_file, stamp = folder / "stamp.txt", _stamp()
    if stamp_file.is_file() and stamp_file.read_text(encoding="utf-8") == stamp:
        return
    from docs.figures.draw import draw_all  # matplotlib and the simulator load only when there is something to draw

    folder.mkdir(parents=True, exist_ok=True)
    draw_all(folder)
    stamp_file.write_text(stamp, encoding="utf-8")
