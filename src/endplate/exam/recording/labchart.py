"""LabChart's MATLAB export: one row vector `data` with the blocks of all channels in it.

Variables read: `data`, `datastart`, `dataend` (channel x block, from 1, -1 where empty),
`samplerate`, `titles`, `unittext`, `unittextmap`, `blocktimes` (days), `tickrate`,
`firstsampleoffset`, `com` (channel, block, tick, type, text) and `comtext`; `scaleunits` and
`scaleoffset` where the samples are 16-bit. As ADInstruments describes it ("How does MATLAB open
exported data?"); units are base units, so a channel shown in mV is exported in V.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from endplate.exam.recording.limits import require_count
from endplate.exam.recording.raw import Channel, Event, Piece, RawFile
from endplate.foundation.errors import FileFormatError

NAME: Final = "LabChart"
_SECONDS_PER_DAY: Final = 86_400.0


def recognises(tree: Mapping[str, Any]) -> bool:
    """Return whether a MATLAB file is such an export."""
    return tree.keys() >= {"data", "datastart", "dataend", "samplerate"}


def _matrix(tree: Mapping[str, Any], key: str, shape: tuple[int, int] | None = None) -> NDArray[np.float64]:
    """Return (channel, block); MATLAB's single rows and columns are told apart by `shape`."""
    array = np.asarray(tree[key], dtype=np.float64)
    if shape is None:
        n_channels = max(len(_texts(tree.get("titles", ""))), 1)
        if array.size % n_channels:
            raise FileFormatError(f"{key} has {array.size} entries, which do not divide among {n_channels} channels.")
        return array.reshape(n_channels, -1)
    whole = array.reshape(shape) if array.size == shape[0] * shape[1] else array.ravel()[:1]
    return np.array(np.broadcast_to(whole, shape), dtype=np.float64)


def _texts(value: Any) -> list[str]:
    items = value if isinstance(value, (list, tuple)) else [value]
    return [str(item).strip() for item in items]


def _block_starts(tree: Mapping[str, Any], n_blocks: int) -> NDArray[np.float64]:
    """Return the start of each block after the first. [s]"""
    days = np.ravel(np.asarray(tree.get("blocktimes", np.zeros(n_blocks)), dtype=np.float64))
    if days.size != n_blocks:
        raise FileFormatError(f"blocktimes has {days.size} entries for {n_blocks} blocks.")
    starts_s: NDArray[np.float64] = (days - days[0]) * _SECONDS_PER_DAY
    return starts_s


def from_tree(tree: Mapping[str, Any], name: str) -> RawFile:
    """Build the raw file; each block is a segment with its true time, each comment an annotation.

    Raises
    ------
    FileFormatError
        If a block lies outside the data, or has no rate.
    """
    first = _matrix(tree, "datastart")
    shape = first.shape
    last, rates = _matrix(tree, "dataend", shape), _matrix(tree, "samplerate", shape)
    data = np.ravel(np.asarray(tree["data"]))
    require_count(name, shape[0], data.size)
    starts = _block_starts(tree, shape[1])
    offsets = _matrix(tree, "firstsampleoffset", shape) if "firstsampleoffset" in tree else np.zeros(shape)
    tick_hz = np.broadcast_to(np.ravel(np.asarray(tree.get("tickrate", rates.max()), dtype=np.float64)), (shape[1],))
    titles = _texts(tree.get("titles", [str(i + 1) for i in range(shape[0])]))
    channels = []
    for c in range(shape[0]):
        pieces, used = [], np.flatnonzero(first[c] > 0)
        for b in used:
            lo, hi = int(first[c, b]) - 1, int(last[c, b])
            if not 0 <= lo < hi <= data.size:
                raise FileFormatError(
                    f"{name}: block {b + 1} of channel {c + 1} lies at {lo + 1} to {hi}, outside the {data.size} "
                    "samples."
                )
            samples = data[lo:hi].astype(np.float64)
            if data.dtype.kind in "iu":
                samples = (samples + _matrix(tree, "scaleoffset", shape)[c, b]) * _matrix(tree, "scaleunits", shape)[
                    c, b
                ]
            pieces.append(Piece(float(starts[b] + offsets[c, b] / tick_hz[b]), samples))
        if not pieces:
            continue
        if np.unique(rates[c, used]).size > 1 or not rates[c, used[0]] > 0:
            raise FileFormatError(
                f"{name}: channel {titles[c]!r} changes its rate between blocks. Export the blocks one by one."
            )
        channels.append(
            Channel(
                titles[c] or str(c + 1), _unit(tree, c, int(used[0]), shape), float(rates[c, used[0]]), tuple(pieces)
            )
        )
    return RawFile(NAME, tuple(channels), tuple(_comments(tree, starts, tick_hz)))


def _unit(tree: Mapping[str, Any], channel: int, block: int, shape: tuple[int, int]) -> str | None:
    if "unittext" not in tree or "unittextmap" not in tree:
        return None
    index = int(_matrix(tree, "unittextmap", shape)[channel, block])
    texts = _texts(tree["unittext"])
    return texts[index - 1] or None if 1 <= index <= len(texts) else None


def _comments(tree: Mapping[str, Any], starts: NDArray[np.float64], tick_hz: NDArray[np.float64]) -> list[Event]:
    if "com" not in tree or np.size(tree["com"]) == 0:
        return []
    texts = _texts(tree.get("comtext", ""))
    events = []
    for row in np.asarray(tree["com"], dtype=np.float64).reshape(-1, 5):
        block, index = int(row[1]) - 1, int(row[4]) - 1
        if 0 <= block < starts.size and 0 <= index < len(texts):
            events.append(Event(float(starts[block] + row[2] / tick_hz[block]), texts[index]))
    return events
