r"""The intracellular wave along one fibre.

:math:`V(s) = A\,(s/\ell)^3 e^{-s/\ell} + B\,(1 - e^{-s/\ell})^3 e^{-s/\ell_2}` above rest, s in mm behind the
front: Rosenfalck's spike with a slow after-potential. Temperature stretches it in space, because
duration and velocity change by different factors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.errors import require_between
from endplate.foundation.parameters import values_of

Field = NDArray[np.float64]
_ROOM = "body/muscle"
_COLDEST_DEGC, _WARMEST_DEGC = 10.0, 42.0


def check_temperature(temperature_degc: float) -> float:
    """Return the temperature, or say that it is none that a living limb has."""
    hint = "Is it in fahrenheit or kelvin? Give degrees Celsius."
    return require_between("temperature_degc", temperature_degc, _COLDEST_DEGC, _WARMEST_DEGC, hint)


def velocity_factor(temperature_degc: float) -> float:
    """Return conduction velocity over that at the reference temperature, of fibre and nerve.

    Examples
    --------
    >>> round(velocity_factor(34.0), 3), velocity_factor(24.0) < 0.7
    (1.0, True)
    """
    values = values_of(_ROOM)
    steps = (check_temperature(temperature_degc) - values["temperature.reference"]) / 10.0
    return float(values["temperature.velocity_q10"] ** steps)


def stretch_factor(temperature_degc: float) -> float:
    """Return the length of the wave in space over that at the reference temperature; above 1 in the cold."""
    values = values_of(_ROOM)
    steps = (check_temperature(temperature_degc) - values["temperature.reference"]) / 10.0
    return float((values["temperature.velocity_q10"] / values["temperature.duration_q10"]) ** steps)


@dataclass(frozen=True, slots=True)
class Wave:
    """Shape of the intracellular wave at one temperature. [mV, mm]"""

    spike_mv: float
    length_mm: float
    after_mv: float
    after_length_mm: float

    def potential_mv(self, s_mm: Field) -> Field:
        """Return V above rest; 0 ahead of the front."""
        s = np.maximum(s_mm, 0.0)
        x = s / self.length_mm
        fall = np.exp(-x)
        slow = (1.0 - fall) ** 3 * np.exp(-s / self.after_length_mm)
        return self.spike_mv * x**3 * fall + self.after_mv * slow

    def slope_mv_per_mm(self, s_mm: Field) -> Field:
        """Return dV/ds; 0 ahead of the front."""
        s = np.maximum(s_mm, 0.0)
        x = s / self.length_mm
        fall = np.exp(-x)
        spike = self.spike_mv / self.length_mm * (3.0 - x) * x * x * fall
        rise = 3.0 * fall / self.length_mm - (1.0 - fall) / self.after_length_mm
        return spike + self.after_mv * (1.0 - fall) ** 2 * rise * np.exp(-s / self.after_length_mm)


def wave_at(temperature_degc: float) -> Wave:
    """Return the wave at one temperature.

    Examples
    --------
    >>> wave = wave_at(34.0)
    >>> float(wave.potential_mv(np.array([0.0, 3.0]))[1]) > 120.0
    True
    """
    values = values_of(_ROOM)
    stretch = stretch_factor(temperature_degc)
    return Wave(
        spike_mv=values["wave.spike"],
        length_mm=values["wave.length"] * stretch,
        after_mv=values["wave.after_amplitude"],
        after_length_mm=values["wave.after_length"] * stretch,
    )
