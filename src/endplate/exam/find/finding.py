"""Find in a measured recording what published rules can read from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from endplate.exam.find.amplitude import low_amplitude
from endplate.exam.find.decrement import after_effort, decrements, shapes
from endplate.exam.find.increment import increments_after_effort, increments_at_high_rate, reflexes
from endplate.exam.find.needle import DEFAULT_SET, jitter_findings
from endplate.exam.find.strength import strength
from endplate.exam.measure import fingerprint, is_needle
from endplate.foundation.errors import InputError
from endplate.foundation.records import Finding, Findings, Measurements, Recording
from endplate.foundation.rules import ReferenceSet, reference_set

if TYPE_CHECKING:
    from endplate.exam.examination.types import Effort


def find(
    recording: Recording,
    measurements: Measurements | Sequence[Measurements],
    *,
    reference_set: str | ReferenceSet | None = None,
    on: date | None = None,
    efforts: Sequence[Effort] = (),
) -> Findings:
    """Read a recording by every published rule that applies, side by side.

    Surface recordings: low amplitude, decrement with its shape, repair and exhaustion, increment
    after effort and at high rate, reflex. Needle recordings: jitter and blocking. Efforts: the
    time course of strength. A finding supports or does not support what its rule claims, and is
    never a diagnosis; it is "cannot tell", with what is missing, when data or quality do not allow.

    Parameters
    ----------
    recording
        The recording; its trains say what each sweep is.
    measurements
        Of one channel, or of several; of a surface recording the first is read.
    reference_set
        A built-in set by name, the path of a laboratory's own ``.toml``, or a set. None: no limit
        of amplitude, and Stålberg 2016 for jitter.
    on
        The day whose rule versions are used; None means the newest.
    efforts
        Force traces of the examination, if there are any.

    Raises
    ------
    InputError
        If there are no measurements, or they do not belong to this recording.
    UnknownNameError
        If there is no such reference set.

    Examples
    --------
    >>> import numpy as np
    >>> from endplate.exam.measure import measure
    >>> from endplate.foundation.records import Train
    >>> t = np.arange(400) / 20.0 - 2.0
    >>> wave = np.where((t > 3) & (t < 13), -np.sin(np.pi * (t - 3) / 5), 0.0)
    >>> told = {"intensity": 1.3, "rest_before_s": 180.0}
    >>> effort = {"intensity": 1.3, "effort_s": 10.0, "effort_fraction": 1.0, "after_effort_s": 1.0}
    >>> one = Recording(
    ...     np.stack([1.0 * wave, 3.2 * wave])[:, None, :], 20_000.0, -2.0, np.array([0.0, 15.0]),
    ...     temperature_degc=34.0, drug="none",
    ...     trains=(Train("rest", "rest", (0,), **told), Train("after", "immediate", (1,), **effort)),
    ... )
    >>> first = find(one, measure(one)).of("increment")[0]
    >>> first.verdict, first.because, first.rule
    ('supports', '220 % is at least 60 %', 'increment-kohler, 2018')
    """
    several = (measurements,) if isinstance(measurements, Measurements) else tuple(measurements)
    if not several:
        raise InputError("nothing was measured: give at least one channel's measurements.")
    for one in several:
        if one.channel not in recording.channels or one.n_sweeps != recording.n_sweeps:
            raise InputError(
                f"measurements of channel {one.channel!r} with {one.n_sweeps} sweeps do not belong to this recording "
                f"of {recording.n_sweeps} sweeps and channels {', '.join(recording.channels)}."
            )
    chosen = _chosen(reference_set)
    if is_needle(recording):
        found = jitter_findings(recording, several, chosen, on)
    else:
        found = _surface(recording, several[0], chosen, on)
    used = chosen.name if chosen else (DEFAULT_SET if is_needle(recording) else "")
    return Findings(
        findings=(*found, *strength(efforts)),
        muscle=recording.muscle,
        side=recording.side,
        reference_set=used,
        simulated=recording.simulated,
        provenance={
            "recording": fingerprint(recording),
            "rules": "; ".join(sorted({finding.rule for finding in found if finding.rule})),
            "rules on": str(on) if on else "newest",
        },
    )


def _chosen(name: str | ReferenceSet | None) -> ReferenceSet | None:
    return reference_set(name) if isinstance(name, str) else name


def _surface(
    recording: Recording, measured: Measurements, chosen: ReferenceSet | None, on: date | None
) -> tuple[Finding, ...]:
    if recording.stimulation != "electrical":
        return ()  # evoked from the brain or by will: no published rule of transmission reads it
    return (
        *low_amplitude(recording, measured, chosen, on),
        *increments_after_effort(recording, measured, on),
        *decrements(recording, measured, on),
        *shapes(recording, measured, on),
        *after_effort(recording, measured, on),
        *increments_at_high_rate(recording, measured, on),
        *reflexes(recording, measured),
    )
