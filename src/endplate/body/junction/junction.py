"""Junction: receptors and esterase turn quanta into an end-plate potential."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endplate.body.junction import _kernels as k
from endplate.foundation.parameters import values_of
from endplate.foundation.records import Levers

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Junction:
    """Receptors and esterase of every junction; nothing here changes with use.

    `size_mv` is (junction,), float32, the potential of one quantum; the rest holds for all.
    """

    size_mv: NDArray[np.float32]
    scatter: float
    driving_mv: float
    decay_ms: float
    desensitisation_step: float
    tau_desensitisation_ms: float


def quantal_size(levers: Levers) -> float:
    """Return the mean potential of one quantum (the miniature end-plate potential). [mV]

    It grows with the receptors that are free to answer, with esterase inhibition and with cold.

    Examples
    --------
    >>> quantal_size(Levers(receptor_fraction=0.5)) / quantal_size(Levers())
    0.5
    """
    c = values_of("body/junction")
    free = levers.receptor_fraction * (1.0 - levers.competitive_block) * (1.0 - levers.depolarising_block)
    inhibited = 1.0 - levers.esterase_activity
    warmth = (levers.temperature_degc - c["reference_temperature_degc"]) / 10.0
    gain = (1.0 + c["esterase_amplitude_gain"] * inhibited) * c["q10_quantal_size"] ** warmth
    return float(c["quantal_size_mv"] * free * gain)


def build_junction(*, levers: Levers, junction_size: NDArray[np.float32]) -> Junction:
    """Set up the receptors of every junction.

    Parameters
    ----------
    junction_size
        (junction,), area over the mean. A larger junction stands on a larger fibre, whose input
        resistance is lower: one quantum is smaller there by as much. [1]
    """
    c = values_of("body/junction")
    inhibited = 1.0 - levers.esterase_activity
    return Junction(
        size_mv=(quantal_size(levers) / junction_size).astype(np.float32),
        scatter=c["quantal_scatter"],
        driving_mv=c["driving_potential_mv"],
        decay_ms=c["decay_ms"] * (1.0 + c["esterase_duration_gain"] * inhibited),
        desensitisation_step=c["desensitisation_step"]
        * levers.desensitisation
        * (1.0 + c["esterase_desensitisation_gain"] * inhibited),
        tau_desensitisation_ms=c["tau_desensitisation_ms"],
    )


def receptors_left(
    junction: Junction,
    state: Array,
    impulse_ms: Sequence[Array],
    released: Sequence[Array],
    is_read: Sequence[NDArray[np.uint8]],
) -> Array:
    """Return (group, read), the share of receptors that answer at each read impulse.

    Parameters
    ----------
    state
        (group, 2), share desensitised and time of the latest impulse; moves on.
    impulse_ms, released, is_read
        Per group: times, mean quanta over those of a healthy rested junction, and what is read.
    """
    n_read = max((int(mask.sum()) for mask in is_read), default=0)
    available = np.ones((len(impulse_ms), n_read))
    for g, (times, share, mask) in enumerate(zip(impulse_ms, released, is_read, strict=True)):
        k.desensitise(
            times, share, mask, junction.desensitisation_step, junction.tau_desensitisation_ms, state[g], available[g]
        )
    return available


def endplate_potential(
    junction: Junction,
    edges: NDArray[np.int64],
    groups: NDArray[np.int64],
    available: Array,
    quanta: NDArray[np.float32],
    spare: NDArray[np.float32],
    out_mv: NDArray[np.float32],
) -> None:
    """Write the end-plate potentials of one block of junctions for its read impulses. [mV]

    `edges` and `groups` cut the block into runs of one history (`terminal.runs`); `quanta`,
    `spare` and `out_mv` are (read, junction of the block).
    """
    k.block_potential(
        edges, groups, available, quanta, spare, junction.size_mv, junction.scatter, junction.driving_mv, out_mv
    )


def potential_course(junction: Junction, *, peak_mv: float, rise_ms: float, time_ms: Array) -> Array:
    r"""Return the course of one end-plate potential that fires no action potential. [mV]

    .. math:: u(t) \propto (1 - e^{-t/t_r})\, e^{-t/t_d}

    Parameters
    ----------
    peak_mv
        Its peak. [mV]
    rise_ms
        Time constant of rise, from the fibre. [ms]
    time_ms
        (time,), from the foot; 0 before it. [ms]

    Examples
    --------
    >>> one = build_junction(levers=Levers(), junction_size=np.ones(1, np.float32))
    >>> round(float(potential_course(one, peak_mv=5.0, rise_ms=0.3, time_ms=np.linspace(0, 20, 4001)).max()), 3)
    5.0
    """
    after = np.maximum(time_ms, 0.0)
    shape = -np.expm1(-after / rise_ms) * np.exp(-after / junction.decay_ms)
    top = rise_ms * np.log1p(junction.decay_ms / rise_ms)
    return np.asarray(peak_mv * shape / (-np.expm1(-top / rise_ms) * np.exp(-top / junction.decay_ms)))
