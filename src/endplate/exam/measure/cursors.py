"""Cursors in a CSV file: written as computed, moved by hand, and kept.

Each row holds the cursors in use and, beside them, those that the code computed. A row whose
cursors differ from the computed ones was moved by hand; every other row is measured afresh.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from endplate.exam.measure.response import area_between
from endplate.exam.measure.signal import Array, Sweeps, fingerprint
from endplate.foundation.errors import FileFormatError, InputError, OutputError, unknown_name
from endplate.foundation.records import Measurements, Recording

CURSORS: Final = ("onset_ms", "peak_ms", "end_ms", "trough_ms")
_COLUMNS: Final = ("channel", "sweep", *CURSORS, *(f"computed_{name}" for name in CURSORS))
_TITLE: Final = "# endplate cursors of recording "


@dataclass(frozen=True, slots=True)
class MovedRow:
    """The cursors of one sweep that somebody moved; None where the cell was emptied."""

    sweep: int
    onset_ms: float | None
    peak_ms: float | None
    end_ms: float | None
    trough_ms: float | None


def _cell(value: float) -> str:
    return f"{value:.4f}" if np.isfinite(value) else ""


def write_cursors(path: Path | str, recording: Recording, measurements: Measurements | Sequence[Measurements]) -> Path:
    """Write the cursors of one or more channels to a CSV file for moving by hand.

    Rows that were moved before stay marked as moved. Times are in ms after the stimulus; an empty
    cell is a cursor that could not be set.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    several = (measurements,) if isinstance(measurements, Measurements) else tuple(measurements)
    file = Path(path)
    try:
        with file.open("w", newline="", encoding="utf-8") as stream:
            stream.write(f"{_TITLE}{fingerprint(recording)}\n")
            writer = csv.writer(stream)
            writer.writerow(_COLUMNS)
            for one in several:
                for sweep in range(one.n_sweeps):
                    used = [_cell(float(getattr(one, name)[sweep])) for name in CURSORS]
                    moved = sweep in one.moved_by_hand
                    writer.writerow([one.channel, sweep, *used, *(["moved"] * len(used) if moved else used)])
    except OSError as error:
        raise OutputError(f"cursors could not be written to {file}: {error.strerror}.") from error
    return file


def _number(text: str, where: str) -> float | None:
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        hint = " Write a decimal point, not a comma." if "," in text else ""
        raise FileFormatError(f"{where}: {text!r} is not a time in ms.{hint}") from None
    if not np.isfinite(value):
        raise FileFormatError(f"{where}: {text!r} is not a time in ms; empty the cell to remove a cursor.")
    return value


def _rows(path: Path, recording: Recording) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"no cursors could be read from {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise FileFormatError(f"{path} is not a text file in UTF-8: save it as CSV UTF-8.") from error
    title, _, body = text.partition("\n")
    title = title.strip().strip('",;')
    if not title.startswith(_TITLE):
        raise FileFormatError(f"{path} is no cursor file: its first line must be {_TITLE!r} and a checksum.")
    if title.removeprefix(_TITLE).strip() != fingerprint(recording):
        raise InputError(
            f"{path} holds cursors of another recording (checksum {title.removeprefix(_TITLE).strip()}, this one "
            f"has {fingerprint(recording)}). Write the cursors of this recording first."
        )
    reader = csv.DictReader(body.splitlines())
    missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise FileFormatError(f"{path}: missing column {', '.join(missing)}. Was it saved with semicolons?")
    return list(reader)


def _order(values: dict[str, float | None], recording: Recording, where: str) -> None:
    first, last = float(recording.time_ms[0]), float(recording.time_ms[-1])
    for name, value in values.items():
        if value is not None and not first <= value <= last:
            raise InputError(f"{where}: {name} {value:g} is outside the sweep, {first:g} to {last:g} ms.")
    line = [(name, values[name]) for name in CURSORS[:3] if values[name] is not None]
    for (early, one), (late, other) in itertools.pairwise(line):
        if one is not None and other is not None and not one < other:
            raise InputError(f"{where}: {early} {one:g} must come before {late} {other:g}.")


def read_cursors(path: Path | str, recording: Recording, *, channel: str) -> tuple[MovedRow, ...]:
    """Return the rows of one channel that were moved by hand.

    Raises
    ------
    FileFormatError
        If the file is no cursor file, or a cell is not a number.
    InputError
        If it belongs to another recording, or a cursor lies outside the sweep or out of order.
    """
    file, moved, seen = Path(path), [], set()
    for line, row in enumerate(_rows(file, recording), start=3):
        where = f"{file.name}, line {line}"
        if row["channel"] not in recording.channels:
            raise unknown_name("channel", row["channel"], recording.channels)
        if row["channel"] != channel:
            continue
        sweep_text = (row["sweep"] or "").strip()
        if not sweep_text.isdigit() or int(sweep_text) >= recording.n_sweeps:
            raise InputError(f"{where}: no sweep {sweep_text!r}; this recording has 0 to {recording.n_sweeps - 1}.")
        sweep = int(sweep_text)
        if sweep in seen:
            raise FileFormatError(f"{where}: sweep {sweep} of channel {channel} stands there twice.")
        seen.add(sweep)
        values = {name: _number(row[name] or "", where) for name in CURSORS}
        computed = [(row[f"computed_{name}"] or "").strip() for name in CURSORS]
        if "moved" not in computed and list(values.values()) == [_number(text, where) for text in computed]:
            continue
        _order(values, recording, where)
        moved.append(MovedRow(sweep, **values))
    return tuple(moved)


def apply_cursors(measured: Measurements, sweeps: Sweeps, moved: Sequence[MovedRow]) -> Measurements:
    """Return the measurements with the moved rows measured at their cursors.

    `sweeps` are relative to the baseline. A peak that stayed where it was keeps its interpolated
    height; a moved one is read where it stands.
    """
    if not moved:
        return measured
    columns = {name: getattr(measured, name).copy() for name in CURSORS}
    for row in moved:
        for name in CURSORS:
            value = getattr(row, name)
            columns[name][row.sweep] = np.nan if value is None else value
    rows = np.array([row.sweep for row in moved])
    height = sweeps.value_at(columns["peak_ms"])
    stayed = np.abs(columns["peak_ms"] - measured.peak_ms) < 1e-3
    amplitude: Array = np.where(stayed, measured.amplitude_mv, height)
    new = {
        "amplitude_mv": amplitude,
        "peak_to_peak_mv": amplitude - sweeps.value_at(columns["trough_ms"]),
        "area_mvms": area_between(sweeps, columns["onset_ms"], columns["end_ms"]),
        "duration_ms": columns["end_ms"] - columns["onset_ms"],
        "latency_ms": measured.latency_ms + columns["onset_ms"] - measured.onset_ms,
    }
    new["latency_ms"] = np.where(np.isnan(new["latency_ms"]), columns["onset_ms"], new["latency_ms"])
    for name, value in new.items():
        columns[name] = getattr(measured, name).copy()
        columns[name][rows] = value[rows]
    return replace(measured, **columns, moved_by_hand=tuple(int(row) for row in rows))
