"""Stimulus times of a continuous recording: annotations, event channel, TTL edge, artefact."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from endplate.exam.recording.raw import Channel, Event, RawFile
from endplate.foundation.errors import FileFormatError, InputError, unknown_name
from endplate.foundation.parameters import values_of

# Words by which recorders and operators mark a stimulus; BrainVision codes it S 1, S 2...
_STIMULUS_TEXT: Final = re.compile(r"stim|trig|pulse|shock|ttl|tms|\breiz|\bimpuls|^\s*s\s*\d+\s*$", re.IGNORECASE)
_STIMULUS_CHANNEL: Final = re.compile(r"stim|trig|ttl|sync|marker|event|digital|status", re.IGNORECASE)
_LEVEL_BAND: Final = 0.2  # a logic level keeps within this fraction of the step
_LEVEL_SHARE: Final = 0.95  # samples that a two-level channel has at one of its levels


class Found(NamedTuple):
    """Stimulus times and the sentence that says where they came from."""

    times_s: NDArray[np.float64]
    note: str


def is_stimulus_channel(name: str) -> bool:
    """Return whether a channel's name says that it carries stimulus marks.

    Examples
    --------
    >>> is_stimulus_channel("TTL in"), is_stimulus_channel("ADM")
    (True, False)
    """
    return _STIMULUS_CHANNEL.search(name) is not None


def _times(events: Sequence[Event]) -> NDArray[np.float64]:
    return np.unique(np.array([event.time_s for event in events], dtype=np.float64))


def from_events(events: Sequence[Event], wanted: str | None, source: str) -> Found | None:
    """Take the events that are stimuli: those that match `wanted`, or that say so themselves.

    Raises
    ------
    InputError
        If `wanted` matches no event; the texts that are there are listed.
    """
    pool = [event for event in events if event.source == source]
    if wanted is not None:
        chosen = [event for event in pool if wanted.lower() in event.text.lower() or wanted == event.kind]
        if not chosen:
            texts = ", ".join(sorted({repr(event.text or event.kind) for event in pool})[:12]) or "none at all"
            raise InputError(f"no {source} matches {wanted!r}; the file has: {texts}.")
    else:
        chosen = [e for e in pool if _STIMULUS_TEXT.search(e.text) or _STIMULUS_TEXT.search(e.kind)]
        kinds = Counter(event.kind if source == "event channel" else event.text for event in pool)
        if not chosen and len(kinds) == 1 and len(pool) >= 3:
            chosen = pool  # one repeated mark and nothing else
    if not chosen:
        return None
    labels = sorted({event.text or event.kind for event in chosen})
    named = f" ({', '.join(labels[:3])}{', ...' if len(labels) > 3 else ''})" if labels != [""] else ""
    plural = "annotations" if source == "annotation" else "an event channel"
    return Found(_times(chosen), f"stimulus times from {plural}{named}")


def edges(samples: NDArray[np.float64]) -> NDArray[np.int64] | None:
    """Return the samples at which a two-level channel leaves its resting level, None if it is not two-level.

    Examples
    --------
    >>> edges(np.array([0.0, 0, 5, 5, 0, 0, 0, 5, 0, 0])).tolist()
    [2, 7]
    """
    if samples.size < 3 or not np.isfinite(samples).all():
        return None
    low, high = float(samples.min()), float(samples.max())
    if not high > low:
        return None
    position = (samples - low) / (high - low)
    at_level = (position < _LEVEL_BAND) | (position > 1.0 - _LEVEL_BAND)
    if at_level.mean() < _LEVEL_SHARE:
        return None
    active = position > 0.5
    if active.mean() > 0.5:  # active-low: the line rests at the high level
        active = ~active
    rising = np.flatnonzero(active[1:] & ~active[:-1]) + 1
    return rising.astype(np.int64)


def from_edges(channel: Channel) -> Found | None:
    """Take the edges of one TTL channel, in every piece."""
    found = []
    for piece in channel.pieces:
        hits = edges(piece.samples)
        if hits is not None:
            found.append(piece.start_s + hits / channel.sampling_hz)
    times = np.concatenate(found) if found else np.empty(0)
    return Found(times, f"stimulus times from the edges of channel {channel.name!r}") if times.size else None


def from_artefact(channel: Channel) -> Found | None:
    """Find stimulus artefacts: edges too abrupt for a muscle.

    An edge counts if its curvature is a quarter of the largest in the recording and ten times the
    noise, if curvature over slope is beyond what a muscle response can reach (parameter
    `artefact_corner_hz`), and if the slope is over within a millisecond. The first edge of a group
    is the stimulus.

    Raises
    ------
    FileFormatError
        If the channel is sampled too slowly to tell an artefact from a response.
    """
    limits = values_of("exam/recording")
    if channel.sampling_hz < limits["artefact_slowest_hz"]:
        raise FileFormatError(
            f"channel {channel.name!r} is sampled at {channel.sampling_hz:g} Hz; below "
            f"{limits['artefact_slowest_hz']:g} Hz a stimulus artefact cannot be told from a response. "
            "Give stimulus_times_s in the sidecar file, or record the trigger."
        )
    curvatures = [np.abs(np.diff(piece.samples, n=2)) for piece in channel.pieces]
    pooled = np.concatenate([c[np.isfinite(c)] for c in curvatures])
    if pooled.size == 0:
        return None
    threshold = max(0.25 * float(pooled.max()), 10.0 * 1.4826 * float(np.median(pooled)))
    # A one-sample step has curvature = slope: at low rates the corner must stay below that.
    corner_hz = min(limits["artefact_corner_hz"], 0.9 * channel.sampling_hz / (2 * np.pi))
    least_ratio = 2 * np.pi * corner_hz / channel.sampling_hz
    dead = int(limits["artefact_dead_ms"] / 1000 * channel.sampling_hz)
    millisecond = int(np.ceil(channel.sampling_hz / 1000))
    times: list[float] = []
    for piece, curvature in zip(channel.pieces, curvatures, strict=True):
        slope = np.abs(np.diff(piece.samples))
        last = -dead - 1
        for index in np.flatnonzero(curvature > threshold).tolist():
            if index - last > dead:
                nearby = np.nanmax(slope[max(0, index - 2) : index + 4])
                following = slope[index + 3 : index + 3 + millisecond]
                # A response may begin with a corner too, but then its slope goes on.
                is_brief = following.size > 0 and np.nanmedian(following) < 0.5 * nearby
                if is_brief and curvature[index] >= least_ratio * nearby:
                    times.append(piece.start_s + (index + 2) / channel.sampling_hz)  # the far side of the jump
                    last = index
    return Found(np.array(times), "stimulus times from the stimulus artefact") if times else None


def check_source(wanted: str) -> None:
    """Refuse words that name no source of stimulus times.

    Raises
    ------
    UnknownNameError
        With the sources there are.
    """
    _asked(wanted)


def _asked(wanted: str | None) -> tuple[str, str]:
    """Return the method and what it should look for."""
    method, _, what = (wanted or "auto").partition(":")
    method = method.strip().lower()
    if method not in ("auto", "annotations", "channel", "artefact"):
        raise unknown_name("source of stimulus times", method, ("annotations", "channel:NAME", "artefact"))
    return method, what


def find_stimuli(raw: RawFile, signal: Channel, wanted: str | None) -> Found:
    """Find the stimulus times as asked, or by the first source that has any.

    Parameters
    ----------
    raw, signal
        The file, and the channel in which an artefact is sought.
    wanted
        ``annotations``, ``annotations:TEXT``, ``channel:NAME``, ``artefact``, or None for the
        order annotations, event channel, TTL edge, artefact.

    Raises
    ------
    FileFormatError
        If no stimulus is found; the message says what was tried and how to give the times.
    """
    method, what = _asked(wanted)
    found: Found | None = None
    if method in ("auto", "annotations"):
        found = from_events(raw.events, what.strip() or None, "annotation")
    if found is None and method in ("auto", "channel"):
        found = _from_channel(raw, what.strip() or None)
    too_slow = ""
    if found is None and method in ("auto", "artefact"):
        try:
            found = from_artefact(signal)
        except FileFormatError as error:
            if method == "artefact":
                raise
            too_slow = f" {error}"
    if found is None:
        marks = sorted({event.text or event.kind for event in raw.events})
        seen = f" Its marks are: {', '.join(map(repr, marks[:12]))}." if marks else ""
        names = ", ".join(repr(channel.name) for channel in raw.channels)
        raise FileFormatError(
            "no stimulus found (looked for "
            f"{'annotations, an event channel, a TTL edge and an artefact' if method == 'auto' else wanted})."
            f"{seen} Its channels are: {names}.{too_slow} Say where they are with --stimulus annotations:TEXT or "
            "channel:NAME, or give stimulus_times_s in the sidecar file."
        )
    return found


def _from_channel(raw: RawFile, name: str | None) -> Found | None:
    """Take an event channel if there is one, else a TTL channel."""
    if name is not None:
        known = {channel.name: channel for channel in raw.channels}
        kinds = {event.kind for event in raw.events if event.source == "event channel"}
        if name in kinds:
            return from_events(raw.events, name, "event channel")
        if name not in known:
            raise unknown_name("channel", name, [*known, *sorted(kinds)])
        return from_edges(known[name])
    found = from_events(raw.events, None, "event channel")
    if found is None:
        for channel in raw.channels:
            if is_stimulus_channel(channel.name) and (found := from_edges(channel)) is not None:
                break
    return found
