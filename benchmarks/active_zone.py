"""The active zone: processor time of a trial, moves of ions per second, memory, beside MCell."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import numpy as np

from benchmarks.row import Row
from endplate.body.activezone import read_case, simulate
from endplate.foundation.compile import kernel
from endplate.foundation.random import normal_quantiles
from endplate.foundation.random._kernels import normal_fast, words

# processor seconds of a trial, one core, and calcium moves per second: MCell 4.0.5, MCell3 engine
MCELL_S = {"az4": 1.53, "sc1": 1.35, "mouse": 100.0}
MCELL_MOVES_PER_S = 2.8e6

_SEGMENT = """
import json, resource, sys, time
from endplate.body.activezone import read_case, simulate
case, trials = read_case("mouse"), int(sys.argv[1])
simulate(case.with_duration(0.1), trials=1, seed=9, threads=1)  # compile and load
began = time.process_time()
result = simulate(case, trials=trials, seed=1, threads=1)
cpu = (time.process_time() - began) / trials
print(json.dumps({"cpu": cpu, "moves": float(result.moves.mean()), "sites": case.n_buffer_sites,
                  "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


@kernel
def _draws(key: np.uint64, n: int, table: np.ndarray) -> float:
    """Return a sum of the draws that n moves need: one Philox block and three normals each, and nothing else."""
    total = 0.0
    for move in range(n):
        w0, w1, w2, _ = words(key, 5, move, 0)
        total += normal_fast(w0, table) + normal_fast(w1, table) + normal_fast(w2, table)
    return total


def draws_ns(n: int = 1_000_000) -> float:
    """Return the time of the random numbers of one move, the arithmetic that no particle engine can leave out. [ns]"""
    key, table = np.uint64(1), normal_quantiles()
    _draws(key, 10, table)
    found = []
    for _ in range(3):
        began = time.process_time()
        _draws(key, n, table)
        found.append(time.process_time() - began)
    return 1e9 * min(found) / n


def trial_cost(name: str, trials: int, engine: str = "particles") -> tuple[float, float]:
    """Return processor seconds and moves of one trial on one core, compiled before."""
    case = read_case(name)
    simulate(case, trials=2, seed=9, engine=engine, threads=1)
    began = time.process_time()
    result = simulate(case, trials=trials, seed=1, engine=engine, threads=1)
    return (time.process_time() - began) / trials, float(result.moves.mean())


def segment_cost(trials: int) -> dict[str, float]:
    """Return processor seconds, moves and peak memory of the mouse segment, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", _SEGMENT, str(trials)], check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def zone(trials: int) -> list[Row]:
    """Return the cost of the reference cases with both engines, and of the mouse segment."""
    draw_ns = draws_ns()
    rows = []
    for name, what, budget, aim in (("az4", "AZ4, particles", 0.05, 0.015), ("sc1", "SC1, particles", None, None)):
        cost, moves = trial_cost(name, trials)
        rows.append(
            Row(
                f"{what}, one trial, one core", cost, "s", budget, aim, 1e-9 * draw_ns * moves,
                f"MCell takes {MCELL_S[name] / cost:.0f} times as long; {moves:,.0f} moves, "
                f"{moves / cost / 1e6:.0f} million a second (MCell: {MCELL_MOVES_PER_S / 1e6:.1f}); the bound is one "
                f"Philox block and three normals a move, {draw_ns:.0f} ns; a trial fits the cache, memory is no bound",
            )
        )  # fmt: skip
    cost, _ = trial_cost("az4", 4 * trials, "fast")
    rows.append(
        Row("AZ4, fast, one trial, one core", 1e3 * cost, "ms", 1.5, 0.3, None,
            f"MCell takes {MCELL_S['az4'] / cost:,.0f} times as long")
    )  # fmt: skip
    segment = segment_cost(max(trials // 20, 2))
    rows += [
        Row(
            "mouse segment, particles, one trial, one core", segment["cpu"], "s", 5.0, None,
            1e-9 * draw_ns * segment["moves"],
            f"MCell took over {MCELL_S['mouse']:.0f} s on a larger box; {segment['sites']:,.0f} buffer sites, "
            f"{segment['moves']:,.0f} moves",
        ),
        Row("the same, peak memory of the process", segment["mb"], "MB", 500.0, None, None, "imports included"),
    ]  # fmt: skip
    return rows
