"""CED Signal's MATLAB export: one struct `<file>_wave_data` with the frames of a triggered protocol.

Fields read: `interval`, `start` (first sample after the trigger, s), `values`
(points x channels x frames), `chaninfo` (title, units), `frameinfo` (start: time of the frame in
the session, s; points; state; label). Checked against a real file of 46 frames.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from endplate.exam.recording.limits import require_count
from endplate.exam.recording.raw import Channel, Frames, Piece, RawFile
from endplate.foundation.errors import FileFormatError

NAME: Final = "CED Signal"
_NEEDED: Final = frozenset({"values", "interval", "start", "frameinfo"})


def _structs(tree: Mapping[str, Any]) -> list[str]:
    return [name for name, value in tree.items() if isinstance(value, dict) and value.keys() >= _NEEDED]


def recognises(tree: Mapping[str, Any]) -> bool:
    """Return whether a MATLAB file is such an export."""
    return bool(_structs(tree))


def _column(info: Any, field: str, n: int) -> list[Any] | None:
    """Return one field of an array of structs: v7.3 keeps a struct of lists, v5 a list of structs."""
    if isinstance(info, dict):
        values = info.get(field)
        if values is None:
            return None
        return values if isinstance(values, list) else [values] * (1 if n == 1 else n)
    if isinstance(info, list) and all(isinstance(item, dict) and field in item for item in info):
        return [item[field] for item in info]
    return None


def _numbers(values: list[Any] | None, n: int) -> NDArray[np.float64] | None:
    if values is None or len(values) != n:
        return None
    return np.array([float(np.ravel(value)[0]) if np.size(value) else np.nan for value in values])


def _shaped(values: Any, n_points: int, n_channels: int, n_frames: int) -> NDArray[np.float64]:
    """Return (points, channels, frames); squeezed axes are put back."""
    array = np.asarray(values, dtype=np.float64)
    if array.size != n_points * n_channels * n_frames:
        raise FileFormatError(
            f"values holds {array.size} numbers, but the file announces {n_points} points x {n_channels} channels "
            f"x {n_frames} frames."
        )
    return array.reshape(n_points, n_channels, n_frames)


def _groups(frameinfo: Any, n_frames: int) -> dict[str, tuple[int, ...]]:
    """Return the frames of each state of the protocol, named by label where there is one."""
    states = _numbers(_column(frameinfo, "state", n_frames), n_frames)
    if states is None:
        return {}
    labels = _column(frameinfo, "label", n_frames) or [""] * n_frames
    groups: dict[str, tuple[int, ...]] = {}
    for state in np.unique(states):
        rows = tuple(int(i) for i in np.flatnonzero(states == state))
        label = labels[rows[0]] if isinstance(labels[rows[0]], str) else ""
        groups[f"state {state:g}" + (f" ({label})" if label.strip() else "")] = rows
    return groups


def from_tree(tree: Mapping[str, Any], name: str) -> RawFile:
    """Build the raw file; frames keep their true times, and 0 is the trigger.

    Raises
    ------
    FileFormatError
        If several such structs are in one file, or sizes disagree.
    """
    found = _structs(tree)
    if len(found) > 1:
        raise FileFormatError(f"{name} holds several recordings ({', '.join(found)}). Export each to its own file.")
    wave = tree[found[0]]
    n_points, n_channels, n_frames = (int(np.ravel(wave[key])[0]) for key in ("points", "chans", "frames"))
    require_count(name, n_channels, n_points * n_channels * n_frames)
    values = _shaped(wave["values"], n_points, n_channels, n_frames)
    rate, start_s = 1.0 / float(wave["interval"]), float(wave["start"])
    titles = _column(wave.get("chaninfo"), "title", n_channels) or [str(i + 1) for i in range(n_channels)]
    units = _column(wave.get("chaninfo"), "units", n_channels) or [""] * n_channels
    points = _numbers(_column(wave["frameinfo"], "points", n_frames), n_frames)
    lengths = np.full(n_frames, n_points) if points is None else np.minimum(points, n_points).astype(int)
    begins = _numbers(_column(wave["frameinfo"], "start", n_frames), n_frames)
    channels = tuple(
        Channel(
            str(titles[c]).strip() or str(c + 1),
            str(units[c]).strip() or None,
            rate,
            tuple(
                Piece(0.0 if begins is None else float(begins[f]), values[: lengths[f], c, f]) for f in range(n_frames)
            ),
        )
        for c in range(n_channels)
    )
    stimulus_s = None if begins is None else begins - start_s
    frames = Frames(start_ms=start_s * 1000, stimulus_s=stimulus_s, groups=_groups(wave["frameinfo"], n_frames))
    return RawFile(NAME, channels, frames=frames)
