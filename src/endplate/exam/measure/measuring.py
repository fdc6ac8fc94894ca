"""Measure a recording: one row per stimulus, with cursors and quality flags."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
from endplate.exam.measure.window import Window, check_recording, is_needle, needle_start, search_window
from endplate.foundation.parameters import values_of
from endplate.foundation.records import Measurements, Recording
from endplate.foundation.rules import judge


@dataclass(frozen=True, eq=False)
class _Channel:
    """One channel, relative to its baseline, with the peak of every sweep.

    `blank` is the first sample past the artefact; `first` to `last` is the window of the peak.
    """

    sweeps: Sweeps
    baseline: Baseline
    peaks: Peaks
    blank: int
    first: int
    last: int


def _prepare(recording: Recording, name: str, window_ms: Window | None) -> _Channel:
    sweeps = sweeps_of(recording, name)
    if is_needle(recording):
        blank = needle_start(recording, sweeps, name)
        baseline = read_needle_baseline(sweeps, blank)
    else:
        baseline = read_baseline(sweeps)
        blank = artefact_end(sweeps, baseline)
    first, last = search_window(recording, sweeps, window_ms, blank)
    sweeps = replace(sweeps, up_mv=sweeps.up_mv - baseline.level_mv[:, None])
    return _Channel(sweeps, baseline, find_peaks(sweeps, first, last), min(blank, first), first, last)


def _columns(recording: Recording, name: str, channel: _Channel, amplitude_mv: Array) -> Measurements:
    """Return the columns that a compound response and a spike share; nan where there is no amplitude.

    Peak to peak is the difference of two samples, as laboratories and their software report it.
    """
    settings, sweeps, baseline, peaks = values_of("exam/measure"), channel.sweeps, channel.baseline, channel.peaks
    present = np.isfinite(amplitude_mv)
    level = np.maximum(settings["onset_over_noise"] * baseline.noise_mv, settings["onset_fraction"] * peaks.height_mv)
    onset = np.where(present, find_onsets(sweeps, peaks, level, channel.blank), np.nan)
    end = np.where(present, find_ends(sweeps, peaks, baseline.noise_mv), np.nan)
    downward = replace(sweeps, up_mv=-sweeps.up_mv)
    return Measurements(
        channel=name,
        stimulus_s=recording.stimulus_s,
        amplitude_mv=amplitude_mv,
        peak_to_peak_mv=np.ptp(sweeps.up_mv[:, channel.first : channel.last + 1], axis=1),
        area_mvms=area_between(sweeps, onset, end),
        duration_ms=end - onset,
        latency_ms=onset,
        baseline_mv=baseline.level_mv,
        noise_mv=baseline.noise_mv,
        onset_ms=onset,
        peak_ms=np.where(present, peaks.time_ms, np.nan),
        end_ms=end,
        trough_ms=find_peaks(downward, channel.first, channel.last).time_ms,
        row_flags=((),) * recording.n_sweeps,
    )


def _flagged(measured: Measurements, flags: set[str], rows: Rows) -> Measurements:
    return replace(measured, flags=in_order(flags), row_flags=tuple(in_order(row) for row in rows))


def _compound(recording: Recording, name: str, channel: _Channel) -> Measurements:
    """Measure a compound response."""
    height, noise = channel.peaks.height_mv, channel.baseline.noise_mv
    clear = (height > values_of("exam/measure")["response_over_noise"] * noise) & (height > 0.0)
    measured = _columns(recording, name, channel, np.where(clear, height, np.nan))
    rows: Rows = [set() for _ in range(recording.n_sweeps)]
    signal_flags(
        rows,
        sweeps=channel.sweeps,
        baseline=channel.baseline,
        peaks=channel.peaks,
        amplitude_mv=measured.amplitude_mv,
        onset_ms=measured.onset_ms,
        end_ms=measured.end_ms,
    )
    protocol_flags(
        rows,
        recording,
        amplitude_mv=measured.amplitude_mv,
        area_mvms=measured.area_mvms,
        duration_ms=measured.duration_ms,
    )
    return _flagged(measured, recording_flags(recording), rows)


def _spike_ms(channel: _Channel) -> tuple[Array, Array]:
    """Return height and time of each sweep's spike, nan where blocked."""
    height = blocked_sweeps(channel.peaks, channel.baseline)
    return height, spike_latencies(channel.sweeps, channel.peaks, height, channel.blank)


def _endplate(recording: Recording, name: str, channel: _Channel) -> Measurements:
    """Measure one end-plate; in a voluntary pair its latency counts from the trigger."""
    height, latency = _spike_ms(channel)
    trigger = trigger_of(recording, name)
    trigger_ms = np.zeros(recording.n_sweeps)  # without one, the sweep is aligned on it
    if trigger is not None:
        _, trigger_ms = _spike_ms(_prepare(recording, trigger, None))
    seen = np.isfinite(trigger_ms)
    measured = replace(_columns(recording, name, channel, height), latency_ms=latency - trigger_ms)
    rows: Rows = [
        {"trigger missing"} if not has_trigger else ({"blocked"} if blocked else set())
        for has_trigger, blocked in zip(seen, np.isnan(height), strict=True)
    ]
    flags = recording_flags(recording)
    jitter_us = jitter_of(measured.latency_ms[seen], recording.stimulus_s[seen]).jitter_us
    if judge("direct-stimulation", jitter_us, "us").verdict == "supports":
        flags.add("direct stimulation")
    return _flagged(measured, flags, rows)


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
    check_recording(recording)
    name = channel_name(recording, channel)
    prepared = _prepare(recording, name, window_ms)
    measured = (_endplate if is_needle(recording) else _compound)(recording, name, prepared)
    if cursors is not None:
        measured = apply_cursors(measured, prepared.sweeps, read_cursors(cursors, recording, channel=name))
    return measured


def measure_all(
    recording: Recording, *, window_ms: Window | None = None, cursors: Path | str | None = None
) -> tuple[Measurements, ...]:
    """Measure every channel, in order; of a voluntary pair only the triggered potential."""
    names = endplate_channels(recording) if is_needle(recording) else recording.channels
    return tuple(measure(recording, channel=name, window_ms=window_ms, cursors=cursors) for name in names)
