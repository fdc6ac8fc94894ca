"""What gating and influx do along a run, as tables of rates that other simulators take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone.kinds import STATES, ChannelKind

if TYPE_CHECKING:
    from endplate.body.activezone.case import Case

PER_NM3_OF_MOLAR = 0.602214076  # molecules in 1 nm^3 at 1 mol/l; exact by definition of the mole
_SOURCE = "on"  # the one state of a source of fixed flux


@dataclass(frozen=True, eq=False, slots=True)
class Step:
    """One reaction of a channel: a change of state, or the entry of an ion where `enters` is set."""

    name: str
    begin: str
    end: str
    enters: bool
    rate_per_s: NDArray[np.float64]  # (row,)


@dataclass(frozen=True, eq=False, slots=True)
class Course:
    """The reactions of one kind of channel along a run; each row holds until the next begins."""

    kind: str
    states: tuple[str, ...]
    start_ms: NDArray[np.float64]  # (row,)
    steps: tuple[Step, ...]

    def changes(self, step: Step) -> Iterator[tuple[float, float]]:
        """Yield (start in ms, rate per s) of the rows in which the rate changes."""
        before = np.concatenate([[np.nan], step.rate_per_s[:-1]])
        for row in np.flatnonzero(step.rate_per_s != before):
            yield float(self.start_ms[row]), float(step.rate_per_s[row])


def courses(case: Case) -> dict[str, Course]:
    """Return the reactions of every kind of channel that the case has, by kind."""
    start_ms, voltage_mv, _ = case.action_potential.train(case.train, duration_ms=case.duration_ms)
    return {name: _course(case, case.kinds[name], start_ms, voltage_mv) for name in dict.fromkeys(case.channel_kinds)}


def _course(case: Case, kind: ChannelKind, start_ms: NDArray[np.float64], voltage_mv: NDArray[np.float64]) -> Course:
    flux_per_s = 1e3 * kind.ions_per_open_ms(
        voltage_mv, external_calcium_mmolar=case.external_calcium_mmolar, magnesium_mmolar=case.magnesium_mmolar
    )
    if not kind.is_stochastic:
        # the source switches where it does, not where a row begins
        times = np.unique([t for t in (0.0, kind.open_from_ms, kind.open_until_ms) if t < case.duration_ms])
        is_on = (times >= kind.open_from_ms) & (times < kind.open_until_ms)
        flux = np.where(is_on, 1e3 * kind.flux_per_ms, 0.0)
        entry = Step(f"{kind.name}_enter", _SOURCE, _SOURCE, True, flux)
        return Course(kind.name, (_SOURCE,), times, (entry,))
    forward, back = kind.rates_per_ms(voltage_mv)
    steps = []
    for link, (left, right) in enumerate(pairwise(STATES)):
        steps.append(Step(f"{kind.name}_{left}_{right}", left, right, False, 1e3 * forward[:, link]))
        steps.append(Step(f"{kind.name}_{right}_{left}", right, left, False, 1e3 * back[:, link]))
    for state in kind.open_states:
        name = STATES[state]
        steps.append(Step(f"{kind.name}_enter_{name}", name, name, True, flux_per_s))
    return Course(kind.name, STATES, start_ms, tuple(steps))


def first_state(course: Course) -> str:
    """Return the state in which a channel begins."""
    return course.states[0]


def box_volume_nm3(case: Case) -> float:
    """Return the volume of the whole box, vesicles included. [nm^3]"""
    return float(np.prod([high - low for low, high in case.box_nm]))
