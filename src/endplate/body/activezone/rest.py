"""Release at rest, in closed form: sensors in equilibrium with resting calcium, and the energy rule."""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray

from endplate.body.activezone.case import Case
from endplate.foundation.parameters import values_of


def resting_release_hz(case: Case, resting_umolar: ArrayLike) -> NDArray[np.float64]:
    r"""Return how often a docked vesicle fuses at rest by the energy rule. [1/s]

    Every site is bound with chance :math:`q = c/(c + K_d)`, independently; a sensor is active with
    :math:`P(\mathrm{Bin}(m, q) \ge 2)`. The rate is the mean of the hazard over the number of active sensors.

    Parameters
    ----------
    case
        For its sensors.
    resting_umolar
        Free calcium at rest. [umol/l]

    Notes
    -----
    Leaves out channels that open at rest: the calcium is steady. Simulation could not see such rare events.

    Examples
    --------
    >>> from endplate.body.activezone import read_case
    >>> rates = resting_release_hz(read_case("az4"), [0.1, 1.0, 10.0])
    >>> bool((rates[1:] > 10 * rates[:-1]).all())
    True
    """
    constants = values_of("body/activezone")
    calcium = np.atleast_1d(np.asarray(resting_umolar, dtype=np.float64))
    energy, share = np.zeros(1), np.ones((calcium.size, 1))
    for kind in case.sensors:
        sensors = kind.sites_per_vesicle // kind.sites_per_sensor
        bound = calcium / (calcium + 1e6 * kind.k_off_per_s / kind.k_on_per_molar_s)
        needed = min(round(constants["active_sites"]), kind.sites_per_sensor)
        active = sum(_binomial(kind.sites_per_sensor, k, bound) for k in range(needed, kind.sites_per_sensor + 1))
        of_kind = np.column_stack([_binomial(sensors, k, np.asarray(active)) for k in range(sensors + 1)])
        energy = np.add.outer(energy, constants[f"energy_{kind.name}_kt"] * np.arange(sensors + 1)).ravel()
        share = (share[:, :, None] * of_kind[:, None, :]).reshape(calcium.size, -1)
    hazard = np.exp(np.minimum(energy - constants["energy_barrier_kt"], 0.0))
    return np.asarray(1e3 * constants["energy_attempts_per_ms"] * share @ hazard)


def _binomial(n: int, k: int, p: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(comb(n, k) * p**k * (1.0 - p) ** (n - k))
