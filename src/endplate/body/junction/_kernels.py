"""From quanta to the end-plate potential. Times in ms, potentials in mV."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.compile import kernel


@kernel
def desensitise(
    impulse_ms: NDArray[np.float64],  # (impulse,), ascending
    released: NDArray[np.float64],  # (impulse,) mean quanta over those of a healthy rested junction
    is_read: NDArray[np.uint8],  # (impulse,)
    step: float,
    tau_ms: float,
    state: NDArray[np.float64],  # (2,): share desensitised, time of the latest impulse; updated
    available: NDArray[np.float64],  # (read,), overwritten: share of receptors that still answer
) -> None:
    """Follow the receptors of one group: each impulse desensitises some, pauses bring them back."""
    read = 0
    for i in range(impulse_ms.size):
        state[0] *= math.exp(-(impulse_ms[i] - state[1]) / tau_ms)
        state[1] = impulse_ms[i]
        if is_read[i]:
            available[read] = 1.0 - state[0]
            read += 1
        state[0] += (1.0 - state[0]) * -math.expm1(-step * released[i])


@kernel
def potential(
    quanta: NDArray[np.float32],  # (junction,)
    spare: NDArray[np.float32],  # (junction,) standard normal: sum of the quanta's own scatter
    size_mv: NDArray[np.float32],  # (junction,) quantal size
    available: float,
    scatter: float,  # coefficient of variation of one quantum
    driving_mv: float,
    out_mv: NDArray[np.float32],  # (junction,), overwritten
) -> None:
    """Sum quanta into an end-plate potential; each one leaves less driving force for the next (Martin 1955)."""
    for j in range(quanta.size):
        m = float(quanta[j])
        linear = float(size_mv[j]) * available * (m + scatter * math.sqrt(m) * float(spare[j]))
        linear = max(linear, 0.0)
        out_mv[j] = driving_mv * linear / (driving_mv + linear)


@kernel
def block_potential(
    run_start: NDArray[np.int64],  # (run + 1,) junctions of each run of one group
    group: NDArray[np.int64],  # (run,)
    available: NDArray[np.float64],  # (group, read)
    quanta: NDArray[np.float32],  # (read, junction from run_start[0])
    spare: NDArray[np.float32],
    size_mv: NDArray[np.float32],  # (all junctions,)
    scatter: float,
    driving_mv: float,
    out_mv: NDArray[np.float32],  # (read, junction from run_start[0]), overwritten
) -> None:
    """Write the end-plate potentials of a block of junctions for a block of impulses."""
    first = run_start[0]
    for run in range(group.size):
        low = run_start[run]
        high = run_start[run + 1]
        for r in range(quanta.shape[0]):
            potential(
                quanta[r][low - first : high - first],
                spare[r][low - first : high - first],
                size_mv[low:high],
                available[group[run], r],
                scatter,
                driving_mv,
                out_mv[r][low - first : high - first],
            )
