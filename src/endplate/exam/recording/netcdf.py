"""NetCDF: our own exact format; every field of a Recording, double precision."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from endplate.exam.recording.limits import require_count
from endplate.exam.recording.raw import Channel, Frames, Piece, RawFile
from endplate.exam.recording.settings import TRAIN_KEYS, checked_settings
from endplate.foundation.errors import FileFormatError
from endplate.foundation.records import Recording

FORMAT: Final = "endplate recording"
VERSION: Final = 1
_PLAIN: Final = ("muscle", "side", "temperature_degc", "highpass_hz", "lowpass_hz", "montage", "electrode",
                 "stimulation", "negative_up", "drug", "hours_since_dose", "simulated", "seed", "source")  # fmt: skip


def settings_of(recording: Recording) -> dict[str, Any]:
    """Return what a sidecar would say of this recording: every field that is known."""
    found: dict[str, Any] = {}
    for key in _PLAIN:
        value = getattr(recording, key)
        if value is not None and value != "" and not (key in ("simulated", "negative_up") and not value):
            found[key] = value
    found["trains"] = [
        {"sweeps": [sweep + 1 for sweep in train.sweeps]}
        | {k: v for k, v in asdict(train).items() if k in TRAIN_KEYS and k != "sweeps" and v is not None}
        for train in recording.trains
    ]
    if recording.notes:
        found["notes"] = list(recording.notes)
    if not found["trains"]:
        del found["trains"]
    return found


def write(recording: Recording, path: Path) -> None:
    """Write every field; the arrays carry the names and units of the registry."""
    from endplate.foundation.arrays import dataset

    data = dataset(
        signal=recording.signal_mv,
        stimulus=recording.stimulus_s,
        coords={
            "time": recording.time_ms,
            "sweep": np.arange(1, recording.n_sweeps + 1),
            "channel": list(recording.channels),
        },
    )
    data.attrs = {
        "format": FORMAT,
        "version": VERSION,
        "sampling_hz": recording.sampling_hz,
        "start_ms": recording.start_ms,
        "settings": json.dumps(settings_of(recording)),
    }
    if recording.stimulus_level is not None:
        data.attrs["stimulus_level"] = np.asarray(recording.stimulus_level, dtype=np.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data.to_netcdf(path, engine="h5netcdf", encoding={"signal": {"zlib": True, "complevel": 1}})


def read(path: Path, settings: Mapping[str, Any]) -> RawFile:  # noqa: ARG001  (every reader has these two)
    """Read a file that endplate wrote.

    Raises
    ------
    FileFormatError
        If the file is damaged, not ours, or of a later version.
    """
    try:
        return _read(path)
    except FileFormatError:
        raise
    except Exception as error:  # h5py and xarray raise whatever a damaged file makes them meet
        text = str(error).split("\n")[0][:120]
        raise FileFormatError(
            f"{path.name} cannot be read as NetCDF: {text}. It is truncated, or another format renamed."
        ) from error


def _refuse_links(path: Path) -> None:
    """Refuse data kept outside the file, and sizes that the header only announces."""
    import h5py

    with h5py.File(path, "r") as file:
        for name in file:
            link = file.get(name, getlink=True)
            node = file[name] if isinstance(link, h5py.HardLink) else None
            if node is None or (isinstance(node, h5py.Dataset) and (node.external or node.is_virtual)):
                raise FileFormatError(f"{path.name} points to data outside itself ({name!r}), which is not followed.")
        if "signal" in file and isinstance(file["signal"], h5py.Dataset):
            shape = file["signal"].shape
            require_count(path.name, shape[1] if len(shape) == 3 else 0, int(np.prod(shape, dtype=float)))


def _read(path: Path) -> RawFile:
    import xarray as xr

    _refuse_links(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = xr.load_dataset(path, engine="h5netcdf")
    if data.attrs.get("format") != FORMAT or "signal" not in data or "stimulus" not in data:
        raise FileFormatError(
            f"{path.name} is a NetCDF file, but not one that endplate wrote. Export the sweeps as CSV or EDF."
        )
    if int(data.attrs["version"]) > VERSION:
        raise FileFormatError(
            f"{path.name} is of version {data.attrs['version']}; this endplate reads up to {VERSION}. Update endplate."
        )
    signal, rate = np.asarray(data["signal"].values, dtype=np.float64), float(data.attrs["sampling_hz"])
    names = [str(name) for name in data["channel"].values]
    stimulus_s = np.asarray(data["stimulus"].values, dtype=np.float64)
    start_ms = float(data.attrs["start_ms"])
    channels = tuple(
        Channel(
            name, "mV", rate, tuple(Piece(float(t) + start_ms / 1000, signal[s, c]) for s, t in enumerate(stimulus_s))
        )
        for c, name in enumerate(names)
    )
    known = checked_settings(json.loads(str(data.attrs["settings"])), path.name)
    level = data.attrs.get("stimulus_level")
    frames = Frames(start_ms, stimulus_s, None if level is None else np.atleast_1d(np.asarray(level, dtype=np.float64)))
    return RawFile("NetCDF", channels, frames=frames, known={**known, "written_by_endplate": True})
