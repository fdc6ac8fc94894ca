"""The release table: what the nanoscale model tells the terminal, read from one data file and interpolated."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.errors import DataError, InputError, require_between
from endplate.foundation.parameters import values_of
from endplate.foundation.records import Levers
from endplate.foundation.records.release import CHANNELS_PER_ZONE

Array = NDArray[np.float64]
FILE: Final = Path(__file__).with_name("release_table.json")
AXES: Final = ("channels", "broadening", "calcium_mmolar", "disorganisation", "residual_sites")
_WORDS: Final[Mapping[str, str]] = {
    "broadening": "broadening of the action potential",
    "calcium_mmolar": "calcium outside, in mmol/l without magnesium",
    "disorganisation": "disorganisation",
    "residual_sites": "sites still bound from earlier impulses",
}


def calcium_without_magnesium(*, external_calcium_mmolar: float, magnesium_mmolar: float) -> float:
    """Return the calcium that would enter as much per channel if there were no magnesium. [mmol/l]

    The flux through an open channel is proportional to it (`kinds.ChannelKind.ions_per_open_ms`).

    Examples
    --------
    >>> calcium_without_magnesium(external_calcium_mmolar=1.2, magnesium_mmolar=0.0)
    1.2
    """
    constants = values_of("body/activezone")
    calcium = external_calcium_mmolar / constants["calcium_half_mmolar"]
    free_pore = (1.0 + calcium) / (1.0 + calcium + magnesium_mmolar / constants["magnesium_half_mmolar"])
    return external_calcium_mmolar * free_pore


@dataclass(frozen=True, eq=False, slots=True)
class NanoscaleReleaseTable:
    """Fusion of a docked vesicle by one impulse, tabulated; a `ReleaseTable`.

    Attributes
    ----------
    axes
        The points of each axis, in the order of `AXES`.
    log_hazard, log_error, is_extrapolated
        Natural logarithm of the hazard -ln(1 - p), its standard error, and whether p was too small to
        be counted and was continued from its neighbours; all by `AXES`. Zones without channels are not in it.
    latency_ms
        Mean delay from the peak of the impulse to fusion, by `AXES`; nan where none fused. [ms]
    made
        How it was made: study, case, seed, trials, code, rule of fusion.
    """

    axes: tuple[Array, ...]
    log_hazard: Array
    log_error: Array
    is_extrapolated: NDArray[np.bool_]
    latency_ms: Array
    made: Mapping[str, Any]
    name: str = "nanoscale table"
    version: str = "1"

    def log_hazard_at(
        self, *, broadening: float, calcium_mmolar: float, disorganisation: float = 0.0, residual_sites: float = 0.0
    ) -> Array:
        """Return ln hazard for 1 to 4 channels, (4,), linear between points; broadening and calcium by logarithm.

        Raises
        ------
        InputError
            If the table does not reach that far; the sentence names the axis and its range.
        """
        asked = (broadening, calcium_mmolar, disorganisation, residual_sites)
        values = self.log_hazard
        for axis, value in zip(reversed(AXES[1:]), reversed(asked), strict=True):
            values = self._along_last(values, axis, value)
        return values

    def _along_last(self, values: Array, axis: str, value: float) -> Array:
        points = self.axes[AXES.index(axis)]
        if not points[0] <= value <= points[-1]:
            raise InputError(
                f"the release table covers {_WORDS[axis]} from {points[0]:g} to {points[-1]:g}, got {value:g}. "
                "Stay inside, or make a wider table with studies/release_table.py."
            )
        if points.size == 1:
            return values[..., 0]
        is_logarithmic = axis in ("broadening", "calcium_mmolar")
        places, place = (np.log(points), np.log(value)) if is_logarithmic else (points, value)
        right = int(np.clip(np.searchsorted(places, place), 1, points.size - 1))
        share = (place - places[right - 1]) / (places[right] - places[right - 1])
        return np.asarray((1.0 - share) * values[..., right - 1] + share * values[..., right])

    def hazard(
        self,
        *,
        broadening: float,
        external_calcium_mmolar: float,
        magnesium_mmolar: float,
        disorganisation: float,
        substitute_channels: float,
    ) -> Array:
        """Return (5,), hazard for 0 to 4 surviving channels over that of a healthy zone at rest. [1]

        Notes
        -----
        Substitute channels count as parts of a channel: between whole numbers the logarithm of the
        hazard is interpolated in the logarithm of the number, below one channel it falls to nothing
        in proportion.

        Examples
        --------
        >>> table = nanoscale_release_table()
        >>> table.hazard(broadening=1, external_calcium_mmolar=1.2, magnesium_mmolar=0.55,
        ...              disorganisation=0, substitute_channels=0)[[0, 4]].tolist()
        [0.0, 1.0]
        """
        require_between("substitute_channels", substitute_channels, 0, CHANNELS_PER_ZONE)
        rest = Levers()
        healthy = self._of(1.0, rest.external_calcium_mmolar, rest.magnesium_mmolar, 0.0)[-1]
        by_channels = self._of(broadening, external_calcium_mmolar, magnesium_mmolar, disorganisation) - healthy
        working = np.minimum(np.arange(CHANNELS_PER_ZONE + 1) + substitute_channels, CHANNELS_PER_ZONE)
        whole = self.axes[0]
        relative = np.exp(np.interp(np.log(np.maximum(working, 1.0)), np.log(whole), by_channels))
        return np.asarray(relative * np.minimum(working, 1.0))

    def _of(self, broadening: float, calcium: float, magnesium: float, disorganisation: float) -> Array:
        require_between("disorganisation", disorganisation, 0, 1)
        effective = calcium_without_magnesium(external_calcium_mmolar=calcium, magnesium_mmolar=magnesium)
        return self.log_hazard_at(
            broadening=broadening, calcium_mmolar=effective, disorganisation=disorganisation, residual_sites=0.0
        )


def read_release_table(path: Path) -> NanoscaleReleaseTable:
    """Read a table that `studies/release_table.py` wrote.

    Raises
    ------
    DataError
        If it is not such a table: a missing part, an axis out of order, numbers that do not fill it.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"release table {path.name} cannot be read: {error}.") from error
    try:
        axes = tuple(np.asarray(raw["axes"][name], np.float64) for name in AXES)
        shape = tuple(axis.size for axis in axes)
        columns = {
            name: np.asarray([np.nan if one is None else one for one in raw[name]], np.float64).reshape(shape)
            for name in ("log_hazard", "log_error", "is_extrapolated", "latency_ms")
        }
        table = NanoscaleReleaseTable(
            axes=axes,
            log_hazard=columns["log_hazard"],
            log_error=columns["log_error"],
            is_extrapolated=columns["is_extrapolated"] > 0,
            latency_ms=columns["latency_ms"],
            made=raw["made"],
            version=str(raw["version"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"release table {path.name}: {error}. Make it anew with studies/release_table.py.") from error
    if any(np.any(np.diff(axis) <= 0) for axis in axes) or not np.isfinite(table.log_hazard).all():
        raise DataError(f"release table {path.name}: every axis must rise, and every hazard be a number.")
    return table


@functools.cache
def nanoscale_release_table() -> NanoscaleReleaseTable:
    """Return the table that ships."""
    return read_release_table(FILE)
