"""Recordings and measurements of given amplitudes, to try rules without waveforms."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from endplate.foundation.records import Measurements, Recording, Train

KNOWN = {"temperature_degc": 33.0, "drug": "none", "muscle": "adm", "side": "right"}


def measured_of(
    amplitude_mv, *, area_mvms=None, flags=(), row_flags=None, channel="1", latency_ms=None, stimulus_s=None
):
    """Build measurements of one channel from amplitudes."""
    amplitude = np.asarray(amplitude_mv, dtype=float)
    n = amplitude.size
    area = 3.0 * amplitude if area_mvms is None else np.asarray(area_mvms, dtype=float)
    latency = np.full(n, 3.0) if latency_ms is None else np.asarray(latency_ms, dtype=float)
    rest = np.zeros(n)
    return Measurements(
        channel, np.arange(n) * 1.0 if stimulus_s is None else stimulus_s, amplitude, 1.5 * amplitude, area,
        rest + 5.0, latency, rest, rest, latency, latency + 2.5, latency + 5.0, latency + 8.0,
        tuple(row_flags or [()] * n), tuple(flags),
    )  # fmt: skip


def recording_of(trains, **about):
    """Build a recording whose samples do not matter, with as many sweeps as its trains name."""
    n = 1 + max(sweep for train in trains for sweep in train.sweeps) if trains else 3
    about = {**KNOWN, **about}
    channels = about.get("channels", ("1",))
    return Recording(np.zeros((n, len(channels), 20)), 20_000.0, 0.0, np.arange(n) * 1.0, trains=tuple(trains), **about)


@pytest.fixture
def effort() -> Callable[..., tuple[Recording, Measurements]]:
    """Build one response before and one after 10 s of effort."""

    def build(before_mv=1.0, after_mv=3.0, *, area_mvms=None, flags=(), row_flags=None, name="after 10 s", **about):
        rest = Train("rest", "rest", (0,), intensity=1.3, rest_before_s=180.0)
        after = Train(name, "immediate", (1,), intensity=1.3, after_effort_s=1.0, effort_s=10.0, effort_fraction=1.0)
        measured = measured_of([before_mv, after_mv], area_mvms=area_mvms, flags=flags, row_flags=row_flags)
        return recording_of([rest, after], **about), measured

    return build


@pytest.fixture
def train() -> Callable[..., tuple[Recording, Measurements]]:
    """Build one train from the amplitudes of its responses."""

    def build(amplitude_mv, *, rate_hz=3.0, role="low rate", area_mvms=None, flags=(), **about):
        one = Train("rest", role, tuple(range(len(amplitude_mv))), rate_hz=rate_hz, intensity=1.3, rest_before_s=180.0)
        return recording_of([one], **about), measured_of(amplitude_mv, area_mvms=area_mvms, flags=flags)

    return build
