"""Single-fibre potentials of a needle recording: one latency per discharge, nan where blocked."""

from __future__ import annotations

import numpy as np

from endplate.exam.measure.baseline import Baseline
from endplate.exam.measure.response import Peaks, rising_crossing
from endplate.exam.measure.signal import Array, Sweeps
from endplate.foundation.parameters import values_of
from endplate.foundation.records import Recording


def trigger_of(recording: Recording, channel: str) -> str | None:
    """Return the channel whose potential triggers this one in a voluntary pair, or None.

    It is named ``trigger CHANNEL``, or ``trigger`` for all. Without one the sweep is taken to be
    aligned on the triggering potential, and what comes later than it is measured.
    """
    if recording.stimulation != "voluntary":
        return None
    by_lower = {name.lower(): name for name in recording.channels}
    return by_lower.get(f"trigger {channel}".lower()) or by_lower.get("trigger")


def endplate_channels(recording: Recording) -> tuple[str, ...]:
    """Return the channels that hold a potential to be measured: all but the triggers."""
    if recording.stimulation != "voluntary":
        return recording.channels
    return tuple(name for name in recording.channels if not name.lower().startswith("trigger"))


def blocked_sweeps(peaks: Peaks, baseline: Baseline) -> Array:
    """Return each sweep's spike height, nan where it is blocked.

    A spike stands clear of the noise and reaches 0.3 of the recording's usual (90th centile) spike.
    """
    settings = values_of("exam/measure")
    usual = float(np.quantile(peaks.height_mv, 0.9))
    least = np.maximum(settings["response_over_noise"] * baseline.noise_mv, settings["spike_fraction"] * usual)
    return np.where((peaks.height_mv > least) & (peaks.height_mv > 0.0), peaks.height_mv, np.nan)


def spike_latencies(sweeps: Sweeps, peaks: Peaks, height_mv: Array, first: int) -> Array:
    """Return when each spike rises through half of its own height; nan where blocked.

    Half way up the slope is steepest and nearly straight, so noise and sampling move this time
    least.
    """
    half = np.nan_to_num(0.5 * height_mv)
    return np.where(np.isfinite(height_mv), rising_crossing(sweeps, peaks.sample, half, first), np.nan)
