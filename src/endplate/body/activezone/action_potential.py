"""The membrane potential that drives the channels: one impulse as rows, broadened, repeated in a train."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from endplate.foundation.errors import FileFormatError, InputError, require_between
from endplate.foundation.parameters import values_of

_LOWEST_MV, _HIGHEST_MV = -150.0, 150.0
_SMALLEST_SWING_MV = 2.0  # an action potential in volts spans less than this
_SHORTEST_MS = 0.1  # no action potential is as short: the times are in seconds


@dataclass(frozen=True, slots=True, eq=False)
class ActionPotential:
    """Membrane potential of one impulse in evenly spaced rows; each holds until the next.

    Parameters
    ----------
    time_ms
        (row,), start of each row, from 0, evenly spaced. [ms]
    voltage_mv
        (row,), membrane potential at the start of the row. [mV]

    Raises
    ------
    InputError
        If rows are unordered, have gaps, are no numbers, or look like volts.

    Examples
    --------
    >>> reference_action_potential().peak_ms
    0.58
    """

    time_ms: NDArray[np.float64]
    voltage_mv: NDArray[np.float64]

    def __post_init__(self) -> None:
        time_ms = np.array(self.time_ms, dtype=np.float64)
        voltage_mv = np.array(self.voltage_mv, dtype=np.float64)
        _require_rows(time_ms, voltage_mv)
        _require_millivolts(voltage_mv)
        _require_milliseconds(time_ms)
        for name, array in (("time_ms", time_ms), ("voltage_mv", voltage_mv)):
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @property
    def row_ms(self) -> float:
        """Length of one row. [ms]"""
        return float(self.time_ms[-1] - self.time_ms[0]) / (self.time_ms.size - 1)

    @property
    def peak_ms(self) -> float:
        """Time of the highest potential. [ms]"""
        return float(self.time_ms[int(np.argmax(self.voltage_mv))])

    def broadened(self, factor: float) -> ActionPotential:
        """Return the impulse with the time after its peak stretched `factor`-fold.

        Examples
        --------
        >>> wide = reference_action_potential().broadened(2.0)
        >>> wide.peak_ms, float(wide.time_ms[-1].round(2))
        (0.58, 5.42)
        """
        factor = require_between("broadening", factor, 0.1, 10.0, "It is a ratio to the impulse of health.")
        peak = self.peak_ms
        end = peak + (float(self.time_ms[-1]) - peak) * factor
        time_ms = np.arange(round((end - self.time_ms[0]) / self.row_ms) + 1) * self.row_ms
        source = np.where(time_ms > peak, peak + (time_ms - peak) / factor, time_ms)
        return ActionPotential(time_ms, np.interp(source, self.time_ms, self.voltage_mv))

    def at(self, time_ms: ArrayLike) -> NDArray[np.float64]:
        """Return the potential at times since the impulse: its rows, then a return to rest. [mV]

        Notes
        -----
        After the last row the potential returns to rest with one time constant (assumed).
        """
        constants = values_of("body/activezone")
        time = np.asarray(time_ms, dtype=np.float64)
        within = np.interp(time, self.time_ms, self.voltage_mv)
        late = np.maximum(time - self.time_ms[-1], 0.0)
        rest = constants["rest_mv"]
        after = rest + (self.voltage_mv[-1] - rest) * np.exp(-late / constants["tau_return_ms"])
        return np.where(late > 0.0, after, within)

    def train(
        self, onset_ms: ArrayLike, *, duration_ms: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        """Return rows of a whole run: start times, potentials, and the impulse each row belongs to.

        Returns
        -------
        tuple of numpy.ndarray
            (row,) start [ms], (row,) potential [mV], (row,) index of the latest impulse; rows before the
            first impulse belong to it and hold the potential of its first row.
        """
        onsets = np.asarray(onset_ms, dtype=np.float64)
        count = max(1, math.ceil(duration_ms / self.row_ms - 1e-6))
        start = np.arange(count, dtype=np.float64) * self.row_ms
        # a row that starts at an onset belongs to it, whatever the last bit of the product says
        impulse = np.searchsorted(onsets, start + 1e-6 * self.row_ms, side="right").astype(np.int64) - 1
        impulse = np.maximum(impulse, 0)
        return start, self.at(np.maximum(start - onsets[impulse], 0.0)), impulse


def _require_rows(time_ms: NDArray[np.float64], voltage_mv: NDArray[np.float64]) -> None:
    if time_ms.ndim != 1 or time_ms.shape != voltage_mv.shape or time_ms.size < 2:
        raise InputError(
            f"an action potential needs two columns of one length of at least 2: time {time_ms.shape}, "
            f"potential {voltage_mv.shape}."
        )
    if not (np.isfinite(time_ms).all() and np.isfinite(voltage_mv).all()):
        row = int(np.argmin(np.isfinite(time_ms) & np.isfinite(voltage_mv))) + 1
        raise InputError(f"row {row} of the action potential is no finite number. Fill it or cut the file there.")
    steps = np.diff(time_ms)
    if (steps <= 0.0).any():
        row = int(np.argmax(steps <= 0.0)) + 2
        raise InputError(
            f"the action potential is not in order of time: row {row} stands at {time_ms[row - 1]:g} ms, after "
            f"{time_ms[row - 2]:g} ms. Sort the rows and remove doubled ones."
        )
    usual = float(np.median(steps))
    if (abs(steps - usual) > 0.01 * usual).any():
        row = int(np.argmax(abs(steps - usual))) + 2
        raise InputError(
            f"the action potential has a gap: rows are {usual:g} ms apart, but row {row} comes "
            f"{steps[row - 2]:g} ms after the one before. Give evenly spaced rows."
        )
    if abs(time_ms[0]) > 1e-9:
        raise InputError(f"the action potential starts at {time_ms[0]:g} ms. Its first row must be at 0 ms.")


def _require_milliseconds(time_ms: NDArray[np.float64]) -> None:
    if time_ms[-1] < _SHORTEST_MS:
        raise InputError(
            f"the action potential ends after {time_ms[-1]:g} ms, which looks like seconds; at least {_SHORTEST_MS:g} "
            "ms are needed. Multiply its times by 1000."
        )


def _require_millivolts(voltage_mv: NDArray[np.float64]) -> None:
    low, high = float(voltage_mv.min()), float(voltage_mv.max())
    if high - low < _SMALLEST_SWING_MV and max(abs(low), abs(high)) < 1.0:
        raise InputError(
            f"the action potential runs from {low:g} to {high:g} mV, which looks like volts. Multiply it by 1000."
        )
    if low < _LOWEST_MV or high > _HIGHEST_MV:
        raise InputError(
            f"the action potential runs from {low:g} to {high:g} mV; a membrane stays within "
            f"{_LOWEST_MV:g} to {_HIGHEST_MV:g} mV. Is it in microvolts?"
        )


def reference_action_potential(*, window_ms: float = 3.0, row_ms: float = 0.01) -> ActionPotential:
    """Return the impulse of the reference case AZ4: closed form, sampled at the start of 10 us rows.

    References
    ----------
    Fitted to the tabulated terminal action potential of the public mouse model (Laghaei 2018 and others).

    Examples
    --------
    >>> impulse = reference_action_potential()
    >>> round(float(impulse.voltage_mv.max()), 1), round(float(impulse.voltage_mv[0]), 2)
    (33.2, -57.26)
    """
    t = np.arange(round(window_ms / row_ms) + 1, dtype=np.float64) * row_ms
    x = t - 0.5866
    width = np.where(x < 0, 0.1441, 0.1688)
    main = 86.38 * np.exp(-((abs(x) / width) ** 1.5))
    after = np.where(x > 0, 13.257 * (1.0 - np.exp(-np.maximum(x, 0.0) / 0.1627)), 0.0)
    shoulder = 6.842 * np.exp(-(((t - 0.4946) / 0.15) ** 2))
    return ActionPotential(t, -57.28 + main - after + shoulder)


def read_action_potential(path: str | Path) -> ActionPotential:
    """Read an action potential from a CSV file: columns time_ms and voltage_mv, with this header.

    Raises
    ------
    FileFormatError
        If the file cannot be read as two named columns of numbers.
    InputError
        If the rows are unordered, have gaps or look like volts.
    """
    path = Path(path)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise FileFormatError(f"the action potential {path.name} cannot be read: {error}.") from error
    if not rows or [cell.strip() for cell in rows[0]] != ["time_ms", "voltage_mv"]:
        found = ",".join(rows[0]) if rows else "nothing"
        raise FileFormatError(f"{path.name} must start with the header time_ms,voltage_mv; found {found!r}.")
    for line, row in enumerate(rows[1:], start=2):
        if row and len(row) != 2:
            raise FileFormatError(
                f"{path.name} needs two numbers a row, time_ms and voltage_mv; line {line} has {len(row)}."
            )
    try:
        table = np.array([[float(cell) for cell in row] for row in rows[1:] if row])
    except ValueError as error:
        raise FileFormatError(f"{path.name}: {error}. Every cell must be a number with a decimal point.") from error
    if not table.size:
        raise FileFormatError(f"{path.name} has a header and no rows; it needs time_ms and voltage_mv in each.")
    return ActionPotential(table[:, 0], table[:, 1])
