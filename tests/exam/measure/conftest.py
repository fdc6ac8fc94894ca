"""Synthetic responses whose truth is known in closed form."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from endplate.foundation.records import Recording


def biphasic(time_ms, *, amplitude_mv, latency_ms, width_ms, positive=0.4):
    """A negative half sine of known area, then a positive one; plotted up."""
    phase = (time_ms - latency_ms) / width_ms
    negative = np.where((phase >= 0) & (phase < 1), np.sin(np.pi * phase), 0.0)
    tail = np.where((phase >= 1) & (phase < 2.5), -np.sin(np.pi * (phase - 1) / 1.5), 0.0)
    return amplitude_mv * (negative + positive * tail)


@pytest.fixture
def make() -> Callable[..., Recording]:
    """Build a recording of biphasic responses, one sweep for each amplitude."""

    def build(
        amplitude_mv=(8.0,),
        *,
        latency_ms=3.3,
        width_ms=5.0,
        sampling_hz=20_000.0,
        start_ms=-5.0,
        end_ms=30.0,
        noise_mv=0.0,
        baseline_mv=0.0,
        artefact_mv=0.0,
        seed=1,
        **about,
    ):
        amplitude = np.atleast_1d(np.asarray(amplitude_mv, dtype=float))
        latency = np.broadcast_to(latency_ms, amplitude.shape)
        width = np.broadcast_to(width_ms, amplitude.shape)
        time = start_ms + np.arange(round((end_ms - start_ms) * sampling_hz / 1000)) * (1000 / sampling_hz)
        rows = [
            biphasic(time, amplitude_mv=a, latency_ms=t, width_ms=w)
            for a, t, w in zip(amplitude, latency, width, strict=True)
        ]
        up = np.array(rows) + np.broadcast_to(baseline_mv, amplitude.shape)[:, None]
        up += np.where(time >= 0, artefact_mv * np.exp(-time / 0.3), 0.0)
        up += np.random.default_rng(seed).normal(0.0, 1.0, up.shape) * noise_mv
        sign = 1.0 if about.get("negative_up") else -1.0
        about.setdefault("stimulus_s", np.arange(amplitude.size) * 1.0)
        return Recording(sign * up[:, None, :], sampling_hz, start_ms, **about)

    return build
