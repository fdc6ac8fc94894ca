"""Text tables: sweeps in columns, or a continuous record with a column of stimulus pulses.

The same reader takes the ASCII exports of EMG machines (Natus, Keypoint, Cadwell and others):
their headings differ by version, so the sidecar names the columns (`time_column`,
`signal_columns`, `stimulus_column`, `header_rows`, `sampling_hz`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from endplate.exam.recording.limits import require_count
from endplate.exam.recording.raw import Channel, Frames, Piece, RawFile
from endplate.exam.recording.settings import numbers_of
from endplate.exam.recording.stimuli import edges, is_stimulus_channel
from endplate.exam.recording.text import Table, read_table
from endplate.exam.recording.units import is_potential
from endplate.foundation.errors import FileFormatError, InputError, unknown_name
from endplate.foundation.parameters import values_of

_TIME_HEADING: Final = re.compile(r"^\s*(time|zeit|temps|tempo|tid|t|ms|s|sec|seconds)\b", re.IGNORECASE)
_UNIT: Final = re.compile(r"[(\[/]\s*([a-zA-Z\u00b5\u03bc]+)\s*[)\]]?\s*$")
_SECONDS: Final = {"s": 1.0, "sec": 1.0, "seconds": 1.0, "ms": 1e-3, "msec": 1e-3, "us": 1e-6, "\u00b5s": 1e-6}
_LONGEST_SINGLE_SWEEP_S: Final = 1.0  # one column of up to a second is a sweep, a longer one a continuous record
_FURTHEST_START_MS: Final = 2000.0  # longer before or after the stimulus no sweep begins
_MOST_SWEEPS: Final = 100_000


class _Axis(NamedTuple):
    column: int | None
    sampling_hz: float
    start_s: float | None
    notes: tuple[str, ...]


def _column(table: Table, wanted: int | str, key: str) -> int:
    """Return the index of a column named by its heading or its number from 1."""
    if isinstance(wanted, str) and wanted in table.headings:
        return table.headings.index(wanted)
    n = table.values.shape[1]
    if isinstance(wanted, str) and not wanted.strip().isdigit():
        if not table.headings:
            raise InputError(f"{key} = {wanted!r}: the file has no headings; give the number of the column, 1 to {n}.")
        raise unknown_name(f"column for {key}", wanted, table.headings)
    if not 1 <= int(wanted) <= n:
        raise InputError(f"{key} = {wanted}: the file has columns 1 to {n}.")
    return int(wanted) - 1


def _unit_of(heading: str) -> str | None:
    hit = _UNIT.search(heading)
    return hit.group(1) if hit else None


def _is_clock(times: NDArray[np.float64]) -> bool:
    """Return whether numbers rise by equal steps, but for the rounding of an export."""
    if times.size < 3 or not np.isfinite(times).all():
        return False
    step = (times[-1] - times[0]) / (times.size - 1)
    return bool(step > 0 and np.abs(times - times[0] - step * np.arange(times.size)).max() < 0.6 * step)


def _time_unit(table: Table, column: int, step: float, settings: Mapping[str, Any]) -> tuple[float, tuple[str, ...]]:
    """Return seconds per unit of the time column: stated, in the heading, or the only possible one."""
    if settings.get("time_unit") == "samples":
        if "sampling_hz" not in settings:
            raise InputError('time_unit = "samples" counts samples: say their rate with sampling_hz.')
        return 1.0 / float(settings["sampling_hz"]), ()
    if "time_unit" in settings:
        return _SECONDS[settings["time_unit"]], ()
    heading = table.headings[column] if table.headings else ""
    unit = (_unit_of(heading) or heading).strip().lower()
    if unit in _SECONDS and not (unit == "t" or unit == ""):
        return _SECONDS[unit], ()
    limits = values_of("exam/recording")
    possible = [
        name
        for name in ("s", "ms")
        if limits["lowest_sampling_hz"] <= 1 / (step * _SECONDS[name]) * (1 + 1e-6) < limits["highest_sampling_hz"]
    ]
    if len(possible) != 1:
        raise FileFormatError(
            f"the time column rises by {step:g}, which is no possible sampling interval in s or in ms "
            f"({limits['lowest_sampling_hz']:g} Hz to 1 MHz are). Say time_unit in the sidecar file, or export at "
            "a higher rate."
        )
    other = "s" if possible[0] == "ms" else "ms"
    return _SECONDS[possible[0]], (f"time column read in {possible[0]}: in {other} its rate would be impossible",)


def _axis(table: Table, settings: Mapping[str, Any]) -> _Axis:
    """Find the time column and the sampling rate."""
    stated = settings.get("sampling_hz")
    if "time_column" in settings:
        column: int | None = _column(table, settings["time_column"], "time_column")
    else:
        named = [i for i, text in enumerate(table.headings) if _TIME_HEADING.match(text)]
        column = named[0] if named else (0 if table.values.shape[1] > 1 and _is_clock(table.values[:, 0]) else None)
    if column is None:
        if stated is None:
            raise FileFormatError(
                "no column of times (none rises by equal steps, none is headed time), and no sampling rate is given. "
                "Say time_column or sampling_hz in the sidecar file; if the first row holds stimulus values, say "
                "stimulus_row = 1."
            )
        return _Axis(None, float(stated), None, ())
    times = table.values[:, column]
    if not _is_clock(times):
        raise FileFormatError(
            f"column {column + 1} should hold times, but does not rise by equal steps (it begins "
            f"{', '.join(f'{value:g}' for value in times[:4])}). Does a row above the samples hold something else: "
            "then say "
            "stimulus_row or header_rows; is it another column: then say time_column in the sidecar file."
        )
    step = float(times[-1] - times[0]) / (times.size - 1)
    seconds, notes = _time_unit(table, column, step, settings)
    rate = 1.0 / (step * seconds)
    nearest_hz = round(rate)
    if nearest_hz and abs(rate - nearest_hz) / nearest_hz < 1e-6:
        rate = float(nearest_hz)  # rounding of decimal times, not a property of the amplifier
    if stated is not None and abs(rate - stated) > 0.01 * stated:
        raise InputError(
            f"sampling_hz = {stated:g}, but the time column rises by {step:g}, which is {rate:.5g} Hz. "
            "Correct one, or say the unit of the column with time_unit."
        )
    return _Axis(column, float(stated or rate), float(times[0]) * seconds, notes)


def _without_stimulus_row(table: Table, settings: Mapping[str, Any]) -> tuple[Table, NDArray[np.float64] | None]:
    """Take out the row of stimulus levels; rows are numbered as lines of the file."""
    if "stimulus_row" not in settings:
        return table, None
    line = int(settings["stimulus_row"])
    index = line - table.first_line
    if not 0 <= index < table.values.shape[0]:
        raise InputError(
            f"stimulus_row = {line}, but the numbers stand in lines {table.first_line} to "
            f"{table.first_line + table.values.shape[0] - 1}."
        )
    level = table.values[index]
    return table._replace(values=np.delete(table.values, index, axis=0)), level


def _signal_columns(table: Table, axis: _Axis, stimulus: int | None, settings: Mapping[str, Any]) -> list[int]:
    if "signal_columns" in settings:
        wanted = settings["signal_columns"]
        names = wanted if isinstance(wanted, (list, tuple)) else [wanted]
        if all(name in table.headings for name in names):
            return [table.headings.index(name) for name in names]
        if any(isinstance(name, str) and not re.fullmatch(r"[\d\s,-]+", name) for name in names):
            return [_column(table, name, "signal_columns") for name in names]
        flat = [number for name in names for number in numbers_of(name, "signal_columns")]
        return [_column(table, number, "signal_columns") for number in flat]
    found = [i for i in range(table.values.shape[1]) if i not in (axis.column, stimulus)]
    if not found:
        raise FileFormatError("the file has no column of samples beside its times.")
    return found


def _stimulus_column(table: Table, settings: Mapping[str, Any]) -> int | None:
    if "stimulus_column" in settings:
        return _column(table, settings["stimulus_column"], "stimulus_column")
    if settings.get("layout") == "sweeps":
        return None
    named = [i for i, text in enumerate(table.headings) if is_stimulus_channel(text)]
    # Headings such as "stim 1", "stim 2" name sweeps; one such column among others names pulses.
    return named[0] if len(named) == 1 and len(table.headings) > 1 else None


def _layout(
    table: Table, columns: Sequence[int], stimulus: int | None, axis: _Axis, settings: Mapping[str, Any]
) -> str:
    if "layout" in settings:
        return str(settings["layout"])
    pulses = None if stimulus is None else edges(table.values[:, stimulus])
    if pulses is not None and pulses.size:
        return "continuous"  # a column of marks without a pulse says nothing
    long = table.values.shape[0] / axis.sampling_hz > _LONGEST_SINGLE_SWEEP_S
    return "continuous" if len(columns) == 1 and long else "sweeps"


def read(path: Path, settings: Mapping[str, Any]) -> RawFile:
    """Read a text table.

    Raises
    ------
    FileFormatError, InputError, UnknownNameError
        If the table cannot be read, or the settings do not fit it.
    """
    table = read_table(
        path,
        encoding=settings.get("encoding"),
        delimiter=settings.get("delimiter"),
        decimal=settings.get("decimal"),
        header_rows=settings.get("header_rows"),
    )
    table, level = _without_stimulus_row(table, settings)
    expected = settings.get("n_samples", table.values.shape[0])
    if table.values.shape[0] != expected:
        raise FileFormatError(
            f"{path.name} has {table.values.shape[0]} rows of samples, but its sidecar announces {expected}: "
            "it was cut off, or belongs to another sidecar."
        )
    axis = _axis(table, settings)
    stimulus = _stimulus_column(table, settings)
    columns = _signal_columns(table, axis, stimulus, settings)
    layout = _layout(table, columns, stimulus, axis, settings)
    headings = table.headings or tuple(str(i + 1) for i in range(table.values.shape[1]))
    units = {unit for i in columns if is_potential(unit := _unit_of(headings[i]))}
    if len(units) > 1:
        raise FileFormatError(
            f"{path.name}: columns have different units ({', '.join(sorted(map(str, units)))}). Read them one by one."
        )
    if layout == "sweeps":
        unit = next(iter(units), None)
        return _as_sweeps(path, table, columns, axis, unit, None if level is None else level[columns], settings)
    require_count(path.name, len(columns), table.values[:, columns].size)
    start_s = axis.start_s or 0.0
    channels = [
        Channel(_name_of(headings[i]), _unit_of(headings[i]), axis.sampling_hz, (Piece(start_s, table.values[:, i]),))
        for i in columns
    ]
    if stimulus is not None:
        name = headings[stimulus] if is_stimulus_channel(headings[stimulus]) else f"stimulus ({headings[stimulus]})"
        channels.append(Channel(name, None, axis.sampling_hz, (Piece(start_s, table.values[:, stimulus]),)))
    return RawFile("text", tuple(channels), notes=axis.notes)


def _name_of(heading: str) -> str:
    return _UNIT.sub("", heading).strip() or heading


def _as_sweeps(
    path: Path,
    table: Table,
    columns: Sequence[int],
    axis: _Axis,
    unit: str | None,
    level: NDArray[np.float64] | None,
    settings: Mapping[str, Any],
) -> RawFile:
    names = tuple(settings.get("channels", ("1",)))
    n_sweeps, rest = divmod(len(columns), len(names))
    if rest or n_sweeps == 0:
        raise InputError(f"{len(columns)} columns of samples do not divide among the {len(names)} channels named.")
    if n_sweeps > _MOST_SWEEPS:
        raise FileFormatError(
            f"{path.name} has {n_sweeps} columns of samples. Are its sweeps in rows? Transpose the table."
        )
    require_count(path.name, len(names), table.values[:, columns].size)
    channels = tuple(
        Channel(name, unit, axis.sampling_hz, tuple(Piece(0.0, table.values[:, i]) for i in columns[c :: len(names)]))
        for c, name in enumerate(names)
    )
    start_ms = None if axis.start_s is None else axis.start_s * 1000
    notes = axis.notes
    if start_ms is not None and abs(start_ms) > _FURTHEST_START_MS and "start_ms" not in settings:
        raise FileFormatError(
            f"{path.name}: its time column begins at {start_ms:g} ms, which is no time after a stimulus but one of the "
            'session. Say start_ms in the sidecar file, or layout = "continuous".'
        )
    if start_ms is not None and start_ms > 0:
        notes += (f"sweeps begin {start_ms:g} ms after the stimulus, by the time column",)
    frames = Frames(start_ms=start_ms, level=None if level is None else level[:: len(names)])
    return RawFile("text", channels, frames=frames, notes=notes)
