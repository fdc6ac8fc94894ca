"""From the end-plate potential to the fibre's action potential. Times in ms, potentials in mV."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.compile import kernel


@kernel
def fire(
    potential_mv: NDArray[np.float32],  # (fibre,)
    threshold_mv: NDArray[np.float32],  # (fibre,)
    nerve_ms: NDArray[np.float32],  # (fibre,) stimulus to nerve ending
    rise_ms: float,
    delay_ms: float,
    fired: NDArray[np.uint8],  # (fibre,), overwritten
    arrival_ms: NDArray[np.float32],  # (fibre,), overwritten; meaningless where not fired
) -> int:
    """Compare with the threshold; the time to it is exact for u(t) = A (1 - exp(-t / rise)). Returns how many fired."""
    total = 0
    for f in range(potential_mv.size):
        share = float(threshold_mv[f]) / max(float(potential_mv[f]), 1e-30)
        if share < 1.0:
            fired[f] = 1
            total += 1
            arrival_ms[f] = float(nerve_ms[f]) + delay_ms - rise_ms * math.log(1.0 - share)
        else:
            fired[f] = 0
            arrival_ms[f] = 0.0
    return total
