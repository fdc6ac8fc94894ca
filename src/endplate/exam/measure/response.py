"""Peak, onset, end and area of one response in every sweep at once.

All arrays are (sweep,), all values are relative to the baseline and plotted up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endplate.exam.measure.signal import Array, Sweeps

Index = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Peaks:
    """Largest deflection of each sweep: its sample, its interpolated time and height."""

    sample: Index
    time_ms: Array
    height_mv: Array
    at_edge: NDArray[np.bool_]


def find_peaks(sweeps: Sweeps, first: int, last: int) -> Peaks:
    """Find the largest value of samples `first` to `last`; above the baseline a parabola refines it."""
    y, rows = sweeps.up_mv, np.arange(sweeps.up_mv.shape[0])
    sample = first + np.argmax(y[:, first : last + 1], axis=1)
    inner = np.clip(sample, 1, sweeps.n_time - 2)
    left, middle, right = y[rows, inner - 1], y[rows, inner], y[rows, inner + 1]
    bend = left - 2.0 * middle + right
    # a sample on the baseline beside a deep trough is no peak, though a parabola would make one
    top = (inner == sample) & (middle >= left) & (middle >= right) & (bend < 0.0) & (middle > 0.0)
    offset = np.where(top, 0.5 * (left - right) / np.where(top, bend, 1.0), 0.0)
    height = np.where(top, middle - 0.25 * (left - right) * offset, y[rows, sample])
    time_ms = sweeps.start_ms + (sample + offset) * sweeps.step_ms
    at_edge = ((sample == first) | (sample == last)) & ~top
    return Peaks(sample, time_ms, height, at_edge)


def rising_crossing(sweeps: Sweeps, peak_sample: Index, level_mv: Array, first: int) -> Array:
    """Return when each sweep last rose through a level before its peak; nan if it never was below it.

    The search goes back from the peak to sample `first`; the time is linear between samples.
    """
    y, rows = sweeps.up_mv, np.arange(sweeps.up_mv.shape[0])
    column = np.arange(sweeps.n_time)
    below = (y < level_mv[:, None]) & (column < peak_sample[:, None]) & (column >= first)
    last_below = np.where(below, column, -1).max(axis=1)
    found = last_below >= 0
    left = np.where(found, last_below, 0)
    low, high = y[rows, left], y[rows, np.minimum(left + 1, sweeps.n_time - 1)]
    fraction = (level_mv - low) / np.where(high > low, high - low, 1.0)
    return np.where(found, sweeps.start_ms + (left + fraction) * sweeps.step_ms, np.nan)


def find_onsets(sweeps: Sweeps, peaks: Peaks, level_mv: Array, first: int) -> Array:
    """Return the start of the negative deflection that holds the peak; nan if it starts before `first`.

    The rise is followed back to `level_mv`, which stands clear of the noise, and extrapolated to
    the baseline along the chord to twice that level, but not past the last sample at or below it.
    """
    y, column = sweeps.up_mv, np.arange(sweeps.n_time)
    low = rising_crossing(sweeps, peaks.sample, level_mv, first)
    higher = np.minimum(2.0 * level_mv, 0.5 * (level_mv + peaks.height_mv))
    high = rising_crossing(sweeps, peaks.sample, higher, first)
    step = np.maximum(high - low, 0.0) * level_mv / np.where(higher > level_mv, higher - level_mv, 1.0)
    not_above = (y <= 0.0) & (column < peaks.sample[:, None])
    last_not_above = np.where(not_above, column, -1).max(axis=1)
    bound = np.where(last_not_above >= 0, sweeps.start_ms + last_not_above * sweeps.step_ms, -np.inf)
    # between samples the parabola may put a peak ahead of the crossing of a single steep step
    return np.minimum(np.maximum(low - step, np.minimum(bound, low)), peaks.time_ms)


def find_ends(sweeps: Sweeps, peaks: Peaks, noise_mv: Array) -> Array:
    """Return the first baseline crossing after the peak.

    A deflection that comes back without crossing ends where it falls to the noise, or to 1 % of
    its height; nan if it does neither within the sweep.
    """
    crossed = _falling_crossing(sweeps, peaks.sample, np.zeros_like(noise_mv))
    settled = _falling_crossing(sweeps, peaks.sample, np.maximum(noise_mv, 0.01 * peaks.height_mv))
    return np.where(np.isnan(crossed), settled, crossed)


def _falling_crossing(sweeps: Sweeps, peak_sample: Index, level_mv: Array) -> Array:
    y, rows = sweeps.up_mv, np.arange(sweeps.up_mv.shape[0])
    at_or_below = (y <= level_mv[:, None]) & (np.arange(sweeps.n_time) > peak_sample[:, None])
    right = np.argmax(at_or_below, axis=1)
    found = at_or_below[rows, right]
    right = np.where(found, right, 1)
    high, low = y[rows, right - 1], y[rows, right]
    fraction = (high - level_mv) / np.where(high > low, high - low, 1.0)
    return np.where(found, sweeps.start_ms + (right - 1 + fraction) * sweeps.step_ms, np.nan)


def area_between(sweeps: Sweeps, from_ms: Array, to_ms: Array) -> Array:
    """Return the integral of each sweep between two times of its own, linear between samples. [mV ms]"""
    y, step = sweeps.up_mv, sweeps.step_ms
    running = np.zeros_like(y)
    np.cumsum(0.5 * step * (y[:, 1:] + y[:, :-1]), axis=1, out=running[:, 1:])
    rows = np.arange(y.shape[0])

    def until(time_ms: Array) -> Array:
        place = np.nan_to_num((time_ms - sweeps.start_ms) / step, nan=0.0)
        left = np.clip(place, 0, sweeps.n_time - 2).astype(np.int64)
        part = place - left
        low, high = y[rows, left], y[rows, left + 1]
        total: Array = running[rows, left] + step * part * (low + 0.5 * part * (high - low))
        return total

    known = np.isfinite(from_ms) & np.isfinite(to_ms)
    return np.where(known, until(to_ms) - until(from_ms), np.nan)
