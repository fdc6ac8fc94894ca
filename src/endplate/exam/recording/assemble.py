"""Assemble: from what a file holds and what a person knows to a Recording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from endplate.exam.recording.cut import Sweeps, cut_sweeps, stack_frames
from endplate.exam.recording.raw import Channel, Frames, RawFile
from endplate.exam.recording.stimuli import check_source, find_stimuli, is_stimulus_channel
from endplate.exam.recording.trains import inferred_trains, stated_trains
from endplate.exam.recording.units import is_potential, millivolts_per, require_plausible
from endplate.foundation.errors import FileFormatError, InputError, UnitError, unknown_name
from endplate.foundation.parameters import values_of
from endplate.foundation.records import Recording, Train

# Keys that pass unchanged from the sidecar to the record.
_PASSED: Final = ("muscle", "side", "temperature_degc", "highpass_hz", "lowpass_hz", "montage", "electrode",
                  "stimulation", "negative_up", "drug", "hours_since_dose", "simulated", "seed")  # fmt: skip


def select_channels(raw: RawFile, wanted: object | None) -> tuple[Channel, ...]:
    """Return the channels asked for, or every channel of potential at the highest rate.

    Raises
    ------
    UnknownNameError, InputError
        If a channel asked for is not there.
    FileFormatError
        If no channel holds a potential, or those chosen have different rates.
    """
    if wanted is not None:
        items = wanted if isinstance(wanted, (list, tuple)) else [wanted]
        chosen = [_channel(raw, item) for item in items]
    else:
        chosen = [
            c for c in raw.channels if (c.unit is None or is_potential(c.unit)) and not is_stimulus_channel(c.name)
        ]
        if not chosen:
            there = ", ".join(f"{c.name!r} ({c.unit or 'no unit'})" for c in raw.channels)
            raise FileFormatError(f"no channel holds a potential; the file has {there}. Name one with --channel.")
        fastest = max(channel.sampling_hz for channel in chosen)
        chosen = [channel for channel in chosen if channel.sampling_hz == fastest]
    rates = {channel.name: channel.sampling_hz for channel in chosen}
    if len(set(rates.values())) > 1:
        raise FileFormatError(f"the channels chosen have different sampling rates: {rates}. Read them one by one.")
    return tuple(chosen)


def _channel(raw: RawFile, item: object) -> Channel:
    for channel in raw.channels:
        if channel.name == item:
            return channel
    names = [channel.name for channel in raw.channels]
    text = str(item)
    if not text.isdigit():
        raise unknown_name("channel", text, names)
    if not 1 <= int(text) <= len(names):
        raise InputError(f"no channel number {text}; the file has 1 to {len(names)}: {', '.join(names)}.")
    return raw.channels[int(text) - 1]


def require_sampling(sampling_hz: float, what: str) -> None:
    """Refuse rates at which a compound potential cannot be measured.

    Raises
    ------
    FileFormatError
        If the rate is below 2 kHz, or above what any amplifier does.
    """
    limits = values_of("exam/recording")
    low, high = limits["lowest_sampling_hz"], limits["highest_sampling_hz"]
    if not sampling_hz >= low * (1 - 1e-6):  # also catches nan
        raise FileFormatError(
            f"{what} is sampled at {sampling_hz:.5g} Hz; a compound potential needs at least {low:g} Hz, and 10000 Hz "
            "or more to be measured well. Was a filtered or down-sampled channel exported, or a time column read in "
            "the wrong unit?"
        )
    if sampling_hz > high * (1 + 1e-6):
        raise FileFormatError(
            f"{what} is sampled at {sampling_hz:.5g} Hz; at most {high:g} Hz is possible. "
            'Its time column is probably in ms: say time_unit = "ms" in the sidecar file.'
        )


def _sweeps_of_frames(channels: Sequence[Channel], frames: Frames, settings: Mapping[str, Any]) -> Sweeps:
    signal, notes = stack_frames(channels, cut_to_shortest=bool(settings.get("cut_to_shortest", False)))
    n_sweeps = signal.shape[0]
    if "stimulus" in settings:
        check_source(settings["stimulus"])
    for key, words in (("stimulus", "where to find stimuli"), ("sweep_ms", "where to cut sweeps")):
        if key in settings:
            notes += (f"the file holds sweeps, one stimulus each: {words} was not needed",)
    start_ms = settings.get("start_ms", frames.start_ms)
    if start_ms is None:
        start_ms = 0.0
        notes += ("the file does not say where the stimulus is: taken at the first sample of each sweep",)
    if "stimulus_times_s" in settings:
        times = np.array(settings["stimulus_times_s"], dtype=np.float64)
        if times.size != n_sweeps:
            raise InputError(f"stimulus_times_s names {times.size} times, but the file has {n_sweeps} sweeps.")
    elif "rate_hz" in settings:
        times = np.arange(n_sweeps) / float(settings["rate_hz"])
    elif frames.stimulus_s is not None:
        times = frames.stimulus_s
    else:
        times = np.full(n_sweeps, np.nan)
        notes += ("the file does not say when its sweeps were recorded: stimulus times are unknown",)
    return Sweeps(signal, float(start_ms), times, notes)


def _sweeps_of_pieces(raw: RawFile, channels: Sequence[Channel], settings: Mapping[str, Any]) -> Sweeps:
    if "stimulus_times_s" in settings:
        times, note = np.array(settings["stimulus_times_s"], dtype=np.float64), "stimulus times from the sidecar file"
        if not np.isfinite(times).all() or times.size == 0:
            raise InputError("stimulus_times_s must be finite seconds from the start of a continuous recording.")
    else:
        times, note = find_stimuli(raw, channels[0], settings.get("stimulus"))
    window = settings.get("sweep_ms")
    sweeps = cut_sweeps(
        channels,
        times,
        sweep_ms=None if window is None else (window[0], window[1]),
        cut_to_shortest=bool(settings.get("cut_to_shortest", False)),
    )
    return sweeps._replace(notes=(note, *sweeps.notes))


def _in_session_time(sweeps: Sweeps, known: Mapping[str, Any]) -> Sweeps:
    """Replace the clock of the file by the true one, where that is known or known to be lost."""
    n_sweeps = sweeps.signal.shape[0]
    if "session_times_s" in known:
        times = np.array(known["session_times_s"], dtype=np.float64)
        if times.size != n_sweeps:
            raise InputError(f"session_times_s names {times.size} times, but the file has {n_sweeps} sweeps.")
        return sweeps._replace(stimulus_s=times)
    return sweeps._replace(stimulus_s=np.full(n_sweeps, np.nan)) if known.get("times_unknown") else sweeps


def _names(channels: Sequence[Channel], settings: Mapping[str, Any]) -> tuple[str, ...]:
    names = settings.get("channels")
    return tuple(names) if names and len(names) == len(channels) else tuple(channel.name for channel in channels)


def _to_millivolts(
    signal: NDArray[np.float64], channels: Sequence[Channel], settings: Mapping[str, Any], trusted: bool
) -> NDArray[np.float64]:
    scaled = np.empty_like(signal)
    for index, channel in enumerate(channels):
        stated = settings.get("unit")
        if stated is not None and is_potential(channel.unit) and not trusted:
            mine, theirs = millivolts_per(stated, "the unit given"), millivolts_per(channel.unit, channel.name)
            if mine != theirs:
                raise UnitError(
                    f"channel {channel.name!r} is in {channel.unit} by the file, but {stated} was asked for. "
                    "Leave the unit out, or correct the gain with gain in the sidecar file."
                )
        unit = stated if stated is not None else channel.unit
        factor = millivolts_per(unit, f"channel {channel.name!r}") / float(settings.get("gain", 1.0))
        scaled[:, index] = signal[:, index] * factor
        if not trusted:
            require_plausible(scaled[:, index], str(unit), f"channel {channel.name!r}")
    return scaled


def _trains(sweeps: Sweeps, frames: Frames | None, settings: Mapping[str, Any]) -> tuple[Train, ...]:
    intensity = settings.get("intensity")
    if "trains" in settings:
        return stated_trains(settings["trains"], sweeps.signal.shape[0], intensity)
    if frames is not None and len(frames.groups) > 1:
        return tuple(Train(name, "unknown", rows, intensity=intensity) for name, rows in frames.groups.items())
    return inferred_trains(sweeps.stimulus_s, intensity)


def _missing_samples(signal: NDArray[np.float64]) -> tuple[str, ...]:
    bad = ~np.isfinite(signal)
    if not bad.any():
        return ()
    if bad.all():
        raise FileFormatError("every sample is NaN or infinite: the export wrote no data. Export it again.")
    rows = np.flatnonzero(bad.any(axis=(1, 2))) + 1
    return (f"{int(bad.sum())} samples are missing (NaN), in sweeps {', '.join(map(str, rows[:10]))}",)


def assemble(raw: RawFile, settings: Mapping[str, Any], *, source: str, checksum: str) -> Recording:
    """Build the Recording from a raw file and the settings of its sidecar.

    What the sidecar says goes before what the file says. Files that endplate wrote itself are
    taken at their word; all others are checked for impossible units.

    Raises
    ------
    FileFormatError, UnitError, InputError
        If the file, its units, or the settings do not make a recording.
    """
    known = {**raw.known, **settings}
    trusted = bool(raw.known.get("written_by_endplate", False) or settings.get("simulated", False))
    channels = select_channels(raw, settings.get("channel"))
    require_sampling(channels[0].sampling_hz, f"channel {channels[0].name!r}")
    frames = raw.frames
    if settings.get("layout") == "continuous":
        frames = None
    elif settings.get("layout") == "sweeps" and frames is None:
        frames = Frames(stimulus_s=_starts(channels, settings))
    sweeps = _sweeps_of_frames(channels, frames, settings) if frames else _sweeps_of_pieces(raw, channels, settings)
    sweeps = _in_session_time(sweeps, known)
    level = settings.get("stimulus_level", frames.level if frames else None)
    if level is not None and len(level) != sweeps.signal.shape[0]:
        raise InputError(f"stimulus_level names {len(level)} values, but the file has {sweeps.signal.shape[0]} sweeps.")
    signal = _to_millivolts(sweeps.signal, channels, settings, trusted)
    stated = tuple(known.get("notes", ()))
    return Recording(
        signal_mv=signal,
        sampling_hz=channels[0].sampling_hz,
        start_ms=sweeps.start_ms,
        stimulus_s=sweeps.stimulus_s,
        channels=_names(channels, settings),
        trains=_trains(sweeps, frames, known),
        stimulus_level=None if level is None else np.asarray(level, dtype=np.float64),
        source=str(known.get("source", source)),
        checksum=checksum,
        notes=(*stated, *(n for n in (*raw.notes, *sweeps.notes, *_missing_samples(signal)) if n not in stated)),
        **{key: known[key] for key in _PASSED if key in known},
    )


def _starts(channels: Sequence[Channel], settings: Mapping[str, Any]) -> NDArray[np.float64]:
    """Return true stimulus times of pieces that are sweeps, from the times of their first samples."""
    start_s = np.array([piece.start_s for piece in channels[0].pieces])
    return start_s - float(settings.get("start_ms", 0.0)) / 1000
