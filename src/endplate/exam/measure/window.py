"""What can be measured at all, and where in the sweep the response is looked for."""

from __future__ import annotations

import numpy as np

from endplate.exam.measure.signal import Sweeps
from endplate.exam.measure.spikes import endplate_channels, trigger_of
from endplate.foundation.errors import InputError
from endplate.foundation.parameters import values_of
from endplate.foundation.records import Recording

Window = tuple[float, float]


def is_needle(recording: Recording) -> bool:
    """Say whether the recording holds single-fibre potentials and not a compound response."""
    return recording.electrode != "surface"


def check_recording(recording: Recording) -> None:
    """Refuse a recording that no response can be measured in: empty, not a number, sampled too coarsely."""
    if recording.n_sweeps == 0 or recording.signal_mv.shape[2] < 8:
        raise InputError(f"a recording needs at least one sweep of 8 samples, got shape {recording.signal_mv.shape}.")
    if not np.isfinite(recording.signal_mv).all():
        sweep = int(np.flatnonzero(~np.isfinite(recording.signal_mv).all(axis=(1, 2)))[0])
        raise InputError(f"sweep {sweep + 1} holds a sample that is not a number: cut it out or read the file again.")
    lowest_hz = values_of("exam/measure")["refused_below_hz"]
    if not recording.sampling_hz >= lowest_hz:
        raise InputError(
            f"sampled at {recording.sampling_hz:g} Hz, which is too coarse for a muscle response: at least "
            f"{lowest_hz:g} Hz is needed, better 10000 Hz. Is the rate in kHz, or was the file resampled?"
        )


def search_window(recording: Recording, sweeps: Sweeps, window_ms: Window | None, blank: int) -> tuple[int, int]:
    """Return first and last sample in which the largest deflection is looked for."""
    if window_ms is not None:
        start, end = (float(limit) for limit in window_ms)
        if not sweeps.start_ms - 1e-6 <= start < end <= sweeps.end_ms + sweeps.step_ms + 1e-6:
            raise InputError(
                f"window {start:g}:{end:g} ms must rise and lie within the sweep, "
                f"{sweeps.start_ms:g} to {sweeps.end_ms:g} ms after the stimulus."
            )
        first, last = sweeps.index(start), sweeps.index(end)
        last -= sweeps.start_ms + last * sweeps.step_ms > end + 1e-9
    elif recording.stimulation == "magnetic":
        settings = values_of("exam/measure")
        first, last = (sweeps.index(settings[f"magnetic_window_{side}_ms"]) for side in ("start", "end"))
    elif is_needle(recording):
        first, last = blank, sweeps.n_time - 1
    else:
        first, last = blank, sweeps.index(values_of("exam/measure")["window_end_ms"])
    if last - first < 4:
        raise InputError(
            f"only {last - first + 1} samples lie between {sweeps.start_ms + first * sweeps.step_ms:g} and "
            f"{sweeps.start_ms + last * sweeps.step_ms:g} ms: the sweep ends at {sweeps.end_ms:g} ms. Give window_ms."
        )
    return first, last


def needle_start(recording: Recording, sweeps: Sweeps, channel: str) -> int:
    """Return the first sample that may hold the potential: past the artefact, or past the trigger at 0."""
    settings = values_of("exam/measure")
    if recording.stimulation != "voluntary":
        return sweeps.index(settings["blanking_ms"])
    alone = trigger_of(recording, channel) is None and channel in endplate_channels(recording)
    return sweeps.index(settings["trigger_potential_ms"]) if alone else 0
