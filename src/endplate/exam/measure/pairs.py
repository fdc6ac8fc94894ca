"""Which response is compared with which: before and after an effort."""

from __future__ import annotations

from dataclasses import dataclass

from endplate.foundation.parameters import values_of
from endplate.foundation.records import Recording, Train


@dataclass(frozen=True, slots=True)
class Pair:
    """One response before an effort and the first one after it; sweeps are rows of the recording."""

    before: Train
    after: Train

    @property
    def before_sweep(self) -> int:
        """Row of the response before."""
        return self.before.sweeps[0]

    @property
    def after_sweep(self) -> int:
        """Row of the response after."""
        return self.after.sweeps[0]


def is_rest(train: Train) -> bool:
    """Say whether a train's first response can stand for the rested muscle.

    It is marked as at rest, or it is a low-rate train with no effort before it, or with at least
    2 min without stimulus and effort.
    """
    if not train.sweeps or train.role not in ("rest", "low rate"):
        return False
    if train.role == "rest" or (train.after_effort_s is None and train.effort_s is None):
        return True
    return train.rest_before_s is not None and train.rest_before_s >= values_of("exam/measure")["rest_at_least_s"]


def effort_pairs(recording: Recording) -> tuple[Pair, ...]:
    """Return the pairs of a recording, in its order.

    After: trains of role "immediate"; where a protocol has none, the low-rate trains whose first
    response followed an effort within 5 s. Before: the latest train of role "rest" ahead of it,
    else the latest low-rate train of the rested muscle.
    """
    trains = [train for train in recording.trains if train.sweeps]
    after = [train for train in trains if train.role == "immediate"]
    if not after:
        limit_s = values_of("exam/measure")["read_within_s"]
        after = [
            train
            for train in trains
            if train.role == "low rate" and train.after_effort_s is not None and train.after_effort_s <= limit_s
        ]
    pairs = []
    for train in after:
        ahead = [other for other in trains if other.sweeps[0] < train.sweeps[0] and is_rest(other)]
        before = [other for other in ahead if other.role == "rest"] or ahead
        if before:
            pairs.append(Pair(before[-1], train))
    return tuple(pairs)
