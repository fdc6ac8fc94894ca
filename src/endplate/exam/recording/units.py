"""Units of potential: named ones only, and values that fit them."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.errors import UnitError
from endplate.foundation.parameters import values_of

_FACTORS: Final = {  # to mV
    "v": 1e3, "volt": 1e3, "volts": 1e3,
    "mv": 1.0, "millivolt": 1.0, "millivolts": 1.0,
    "uv": 1e-3, "microvolt": 1e-3, "microvolts": 1e-3,
    "nv": 1e-6, "nanovolt": 1e-6, "nanovolts": 1e-6,
}  # fmt: skip
_WAY_OUT: Final = 'Say it with --units V, mV or uV, or with unit = "mV" in the sidecar file.'


def is_potential(unit: str | None) -> bool:
    """Return whether `unit` is one of potential.

    Examples
    --------
    >>> is_potential("µV"), is_potential("N"), is_potential(None)
    (True, False, False)
    """
    return unit is not None and _normal(unit) in _FACTORS


def _normal(unit: str) -> str:
    clean = unit.strip()
    if clean == "MV":  # lower case would turn a megavolt into a millivolt
        return clean
    return clean.replace("\u00b5", "u").replace("\u03bc", "u").lower()


def millivolts_per(unit: str | None, what: str) -> float:
    """Return how many mV one `unit` is; `what` names the channel or file in the message.

    Raises
    ------
    UnitError
        If the unit is missing, or is not V, mV, µV or nV.

    Examples
    --------
    >>> millivolts_per("uV", "channel 1"), millivolts_per("V", "channel 1")
    (0.001, 1000.0)
    """
    if unit is None or not unit.strip():
        raise UnitError(f"{what}: the file does not say its unit. {_WAY_OUT}")
    factor = _FACTORS.get(_normal(unit))
    if factor is None:
        raise UnitError(f"{what}: the unit {unit.strip()!r} is not one of V, mV, uV. {_WAY_OUT}")
    return factor


def require_plausible(signal_mv: NDArray[np.float64], unit: str, what: str) -> None:
    """Refuse potentials that no electrode on or in a muscle can see.

    Raises
    ------
    UnitError
        If the largest deflection around the median is impossible, with the unit that would fit.

    Examples
    --------
    >>> require_plausible(np.array([0.0, 4.0, -3.0]), "mV", "channel 1")
    """
    finite = signal_mv[np.isfinite(signal_mv)]
    if finite.size == 0:
        return
    # Around the median: an electrode offset of some 100 mV (direct-coupled amplifiers) is no response.
    largest_mv = float(np.abs(finite - np.median(finite)).max())
    limits = values_of("exam/recording")
    if limits["smallest_response_mv"] <= largest_mv <= limits["largest_response_mv"] or largest_mv == 0.0:
        return
    fits = [
        name
        for name, factor in (("V", 1e3), ("mV", 1.0), ("uV", 1e-3))
        if 0.05 <= largest_mv / _FACTORS.get(_normal(unit), 1.0) * factor <= 50.0
    ]
    likely = f"They would fit {' or '.join(fits)}: the unit is probably wrong" if fits else "The unit is probably wrong"
    raise UnitError(
        f"{what}: deflections of {largest_mv:.3g} mV (read as {unit.strip()}) are impossible; "
        f"{limits['smallest_response_mv']:g} to {limits['largest_response_mv']:g} mV are. "
        f"{likely}, or the values are still multiplied by the amplifier: then give gain in the sidecar file."
    )
