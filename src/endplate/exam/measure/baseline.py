"""Baseline, noise and the end of the stimulus artefact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from endplate.exam.measure.signal import Array, Sweeps
from endplate.foundation.parameters import values_of

_NORMAL_PER_MAD: Final = 1.4826  # standard deviation over median absolute deviation of normal noise


@dataclass(frozen=True, eq=False)
class Baseline:
    """Level, noise (SD) and slope of each sweep before its response."""

    level_mv: Array
    noise_mv: Array
    slope_mv_per_ms: Array
    before_stimulus: bool


def _moments(span: NDArray[np.float64], step_ms: float) -> tuple[Array, Array, Array]:
    level = span.mean(axis=1)
    if span.shape[1] < 2:
        return level, np.zeros_like(level), np.zeros_like(level)
    time = (np.arange(span.shape[1]) - (span.shape[1] - 1) / 2) * step_ms
    slope = (span - level[:, None]) @ time / float(time @ time)
    return level, span.std(axis=1, ddof=1), slope


def read_baseline(sweeps: Sweeps) -> Baseline:
    """Read the baseline before the stimulus, else in the quietest stretch after the artefact.

    Before the stimulus it is the mean of up to 100 ms, less a tenth (0.2 to 5 ms) before the
    stimulus that a filter or a trigger's scatter may have touched. Otherwise it is the stretch of
    1 ms with the least variance, averaged over sweeps, between artefact and largest deflection.
    """
    settings, step_ms = values_of("exam/measure"), sweeps.step_ms
    available_ms = min(-sweeps.start_ms, settings["baseline_longest_ms"])
    margin_ms = min(5.0, max(0.2, 0.1 * available_ms))
    first, last = sweeps.index(-available_ms), sweeps.index(-margin_ms)
    if available_ms > margin_ms and last - first >= 3:
        return Baseline(*_moments(sweeps.up_mv[:, first : last + 1], step_ms), before_stimulus=True)
    start = sweeps.index(settings["blanking_ms"])
    after = sweeps.up_mv[:, start : sweeps.index(settings["window_end_ms"]) + 1]
    width = min(max(4, round(settings["quiet_span_ms"] / step_ms)), after.shape[1])
    deflection = np.abs(after - np.median(after, axis=1, keepdims=True)).mean(axis=0)
    until = max(int(np.argmax(deflection)), width)
    windows = np.lib.stride_tricks.sliding_window_view(after[:, : until + 1], width, axis=1)
    quietest = int(np.argmin(windows.var(axis=2).mean(axis=0)))
    return Baseline(*_moments(after[:, quietest : quietest + width], step_ms), before_stimulus=False)


def read_needle_baseline(sweeps: Sweeps, first: int) -> Baseline:
    """Read level and noise of a needle sweep from sample `first` on as median and median deviation.

    A single-fibre potential fills little of its sweep, and may lie anywhere in it.
    """
    inside = sweeps.up_mv[:, first:]
    level = np.median(inside, axis=1)
    spread = np.median(np.abs(inside - level[:, None]), axis=1)
    return Baseline(level, _NORMAL_PER_MAD * spread, np.zeros_like(level), before_stimulus=False)


def artefact_end(sweeps: Sweeps, baseline: Baseline) -> int:
    """Return the first sample after the stimulus artefact.

    At least 1 ms is blanked. A longer artefact, the same in every sweep, is followed until the
    median sweep is back within the noise, at most to 3 ms; if it never is, the quietest sample in
    between parts artefact and response.
    """
    settings = values_of("exam/measure")
    first = sweeps.index(settings["blanking_ms"])
    last = sweeps.index(settings["artefact_longest_ms"])
    if sweeps.start_ms >= settings["blanking_ms"] or last <= first:
        return first
    shared = np.abs(np.median(sweeps.up_mv - baseline.level_mv[:, None], axis=0))
    # a median of many sweeps is quieter than one sweep, so one sweep's noise is a generous band
    band = max(3.0 * float(np.median(baseline.noise_mv)), 0.01 * float(shared[first:].max()))
    tail = shared[first : last + 1]
    quiet = np.flatnonzero(tail <= band)
    return first + (int(quiet[0]) if quiet.size else int(np.argmin(tail)))
