"""Single-fibre recordings: which fibres the needle meets, and what it sees of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from endplate.body.muscle import Anatomy, single_fibre_potential, velocity_factor
from endplate.body.person.preparation import Preparation
from endplate.exam.protocols import Protocol
from endplate.foundation.errors import InputError
from endplate.foundation.parameters import values_of
from endplate.foundation.random import _kernels as random
from endplate.foundation.random import stream
from endplate.foundation.records import Firing

Array = NDArray[np.float64]
ROOM = "exam/examination"


@dataclass(frozen=True, eq=False, slots=True)
class Picked:
    """Fibres under the needle, one channel each; in a voluntary study each has a trigger of its unit."""

    channels: tuple[str, ...]
    fibre: NDArray[np.int64]  # (channel,)
    distance_mm: Array  # (channel,)
    travel_mm: Array  # (channel,) from the end-plate to the needle


def pick_fibres(anatomy: Anatomy, protocol: Protocol, *, seed: int) -> Picked:
    """Choose fibres at random from the muscle, or pairs from as many motor units.

    Raises
    ------
    InputError
        If the muscle has fewer fibres, or fewer units of two fibres, than the protocol wants.
    """
    n = protocol.endplates
    key = stream(seed, "needle", anatomy.description.key, protocol.name)
    if protocol.stimulation == "voluntary":
        starts, sizes = anatomy.unit_start[:-1], np.diff(anatomy.unit_start)
        units = _draw_some(key, 0, np.flatnonzero(sizes >= 2), n, "motor units with two fibres")
        first = np.array([int(random.uniform(key, int(u), 1) * sizes[u]) for u in units], dtype=np.int64)
        step = np.array([1 + int(random.uniform(key, int(u), 2) * (sizes[u] - 1)) for u in units], dtype=np.int64)
        second = (first + step) % sizes[units]
        fibre = np.concatenate([starts[units] + first, starts[units] + second])
        names = tuple(f"trigger {i + 1}" for i in range(n)) + tuple(str(i + 1) for i in range(n))
    else:
        fibre = _draw_some(key, 0, np.arange(anatomy.n_fibres), n, "fibres")
        names = tuple(str(i + 1) for i in range(n))
    c = values_of(ROOM)
    near = np.array([random.uniform(key, i, 3) for i in range(fibre.size)])
    # pairs run beside each other: their travel differs little, so that both fall into one sweep
    along = np.array([random.uniform(key, i % max(n, 1), 4) for i in range(fibre.size)])
    return Picked(
        channels=names,
        fibre=fibre,
        distance_mm=c["needle_nearest_mm"] + (c["needle_farthest_mm"] - c["needle_nearest_mm"]) * near,
        travel_mm=c["needle_travel_shortest_mm"]
        + (c["needle_travel_longest_mm"] - c["needle_travel_shortest_mm"]) * along,
    )


def _draw_some(key: np.uint64, draw: int, candidates: NDArray[np.int64], n: int, what: str) -> NDArray[np.int64]:
    if candidates.size < n:
        raise InputError(f"this muscle has {candidates.size} {what}, the protocol wants {n}. Simulate more fibres.")
    order = np.array([random.uniform(key, int(c), draw) for c in candidates])
    return np.asarray(candidates[np.argsort(order)[:n]], dtype=np.int64)


def needle_signal(preparation: Preparation, protocol: Protocol, picked: Picked, firing: Firing) -> Array:
    """Return (sweep, channel, time), the potentials of the picked fibres where they fired. [mV]

    A voluntary sweep is aligned as the nerve impulse left the spinal cord; the instruments subtract
    the trigger's own time.
    """
    n_time = round((protocol.window_ms[1] - protocol.window_ms[0]) * protocol.sampling_hz / 1000.0)
    signal = np.zeros((firing.fired.shape[0], picked.fibre.size, n_time))
    time_ms = protocol.start_ms + np.arange(n_time) * 1000.0 / protocol.sampling_hz
    anatomy, warmth = preparation.anatomy, preparation.levers.temperature_degc
    for channel, fibre in enumerate(picked.fibre):
        velocity = float(anatomy.velocity_m_per_s[fibre])
        seen = single_fibre_potential(
            diameter_um=float(anatomy.diameter_um[fibre]),
            velocity_m_per_s=velocity,
            distance_mm=float(picked.distance_mm[channel]),
            electrode=_needle(protocol),
            temperature_degc=warmth,
            sampling_hz=protocol.sampling_hz,
        )
        travel_ms = float(picked.travel_mm[channel]) / (velocity * velocity_factor(warmth))
        # a spline, because jitter is a tenth of the time between samples
        shape = CubicSpline(seen.time_ms, seen.potential_mv, extrapolate=False)
        rows = np.flatnonzero(firing.fired[:, fibre])
        passing = firing.arrival_ms[rows, fibre].astype(np.float64) + travel_ms
        signal[rows, channel] = np.nan_to_num(shape(time_ms[None, :] - passing[:, None]))
    return signal


def _needle(protocol: Protocol) -> Literal["single-fibre needle", "concentric needle"]:
    return "single-fibre needle" if protocol.electrode == "single-fibre needle" else "concentric needle"
