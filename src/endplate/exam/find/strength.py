"""Time course of strength during a sustained maximal effort."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from endplate.exam.find.settle import Reading, unjudged
from endplate.foundation.records import Finding

if TYPE_CHECKING:
    from endplate.exam.examination.types import Effort

_BEGIN_S: Final = (0.5, 1.0)  # after the build-up of force, before facilitation has had time
_WINDOW_S: Final = 0.5


def strength(efforts: Sequence[Effort]) -> tuple[Finding, ...]:
    """Read how force rises above its first second, and how far it falls from its peak to the end."""
    return tuple(finding for effort in efforts for finding in _read(effort))


def _read(effort: Effort) -> tuple[Finding, ...]:
    time, force = np.asarray(effort.time_s, dtype=np.float64), np.asarray(effort.force_newton, dtype=np.float64)
    begin = force[(time >= _BEGIN_S[0]) & (time <= _BEGIN_S[1])]
    long_enough = time.size > 0 and time[-1] - time[0] >= 2.0 * _BEGIN_S[1] and begin.size > 0
    if not long_enough or not np.isfinite(force).all() or begin.mean() <= 0.0:
        reading = Reading("strength", f"{effort.name}: rise", None, "%", (), (), ("at least 2 s of force",))
        return (unjudged(reading, "the effort is too short or its force is not a number"),)
    edges = np.arange(time[0] + _BEGIN_S[0], time[-1] - _WINDOW_S / 2, _WINDOW_S)
    steps = np.array([force[(time >= edge) & (time <= edge + _WINDOW_S)].mean() for edge in edges])
    start, peak, end = float(begin.mean()), float(steps.max()), float(force[time >= time[-1] - _WINDOW_S].mean())
    rise, fall = 100.0 * (peak - start) / start, max(0.0, 100.0 * (peak - end) / peak)
    at = float(edges[int(np.argmax(steps))] + _WINDOW_S / 2)
    return (
        unjudged(
            Reading("strength", f"{effort.name}: rise", rise, "%"),
            f"strength peaks at {at:.1f} s, {rise:.0f} % above its first second; no limit is published",
        ),
        unjudged(
            Reading("strength", f"{effort.name}: fall to the end", fall, "%"),
            f"strength ends {fall:.0f} % below its peak; no limit is published",
        ),
    )
