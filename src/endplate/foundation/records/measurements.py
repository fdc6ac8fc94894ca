"""Measurements: one row per stimulus, with the cursors that the picture shows."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.errors import InputError

Column = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Measurements:
    """What one channel of one recording measures; nan where nothing could be measured.

    All columns have one entry per sweep of the recording. Amplitude is baseline to negative
    peak, as a positive number; area and duration run from onset to the first baseline crossing.
    `flags` are about the whole recording, `row_flags` about one sweep; flag names and their
    meaning are listed in :mod:`endplate.exam.measure.flags`.

    Raises
    ------
    InputError
        If a column has another number of entries than there are stimuli.
    """

    channel: str
    stimulus_s: Column
    amplitude_mv: Column
    peak_to_peak_mv: Column
    area_mvms: Column
    duration_ms: Column
    latency_ms: Column
    baseline_mv: Column
    noise_mv: Column
    onset_ms: Column
    peak_ms: Column
    end_ms: Column
    trough_ms: Column
    row_flags: tuple[tuple[str, ...], ...]
    flags: tuple[str, ...] = ()
    moved_by_hand: tuple[int, ...] = field(default=())

    def __post_init__(self) -> None:
        rows = np.size(self.stimulus_s)
        for item in fields(self):
            per_row = item.name == "row_flags" or item.name.endswith(("_mv", "_ms", "_mvms"))
            if per_row and len(getattr(self, item.name)) != rows:
                raise InputError(f"{rows} stimuli, but {len(getattr(self, item.name))} entries of {item.name}.")

    @property
    def n_sweeps(self) -> int:
        """Number of rows."""
        return int(self.amplitude_mv.size)
