"""Measurements as rows, CSV, dictionaries for JSON, and a labelled dataset."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from endplate.foundation.errors import OutputError
from endplate.foundation.records import Measurements

if TYPE_CHECKING:
    import xarray as xr

COLUMNS: Final = (
    "stimulus_s", "amplitude_mv", "peak_to_peak_mv", "area_mvms", "duration_ms", "latency_ms", "baseline_mv",
    "noise_mv", "onset_ms", "peak_ms", "end_ms", "trough_ms",
)  # fmt: skip


def measurement_rows(measurements: Measurements) -> list[dict[str, Any]]:
    """Return one dictionary per sweep; what could not be measured is None."""
    rows = []
    for sweep in range(measurements.n_sweeps):
        row: dict[str, Any] = {"channel": measurements.channel, "sweep": sweep}
        for name in COLUMNS:
            value = float(getattr(measurements, name)[sweep])
            row[name] = value if math.isfinite(value) else None
        row["moved_by_hand"] = sweep in measurements.moved_by_hand
        row["flags"] = list(measurements.row_flags[sweep])
        rows.append(row)
    return rows


def measurements_to_dict(measurements: Measurements) -> dict[str, Any]:
    """Return everything as plain values that JSON can hold."""
    return {
        "channel": measurements.channel,
        "flags": list(measurements.flags),
        "rows": measurement_rows(measurements),
    }


def write_measurements(path: Path | str, *measurements: Measurements) -> Path:
    """Write the rows of one or more channels to a CSV file; empty cells could not be measured.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    file = Path(path)
    try:
        with file.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(["channel", "sweep", *COLUMNS, "moved_by_hand", "flags"])
            for one in measurements:
                for row in measurement_rows(one):
                    numbers = ["" if row[name] is None else f"{row[name]:.6g}" for name in COLUMNS]
                    moved = "yes" if row["moved_by_hand"] else "no"
                    writer.writerow([row["channel"], row["sweep"], *numbers, moved, "; ".join(row["flags"])])
    except OSError as error:
        raise OutputError(f"measurements could not be written to {file}: {error.strerror}.") from error
    return file


def measurements_to_xarray(measurements: Measurements) -> xr.Dataset:
    """Return the registered columns as a dataset over sweeps."""
    from endplate.foundation.arrays import dataset

    return dataset(
        coords={"sweep": range(measurements.n_sweeps)},
        stimulus=measurements.stimulus_s,
        amplitude=measurements.amplitude_mv,
        peak_to_peak=measurements.peak_to_peak_mv,
        area=measurements.area_mvms,
        duration=measurements.duration_ms,
        latency=measurements.latency_ms,
    ).assign_attrs(channel=measurements.channel, flags="; ".join(measurements.flags))
