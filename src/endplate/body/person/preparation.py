"""Preparation: one muscle of one person with its nerve, ready to be stimulated or used."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from endplate.body import fibre as fibres
from endplate.body import junction as junctions
from endplate.body import terminal as terminals
from endplate.body.muscle import (
    Anatomy,
    Impulses,
    arrival_at,
    build_anatomy,
    force_of,
    voluntary_impulses,
)
from endplate.body.person.person import Person
from endplate.body.person.size import ROOM, motor_unit_fraction, nerve_length_scale
from endplate.foundation.errors import InputError
from endplate.foundation.parameters import values_of
from endplate.foundation.random import _kernels as random
from endplate.foundation.random import stream
from endplate.foundation.records import Firing, Volley

Array = NDArray[np.float64]
Item = TypeVar("Item")
Result = TypeVar("Result")
FORCE_HZ = 200.0  # samples of a read effort: twitches last 30 ms and more
READS_AT_ONCE = 32  # bounds memory: 50,000 fibres x 32 reads of firing take 8 MB


@dataclass(frozen=True, eq=False, slots=True)
class ForceCourse:
    """Force of one voluntary effort.

    `time_s` from its start, `force_newton`, and `fired_fraction`, the share of the impulses,
    weighted by the fibres' cross-section, that fibres followed in each tenth of a second; all
    (time,).
    """

    time_s: Array
    force_newton: Array
    fired_fraction: Array


@dataclass(frozen=True, eq=False, slots=True)
class Response:
    """What the read impulses of one train did.

    `firing` holds every fibre and read; the others are (read,): the share of all fibres of the
    muscle that fired, and the means over the junctions whose axons the stimulus reached, of quanta
    [1] and of the end-plate potential as if no fibre fired [mV].
    """

    firing: Firing
    fired_fraction: Array
    quantal_content: Array
    endplate_potential_mv: Array


def n_threads() -> int:
    """Return how many blocks are worked on at once; results do not depend on it."""
    return max(1, min(os.cpu_count() or 1, 8))


def _in_threads(work: Callable[[Item], Result], items: Iterable[Item], threads: int | None = None) -> list[Result]:
    with ThreadPoolExecutor(threads or n_threads()) as pool:
        return list(pool.map(work, items))


class Preparation:
    """Nerve endings, junctions and fibres of one muscle, and what use has left behind in them.

    Parameters
    ----------
    person
        Whose muscle; the seed fixes the anatomy, the levers move it.
    muscle
        Key of the muscle, see `endplate.body.muscle.muscles`.
    n_fibres
        Fewer fibres for a quick look; the muscle's own number when not given.

    Notes
    -----
    The clock runs in ms from the start of the session; impulses must come in order.

    Examples
    --------
    >>> hand = Preparation(Person(), "adm", n_fibres=2000)
    >>> hand.stimulate(np.array([0.0])).fired_fraction.round(1)
    array([1.])
    """

    def __init__(self, person: Person, muscle: str, *, n_fibres: int | None = None) -> None:
        levers = person.levers_of(muscle)
        self.person, self.muscle, self.levers = person, muscle, levers
        self.anatomy: Anatomy = build_anatomy(
            muscle,
            seed=person.seed,
            n_fibres=n_fibres,
            nerve_length_scale=nerve_length_scale(height_cm=person.height_cm),
            unit_fraction=motor_unit_fraction(age_y=person.age_y),
        )
        self.terminal = terminals.build_terminal(
            levers=levers,
            unit_start=self.anatomy.unit_start,
            junction_size=self.anatomy.junction_size,
            seed=person.seed,
            muscle=muscle,
        )
        self.junction = junctions.build_junction(levers=levers, junction_size=self.anatomy.junction_size)
        self.fibres = fibres.build_fibres(levers=levers, n_fibres=self.n_fibres, seed=person.seed, muscle=muscle)
        self.nerve_ms = arrival_at(self.anatomy, temperature_degc=levers.temperature_degc)
        self._terminal_state = terminals.rested(self.terminal)
        self._receptor_state = np.zeros((1, 2))
        units = np.empty(self.n_units)
        random.normal_row(stream(person.seed, "axon excitability", muscle), 0, 0, units)
        self._axon_rank = units.argsort().argsort() / max(self.n_units - 1, 1)

    @property
    def n_fibres(self) -> int:
        """Simulated fibres."""
        return int(self.anatomy.junction_size.size)

    @property
    def n_units(self) -> int:
        """Simulated motor units."""
        return int(self.anatomy.unit_start.size - 1)

    def stimulated_units(self, intensity: float) -> NDArray[np.bool_]:
        """Return (unit,), which motor axons a stimulus of this intensity reaches (1 = just maximal).

        Axons are reached evenly between the parameter `axon_threshold_lowest` and the maximal
        stimulus, in a random order that belongs to the person.
        """
        lowest = values_of(ROOM)["axon_threshold_lowest"]
        share = (intensity - lowest) / (1.0 - lowest)
        return np.asarray(self._axon_rank <= share) if share < 1.0 else np.ones(self.n_units, bool)

    def stimulate(
        self,
        impulse_ms: Array,
        *,
        is_read: NDArray[np.uint8] | None = None,
        intensity: float = 1.2,
        threads: int | None = None,
    ) -> Response:
        """Give the nerve a train of electrical stimuli and read the fibres where asked.

        Parameters
        ----------
        impulse_ms
            (stimulus,), ascending, on the session's clock. [ms]
        is_read
            (stimulus,), 1 where the response is wanted; all when not given.
        intensity
            Stimulus over the one that just reaches every axon. [1]
        threads
            Blocks of fibres at once; the result does not depend on it.

        Raises
        ------
        InputError
            If there is no stimulus, if `is_read` has another length, or if times run backwards or
            faster than a nerve ending can follow.

        Notes
        -----
        A submaximal stimulus leaves some motor units out of the response. Those units stay in step
        with the others, so a session keeps one intensity for its trains and efforts in between.
        """
        times = np.ascontiguousarray(impulse_ms, np.float64)
        mask = np.ones(times.size, np.uint8) if is_read is None else np.ascontiguousarray(is_read, np.uint8)
        if times.size == 0:
            raise InputError("a train needs at least one stimulus.")
        if mask.shape != times.shape:
            raise InputError(f"is_read needs one entry per stimulus ({times.size}), got {mask.size}.")
        reached = np.repeat(self.stimulated_units(intensity), np.diff(self.anatomy.unit_start))
        parts = []
        for low, high in _chunks(mask):
            groups = self._terminal_state.n_groups
            parts.append(self._volley([times[low:high]] * groups, [mask[low:high]] * groups, reached, threads))
        return _joined(parts)

    def effort(
        self, *, start_ms: float, duration_s: float, fraction: float = 1.0, effort: int = 0, read: bool = False
    ) -> ForceCourse | None:
        """Let the person contract for some seconds; return the force only when it is read.

        Parameters
        ----------
        start_ms, duration_s
            Start on the session's clock, and length up to 600 s. [ms, s]
        fraction
            Effort over the maximal one, in [0, 1]. [1]
        effort
            Number of this effort in the session: names its random stream.
        read
            Whether force is wanted: an effort that nobody reads only updates state.

        Raises
        ------
        InputError
            If duration or fraction is out of range, or the effort begins before the latest stimulus.
        """
        impulses = voluntary_impulses(
            self.anatomy,
            effort=fraction,
            duration_s=duration_s,
            key=stream(self.person.seed, "effort", self.muscle, effort),
        )
        times = [start_ms + train for train in np.split(impulses.time_ms, impulses.start[1:-1])]
        self._split_by_unit()
        if not read:
            self._follow(times, [np.zeros(train.size, np.uint8) for train in times])
            return None
        parts = [np.zeros((self.n_units, 0))]
        # a few impulses of every unit at a time: units have histories of their own, so the cut changes nothing
        for low in range(0, max(train.size for train in times), READS_AT_ONCE):
            some = [train[low : low + READS_AT_ONCE] for train in times]
            parts.append(self._followed(*self._follow(some, [np.ones(train.size, np.uint8) for train in some])))
        return self._force(impulses, np.concatenate(parts, axis=1), duration_s)

    def _split_by_unit(self) -> None:
        terminals.split_by_unit(self._terminal_state, self.n_units)
        if self._receptor_state.shape[0] == 1:
            self._receptor_state = np.repeat(self._receptor_state, self.n_units, axis=0)

    def _force(self, impulses: Impulses, followed: Array, duration_s: float) -> ForceCourse:
        share = np.concatenate([row[:n] for row, n in zip(followed, np.diff(impulses.start), strict=True)])
        force = force_of(
            self.anatomy,
            impulses,
            share,
            duration_s=duration_s,
            sampling_hz=FORCE_HZ,
            temperature_degc=self.levers.temperature_degc,
        )
        # what a unit is worth to the fibres counted: its share of the muscle's cross-section
        worth = np.add.reduceat(self.anatomy.area_um2.astype(np.float64), self.anatomy.unit_start[:-1])[impulses.unit]
        tenths = max(int(duration_s * 10), 1)
        bins = np.minimum((impulses.time_ms / 100.0).astype(np.int64), tenths - 1)
        count = np.bincount(bins, worth, minlength=tenths)
        kept = np.bincount(bins, worth * share, minlength=tenths)
        time_s = np.arange(1, force.size + 1, dtype=np.float64) / FORCE_HZ
        tenth = np.minimum((time_s * 10).astype(np.int64), tenths - 1)
        with np.errstate(invalid="ignore"):
            fraction = (kept / count)[tenth]  # nan in a tenth of a second without any impulse
        return ForceCourse(time_s, force, fraction)

    def _follow(self, times: list[Array], masks: list[NDArray[np.uint8]]) -> tuple[terminals.Course, Array]:
        course = terminals.follow(self.terminal, self._terminal_state, times, masks)
        healthy = terminals.healthy_quantal_content()
        released = [mean / healthy for mean in course.mean_quanta]
        available = junctions.receptors_left(self.junction, self._receptor_state, times, released, masks)
        return course, available

    def _blocks(self) -> list[slice]:
        return [
            slice(low, min(low + terminals.BLOCK, self.n_fibres)) for low in range(0, self.n_fibres, terminals.BLOCK)
        ]

    def _block_volley(self, course: terminals.Course, available: Array, block: slice) -> Volley:
        """Return what one block of terminals and junctions did at every read impulse."""
        shape = (course.chance.shape[1], block.stop - block.start)
        quanta, spare, potential = (np.empty(shape, np.float32) for _ in range(3))
        terminals.draw_quanta(self.terminal, self._terminal_state, course, block, quanta, spare)
        edges, groups = terminals.runs(self.terminal, self._terminal_state, block)
        junctions.endplate_potential(self.junction, edges, groups, available, quanta, spare, potential)
        return Volley(quanta, potential, self.fibres.rise_ms)

    def _volley(
        self,
        times: list[Array],
        masks: list[NDArray[np.uint8]],
        reached: NDArray[np.bool_],
        threads: int | None,
    ) -> Response:
        course, available = self._follow(times, masks)
        n_read = course.chance.shape[1]
        fired = np.empty((n_read, self.n_fibres), np.uint8)
        arrival = np.empty((n_read, self.n_fibres), np.float32)

        def work(block: slice) -> tuple[Array, Array, Array]:
            volley = self._block_volley(course, available, block)
            quanta, potential = volley.quanta, volley.potential_mv
            for r in range(n_read):
                fibres.fire(self.fibres, block, potential[r], self.nerve_ms[block], fired[r, block], arrival[r, block])
            here = reached[block]
            if not here.all():
                fired[:, block][:, ~here] = 0
                quanta, potential = quanta[:, here], potential[:, here]
            return (
                fired[:, block].sum(axis=1, dtype=np.float64),
                quanta.sum(axis=1, dtype=np.float64),
                potential.sum(axis=1, dtype=np.float64),
            )

        sums = np.zeros((3, n_read))
        if n_read:
            # added in order: the same for every number of threads
            for part in _in_threads(work, self._blocks(), threads):
                sums += np.array(part)
        terminals.finish(self._terminal_state, course)
        total = max(int(reached.sum()), 1)
        return Response(Firing(fired, arrival), sums[0] / self.n_fibres, sums[1] / total, sums[2] / total)

    def _followed(self, course: terminals.Course, available: Array) -> Array:
        """Return (unit, impulse), the share of each unit's cross-section whose fibres fired."""
        n_read = course.chance.shape[1]
        starts = self.anatomy.unit_start
        weight = self.anatomy.area_um2.astype(np.float64)

        def work(block: slice) -> Array:
            volley = self._block_volley(course, available, block)
            fired = volley.potential_mv > self.fibres.threshold_mv[block]
            mine = fired * weight[block]
            sums = np.zeros((self.n_units, n_read))
            edges, groups = terminals.runs(self.terminal, self._terminal_state, block)
            # add.at: where the muscle is one unit, a block has several runs of it
            np.add.at(sums, groups, np.add.reduceat(mine, edges[:-1] - block.start, axis=1).T)
            return sums

        total = np.zeros((self.n_units, n_read))
        for part in _in_threads(work, self._blocks()):
            total += part
        terminals.finish(self._terminal_state, course)
        return total / np.add.reduceat(weight, starts[:-1])[:, None]


def _chunks(mask: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """Cut a train so that no piece reads more than memory should hold."""
    reads = np.cumsum(mask)
    pieces = range(READS_AT_ONCE, int(reads[-1]), READS_AT_ONCE)
    edges = [0, *(int(np.searchsorted(reads, piece)) + 1 for piece in pieces)]
    return list(zip(edges, [*edges[1:], mask.size], strict=True))


def _joined(parts: list[Response]) -> Response:
    if len(parts) == 1:
        return parts[0]
    return Response(
        Firing(
            np.concatenate([part.firing.fired for part in parts]),
            np.concatenate([part.firing.arrival_ms for part in parts]),
        ),
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("fired_fraction", "quantal_content", "endplate_potential_mv")
        ),
    )
