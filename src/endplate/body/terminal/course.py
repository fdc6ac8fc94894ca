"""Drive a terminal through impulses: the state that lives on, and the quanta that were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from endplate.body.terminal import _kernels as k
from endplate.body.terminal.terminal import Terminal
from endplate.foundation.errors import InputError
from endplate.foundation.parameters import values_of
from endplate.foundation.random import normal_quantiles

Array = NDArray[np.float64]
BLOCK = 4096  # junctions a block: results are the same for every number of threads


@dataclass(eq=False, slots=True)
class TerminalState:
    """What use has left behind: per group of junctions, and per junction. Changed in place.

    A *group* shares one impulse history: one for a rested muscle, one per motor unit after a
    voluntary effort.
    """

    plasticity: Array  # (group, N_STATE)
    docked: Array  # (group, 3, class)
    memory: Array  # (group, N_MEMORY, 2)
    surplus: Array  # (3, junction)
    reads: int  # impulses read since the terminal was built: numbers the draws

    @property
    def n_groups(self) -> int:
        """Number of histories."""
        return int(self.plasticity.shape[0])


@dataclass(frozen=True, eq=False, slots=True)
class Course:
    """What the read impulses of one block need: see the kernel `group_course`."""

    chance: Array  # (group, read, class)
    link: Array  # (group, read, N_LINK)
    reads: NDArray[np.int64]  # (group,) read impulses of each; groups may differ in a voluntary effort
    mean_quanta: tuple[Array, ...]  # per group: (impulse,), read or not


def rested(terminal: Terminal) -> TerminalState:
    """Return the state after long rest: every site full, no plasticity."""
    docked = np.zeros((1, 3, terminal.hazard.size))
    docked[:, :2] = 1.0
    return TerminalState(
        plasticity=np.zeros((1, k.N_STATE)),
        docked=docked,
        memory=np.zeros((1, k.N_MEMORY, 2)),
        surplus=np.zeros((3, terminal.n_junctions)),
        reads=0,
    )


def split_by_unit(state: TerminalState, n_units: int) -> None:
    """Give every motor unit a history of its own, as before a voluntary effort."""
    if state.n_groups == 1 and n_units > 1:
        state.plasticity = np.repeat(state.plasticity, n_units, axis=0)
        state.docked = np.repeat(state.docked, n_units, axis=0)
        state.memory = np.repeat(state.memory, n_units, axis=0)


def follow(
    terminal: Terminal, state: TerminalState, impulse_ms: Sequence[Array], is_read: Sequence[NDArray[np.uint8]]
) -> Course:
    """Take every group through its impulses and change the state; draw nothing yet.

    Parameters
    ----------
    impulse_ms
        Per group, ascending times on the session's clock. [ms]
    is_read
        Per group, 1 where quanta will be asked for. Groups with fewer reads are padded with silence.

    Raises
    ------
    InputError
        If times run backwards or faster than a nerve ending can follow, or shapes disagree.
    """
    if len(impulse_ms) != state.n_groups:
        raise InputError(f"{state.n_groups} groups of junctions, but {len(impulse_ms)} impulse trains.")
    if [mask.shape for mask in is_read] != [times.shape for times in impulse_ms]:
        raise InputError("is_read needs one entry per impulse of every group.")
    reads = np.array([int(mask.sum()) for mask in is_read], np.int64)
    n_read = int(reads.max(initial=0))
    chance = np.zeros((state.n_groups, n_read, terminal.hazard.size))
    link = np.zeros((state.n_groups, n_read, k.N_LINK))
    means = []
    highest_hz = values_of("body/terminal")["highest_rate_hz"]
    for g, times in enumerate(impulse_ms):
        _check_times(times, state.plasticity[g, k.LAST_MS], highest_hz)
        mean = np.zeros(times.size)
        k.group_course(
            times, is_read[g], terminal.hazard, terminal.mean_sites, terminal.mode, terminal.constants,
            state.plasticity[g], state.docked[g], state.memory[g], chance[g], link[g], mean,
        )  # fmt: skip
        means.append(mean)
    return Course(chance, link, reads, tuple(means))


def _check_times(times: Array, last_ms: float, highest_hz: float) -> None:
    if times.size == 0:
        return
    gaps = np.diff(times)
    if times[0] < last_ms or (gaps < 0).any():
        raise InputError("impulse times must ascend and follow the latest impulse of the session.")
    if gaps.size and gaps.min() < 1000.0 / highest_hz:
        raise InputError(
            f"impulses {gaps.min():.3g} ms apart are faster than {highest_hz:g} Hz, "
            "where the nerve ending itself fails. Are the times in ms?"
        )


def runs(terminal: Terminal, state: TerminalState, junctions: slice) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut a block of junctions into runs of one group: (run + 1,) edges and (run,) groups."""
    low, high = junctions.start, junctions.stop
    if state.n_groups == 1:
        # these runs only bound the scratch: short enough for the cache
        edges = np.append(np.arange(low, high, 256, dtype=np.int64), high)
        return edges, np.zeros(edges.size - 1, np.int64)
    starts = terminal.unit_start
    first, last = np.searchsorted(starts, low, "right") - 1, np.searchsorted(starts, high, "left")
    return np.clip(starts[first : last + 1], low, high), np.arange(first, last, dtype=np.int64)


def draw_quanta(
    terminal: Terminal,
    state: TerminalState,
    course: Course,
    junctions: slice,
    quanta: NDArray[np.float32],
    spare: NDArray[np.float32],
) -> None:
    """Draw the quanta of one block of junctions for every read impulse of a course.

    `quanta` and `spare` are (read, junction of the block), overwritten; `spare` holds one
    standard normal each, for whoever comes next in the chain. The state's per-junction part of
    this block moves on; call once per block and course, then count the reads with `finish`.
    """
    edges, groups = runs(terminal, state, junctions)
    longest = int(np.diff(edges).max())
    k.release(
        terminal.key, state.reads, edges, groups, course.reads, terminal.sites, course.chance, course.link,
        normal_quantiles(), state.surplus, np.empty((4, longest)), np.empty((4, longest), np.uint32),
        quanta, spare,
    )  # fmt: skip


def finish(state: TerminalState, course: Course) -> None:
    """Count the reads of a course, once all its blocks are drawn."""
    state.reads += int(course.chance.shape[1])
