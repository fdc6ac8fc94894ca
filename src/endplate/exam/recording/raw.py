"""RawFile: what a reader found in a file, before anything is selected, scaled or cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Event:
    """A moment that the file marks; `kind` is its channel or type, where the file names one."""

    time_s: float
    text: str
    source: Literal["annotation", "event channel"] = "annotation"
    kind: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Piece:
    """One uninterrupted stretch of samples, with the true time of the first. [s]"""

    start_s: float
    samples: Samples


@dataclass(frozen=True, eq=False, slots=True)
class Channel:
    """One channel in the units of the file; `unit` is None when the file does not say."""

    name: str
    unit: str | None
    sampling_hz: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Frames:
    """Set when each piece is one sweep around its own stimulus.

    `start_ms` is the time of the first sample after the stimulus, None when the file does not
    say; `stimulus_s` (sweep,) holds true times, None when the file has none; `groups` names sets
    of sweeps that the file itself keeps apart (states of a triggered protocol).
    """

    start_ms: float | None = None
    stimulus_s: Samples | None = None
    level: Samples | None = None
    groups: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, slots=True)
class RawFile:
    """All that a reader found; `known` holds fields of the sidecar that the file itself states."""

    kind: str
    channels: tuple[Channel, ...]
    events: tuple[Event, ...] = ()
    frames: Frames | None = None
    known: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
