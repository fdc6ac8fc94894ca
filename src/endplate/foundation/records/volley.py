"""Volley and Firing: bare arrays between terminal, junction, fibre and muscle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, slots=True)
class Volley:
    """What every junction did for one block of stimuli: arrays (stimulus, junction), float32.

    `quanta` are whole numbers; `potential_mv` is the peak of the end-plate potential that the
    membrane would show if it did not fire [mV]; `rise_ms` its time constant of rise [ms].
    """

    quanta: NDArray[np.float32]
    potential_mv: NDArray[np.float32]
    rise_ms: float


@dataclass(frozen=True, eq=False, slots=True)
class Firing:
    """What every fibre did: arrays (stimulus, fibre).

    `fired` is uint8; `arrival_ms` float32, the time from the nerve stimulus to the action
    potential at the end-plate (axon, branch, synaptic delay, rise to threshold); undefined where
    not fired. [ms]
    """

    fired: NDArray[np.uint8]
    arrival_ms: NDArray[np.float32]
