"""Cutting: continuous pieces into sweeps around stimuli, and frames into one array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from endplate.exam.recording.raw import Channel, Piece
from endplate.foundation.errors import FileFormatError
from endplate.foundation.parameters import values_of


class Sweeps(NamedTuple):
    """Sweeps of equal length, in the units of the file, with what had to be left out."""

    signal: NDArray[np.float64]  # (sweep, channel, time)
    start_ms: float
    stimulus_s: NDArray[np.float64]  # (sweep,)
    notes: tuple[str, ...]


def _require_equal(lengths: Sequence[int], sampling_hz: float, cut_to_shortest: bool, what: str) -> tuple[str, ...]:
    shortest, longest = min(lengths), max(lengths)
    if shortest == longest:
        return ()
    first = next(i for i, n in enumerate(lengths) if n != lengths[0])
    text = (
        f"{what}s differ in length: number {first + 1} has {lengths[first]} samples "
        f"({lengths[first] / sampling_hz * 1000:.4g} ms), number 1 has {lengths[0]} "
        f"({lengths[0] / sampling_hz * 1000:.4g} ms)"
    )
    if not cut_to_shortest:
        raise FileFormatError(
            f"{text}. Say cut_to_shortest = true (--cut-to-shortest) to cut all to {shortest} samples, "
            "or export equal segments."
        )
    return (f"{text}; all were cut to {shortest} samples",)


def stack_frames(channels: Sequence[Channel], *, cut_to_shortest: bool) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Stack pieces that are one sweep each into (sweep, channel, time).

    Raises
    ------
    FileFormatError
        If segments differ in number or length and cutting was not asked for.
    """
    counts = {channel.name: len(channel.pieces) for channel in channels}
    if len(set(counts.values())) > 1:
        raise FileFormatError(f"channels hold different numbers of segments: {counts}. Read one with channel=.")
    lengths = [piece.samples.size for channel in channels for piece in channel.pieces]
    notes = _require_equal(lengths, channels[0].sampling_hz, cut_to_shortest, "segment")
    n = min(lengths)
    n_sweeps = len(channels[0].pieces)
    signal = np.empty((n_sweeps, len(channels), n))
    for c, channel in enumerate(channels):
        for s, piece in enumerate(channel.pieces):
            signal[s, c] = piece.samples[:n]
    return signal, notes


def _room(pieces: Sequence[Piece], times_s: NDArray[np.float64], sampling_hz: float) -> NDArray[np.float64]:
    """Return (stimulus, 3): piece (-1 if in none), seconds of data before and after each stimulus."""
    room = np.full((times_s.size, 3), np.nan)
    room[:, 0] = -1
    half = 0.5 / sampling_hz
    for index, piece in enumerate(pieces):
        end_s = piece.start_s + (piece.samples.size - 1) / sampling_hz
        inside = (times_s >= piece.start_s - half) & (times_s <= end_s + half)
        room[inside, 0] = index
        room[inside, 1] = np.maximum(times_s[inside] - piece.start_s, 0.0)
        room[inside, 2] = np.maximum(end_s - times_s[inside], 0.0)
    return room


def _window(
    room: NDArray[np.float64], times_s: NDArray[np.float64], sampling_hz: float, n_pieces: int, cut_to_shortest: bool
) -> tuple[float, float, tuple[str, ...]]:
    """Choose seconds before and after the stimuli when nobody said them."""
    limits = values_of("exam/recording")
    one_each = n_pieces > 1 and times_s.size == n_pieces and np.unique(room[:, 0]).size == n_pieces
    if one_each:  # a triggered file: its segments are the sweeps that the operator chose
        lengths = np.rint((room[:, 1] + room[:, 2]) * sampling_hz).astype(int) + 1
        alike = np.ptp(lengths) <= 1  # a trigger between samples moves an end by one
        notes = () if alike else _require_equal(lengths.tolist(), sampling_hz, cut_to_shortest, "segment")
        return float(room[:, 1].min()), float(room[:, 2].min()), notes
    before, after = limits["sweep_before_ms"] / 1000, limits["sweep_after_ms"] / 1000
    if times_s.size > 1:
        shortest = float(np.diff(np.sort(times_s)).min())
        before = min(before, 0.1 * shortest)
        after = min(after, shortest - before - 1 / sampling_hz)
    before = min(before, float(room[:, 1].min()))  # keep a response at the very beginning
    enough = room[:, 2] >= limits["shortest_useful_sweep_ms"] / 1000
    if enough.any():
        after = min(after, float(room[enough, 2].min()))
    return before, after, ()


def _require_same_pieces(channels: Sequence[Channel]) -> None:
    first = [(piece.start_s, piece.samples.size) for piece in channels[0].pieces]
    for channel in channels[1:]:
        other = [(piece.start_s, piece.samples.size) for piece in channel.pieces]
        if len(other) != len(first) or not np.allclose(np.array(other), np.array(first), atol=1 / channel.sampling_hz):
            raise FileFormatError(
                f"channels {channels[0].name!r} and {channel.name!r} were not recorded over the same time. "
                "Read one of them with --channel."
            )


def cut_sweeps(
    channels: Sequence[Channel],
    times_s: NDArray[np.float64],
    *,
    sweep_ms: tuple[float, float] | None = None,
    cut_to_shortest: bool = False,
) -> Sweeps:
    """Cut sweeps of equal length around stimuli.

    Every sweep starts at a sample, so a stimulus lies up to half a sample from its nominal place;
    where the offset is the same in all sweeps, `start_ms` holds it exactly. Stimuli whose sweep
    would leave the data are left out and named in the notes.

    Parameters
    ----------
    channels
        Channels with the same pieces and rate.
    times_s
        (stimulus,), times of the stimuli in the file. [s]
    sweep_ms
        First and last time of a sweep after its stimulus; None for 5 ms before to 50 ms after, or
        less where stimuli or the ends of the data are closer, or the whole segment in a file with
        one stimulus per segment. [ms]

    Raises
    ------
    FileFormatError
        If no stimulus has its whole sweep in the data, or segments differ in length.
    """
    rate, pieces = channels[0].sampling_hz, channels[0].pieces
    _require_same_pieces(channels)
    # A sweep is placed by its first sample where it is given: the stimulus itself may lie before the data.
    lead_s = 0.0 if sweep_ms is None else sweep_ms[0] / 1000
    room = _room(pieces, times_s + lead_s, rate)
    inside = room[:, 0] >= 0
    if not inside.any():
        ends = f"{pieces[0].start_s:g} to {pieces[-1].start_s + pieces[-1].samples.size / rate:g} s"
        raise FileFormatError(
            f"none of the {times_s.size} stimuli has its sweep inside the data ({ends}). "
            "Times are seconds from the start of the file; for shorter sweeps use --sweep."
        )
    notes: tuple[str, ...] = ()
    if sweep_ms is None:
        before, after, notes = _window(room[inside], times_s[inside], rate, len(pieces), cut_to_shortest)
        if np.ptp((room[inside, 1] * rate + 0.5) % 1.0) > 1e-3:
            after -= 1 / rate  # between samples, some sweeps end a sample later
    else:
        before, after = -lead_s, sweep_ms[1] / 1000
    n = int(np.floor((before + after) * rate + 1e-6)) + 1
    kept, rows, offsets, left_out = [], [], [], []
    for k, time_s in enumerate(times_s):
        piece = pieces[int(room[k, 0])]
        position = (time_s - piece.start_s) * rate
        first = int(np.ceil(position - before * rate - 1e-6))
        if not inside[k] or first < 0 or first + n > piece.samples.size or n < 1:
            left_out.append(f"{k + 1} at {time_s:.4g} s")
            continue
        kept.append(k)
        offsets.append(first - position)
        rows.append([channel.pieces[int(room[k, 0])].samples[first : first + n] for channel in channels])
    if not rows:
        raise FileFormatError(
            f"no stimulus has the sweep of {-before * 1000:.4g} to {after * 1000:.4g} ms around it inside the data; "
            "ask for shorter sweeps with --sweep."
        )
    if left_out:
        notes += (f"stimulus {', '.join(left_out)} left out: its sweep leaves the data",)
    start_ms = float(np.mean(offsets)) / rate * 1000
    if np.ptp(offsets) > 1e-3:
        notes += ("stimuli fall between samples: each sweep is aligned to within half a sample",)
    return Sweeps(np.array(rows, dtype=np.float64), start_ms, times_s[np.array(kept)], notes)
