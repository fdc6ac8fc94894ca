"""Measure a recording: one row per stimulus, with cursors and quality flags."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from endplate.exam.measure.baseline import Baseline, artefact_end, read_baseline, read_needle_baseline
from endplate.exam.measure.cursors import apply_cursors, read_cursors
from endplate.exam.measure.flags import in_order
from endplate.exam.measure.jitter import jitter_of
from endplate.exam.measure.quality import Rows, protocol_flags, recording_flags, signal_flags
from endplate.exam.measure.response import Peaks, area_between, find_ends, find_onsets, find_peaks
from endplate.exam.measure.signal import Array, Sweeps, channel_name, sweeps_of
from endplate.exam.measure.spikes import blocked_sweeps, endplate_channels, spike_latencies, trigger_of
from endplate.foundation.errors import InputError
from endplate.foundation.parameters import values_of
from endplate.foundation.records import Measurements, Recording
from endplate.foundation.rules import judge

Window = tuple[float, float]


def is_needle(recording: Recording) -> bool:
    """Say whether the recording holds single-fibre potentials and not a compound response."""
    return recording.electrode != "surface"


def _checked(recording: Recording) -> None:
    if recording.n_sweeps == 0 or recording.signal_mv.shape[2] < 8:
        raise InputError(f"a recording needs at least one sweep of 8 samples, got shape {recording.signal_mv.shape}.")
    if not np.isfinite(recording.signal_mv).all():
        sweep = int(np.flatnonzero(~np.isfinite(recording.signal_mv).all(axis=(1, 2)))[0])
        raise InputError(f"sweep {sweep} holds a sample that is not a number: cut it out or read the file again.")
    lowest_hz = values_of("exam/measure")["refused_below_hz"]
    if not recording.sampling_hz >= lowest_hz:
        raise InputError(
            f"sampled at {recording.sampling_hz:g} Hz, which is too coarse for a muscle response: at least "
            f"{lowest_hz:g} Hz is needed, better 10000 Hz. Is the rate in kHz, or was the file resampled?"
        )


def _window(recording: Recording, sweeps: Sweeps, window_ms: Window | None, blank: int) -> tuple[int, int]:
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


def _needle_start(recording: Recording, sweeps: Sweeps, channel: str) -> int:
    """Return the first sample that may hold the potential: past the artefact, or past the trigger at 0."""
    settings = values_of("exam/measure")
    if recording.stimulation != "voluntary":
        return sweeps.index(settings["blanking_ms"])
    alone = trigger_of(recording, channel) is None and channel in endplate_channels(recording)
    return sweeps.index(settings["trigger_potential_ms"]) if alone else 0


def _prepare(
    recording: Recording, channel: str, window_ms: Window | None
) -> tuple[Sweeps, Baseline, Peaks, int, int, int]:
    sweeps = sweeps_of(recording, channel)
    if is_needle(recording):
        blank = _needle_start(recording, sweeps, channel)
        baseline = read_needle_baseline(sweeps, blank)
    else:
        baseline = read_baseline(sweeps)
        blank = artefact_end(sweeps, baseline)
    first, last = _window(recording, sweeps, window_ms, blank)
    sweeps = replace(sweeps, up_mv=sweeps.up_mv - baseline.level_mv[:, None])
    return sweeps, baseline, find_peaks(sweeps, first, last), min(blank, first), first, last


def _extremes(sweeps: Sweeps, first: int, last: int) -> tuple[Array, Array]:
    """Return peak to peak between samples of the window, and when the positive peak comes.

    Peak to peak is the difference of two samples, as laboratories and their software report it.
    """
    inside = sweeps.up_mv[:, first : last + 1]
    trough = find_peaks(replace(sweeps, up_mv=-sweeps.up_mv), first, last)
    return np.ptp(inside, axis=1), trough.time_ms


def _build(recording: Recording, channel: str, window_ms: Window | None) -> tuple[Measurements, Sweeps]:
    settings, needle = values_of("exam/measure"), is_needle(recording)
    sweeps, baseline, peaks, blank, first, last = _prepare(recording, channel, window_ms)
    if needle:
        amplitude = blocked_sweeps(peaks, baseline)
    else:
        clear = (peaks.height_mv > settings["response_over_noise"] * baseline.noise_mv) & (peaks.height_mv > 0.0)
        amplitude = np.where(clear, peaks.height_mv, np.nan)
    present = np.isfinite(amplitude)
    level = np.maximum(settings["onset_over_noise"] * baseline.noise_mv, settings["onset_fraction"] * peaks.height_mv)
    onset = np.where(present, find_onsets(sweeps, peaks, level, blank), np.nan)
    end = np.where(present, find_ends(sweeps, peaks, baseline.noise_mv), np.nan)
    latency, trigger_ms = onset, np.zeros(recording.n_sweeps)
    if needle:
        latency = spike_latencies(sweeps, peaks, amplitude, blank)
        trigger = trigger_of(recording, channel)
        if trigger is not None:
            trigger_ms = _trigger_latency(recording, trigger)
            latency = latency - trigger_ms
    peak_to_peak, trough = _extremes(sweeps, first, last)
    area = area_between(sweeps, onset, end)
    rows: Rows = [set() for _ in range(recording.n_sweeps)]
    if needle:
        for row in range(recording.n_sweeps):
            if np.isnan(trigger_ms[row]):
                rows[row].add("trigger missing")
            elif not present[row]:
                rows[row].add("blocked")
    else:
        signal_flags(
            rows, sweeps=sweeps, baseline=baseline, peaks=peaks, amplitude_mv=amplitude, onset_ms=onset, end_ms=end
        )
        protocol_flags(rows, recording, amplitude_mv=amplitude, area_mvms=area, duration_ms=end - onset)
    measured = Measurements(
        channel=channel,
        stimulus_s=recording.stimulus_s,
        amplitude_mv=amplitude,
        peak_to_peak_mv=peak_to_peak,
        area_mvms=area,
        duration_ms=end - onset,
        latency_ms=latency,
        baseline_mv=baseline.level_mv,
        noise_mv=baseline.noise_mv,
        onset_ms=onset,
        peak_ms=np.where(present, peaks.time_ms, np.nan),
        end_ms=end,
        trough_ms=trough,
        row_flags=tuple(in_order(row) for row in rows),
        flags=in_order(recording_flags(recording) | (_needle_flags(latency, recording, rows) if needle else set())),
    )
    return measured, sweeps


def _trigger_latency(recording: Recording, trigger: str) -> Array:
    sweeps, baseline, peaks, blank, _, _ = _prepare(recording, trigger, None)
    return spike_latencies(sweeps, peaks, blocked_sweeps(peaks, baseline), blank)


def _needle_flags(latency_ms: Array, recording: Recording, rows: Rows) -> set[str]:
    seen = np.array(["trigger missing" not in row for row in rows])
    jitter_us = jitter_of(latency_ms[seen], recording.stimulus_s[seen]).jitter_us
    direct = judge("direct-stimulation", jitter_us, "us").verdict == "supports"
    return {"direct stimulation"} if direct else set()


def measure(
    recording: Recording,
    *,
    channel: str | None = None,
    window_ms: Window | None = None,
    cursors: Path | str | None = None,
) -> Measurements:
    """Measure one channel; simulated and real recordings alike.

    Amplitude runs from the baseline to the negative peak (plotted up, refined by a parabola);
    area and duration from the onset to the first baseline crossing; latency to the onset. A needle
    electrode makes the channel an end-plate: latency is then half-way up the spike, nan where
    blocked, and in a voluntary pair it counts from the triggering potential.

    Parameters
    ----------
    recording
        Sweeps around stimuli.
    channel
        Which channel; may be left out where there is one.
    window_ms
        Where the peaks are looked for, after the stimulus. By default from the end of the
        artefact to 25 ms; 15 to 60 ms for magnetic stimulation. [ms]
    cursors
        A cursor file of this recording; rows that were moved by hand keep their cursors.

    Returns
    -------
    Measurements
        One row per sweep, nan where nothing stood clear of the noise; peak to peak is always
        given, as the difference of two samples in the window.

    Raises
    ------
    InputError
        If the sampling rate is below 2 kHz, a sample is not a number, the window leaves the sweep,
        or the cursor file belongs to another recording or cannot be used.

    Notes
    -----
    Leaves out F waves, H reflexes and repeaters: give ``window_ms`` to measure them.

    Examples
    --------
    >>> t = np.arange(400) / 20.0 - 2.0  # 20 kHz, from 2 ms before the stimulus
    >>> wave = np.where((t > 3) & (t < 13), -8.0 * np.sin(np.pi * (t - 3) / 5), 0.0)
    >>> one = Recording(wave[None, None, :], 20_000.0, -2.0, np.array([0.0]))
    >>> m = measure(one)
    >>> [round(float(x[0]), 1) for x in (m.amplitude_mv, m.area_mvms, m.duration_ms, m.latency_ms)]
    [8.0, 25.5, 5.0, 3.0]
    """
    _checked(recording)
    name = channel_name(recording, channel)
    measured, sweeps = _build(recording, name, window_ms)
    if cursors is not None:
        measured = apply_cursors(measured, sweeps, read_cursors(cursors, recording, channel=name))
    return measured


def measure_all(
    recording: Recording, *, window_ms: Window | None = None, cursors: Path | str | None = None
) -> tuple[Measurements, ...]:
    """Measure every channel, in order; of a voluntary pair only the triggered potential."""
    names = endplate_channels(recording) if is_needle(recording) else recording.channels
    return tuple(measure(recording, channel=name, window_ms=window_ms, cursors=cursors) for name in names)
