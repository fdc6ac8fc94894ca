"""Fibre: threshold, firing and the time that the end-plate potential needs to reach threshold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endplate.body.fibre import _kernels as k
from endplate.foundation.parameters import values_of
from endplate.foundation.random import _kernels as random
from endplate.foundation.random import stream
from endplate.foundation.records import Levers


@dataclass(frozen=True, eq=False, slots=True)
class Fibres:
    """Thresholds of every fibre, and the times of the synapse at this temperature.

    `threshold_mv` is (fibre,), float32, the depolarisation from rest that starts an action potential.
    """

    threshold_mv: NDArray[np.float32]
    rise_ms: float
    delay_ms: float


def build_fibres(*, levers: Levers, n_fibres: int, seed: int, muscle: str) -> Fibres:
    """Draw the threshold of every fibre, log-normal about its median.

    The same seed and muscle give the same fibres whatever the levers. Fewer sodium channels
    raise every threshold; cold slows the rise.

    Examples
    --------
    >>> normal = build_fibres(levers=Levers(), n_fibres=9, seed=1, muscle="adm")
    >>> fewer = build_fibres(levers=Levers(sodium_channel_fraction=0.5), n_fibres=9, seed=1, muscle="adm")
    >>> bool((fewer.threshold_mv > normal.threshold_mv).all())
    True
    """
    c = values_of("body/fibre")
    warmth = (levers.temperature_degc - c["reference_temperature_degc"]) / 10.0
    scatter = np.empty(n_fibres)
    random.normal_row(stream(seed, "fibre threshold", muscle), 0, 0, scatter)
    median = c["threshold_mv"] * levers.sodium_channel_fraction ** -c["sodium_exponent"]
    slow = c["q10_rise"] ** -warmth
    return Fibres(
        threshold_mv=(median * np.exp(c["threshold_log_sd"] * scatter)).astype(np.float32),
        rise_ms=c["rise_ms"] * slow,
        delay_ms=c["synaptic_delay_ms"] * slow,
    )


def fire(
    fibres: Fibres,
    block: slice,
    potential_mv: NDArray[np.float32],
    nerve_ms: NDArray[np.float32],
    fired: NDArray[np.uint8],
    arrival_ms: NDArray[np.float32],
) -> int:
    """Write which fibres of one block fire, and when; return how many did.

    `nerve_ms` is (fibre of the block,), the time from the stimulus to the nerve ending. [ms]
    """
    return int(
        k.fire(potential_mv, fibres.threshold_mv[block], nerve_ms, fibres.rise_ms, fibres.delay_ms, fired, arrival_ms)
    )
