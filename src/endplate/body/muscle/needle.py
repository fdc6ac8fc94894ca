r"""What a needle sees of one fibre, close by: the unbounded medium holds there.

:math:`\varphi(t) = \sigma_i \pi a^2 \int V'(vt - x)\,W'(x)\,dx` with
:math:`W(x) = 1/(4\pi\sigma_r\sqrt{(\sigma_z/\sigma_r)\rho^2 + x^2})`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from endplate.body.muscle.wave import velocity_factor, wave_at
from endplate.foundation.errors import InputError, require_between
from endplate.foundation.parameters import values_of

Electrode = Literal["single-fibre needle", "concentric needle"]
_REACH_MM = 40.0  # of the sum along the fibre on either side
_N_AREA = 9  # places over which a leading-off surface is averaged


@dataclass(frozen=True, eq=False, slots=True)
class FibrePotential:
    """One fibre's potential at a needle; time 0 is when the front passes it. [ms, mV]"""

    time_ms: NDArray[np.float64]
    potential_mv: NDArray[np.float64]


def _distances(distance_mm: float, electrode: Electrode) -> NDArray[np.float64]:
    """Return the distances from the fibre of places on the leading-off surface, which ends at `distance_mm`."""
    c = values_of("body/muscle")
    size = c["needle.single_fibre_area"] if electrode == "single-fibre needle" else c["needle.concentric_length"]
    return distance_mm + size * (np.arange(_N_AREA) + 0.5) / _N_AREA


def single_fibre_potential(
    *,
    diameter_um: float,
    velocity_m_per_s: float,
    distance_mm: float,
    electrode: Electrode = "single-fibre needle",
    temperature_degc: float = 34.0,
    sampling_hz: float = 50_000.0,
    window_ms: float = 6.0,
) -> FibrePotential:
    """Return the potential of one fibre at a needle, far from end-plate and tendon.

    Parameters
    ----------
    diameter_um, velocity_m_per_s
        Of the fibre; velocity at the reference temperature. [um, m/s]
    distance_mm
        From the fibre's axis to the near edge of the leading-off surface, 0.03 to 5 mm. [mm]
    electrode
        Concentric needles average over a long surface: lower and rounder potentials.
    temperature_degc, sampling_hz, window_ms
        Of the muscle; of the sweep, which spans ``-window_ms / 3`` to ``2 window_ms / 3``. [degC, Hz, ms]

    Returns
    -------
    FibrePotential
        As recorded: positive, then negative (the spike), then positive.

    Raises
    ------
    InputError
        If a number is out of range or the electrode has no such name.

    Notes
    -----
    Leaves out the needle's own conductor, the filter of the recording (500 Hz or 1 kHz high-pass)
    and neighbours. Within 0.1 mm the first positive phase is larger than needles show, because
    Rosenfalck's wave rises without a foot; time of the steep limb, all that jitter needs, is not touched.
    Limit: beyond a few mm the amplitude falls faster than the inverse square of the distance.

    References
    ----------
    .. [1] Rosenfalck1969.

    Examples
    --------
    >>> near = single_fibre_potential(diameter_um=50.0, velocity_m_per_s=4.0, distance_mm=0.1)
    >>> far = single_fibre_potential(diameter_um=50.0, velocity_m_per_s=4.0, distance_mm=0.5)
    >>> bool(np.ptp(near.potential_mv) > 5 * np.ptp(far.potential_mv))
    True
    """
    if electrode not in ("single-fibre needle", "concentric needle"):
        raise InputError(f"electrode must be 'single-fibre needle' or 'concentric needle', got {electrode!r}.")
    diameter = require_between("diameter_um", diameter_um, 5.0, 200.0, "It is in micrometres.")
    velocity = require_between("velocity_m_per_s", velocity_m_per_s, 0.5, 10.0, "It is in metres per second.")
    require_between("distance_mm", distance_mm, 0.03, 5.0, "It is in millimetres, from the axis of the fibre.")
    rate = require_between("sampling_hz", sampling_hz, 5e3, 1e6, "It is in hertz: 50 kHz is 50000.")
    window = require_between("window_ms", window_ms, 1.0, 30.0)
    c = values_of("body/muscle")
    radial, axial = c["medium.muscle_radial"], c["medium.muscle_axial"]
    speed = velocity * velocity_factor(temperature_degc)
    samples = np.arange(round(window * rate / 1000.0), dtype=np.float64)
    time: NDArray[np.float64] = (samples - round(window * rate / 3000.0)) * (1000.0 / rate)

    # the field varies within a fraction of the distance: the mesh along the fibre follows it
    scaled = np.sqrt(axial / radial) * distance_mm
    step = min(0.02, 0.1 * scaled)
    x = np.concatenate([-np.arange(step / 2, _REACH_MM, step)[::-1], np.arange(step / 2, _REACH_MM, step)])
    rho = _distances(distance_mm, electrode)
    cube = (axial / radial * rho[:, None] ** 2 + x[None, :] ** 2) ** 1.5
    field = (-x / cube).mean(axis=0) / (4.0 * np.pi * radial)  # 1/(S/m) per mm²
    # a surface's worth of V' is looked up: one fine table serves every shift
    behind = np.arange(-_REACH_MM - 1.0, _REACH_MM + speed * time[-1] + 1.0, step / 2)
    slope = wave_at(temperature_degc).slope_mv_per_mm(behind)
    potential = np.array([np.interp(speed * t - x, behind, slope) @ field for t in time]) * step
    # S/m um² mV/mm² / (S/m) = 1e-6 mV
    return FibrePotential(time, 1e-6 * c["medium.intracellular"] * 0.25 * np.pi * diameter**2 * potential)
