"""The fast engine against particles over a designed grid of conditions: how far apart, and where.

    python studies/activezone_grid.py                 # ten minutes or more on one core
    python studies/activezone_grid.py --trials 500    # a look

Both engines read the same openings and the same ions, so that the difference of a trial holds no noise of gating,
and its standard error is small. Writes activezone_grid.json and .md beside itself.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone import Case, DeterministicFusion, Ensemble, fusion_times, read_case, simulate
from endplate.foundation.random import stream

HERE = Path(__file__).parent
ALLOWED = 0.1  # of the value, or two standard errors


@dataclass(frozen=True, slots=True)
class Condition:
    """One point of the grid: a case, what is changed, and the share of the trials that it gets."""

    name: str
    case: Callable[[], Case]
    share: float = 1.0


def _zone() -> Case:
    return read_case("mouse_zone")


def _az4() -> Case:
    return read_case("az4")


def _scattered(share: float) -> Case:
    return _zone().displaced(share, stream(3, "activezone/grid"))


GRID = (
    Condition("AZ4", _az4),
    Condition("mouse zone", _zone),
    Condition("1 channel", lambda: _zone().with_channels(1)),
    Condition("2 channels", lambda: _zone().with_channels(2)),
    Condition("AZ4, 1 channel", lambda: _az4().with_channels(1)),
    Condition("broadened 2-fold", lambda: _zone().broadened(2.0), 0.3),
    Condition("broadened 3-fold", lambda: _zone().broadened(3.0), 0.2),
    Condition("AZ4, broadened 3-fold", lambda: _az4().broadened(3.0), 0.15),
    Condition("calcium 0.5 mM", lambda: _zone().with_external_calcium(0.5)),
    Condition("calcium 5 mM", lambda: _zone().with_external_calcium(5.0), 0.3),
    Condition("AZ4, calcium 5 mM", lambda: _az4().with_external_calcium(5.0), 0.2),
    Condition("5 mM, broadened 3-fold", lambda: _zone().with_external_calcium(5.0).broadened(3.0), 0.15),
    Condition("AZ4, 5 mM, broadened 3-fold", lambda: _az4().with_external_calcium(5.0).broadened(3.0), 0.1),
    Condition("magnesium 2 mM", lambda: _zone().with_magnesium(2.0)),
    Condition("no buffer", lambda: _zone().with_buffer(umolar=0.0)),
    Condition("buffer 500 uM", lambda: _zone().with_buffer(umolar=500.0)),
    Condition("buffer 1 mM of K_d 10 uM", lambda: _zone().with_buffer(umolar=1000.0, k_off_per_s=1e3)),
    Condition("disorganised 0.1", lambda: _scattered(0.1)),
    Condition("disorganised 0.3", lambda: _scattered(0.3)),
    Condition("disorganised 1", lambda: _scattered(1.0)),
    Condition("closing half as fast", lambda: _zone().with_closing(0.5), 0.4),
    Condition("L channels", lambda: _zone().with_kind("l", range(4)), 0.5),
    Condition("one vesicle", lambda: _zone().with_vesicles([0])),
    Condition("four vesicles", lambda: _zone().with_more_vesicles([(60.0, 26.0, 35.1), (-60.0, -26.0, 35.1)]), 0.5),
    Condition(
        "resting calcium 0.1 uM, clearance 1 /ms", lambda: _zone().with_resting_calcium(0.1).with_clearance(1.0), 0.3
    ),
    Condition("AZ4, train of 4 at 100 Hz", lambda: _az4().with_train(100.0, 4), 0.15),
    Condition("AZ4, 10 at 100 Hz, clearance 0.2 /ms", lambda: _az4().with_train(100.0, 10).with_clearance(0.2), 0.04),
    Condition("mouse zone, train of 4 at 100 Hz", lambda: _zone().with_train(100.0, 4), 0.15),
    Condition("mouse segment, 6 zones", lambda: read_case("mouse"), 0.04),
    Condition("frog double row", lambda: read_case("frog_double_row"), 0.06),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One quantity under one condition: particles, fast, and the standard error of the paired difference."""

    condition: str
    quantity: str
    particles: float
    fast: float
    standard_error: float

    @property
    def relative(self) -> float:
        """Fast over particles, less 1; 0 where both are 0."""
        return 0.0 if self.fast == self.particles else (self.fast - self.particles) / max(abs(self.particles), 1e-12)

    @property
    def is_within(self) -> bool:
        """True within 10 % or two standard errors."""
        apart = abs(self.fast - self.particles)
        return apart <= max(ALLOWED * abs(self.particles), 2.0 * self.standard_error)


def quantities(ensemble: Ensemble) -> Iterator[tuple[str, NDArray[Any]]]:
    """Give every compared quantity as one number a trial; times of first binding as (sum, count)."""
    end_ms = ensemble.case.train[-1] + 3.0
    after_peak = ensemble.case.train[-1] + ensemble.case.action_potential.peak_ms
    for label, at_ms in (("0.4 ms after the peak", after_peak + 0.4), ("1 ms", after_peak + 1.0), ("end", end_ms)):
        i = int(np.argmin(abs(ensemble.time_ms - at_ms)))
        yield f"free ions, {label}", ensemble.free_count[:, i].astype(np.float64)
        for kind in ensemble.case.sensors:
            yield f"bound {kind.name}, {label}", ensemble.bound_sites(kind.name)[:, :, i].mean(axis=1)
    largest = ensemble.largest_bound()
    yield "largest bound", largest.mean(axis=1)
    for k in (1, 2, 3, 4, 5, 6, 8):
        yield f"P(largest >= {k})", (largest >= k).mean(axis=1)
    for needed in (1, 2, 3):
        fused = ~np.isnan(fusion_times(ensemble, DeterministicFusion(needed)))
        yield f"P({needed} Syt1 active)", fused.mean(axis=1)


def latencies(ensemble: Ensemble) -> Iterator[tuple[str, NDArray[Any]]]:
    """Give first times of 1, 3 and 5 bound sites, (trial, vesicle). [ms]"""
    for k in (1, 3, 5):
        yield f"first time of {k} bound [ms]", ensemble.first_times(k) - ensemble.case.train[0]


def compare(condition: Condition, *, trials: int, seed: int) -> list[Difference]:
    """Return all quantities of one condition."""
    case = condition.case()
    both = [simulate(case, trials=trials, seed=seed, engine=engine, threads=1) for engine in ("particles", "fast")]
    found = []
    for (name, one), (_, other) in zip(quantities(both[0]), quantities(both[1]), strict=True):
        error = float(np.std(other - one, ddof=1)) / math.sqrt(trials)
        # a share of a few trials may agree by chance in all of them: at least the error of one count
        error = max(error, 1.0 / trials / case.n_vesicles) if name.startswith("P(") else error
        found.append(Difference(condition.name, name, float(one.mean()), float(other.mean()), error))
    for (name, one), (_, other) in zip(latencies(both[0]), latencies(both[1]), strict=True):
        times = [values[~np.isnan(values)] for values in (one, other)]
        if min(part.size for part in times) < 10:
            continue
        error = math.hypot(*(float(part.std(ddof=1)) / math.sqrt(part.size) for part in times))
        found.append(Difference(condition.name, name, float(times[0].mean()), float(times[1].mean()), error))
    return found


def worst(rows: list[Difference]) -> Difference:
    """Return the row that is furthest from its allowance: 10 % of the value or two standard errors."""
    return max(rows, key=lambda row: abs(row.fast - row.particles) / _allowance(row))


def _allowance(row: Difference) -> float:
    return max(ALLOWED * abs(row.particles), 2.0 * row.standard_error, 1e-300)


def as_markdown(rows: list[Difference], about: str) -> str:
    """Return the table of the documentation: for each condition the main quantities and the worst."""
    lines = [
        f"<!-- written by studies/activezone_grid.py: {about} -->",
        "",
        "| condition | largest bound: particles | fast | fast over particles | outside 10 % and 2 SE "
        "| nearest to its limit |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name in dict.fromkeys(row.condition for row in rows):
        mine = [row for row in rows if row.condition == name]
        main = next(row for row in mine if row.quantity == "largest bound")
        far = worst(mine)
        outside = sum(not row.is_within for row in mine)
        relative, error = 100 * main.relative, 100 * main.standard_error / max(main.particles, 1e-12)
        lines.append(
            f"| {name} | {main.particles:.3g} | {main.fast:.3g} | {relative:+.1f} ± {error:.1f} % "
            f"| {outside} of {len(mine)} | {far.quantity}: {far.particles:.3g} and {far.fast:.3g} ± "
            f"{far.standard_error:.1g} |"
        )
    return "\n".join(lines) + "\n"


def write(rows: list[Difference], about: str) -> None:
    """Write both files of the study."""
    summary = {
        "about": about,
        "rows": len(rows),
        "outside": sum(not row.is_within for row in rows),
        "worst": asdict(worst(rows)),
        "differences": [asdict(row) for row in rows],
    }
    (HERE / "activezone_grid.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    (HERE / "activezone_grid.md").write_text(as_markdown(rows, about), encoding="utf-8")


def main() -> None:
    """Run the grid and write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=1500, help="fewer of the long conditions")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="conditions whose name holds this text; nothing is written")
    options = parser.parse_args()
    rows: list[Difference] = []
    for condition in GRID:
        if options.only and options.only not in condition.name:
            continue
        began = time.perf_counter()
        rows += compare(condition, trials=max(round(condition.share * options.trials), 20), seed=options.seed)
        mine = [row for row in rows if row.condition == condition.name]
        outside = [row for row in mine if not row.is_within]
        print(
            f"{condition.name}: {time.perf_counter() - began:.0f} s, worst {worst(mine)}, outside {len(outside)}",
            flush=True,
        )
    about = f"{options.trials} trials (fewer of the long conditions), seed {options.seed}"
    print(as_markdown(rows, about))
    if options.only:
        return
    write(rows, about)


if __name__ == "__main__":
    main()
