"""Write: a recording to NetCDF (exact), CSV (exact) or EDF+ (16 bits, opens in any viewer).

CSV and EDF+ have no place for muscle, temperature or trains, so a sidecar (`x.edf.toml` for
`x.edf`) is written beside them, which `load_recording` reads again.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from endplate.exam.recording import netcdf
from endplate.exam.recording.netcdf import settings_of
from endplate.foundation.errors import FileFormatError, OutputError, nearest
from endplate.foundation.records import Recording

SUFFIXES: Final = (".nc", ".csv", ".edf")


def _toml_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, np.floating)):
        return str(value) if isinstance(value, int) else repr(float(value))  # TOML too writes nan and inf
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_toml_value(item) for item in value)}]"
    # JSON strings are TOML basic strings, but for DEL, which JSON leaves bare
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007F")


def sidecar_text(settings: dict[str, Any]) -> str:
    """Return settings as TOML, trains last.

    Examples
    --------
    >>> print(sidecar_text({"muscle": "adm", "trains": [{"name": "3 Hz", "sweeps": [1, 2]}]}))
    muscle = "adm"
    <BLANKLINE>
    [[trains]]
    name = "3 Hz"
    sweeps = [1, 2]
    <BLANKLINE>
    """
    lines = [f"{key} = {_toml_value(value)}" for key, value in settings.items() if key != "trains"]
    for train in settings.get("trains", []):
        lines += ["", "[[trains]]", *(f"{key} = {_toml_value(value)}" for key, value in train.items())]
    return "\n".join([*lines, ""])


def _write_csv(recording: Recording, path: Path) -> dict[str, Any]:
    """Write a time column and one column per sweep and channel; return the sidecar."""
    several = len(recording.channels) > 1
    names = [
        f"sweep {sweep + 1}" + (f" {channel}" if several else "")
        for sweep in range(recording.n_sweeps)
        for channel in recording.channels
    ]
    if any("," in name or "\n" in name for name in names):
        raise FileFormatError("a channel name holds a comma or a line end, which CSV cannot hold. Write .nc instead.")
    rows = [["time (ms)", *names]]
    flat = recording.signal_mv.reshape(-1, recording.signal_mv.shape[2])
    rows += [[repr(float(t)), *map(repr, column.tolist())] for t, column in zip(recording.time_ms, flat.T, strict=True)]
    path.write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8")
    extra: dict[str, Any] = {
        "layout": "sweeps",
        "unit": "mV",
        "n_samples": recording.signal_mv.shape[2],
        "sampling_hz": recording.sampling_hz,
        "start_ms": recording.start_ms,
        "channels": list(recording.channels),
    }
    if not np.isnan(recording.stimulus_s).all():
        extra["stimulus_times_s"] = recording.stimulus_s.tolist()
    if recording.stimulus_level is not None:
        extra["stimulus_level"] = np.asarray(recording.stimulus_level).tolist()
    return extra


def _write_netcdf(recording: Recording, path: Path) -> None:
    netcdf.write(recording, path)


def _write_edf(recording: Recording, path: Path) -> dict[str, Any]:
    from endplate.exam.recording import edf_write

    return edf_write.write(recording, path)


_WRITERS: Final[dict[str, Callable[[Recording, Path], dict[str, Any] | None]]] = {
    ".nc": _write_netcdf,
    ".csv": _write_csv,
    ".edf": _write_edf,
}


def write_recording(recording: Recording, path: Path | str, *, overwrite: bool = False) -> tuple[Path, ...]:
    """Write a recording in the format of the suffix; nothing is left behind if it fails.

    Parameters
    ----------
    recording
        What to write.
    path
        ``.nc`` (NetCDF: exact, every field), ``.csv`` (exact) or ``.edf`` (EDF+: continuous, 16
        bits, one annotation per stimulus). CSV and EDF+ get a sidecar (``x.csv.toml``) beside them.
    overwrite
        Replace files that are there.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    FileFormatError
        If the suffix has no writer or the format cannot hold this recording.
    OutputError
        If a file is there already, or cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> times_s, silence_mv = np.array([0.0, 1.0]), np.zeros((2, 1, 100))
    >>> recording = Recording(signal_mv=silence_mv, sampling_hz=1e4, start_ms=-2.0, stimulus_s=times_s)
    >>> [file.name for file in write_recording(recording, folder / "two.csv")]
    ['two.csv', 'two.csv.toml']
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in _WRITERS:
        hit = nearest(suffix, _WRITERS)
        guess = f"; did you mean {hit}?" if hit else "."
        raise FileFormatError(
            f"no writer for {suffix or 'a name without suffix'!r}{guess} Written: {', '.join(SUFFIXES)}."
        )
    sidecar = path.with_name(path.name + ".toml")
    targets = (path,) if suffix == ".nc" else (path, sidecar)
    there = [target.name for target in targets if target.exists() or target.is_symlink()]
    if there and not overwrite:
        raise OutputError(
            f"{' and '.join(there)} exist already in {path.parent}; give another name, or overwrite=True (--overwrite)."
        )
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".endplate-") as folder:
            draft = Path(folder) / path.name
            extra = _WRITERS[suffix](recording, draft)
            if extra is not None:
                (Path(folder) / sidecar.name).write_text(
                    sidecar_text({**extra, **settings_of(recording)}), encoding="utf-8"
                )
            for target in targets:
                os.replace(Path(folder) / target.name, target)  # noqa: PTH105  (replaces in one step, a link too)
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(
            f"{path.name} could not be written to {path.parent}: {error.strerror or error}. Choose another folder."
        ) from error
    return targets
