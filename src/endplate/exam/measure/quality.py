"""Set the quality flags of one channel: of the whole recording, of each sweep, of each pair."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from endplate.exam.measure.baseline import Baseline
from endplate.exam.measure.pairs import effort_pairs, is_rest
from endplate.exam.measure.response import Peaks
from endplate.exam.measure.signal import Array, Sweeps
from endplate.foundation.parameters import values_of
from endplate.foundation.records import Recording, Train
from endplate.foundation.rules import rounded_mv

Rows = list[set[str]]


def recording_flags(recording: Recording) -> set[str]:
    """Return the flags that hold for every sweep."""
    settings, found = values_of("exam/measure"), set()
    if recording.temperature_degc is None:
        found.add("temperature unknown")
    elif recording.temperature_degc < settings["cold_below_degc"]:
        found.add("cold skin")
    if recording.drug is None:
        found.add("drug unknown")
    elif recording.drug.strip().lower() not in ("", "none", "no"):
        found.add("drug on board")
    if recording.sampling_hz < settings["coarse_below_hz"]:
        found.add("coarse sampling")
    return found


def _mark(rows: Rows, where: NDArray[np.bool_], flag: str) -> None:
    for row in np.flatnonzero(where):
        rows[row].add(flag)


def _clipped(as_read: Array) -> NDArray[np.bool_]:
    """Say which sweeps rest on the recording's own extreme for several samples."""
    run = round(values_of("exam/measure")["clipped_samples"])
    found = np.zeros(as_read.shape[0], dtype=bool)
    if as_read.shape[1] < run or as_read.max() == as_read.min():
        return found
    for extreme in (as_read.max(), as_read.min()):
        at = as_read == extreme
        if at.sum() >= run:
            windows = np.lib.stride_tricks.sliding_window_view(at, run, axis=1)
            found |= np.asarray(np.logical_and.reduce(windows, axis=2).any(axis=1))
    return found


def signal_flags(
    rows: Rows, *, sweeps: Sweeps, baseline: Baseline, peaks: Peaks, amplitude_mv: Array, onset_ms: Array, end_ms: Array
) -> None:
    """Add what the samples themselves show; `sweeps` are relative to the baseline."""
    settings = values_of("exam/measure")
    present = np.isfinite(amplitude_mv)
    _mark(rows, ~present, "no response")
    _mark(rows, present & (baseline.noise_mv > settings["noisy_over"] * np.nan_to_num(amplitude_mv)), "too noisy")
    _mark(rows, present & peaks.at_edge, "peak at window edge")
    _mark(rows, present & np.isnan(onset_ms), "artefact")
    _mark(rows, present & np.isnan(end_ms), "no return to baseline")
    _mark(rows, _clipped(sweeps.up_mv + baseline.level_mv[:, None]), "clipped")
    if not present.any():
        return
    allowed = settings["moving_baseline_over"] * float(np.median(amplitude_mv[present]))
    allowed = max(allowed, 5.0 * float(np.median(baseline.noise_mv)))
    jump = np.abs(baseline.level_mv - np.median(baseline.level_mv)) > allowed
    drift = np.zeros_like(jump)
    if baseline.before_stimulus:  # after an artefact its own recovery has a slope
        drift = np.abs(baseline.slope_mv_per_ms * np.nan_to_num(peaks.time_ms)) > allowed
    _mark(rows, jump | drift, "moving baseline")
    time_ms = sweeps.start_ms + np.arange(sweeps.n_time) * sweeps.step_ms
    early = (time_ms >= values_of("exam/measure")["artefact_longest_ms"]) & (
        time_ms < np.nan_to_num(onset_ms, nan=-np.inf)[:, None]
    )
    dip = -np.where(early, sweeps.up_mv, 0.0).min(axis=1)
    _mark(rows, present & (dip > np.maximum(0.1 * amplitude_mv, 3.0 * baseline.noise_mv)), "initial positivity")


def _intensity(recording: Recording, train: Train) -> set[str]:
    if recording.stimulation != "electrical" or train.role in ("recruitment", "unknown", "single fibre"):
        return set()
    if train.intensity is None:
        return {"intensity unknown"}
    return {"submaximal intensity"} if train.intensity < values_of("exam/measure")["supramaximal_intensity"] else set()


def _rest(recording: Recording, train: Train) -> set[str]:
    needed_s = values_of("exam/measure")["rest_at_least_s"]
    first = train.sweeps[0]
    times = recording.stimulus_s
    if first > 0 and np.all(np.diff(times[: first + 1]) > 0) and times[first] - times[first - 1] < needed_s:
        return {"not rested"}
    if train.rest_before_s is None:
        return {"rest unknown"}
    return {"not rested"} if train.rest_before_s < needed_s else set()


def _effort(train: Train) -> set[str]:
    settings, found = values_of("exam/measure"), set()
    if train.effort_s is None or train.effort_fraction is None:
        found.add("effort unknown")
    if train.effort_fraction is not None and train.effort_fraction < settings["maximal_effort_fraction"]:
        found.add("effort not maximal")
    if (
        train.effort_s is not None
        and not settings["effort_shortest_s"] <= train.effort_s <= settings["effort_longest_s"]
    ):
        found.add("wrong effort length")
    if train.after_effort_s is None:
        found.add("reading time unknown")
    elif train.after_effort_s > settings["read_within_s"]:
        found.add("read late")
    return found


def _too_small(amplitude_mv: float) -> bool:
    """Say whether a response is too small to be the whole of a percentage."""
    return np.isfinite(amplitude_mv) and float(rounded_mv(amplitude_mv)) < values_of("exam/measure")["lowest_before_mv"]


def _alike(recording: Recording, before: Train, after: Train) -> bool:
    tolerance = values_of("exam/measure")["unequal_intensity"]
    pairs = [(before.intensity, after.intensity)]
    if recording.stimulus_level is not None:
        pairs.append((recording.stimulus_level[before.sweeps[0]], recording.stimulus_level[after.sweeps[0]]))
    return all(
        one is None or other is None or abs(one - other) <= tolerance * max(abs(one), abs(other))
        for one, other in pairs
    )


def protocol_flags(
    rows: Rows, recording: Recording, *, amplitude_mv: Array, area_mvms: Array, duration_ms: Array
) -> None:
    """Add what the protocol shows: intensity, rest, effort, and what two responses say of each other."""
    settings = values_of("exam/measure")
    for train in recording.trains:
        if not train.sweeps:
            continue
        for sweep in train.sweeps:
            rows[sweep] |= _intensity(recording, train)
        first = train.sweeps[0]
        if is_rest(train):
            rows[first] |= _rest(recording, train)
        compared = is_rest(train) or train.role in ("low rate", "high rate")
        if compared and _too_small(float(amplitude_mv[first])):
            rows[first].add("below 0.3 mV")
    for pair in effort_pairs(recording):
        before, after = pair.before_sweep, pair.after_sweep
        rows[after] |= _effort(pair.after)
        if not _alike(recording, pair.before, pair.after):
            rows[after].add("unequal intensity")
        if not (np.isfinite(amplitude_mv[before]) and amplitude_mv[before] > 0):
            continue
        rise = 100.0 * (amplitude_mv[after] / amplitude_mv[before] - 1.0)
        area_rise = 100.0 * (area_mvms[after] / area_mvms[before] - 1.0)
        if (
            rise >= settings["pseudo_amplitude_percent"]
            and duration_ms[after] < duration_ms[before]
            and area_rise < settings["pseudo_area_below_percent"]
        ):
            rows[after].add("pseudo-facilitation")
