"""Tables of trials and scans: CSV for people and spreadsheets, NetCDF for programs."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from endplate.body.activezone.ensemble import Ensemble
    from endplate.body.activezone.scan import Point

_QUANTILES = (5.0, 25.0, 50.0, 75.0, 95.0)
POINT_COLUMNS = (
    "trials",
    "vesicles",
    "probability",
    "error",
    "ions",
    "ions_error",
    "empty_share",
    "latency_ms",
    "latency_sd_ms",
    "paired_ratio",
    "paired_error",
)


def trials_csv(ensemble: Ensemble, fusion_ms: NDArray[np.float64]) -> str:
    """Return one row per trial and vesicle: ions that entered, sites bound at most, time of fusion."""
    names = [kind.name for kind in ensemble.case.sensors]
    largest = [ensemble.largest_bound(name) for name in names]
    entered = ensemble.ions_entered.sum(axis=(1, 2))
    rows = (
        (trial, vesicle, int(entered[trial]), *(int(one[trial, vesicle]) for one in largest),
         _cell(fusion_ms[trial, vesicle]))
        for trial in range(ensemble.trials)
        for vesicle in range(ensemble.case.n_vesicles)
    )  # fmt: skip
    return _csv(("trial", "vesicle", "ions_entered", *(f"largest_bound_{name}" for name in names), "fusion_ms"), rows)


def traces_csv(ensemble: Ensemble) -> str:
    """Return one row per sample instant: the potential, and mean and percentiles of everything that varies."""
    case = ensemble.case
    start_ms, voltage_mv, _ = case.action_potential.train(case.train, duration_ms=case.duration_ms)
    row = np.clip(np.searchsorted(start_ms, ensemble.time_ms, side="right") - 1, 0, start_ms.size - 1)
    columns: dict[str, NDArray[np.float64]] = {"time_ms": ensemble.time_ms, "voltage_mv": voltage_mv[row]}
    runs = {"open_channels": ensemble.open_count(), "free_calcium": ensemble.free_count}
    for kind in case.sensors:
        runs[f"bound_{kind.name}"] = ensemble.bound_sites(kind.name).reshape(-1, ensemble.time_ms.size)
    for name, values in runs.items():
        numbers = np.asarray(values, dtype=np.float64)
        columns[f"{name}_mean"] = numbers.mean(axis=0)
        for quantile, line in zip(_QUANTILES, np.percentile(numbers, _QUANTILES, axis=0), strict=True):
            columns[f"{name}_p{quantile:g}"] = line
    rows = zip(*([_cell(value) for value in column] for column in columns.values()), strict=True)
    return _csv(tuple(columns), rows)


def scan_csv(points: Sequence[Point]) -> str:
    """Return one row per point of a scan."""
    names = tuple(points[0].settings)
    rows = (
        (*(f"{point.settings[name]:g}" for name in names), *(_cell(getattr(point, column)) for column in POINT_COLUMNS))
        for point in points
    )
    return _csv((*names, *POINT_COLUMNS), rows)


def trials_netcdf(ensemble: Ensemble, fusion_ms: NDArray[np.float64]) -> bytes:
    """Return everything that was sampled, and the times of fusion, as a NetCDF file."""
    data = ensemble.to_xarray()
    data["fusion_time"] = (("trial", "vesicle"), fusion_ms, {"units": "ms", "long_name": "time of fusion, nan if none"})
    return _netcdf(data)


def scan_netcdf(points: Sequence[Point], *, about: dict[str, str]) -> bytes:
    """Return a scan as a NetCDF file with one dimension, the point; its settings are coordinates of it."""
    import xarray as xr

    columns = {
        name: ("point", np.array([getattr(point, name) for point in points], dtype=np.float64), {"units": _unit(name)})
        for name in POINT_COLUMNS
    }
    settings = {
        name: ("point", np.array([point.settings[name] for point in points], dtype=np.float64))
        for name in points[0].settings
    }
    return _netcdf(xr.Dataset(columns, coords=settings, attrs={"simulated": 1, **about}))


def _unit(name: str) -> str:
    return "ms" if name.endswith("_ms") else "1"


def _netcdf(data: object) -> bytes:
    with tempfile.TemporaryDirectory(prefix="endplate-") as folder:
        path = Path(folder) / "data.nc"
        data.to_netcdf(path, engine="h5netcdf")  # type: ignore[attr-defined]
        return path.read_bytes()


def _cell(value: float) -> str:
    number = float(value)
    return "" if np.isnan(number) else f"{number:.8g}"


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
