"""Logarithms and logarithmic slopes of the modified Bessel functions, without overflow.

Ratios of I_n and K_n between two radii are all that a layered cylinder needs; their logarithms
stay small where the functions themselves leave the range of a double.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float64]

# above this order the uniform expansion is used: its first left-out term is below 1e-8 there
_UNIFORM_FROM: Final = 16


def _direct(order: Field, x: Field) -> tuple[Field, Field, Field, Field]:
    from scipy.special import ive, kve

    i, k = ive(order, x), kve(order, x)
    # the recurrences with terms of one sign: no cancellation at small x
    slope_i = ive(order + 1, x) / i + order / x
    slope_k = -(kve(np.abs(order - 1), x) / k + order / x)
    return np.log(i) + x, np.log(k) - x, slope_i, slope_k


def _uniform(order: Field, x: Field) -> tuple[Field, Field, Field, Field]:
    """Debye's expansions, uniform in x/order (Abramowitz & Stegun 9.7.7-9.7.10)."""
    z = x / order
    root = np.sqrt(1.0 + z * z)
    t = 1.0 / root
    eta = root + np.log(z / (1.0 + root))
    t2 = t * t
    u = (
        t * (3 - 5 * t2) / 24,
        t2 * (81 - 462 * t2 + 385 * t2**2) / 1152,
        t**3 * (30375 - 369603 * t2 + 765765 * t2**2 - 425425 * t2**3) / 414720,
        t2**2 * (4465125 - 94121676 * t2 + 349922430 * t2**2 - 446185740 * t2**3 + 185910725 * t2**4) / 39813120,
    )
    v = (
        t * (-9 + 7 * t2) / 24,
        t2 * (-135 + 594 * t2 - 455 * t2**2) / 1152,
        t**3 * (-42525 + 451737 * t2 - 883575 * t2**2 + 475475 * t2**3) / 414720,
    )
    sum_u_i = 1 + u[0] / order + u[1] / order**2 + u[2] / order**3 + u[3] / order**4
    sum_u_k = 1 - u[0] / order + u[1] / order**2 - u[2] / order**3 + u[3] / order**4
    sum_v_i = 1 + v[0] / order + v[1] / order**2 + v[2] / order**3
    sum_v_k = 1 - v[0] / order + v[1] / order**2 - v[2] / order**3
    log_i = order * eta - 0.5 * np.log(2 * np.pi * order * root) + np.log(sum_u_i)
    log_k = -order * eta + 0.5 * np.log(np.pi / (2 * order * root)) + np.log(sum_u_k)
    return log_i, log_k, root / z * sum_v_i / sum_u_i, -root / z * sum_v_k / sum_u_k


def log_bessel(order: Field, x: Field) -> tuple[Field, Field, Field, Field]:
    """Return log I, log K and the logarithmic slopes I'/I and K'/K of integer orders.

    Parameters
    ----------
    order, x
        Orders (whole numbers from 0) and arguments (> 0), of one shape or broadcast. [1]

    Examples
    --------
    >>> log_i, log_k, slope_i, slope_k = log_bessel(np.array([20.0]), np.array([3.0]))
    >>> wronskian = (slope_i - slope_k) * np.exp(log_i + log_k) * 3.0  # I'K - IK' = 1/x
    >>> bool(abs(wronskian[0] - 1.0) < 1e-6)
    True
    """
    order, x = np.broadcast_arrays(np.asarray(order, float), np.asarray(x, float))
    out = tuple(np.empty(x.shape) for _ in range(4))
    low = order < _UNIFORM_FROM
    for where, method in ((low, _direct), (~low, _uniform)):
        if where.any():
            for target, values in zip(out, method(order[where], x[where]), strict=True):
                target[where] = values
    return out[0], out[1], out[2], out[3]
