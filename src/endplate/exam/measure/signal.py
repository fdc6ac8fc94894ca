"""One channel of a recording as the eye reads it: negative up, on its time axis."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.errors import InputError, unknown_name
from endplate.foundation.records import Recording

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sweeps:
    """Sweeps of one channel: `up_mv` (sweep, time) with a negative deflection as a positive number."""

    up_mv: Array
    start_ms: float
    step_ms: float

    @property
    def n_time(self) -> int:
        """Samples in each sweep."""
        return int(self.up_mv.shape[1])

    @property
    def end_ms(self) -> float:
        """Time of the last sample."""
        return self.start_ms + (self.n_time - 1) * self.step_ms

    def index(self, time_ms: float) -> int:
        """Return the first sample at or after a time, kept inside the sweep."""
        return int(np.clip(np.ceil((time_ms - self.start_ms) / self.step_ms - 1e-9), 0, self.n_time - 1))

    def value_at(self, time_ms: Array) -> Array:
        """Return each sweep's value at its own time, linear between samples; nan outside the sweep."""
        place = (time_ms - self.start_ms) / self.step_ms
        inside = (place >= -1e-9) & (place <= self.n_time - 1 + 1e-9)
        left = np.clip(np.nan_to_num(place, nan=0.0), 0, self.n_time - 1).astype(np.int64)
        left = np.minimum(left, max(self.n_time - 2, 0))
        rows = np.arange(self.up_mv.shape[0])
        low, high = self.up_mv[rows, left], self.up_mv[rows, np.minimum(left + 1, self.n_time - 1)]
        return np.where(inside, low + (high - low) * (place - left), np.nan)


def channel_name(recording: Recording, channel: str | None) -> str:
    """Return the channel to measure: the named one, or the only one.

    Raises
    ------
    UnknownNameError
        If the recording has no such channel.
    InputError
        If none is named and there are several.
    """
    if channel is None:
        if len(recording.channels) > 1:
            raise InputError(
                f"this recording has {len(recording.channels)} channels ({', '.join(recording.channels)}): "
                "name one with channel=, or measure all of them with measure_all."
            )
        return recording.channels[0]
    if channel not in recording.channels:
        raise unknown_name("channel", channel, recording.channels)
    return channel


def sweeps_of(recording: Recording, channel: str) -> Sweeps:
    """Return one channel, turned so that the negative phase is positive."""
    as_recorded = recording.signal_mv[:, recording.channels.index(channel), :]
    return Sweeps(
        np.array(as_recorded if recording.negative_up else -as_recorded),
        float(recording.start_ms),
        1000.0 / float(recording.sampling_hz),
    )


def fingerprint(recording: Recording) -> str:
    """Return what ties a cursor file to its recording: the file's checksum, or one of the samples."""
    if recording.checksum:
        return recording.checksum
    digest = hashlib.blake2b(np.ascontiguousarray(recording.signal_mv).tobytes(), digest_size=16)
    digest.update(f"{recording.sampling_hz} {recording.start_ms}".encode())
    return digest.hexdigest()
