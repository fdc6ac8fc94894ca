"""Snapshots: everything that one trial holds at one time, for pictures and for viewers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, slots=True)
class Snapshot:
    """One trial at one time.

    Attributes
    ----------
    time_ms, voltage_mv
        When, and the membrane potential then. [ms, mV]
    open_channels
        (n_channel,) bool.
    ions_nm
        (n_ion, 3), free calcium ions only. [nm]
    ion_channel
        (n_ion,), the channel through which each ion came; -1 for resting calcium.
    bound_sites
        For each kind of sensor of the case (n_vesicle, n_site) bool.
    ions_entered, ions_in_buffer
        Since the beginning, through all channels; now, on the immobile buffer. [1]
    """

    time_ms: float
    voltage_mv: float
    open_channels: NDArray[np.bool_]
    ions_nm: NDArray[np.float64]
    ion_channel: NDArray[np.int64]
    bound_sites: tuple[NDArray[np.bool_], ...]
    ions_entered: int
    ions_in_buffer: int
