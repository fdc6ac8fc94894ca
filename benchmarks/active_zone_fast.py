"""The fast engine of the active zone beside its budget and beside the particles.

python -m benchmarks.active_zone_fast
"""

from __future__ import annotations

import time

from rich.console import Console

from benchmarks.row import Row
from endplate.body.activezone import Case, DeterministicFusion, EnergyFusion, read_case, simulate
from endplate.body.activezone.fast import prepare, release
from endplate.foundation.random import stream

_MCELL_MS = 1530.0  # CPU time of a trial of AZ4 on the machine of the reference; compare as a ratio of engines


def _trial_ms(case: Case, engine: str, trials: int) -> float:
    """Return CPU time of a trial on one core. [ms]"""
    simulate(case, trials=2, seed=1, engine=engine, threads=1)
    began = time.process_time()
    simulate(case, trials=trials, seed=1, engine=engine, threads=1)
    return 1e3 * (time.process_time() - began) / trials


def _release_ms(case: Case, trials: int) -> float:
    """Return CPU time of a trial that computes fusion alone, under two rules. [ms]"""
    prepared, rules = prepare(case), [DeterministicFusion(), EnergyFusion()]
    release(prepared, trials=2, seed=1, rules=rules, threads=1)
    began = time.process_time()
    release(prepared, trials=trials, seed=1, rules=rules, threads=1)
    return 1e3 * (time.process_time() - began) / trials


def _layout_ms(layouts: int) -> float:
    """Return CPU time of the tables of one further layout of channels. [ms]"""
    case = read_case("mouse_zone")
    prepare(case)
    began = time.process_time()
    for layout in range(layouts):
        prepare(case.displaced(0.5, stream(layout, "benchmark")))
    return 1e3 * (time.process_time() - began) / layouts


def rows(trials: int = 5000) -> list[Row]:
    """Measure; the particles get a fiftieth of the trials."""
    az4 = read_case("az4")
    fast, particles = _trial_ms(az4, "fast", trials), _trial_ms(az4, "particles", max(trials // 50, 2))
    note = (
        f"particles {particles:.3g} ms, {particles / fast:.0f} times as long; the reference simulator {_MCELL_MS:g} ms"
    )
    return [
        Row("AZ4, fast, whole trial", fast, "ms", 1.5, 0.3, note=note),
        Row("AZ4, fast, release alone", _release_ms(az4, trials), "ms", 1.5, 0.3),
        Row("mouse zone, release alone", _release_ms(read_case("mouse_zone"), trials), "ms", 1.5, 0.3),
        Row(
            "train of 10 at 50 Hz, release alone", _release_ms(az4.with_train(50.0, 10), trials // 20), "ms", 15.0, 3.0
        ),
        Row("tables of a further layout", _layout_ms(20), "ms", 1000.0),
    ]


def main() -> None:
    """Print the rows."""
    from benchmarks.__main__ import show

    show(Console(), "Active zone, fast engine, one core", rows())


if __name__ == "__main__":
    main()
