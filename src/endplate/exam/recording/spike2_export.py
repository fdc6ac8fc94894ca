"""Spike2's MATLAB export: one struct per channel (`Ch1`, or `<file>_Ch1`).

Waveforms have `values`, `interval`, `start`, `units`, `title` (and `scale`, `offset` when the
samples are integers); event, marker and level channels have `times`, markers also `codes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from endplate.exam.recording.limits import require_count
from endplate.exam.recording.raw import Channel, Event, Piece, RawFile

NAME: Final = "Spike2"


def _is_wave(item: Any) -> bool:
    return (
        isinstance(item, dict) and {"values", "interval", "title", "units"} <= item.keys() and "frameinfo" not in item
    )


def recognises(tree: Mapping[str, Any]) -> bool:
    """Return whether a MATLAB file is such an export."""
    return any(_is_wave(item) for item in tree.values())


def _samples(item: Mapping[str, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    values = np.atleast_1d(np.asarray(item["values"]))
    if values.dtype.kind == "i":  # stored as the converter gave them: value * scale / 6553.6 + offset
        return values * (float(item["scale"]) / 6553.6) + float(item["offset"])
    return values.astype(np.float64)


def from_tree(tree: Mapping[str, Any], name: str) -> RawFile:
    """Build the raw file: continuous channels and the events of all other channels."""
    waves = [(key, item) for key, item in tree.items() if _is_wave(item)]
    require_count(name, len(waves), sum(int(np.size(item["values"])) for _, item in waves))
    channels = tuple(
        Channel(
            str(item["title"]).strip() or key,
            str(item["units"]).strip() or None,
            1.0 / float(item["interval"]),
            (Piece(float(np.ravel(item.get("start", 0.0))[0]), _samples(item)),),
        )
        for key, item in waves
    )
    events: list[Event] = []
    for key, item in tree.items():
        if not isinstance(item, dict) or "times" not in item or "values" in item:
            continue
        title = str(item.get("title", key)).strip() or key
        events += [
            Event(float(t), title, "event channel", title) for t in np.ravel(np.asarray(item["times"], dtype=float))
        ]
    return RawFile(NAME, channels, tuple(events))
