"""EDF+ writer: one continuous record in true time, one annotation per stimulus.

Between sweeps nothing was recorded; a continuous EDF+ must hold something there, so it holds
zeros, and an annotation at the start says so. Interrupted EDF+ (EDF+D) would be truer, but many
viewers show it as if it had no gaps.
"""

from __future__ import annotations

import math
import warnings
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from endplate.exam.recording.edf import SIMULATED, TIMES_UNKNOWN
from endplate.exam.recording.limits import MAX_FILE_BYTES, megabytes
from endplate.foundation.errors import FileFormatError
from endplate.foundation.records import Recording

_MAX_RECORD_BYTES: Final = 61_440  # recommended by the EDF specification
_LABEL_LENGTH: Final = 16
_SPACING_S: Final = 1.0  # of sweeps whose true times nobody knows


def _record_duration_s(sampling_hz: float, n_channels: int) -> float:
    """Return a record duration with a whole number of samples, exact in the 8 characters of the header."""
    rate = Fraction(sampling_hz).limit_denominator(10_000)
    is_exact = abs(float(rate) - sampling_hz) <= 1e-9 * sampling_hz
    for divisor in (1, 2, 4, 5, 10, 20, 50, 100) if is_exact else ():
        duration = Fraction(rate.denominator, divisor)
        n = duration * rate
        text = f"{float(duration):.8g}"
        fits = len(text) <= 8 and Fraction(text) == duration
        if n.denominator == 1 and fits and 2 * n * n_channels <= _MAX_RECORD_BYTES:
            return float(duration)
    raise FileFormatError(
        f"EDF+ cannot hold {n_channels} channels at a rate of {sampling_hz!r} Hz in records of whole samples. "
        "Write .nc or .csv instead."
    )


def _layout(recording: Recording) -> tuple[NDArray[np.int64], NDArray[np.float64], int]:
    """Return the first sample of each sweep, each stimulus time in the file, and the samples needed."""
    rate, n = recording.sampling_hz, recording.signal_mv.shape[2]
    times = recording.stimulus_s
    if not np.isfinite(times).all():
        times = np.arange(recording.n_sweeps) * max(_SPACING_S, 2 * n / rate)
    first = np.rint((times - times.min()) * rate).astype(np.int64)  # stimuli on a grid that is common to all sweeps
    total = int(first.max()) + n
    order = np.argsort(first, kind="stable")
    if np.any(np.diff(first[order]) < n):
        raise FileFormatError(
            f"sweeps of {n / rate * 1000:.4g} ms overlap in time, which one continuous EDF+ record cannot hold. "
            "Write .nc or .csv."
        )
    return first, first / rate - recording.start_ms / 1000, total


def _label(name: str) -> str:
    plain = name.encode("ascii", errors="replace").decode("ascii")
    return "".join(c if c.isprintable() else "?" for c in plain)[:_LABEL_LENGTH]


def write(recording: Recording, path: Path) -> dict[str, Any]:
    """Write EDF+ and return the settings that reading it again needs.

    Raises
    ------
    FileFormatError
        If samples are missing, sweeps overlap, names collide, or the file would be too large.
    """
    import edfio

    if not np.isfinite(recording.signal_mv).all():
        raise FileFormatError("EDF+ cannot hold missing samples (NaN). Write .nc or .csv instead.")
    first, stimulus_s, total = _layout(recording)
    rate, n, n_channels = recording.sampling_hz, recording.signal_mv.shape[2], len(recording.channels)
    duration = _record_duration_s(rate, n_channels)
    per_record = round(duration * rate)
    total = math.ceil(max(total, (float(stimulus_s.max()) + 1e-9) * rate + 1) / per_record) * per_record
    if 2 * total * n_channels > MAX_FILE_BYTES:
        raise FileFormatError(
            f"a continuous EDF+ record of this session would be {megabytes(2 * total * n_channels)}, because its "
            "pauses take space. Write .nc."
        )
    labels = [_label(name) for name in recording.channels]
    if len(set(labels)) < n_channels:
        raise FileFormatError(
            f"channel names are equal in the 16 letters of EDF+: {', '.join(recording.channels)}. Rename them."
        )
    corners = (("HP", recording.highpass_hz), ("LP", recording.lowpass_hz))
    filters = " ".join(f"{kind}:{corner_hz:g}Hz" for kind, corner_hz in corners if corner_hz is not None)
    signals = []
    for c, label in enumerate(labels):
        trace_uv = np.zeros(total)
        for s, at in enumerate(first):
            trace_uv[at : at + n] = recording.signal_mv[s, c] * 1000.0
        top = max(math.ceil(float(np.abs(trace_uv).max()) * 10) / 10, 1.0)  # symmetric, so that 0 stays near 0
        signals.append(
            edfio.EdfSignal(
                trace_uv, rate, label=label, physical_dimension="uV", physical_range=(-top, top), prefiltering=filters,
                transducer_type=f"{recording.electrode} electrode",
            )
        )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file = edfio.Edf(signals, annotations=_annotations(recording, stimulus_s), data_record_duration=duration)
        file.write(path)
    return _settings(recording)


def _annotations(recording: Recording, stimulus_s: NDArray[np.float64]) -> list[Any]:
    """Return one mark per stimulus with its train, and what a viewer's user must know at the start."""
    from edfio import EdfAnnotation

    trains = {sweep: train for train in recording.trains for sweep in train.sweeps}
    marks = []
    for sweep, time_s in enumerate(stimulus_s):
        train = trains.get(sweep)
        about = f" {train.name}" + (f" ({train.role})" if train.role != "unknown" else "") if train else ""
        marks.append(EdfAnnotation(float(time_s), None, f"stimulus {sweep + 1}{about}"))
    opening = [EdfAnnotation(0.0, None, "pauses between sweeps were not recorded and are filled with 0")]
    if not np.isfinite(recording.stimulus_s).all():
        opening.append(EdfAnnotation(0.0, None, TIMES_UNKNOWN))
    if recording.simulated:
        opening.append(EdfAnnotation(0.0, None, SIMULATED))
    return [*opening, *marks]


def _settings(recording: Recording) -> dict[str, Any]:
    length_ms = (recording.signal_mv.shape[2] - 1) / recording.sampling_hz * 1000
    found: dict[str, Any] = {
        "stimulus": "annotations:stimulus",
        "sweep_ms": [recording.start_ms, recording.start_ms + length_ms],
        "session_times_s": recording.stimulus_s.tolist(),
        "channel": [_label(name) for name in recording.channels],
        "channels": list(recording.channels),
    }
    if recording.stimulus_level is not None:
        found["stimulus_level"] = np.asarray(recording.stimulus_level).tolist()
    return found
