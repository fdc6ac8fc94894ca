"""Isometric force: the sum of twitches of all units, each scaled by the share of its fibres that fired.

A twitch ``P (t/T) exp(1 - t/T)`` is the answer of a critically damped pair of states to one impulse,
so a unit costs two numbers and no memory of its past.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from endplate.body.muscle import _kernels as k
from endplate.body.muscle.anatomy import Anatomy
from endplate.body.muscle.recruitment import Impulses
from endplate.body.muscle.wave import check_temperature
from endplate.foundation.errors import InputError, require_between
from endplate.foundation.parameters import values_of

_LONG_AGO_MS = 1e9  # since the last impulse of a rested unit


def rested_units(anatomy: Anatomy) -> NDArray[np.float64]:
    """Return the states of units at rest, (unit, 3): force [N], drive [N/ms], time since the last impulse [ms]."""
    state = np.zeros((anatomy.n_units, 3))
    state[:, 2] = _LONG_AGO_MS
    return state


def force_of(
    anatomy: Anatomy,
    impulses: Impulses,
    fired_fraction: NDArray[np.float64] | float = 1.0,
    *,
    duration_s: float,
    sampling_hz: float = 1000.0,
    temperature_degc: float = 34.0,
    state: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    r"""Return the force of the muscle over time.

    Parameters
    ----------
    impulses
        From :func:`voluntary_impulses` or :func:`stimulated_impulses`.
    fired_fraction
        (impulse,), the share of the unit's fibre area that followed each impulse
        (:func:`unit_shares`), in the order of ``impulses.time_ms``; or one number for all. [1]
    duration_s, sampling_hz
        Length of the curve and its samples; sample j is at ``(j + 1) / sampling_hz``. [s, Hz]
    temperature_degc
        Of the muscle: the cold makes twitches slower and weaker in the same measure. [degC]
    state
        From :func:`rested_units`; carried from call to call and overwritten, so that a long effort
        may be cut anywhere. At rest when not given.

    Returns
    -------
    numpy.ndarray
        (time,). [N]

    Raises
    ------
    InputError
        If shapes disagree or a fraction lies outside [0, 1].

    Notes
    -----
    Force is linear in the fired fractions. Leaves out potentiation and fatigue of the contractile
    machinery, tendon compliance, and the loss of calcium control in the cold beyond slowing.
    Limits: one impulse gives the twitch; a fast train gives the fused force, 9 times the twitch.

    References
    ----------
    .. [1] Fuglevand1993, eq. 10-15.

    Examples
    --------
    >>> from endplate.body.muscle import build_anatomy, stimulated_impulses
    >>> hand = build_anatomy("adm", seed=1, n_fibres=500)
    >>> twitch = force_of(hand, stimulated_impulses(hand, stimulus_ms=np.array([0.0])), duration_s=0.5)
    >>> train = stimulated_impulses(hand, stimulus_ms=np.arange(0.0, 1000.0, 10.0))
    >>> bool(force_of(hand, train, duration_s=1.0).max() > 5 * twitch.max())
    True
    """
    duration = require_between("duration_s", duration_s, 0.0, 3600.0, "It is in seconds.")
    rate = require_between("sampling_hz", sampling_hz, 10.0, 1e5)
    count = impulses.time_ms.size
    share = np.asarray(fired_fraction, dtype=np.float64)
    share = np.full(count, float(share)) if share.ndim == 0 else np.ascontiguousarray(share)
    if share.shape != (count,):
        raise InputError(f"fired_fraction needs one number per impulse ({count}), got shape {share.shape}.")
    if count and not (share.min() >= 0.0 and share.max() <= 1.0):
        raise InputError(f"fired_fraction must lie in [0, 1], got {share.min():g} to {share.max():g}. 50 % is 0.5.")
    if impulses.start.size != anatomy.n_units + 1:
        raise InputError(f"impulses are of {impulses.start.size - 1} units, the muscle has {anatomy.n_units}.")
    c = values_of("body/muscle")
    degrees = check_temperature(temperature_degc) - c["temperature.reference"]
    speed = c["temperature.contraction_q10"] ** (degrees / 10.0)
    state = rested_units(anatomy) if state is None else state
    force = np.zeros(round(duration * rate))
    for unit in range(anatomy.n_units):
        k.unit_force(
            impulses.time_ms, share, int(impulses.start[unit]), int(impulses.start[unit + 1]),
            float(anatomy.twitch_newton[unit]), float(anatomy.contraction_ms[unit]) / speed,
            c["force.fusion_knee"], 1000.0 / rate, state[unit], force,
        )  # fmt: skip
    return force


def highest_force(anatomy: Anatomy) -> float:
    """Return the fused force of all units with all their fibres. [N]

    Examples
    --------
    >>> from endplate.body.muscle import build_anatomy
    >>> round(highest_force(build_anatomy("adm", seed=1, n_fibres=500)), 6)
    20.0
    """
    knee = values_of("body/muscle")["force.fusion_knee"]
    return float(anatomy.twitch_newton.sum() * np.e * 1e3 * k.gain_of(1e3, knee))
