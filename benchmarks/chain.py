"""The chain in one process: junctions, compound potential, scaling."""

from __future__ import annotations

import numpy as np

from benchmarks.row import Row, seconds
from endplate.body.muscle import build_basis, compound_potential
from endplate.body.person import Person
from endplate.body.person.preparation import Preparation
from endplate.body.terminal import _kernels as terminal_kernels
from endplate.change.presets import person as person_of
from endplate.foundation.random import _kernels as random_kernels
from endplate.foundation.random import stream


def _fast_ns(person: Person, n: int, n_stimuli: int) -> float:
    """Return ns per junction and stimulus of terminal, junction and fibre together, on one core."""
    preparation = Preparation(person, "fdi", n_fibres=n)
    clock = [0.0]

    def work() -> None:
        preparation.stimulate(clock[0] + np.arange(n_stimuli) * 100.0, threads=1)
        clock[0] += 1e5

    return 1e9 * seconds(work) / (n * n_stimuli)


def _exact_ns(person: Person, n: int, n_stimuli: int) -> float:
    """Return ns per junction and stimulus of the reference: two binomial draws per class."""
    preparation = Preparation(person, "fdi", n_fibres=n)
    terminal = preparation.terminal
    sites = np.ascontiguousarray(terminal.sites.T).astype(np.int64)
    quanta = np.empty((n_stimuli, n), np.float32)
    factor, refill = np.ones(n_stimuli), np.full(n_stimuli, 0.05)

    def work() -> None:
        terminal_kernels.exact_release(
            stream(1, "bench"), 0, 0, sites, terminal.hazard, factor, refill, sites.copy(), quanta
        )

    return 1e9 * seconds(work, 3) / (n * n_stimuli)


def _philox_ns() -> float:
    rows = [np.empty(4096, np.uint32) for _ in range(4)]
    return 1e9 * seconds(lambda: random_kernels.word_rows(stream(1, "bench"), 0, 0, *rows), 200) / rows[0].size


def kernels(n: int) -> list[Row]:
    """Return the cost of each link of the chain."""
    healthy, sick = person_of("healthy"), person_of("lems")
    philox = _philox_ns()
    rows = []
    for name, person in (("health", healthy), ("LEMS", sick)):
        fast, exact = _fast_ns(person, n, 20), _exact_ns(person, min(n, 4096), 10)
        rows.append(
            Row(
                f"junction and stimulus, {name}, one core", fast, "ns", 100.0, 30.0, philox,
                f"the exact scheme costs {exact:.0f} ns for the terminal alone, {exact / fast:.1f} times as much; "
                "the bound is one Philox block a stimulus",
            )
        )  # fmt: skip
    preparation = Preparation(healthy, "fdi", n_fibres=n)
    basis = build_basis(preparation.anatomy, temperature_degc=34.0, sampling_hz=20_000.0, window_ms=28.0)
    firing = preparation.stimulate(np.arange(20) * 100.0).firing
    one = 1e3 * seconds(lambda: compound_potential(basis, firing.fired, firing.arrival_ms)) / 20
    read = basis.coefficients.nbytes + n * 5
    speed = basis.coefficients.nbytes / seconds(lambda: float(basis.coefficients.sum()), 9)
    bound = 1e3 * read / speed
    rows.append(
        Row(
            "compound potential, one stimulus, one core", one, "ms", 0.5, None, bound,
            f"rank {basis.rank}, error {basis.error:.1e} of peak (budget 1e-3); "
            f"the bound reads {read / 1e6:.1f} MB at the {speed / 1e9:.0f} GB/s of a plain sum here",
        )
    )  # fmt: skip
    return rows


def scaling(largest: int) -> list[Row]:
    """Return the time of one train against the number of junctions."""
    rows = []
    n = 1000
    while n <= largest:
        preparation = Preparation(person_of("lems"), "fdi", n_fibres=n)
        clock = [0.0]

        def work(preparation: Preparation = preparation, clock: list[float] = clock) -> None:
            preparation.stimulate(clock[0] + np.arange(10) * 333.0)
            clock[0] += 1e5

        took = seconds(work)
        rows.append(
            Row(f"{n:,} junctions", 1e3 * took, "ms", note=f"{1e9 * took / (10 * n):.1f} ns a junction-stimulus")
        )
        n *= 10
    return rows
