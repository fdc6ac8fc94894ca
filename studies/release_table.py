"""Tabulate what the active zone tells the terminal: fusion of a docked vesicle by one impulse.

    python studies/release_table.py            # about 40 minutes on 2 cores; resumes where it was stopped
    python studies/release_table.py --trials 500 --layouts 8 --out /somewhere/quick.json    # a quick look

Fast engine, mouse zone, energy rule. Axes: surviving channels 1 to 4 (mean over which survive), broadening,
calcium outside (magnesium acts as so much less calcium), disorganisation (mean over layouts, the same layouts
for every other condition). A second, small table holds residual binding from earlier impulses.

1 the energy of a synaptotagmin is fitted to the calcium exponent of frog release (Shahrezaei 2006);
2 every point is sampled until its relative standard error is small or its chance is below 1e-3; points where
  the fast engine refuses, because the buffer fills, are left to the next step;
3 for ordered zones ln hazard is smoothed by one cubic in the logarithms of channels, broadening and calcium,
  weighted by the errors, and continued in a straight line where no point was counted; disordered zones
  are sampled in six conditions, and what disorder takes from ln hazard is a plane over their logarithms;
4 points off the grid are sampled anew: the largest distance from the interpolated table is its error.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
from release_table_figure import draw

from endplate.body.activezone import read_case
from endplate.body.activezone.case import Case
from endplate.body.activezone.fast import release
from endplate.body.activezone.fusion import EnergyFusion
from endplate.body.activezone.release_table import AXES, FILE, read_release_table
from endplate.foundation.errors import InputError
from endplate.foundation.parameters import PACKAGE, values_of
from endplate.foundation.random import stream

HERE = Path(__file__).parent
SEED = 20261121
CASE = "mouse_zone"
BROADENING = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
CALCIUM = (0.005, 0.03, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2.0, 3.0, 5.0)
SAMPLED_FROM_MMOLAR = 0.1  # below it nothing fuses that could be counted
DISORGANISATION = (0.0, 0.03, 0.06, 0.12, 0.25, 1.0)  # share of the way to a random place; the last is continued
DISORDERED_BROADENING, DISORDERED_CALCIUM = (1.0, 2.0), (1.2, 2.0, 5.0)  # conditions sampled in disordered zones
RESIDUAL = (0.0, 1.0, 2.0, 4.0)  # bound sites of the second sensor on a vesicle
RESIDUAL_CALCIUM = (0.5, 0.8, 1.2, 2.0)
COUNTED = 1e-3  # a smaller chance is not counted but continued from its neighbours
WANTED_ERROR, LARGEST_ERROR, STEERING_ERROR = 0.06, 0.10, 0.25
MOST_TRIALS = 96_000
ENERGIES = (11.0, 12.0, 13.0, 14.0)
EXPONENT, EXPONENT_SD = 4.16, 0.62  # Shahrezaei 2006, frog
PEAK_MS = 0.5866  # of the impulse


def code_hash() -> str:
    """Return a hash of everything that decides the numbers: the room's code, cases and parameters."""
    digest = hashlib.sha256()
    room = PACKAGE / "body" / "activezone"
    for path in sorted(
        [*room.glob("*.py"), *(room / "fast").glob("*.py"), *room.rglob("*.toml"), room / "_kernels.py"]
    ):
        if path.name != "release_table.py":
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def layouts(case: Case, kept: int, disorganisation: float, count: int) -> Iterator[tuple[float, Case]]:
    """Return (weight, case) of the layouts that a mean runs over.

    In an ordered zone these are the sets of `kept` channels, taken once where symmetry makes them equal;
    in a disordered one, `count` zones with channels moved at random, nested: zone i keeps its places.
    """
    if disorganisation == 0.0:
        for keep, weight in _distinct_sets(kept):
            yield weight, case.with_channels(keep)
        return
    for number in range(count):
        moved = case.displaced(disorganisation, stream(SEED, "layout", number))
        order = np.argsort(np.random.Generator(np.random.Philox(number)).random(4))  # which channels are lost
        yield 1.0 / count, moved.with_channels(sorted(int(channel) for channel in order[:kept]))


def _distinct_sets(kept: int) -> list[tuple[tuple[int, ...], float]]:
    # the four corners and the two vesicles are mirror images: only the three kinds of pair differ
    return {
        1: [((0,), 1.0)],
        2: [((0, 1), 1 / 3), ((0, 2), 1 / 3), ((0, 3), 1 / 3)],
        3: [((0, 1, 2), 1.0)],
        4: [((0, 1, 2, 3), 1.0)],
    }[kept]


def point(
    case: Case, *, kept: int, disorganisation: float, rule: EnergyFusion, trials: int, n_layouts: int, seed: int,
    start_bound: dict[str, float] | None = None,
) -> tuple[float, float, float]:  # fmt: skip
    """Return chance of fusion, its standard error and the mean latency after the peak [ms]; mean over layouts."""
    chosen = list(layouts(case, kept, disorganisation, n_layouts))
    each = max(trials // (1 if disorganisation == 0.0 else n_layouts), 64)
    while True:
        try:
            runs = [release(one, trials=each, seed=seed, rules=rule, start_bound=start_bound) for _, one in chosen]
        except InputError:  # the buffer fills: outside what the fast engine may do, so the point is continued
            return np.nan, np.nan, np.nan
        weights = np.array([weight for weight, _ in chosen])
        means = np.array([run.probability.mean() for run in runs])
        chance = float(weights @ means)
        # both vesicles see the same channels: their errors are taken as fully shared, the cautious way
        sampled = float(np.sqrt(np.sum((weights * np.array([run.standard_error.mean() for run in runs])) ** 2)))
        between = float(np.std(means, ddof=1) / np.sqrt(len(means))) if disorganisation > 0.0 else 0.0
        error = max(sampled, between)
        is_good = error <= WANTED_ERROR * chance or chance + 2 * error < COUNTED or between > sampled
        if is_good or each * len(chosen) * 2 > max(MOST_TRIALS, trials):
            late = np.array([np.nanmean(run.mean_latency_ms) if run.probability.any() else np.nan for run in runs])
            share = np.where(np.isfinite(late), weights * means, 0.0)
            latency = float(share @ np.nan_to_num(late) / share.sum()) - PEAK_MS if share.sum() > 0 else np.nan
            return chance, error, latency
        each *= 2


def fitted_energy(case: Case, second: float) -> tuple[float, dict[str, float]]:
    """Return the energy whose calcium exponent is nearest to the published one, and the exponent of each."""
    rules = [EnergyFusion(energy, second) for energy in ENERGIES]
    calcium = np.array([0.5, 0.7, 1.0])
    chances, errors = [], []
    for level in calcium:
        run = release(case.with_external_calcium(level), trials=240_000, seed=SEED, rules=rules)
        chances.append(run.probability.mean(axis=1))
        errors.append(run.relative_error.mean(axis=1))
    slopes = {}
    for index, energy in enumerate(ENERGIES):
        weight = 1.0 / np.array(errors)[:, index]
        slopes[f"{energy:g}"] = float(np.polyfit(np.log(calcium), np.log(np.array(chances)[:, index]), 1, w=weight)[0])
    nearest = min(ENERGIES, key=lambda energy: abs(slopes[f"{energy:g}"] - EXPONENT))
    print(
        f"energy of a synaptotagmin {nearest:g} kT; exponents {slopes}; published {EXPONENT} +- {EXPONENT_SD}",
        flush=True,
    )
    return nearest, slopes


def smoothed(chance: np.ndarray, error: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Return ln hazard, its error, what is continued, and the root mean square of the residuals over the errors.

    All (channels, broadening, calcium), of ordered zones. One cubic in the three logarithms, weighted by the
    errors; a point below the limit of counting still steers the slope if its own error is small enough.
    """
    k, b, c = np.meshgrid(np.log([1.0, 2.0, 3.0, 4.0]), np.log(BROADENING), np.log(CALCIUM), indexing="ij")
    with np.errstate(invalid="ignore", divide="ignore"):  # nan: refused; 0: none fused
        counted = (chance >= COUNTED) & (error <= LARGEST_ERROR * chance)
        steering = counted | ((chance >= 0.1 * COUNTED) & (error <= STEERING_ERROR * chance))
        log_hazard = np.log(-np.log1p(-np.minimum(chance, 1 - 1e-12)))
        sd = np.maximum(error / np.maximum(chance, 1e-12), 0.01) / np.maximum(1 - chance, 1e-6)
    powers = [p for p in itertools.product(range(4), repeat=3) if sum(p) <= 3]
    terms = np.stack([k**i * b**j * c**n for i, j, n in powers], axis=-1)
    weight = 1.0 / sd[steering]
    design = terms[steering] * weight[:, None]
    solution, *_ = np.linalg.lstsq(design, log_hazard[steering] * weight, rcond=None)
    covariance = np.linalg.inv(design.T @ design)
    surface = terms @ solution
    spread = np.sqrt(np.einsum("kbci,ij,kbcj->kbc", terms, covariance, terms))
    residual = (log_hazard[counted] - surface[counted]) / sd[counted]
    for column_of_b in range(len(BROADENING)):  # below the counted points: parallel lines in the logarithm of calcium
        firsts = [int(np.argmax(steering[row, column_of_b])) for row in range(4)]
        slope = np.mean([
            (surface[row, column_of_b, first + 2] - surface[row, column_of_b, first])
            / (c[row, column_of_b, first + 2] - c[row, column_of_b, first])
            for row, first in enumerate(firsts)
        ])  # fmt: skip
        for row, first in enumerate(firsts):
            line = surface[row, column_of_b]
            line[:first] = line[first] + slope * (c[row, column_of_b, :first] - c[row, column_of_b, first])
    for axis in range(3):  # more channels, time or calcium never lower release
        surface = np.maximum.accumulate(surface, axis=axis)
    return surface, spread, ~counted, float(np.sqrt(np.mean(residual**2)))


def what_disorder_takes(
    chance: np.ndarray, error: np.ndarray, ordered: np.ndarray, before: np.ndarray | None
) -> tuple[np.ndarray, bool]:
    """Return ln hazard of a disordered zone less that of the ordered one, (broadening, calcium), and if it was counted.

    A plane over the logarithms where at least four conditions were counted, one number where fewer were;
    `before`, the loss at the next smaller disorder, doubled with the disorder where none was.
    """
    places = [(BROADENING.index(b), CALCIUM.index(c)) for b in DISORDERED_BROADENING for c in DISORDERED_CALCIUM]
    counted = [(b, c) for b, c in places if chance[b, c] >= COUNTED and error[b, c] <= 3 * LARGEST_ERROR * chance[b, c]]
    log_b, log_c = np.meshgrid(np.log(BROADENING), np.log(CALCIUM), indexing="ij")
    if not counted:
        return (2.0 * before if before is not None else np.full(log_b.shape, -3.0)), False
    loss = np.array([np.log(-np.log1p(-chance[place])) - ordered[place] for place in counted])
    weight = np.array([chance[place] / error[place] for place in counted])
    terms = [np.ones_like(log_b)] + ([log_b, log_c] if len(counted) >= 4 else [])
    design = np.stack([[term[place] for term in terms] for place in counted]) * weight[:, None]
    solution, *_ = np.linalg.lstsq(design, loss * weight, rcond=None)
    return np.minimum(sum(value * term for value, term in zip(solution, terms, strict=True)), 0.0), True


def plan() -> Iterator[tuple[int, int, int, int]]:
    """Return every point that is sampled: disorder, channels, broadening, calcium, as indices; ordered zones first."""
    calcium = [place for place, level in enumerate(CALCIUM) if level >= SAMPLED_FROM_MMOLAR]
    yield from itertools.product((0,), range(4), range(len(BROADENING)), calcium)
    some_b = [BROADENING.index(value) for value in DISORDERED_BROADENING]
    some_c = [CALCIUM.index(value) for value in DISORDERED_CALCIUM]
    yield from itertools.product(range(1, len(DISORGANISATION) - 1), range(4), some_b, some_c)


def main() -> None:
    """Run the study."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=6000, help="first guess at a point; doubled until it is sure")
    parser.add_argument("--layouts", type=int, default=32, help="random layouts of a disordered zone")
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--smooth", action="store_true", help="smooth and draw the stored samples anew; sample nothing")
    options = parser.parse_args()
    began = time.perf_counter()
    case, constants = read_case(CASE), values_of("body/activezone")
    if options.smooth:
        smooth_again(options, case)
        return
    second = constants["energy_second_kt"]
    energy, exponents = fitted_energy(case, second)
    rule = EnergyFusion(energy, second)
    done = Partial(
        options.out.with_suffix(".partial.json"), f"{code_hash()} {options.trials} {options.layouts} {energy}"
    )
    shape = (4, len(BROADENING), len(CALCIUM), len(DISORGANISATION))
    chance, error, latency = (np.full(shape, np.nan) for _ in range(3))
    points = list(plan())
    for number, (d, k, b, c) in enumerate(points):
        found = done.get((d, k, b, c))
        if found is None:
            here = case.broadened(BROADENING[b]).with_external_calcium(CALCIUM[c])
            found = point(
                here, kept=k + 1, disorganisation=DISORGANISATION[d], rule=rule, trials=options.trials,
                n_layouts=options.layouts, seed=SEED + b * len(CALCIUM) + c,
            )  # fmt: skip
            done.put((d, k, b, c), found)
        chance[k, b, c, d], error[k, b, c, d], latency[k, b, c, d] = found
        if number % 20 == 19:
            print(f"  {time.perf_counter() - began:6.0f} s  point {number + 1} of {len(points)}", flush=True)
    made = {
        "study": "studies/release_table.py", "date": date.today().isoformat(), "seed": SEED, "code": code_hash(),
        "case": CASE, "engine": "fast", "rule": {"syt1_kt": rule.syt1_kt, "second_kt": rule.second_kt},
        "calcium_exponent_by_energy": exponents, "calcium_exponent_published": [EXPONENT, EXPONENT_SD],
        "first_trials": options.trials, "layouts": options.layouts, "counted_from": COUNTED,
    }  # fmt: skip
    table = smooth_table(chance, error, latency)
    options.out.write_text(json.dumps({**table, "made": made}, indent=1) + "\n", encoding="utf-8")
    made |= {"residuals_over_errors": table.pop("residuals_over_errors"), "held_out": held_out(case, rule, options.out)}
    made["seconds"] = round(time.perf_counter() - began)
    finish(options, {**table, "residual": residual_table(case, rule), "made": made})
    done.forget()


def smooth_again(options: argparse.Namespace, case: Case) -> None:
    """Make the table of a file anew from its stored samples."""
    stored = json.loads(options.out.read_text(encoding="utf-8"))
    shape = (4, len(BROADENING), len(CALCIUM), len(DISORGANISATION))
    chance, error, latency = (
        np.array([np.nan if one is None else one for one in stored[name]], float).reshape(shape)
        for name in ("sampled_probability", "sampled_error", "latency_ms")
    )
    table = smooth_table(chance, error, latency)
    made = {**stored["made"], "residuals_over_errors": table.pop("residuals_over_errors")}
    options.out.write_text(json.dumps({**table, "made": made}, indent=1) + "\n", encoding="utf-8")
    rule = EnergyFusion(**made["rule"])
    made["held_out"] = held_out(case, rule, options.out)
    finish(options, {**table, "residual": stored["residual"], "made": made})


def finish(options: argparse.Namespace, table: dict[str, object]) -> None:
    """Write the file, print what its interpolation misses, draw it."""
    options.out.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    for row in table["made"]["held_out"]:
        print({name: float(f"{one:.4g}") for name, one in row.items()})
    draw(options.out, HERE / "release_table.svg" if options.out == FILE else options.out.with_suffix(".svg"))


class Partial:
    """Points that are done, kept so that a stopped study goes on; those of other settings are not used."""

    def __init__(self, path: Path, settings: str) -> None:
        self.path, self.settings, self.points = path, settings, {}
        if path.exists():
            stored = json.loads(path.read_text(encoding="utf-8"))
            if stored["settings"] == settings:
                self.points = stored["points"]
            else:
                print(f"{path.name} is of other settings or code and is not used")

    def get(self, key: tuple[int, ...]) -> tuple[float, float, float] | None:
        """Return a point that is done."""
        found = self.points.get(str(key))
        return None if found is None else tuple(float("nan") if one is None else one for one in found)

    def put(self, key: tuple[int, ...], value: tuple[float, float, float]) -> None:
        """Keep a point; written every twentieth time."""
        self.points[str(key)] = [None if np.isnan(one) else one for one in value]
        if len(self.points) % 20 == 0:
            self.path.write_text(json.dumps({"settings": self.settings, "points": self.points}), encoding="utf-8")

    def forget(self) -> None:
        """Remove the file: the table holds everything now."""
        self.path.unlink(missing_ok=True)


def residual_table(case: Case, rule: EnergyFusion) -> dict[str, object]:
    """Return the chance of fusion over that without residual binding, by calcium and sites bound at the start."""
    rows = []
    for level in RESIDUAL_CALCIUM:
        here = case.with_external_calcium(level)
        runs = [release(here, trials=60_000, seed=SEED, rules=rule, start_bound={"second": n}) for n in RESIDUAL]
        rows.append([float(run.probability.mean()) for run in runs])
    return {"calcium_mmolar": list(RESIDUAL_CALCIUM), "second_sensor_sites": list(RESIDUAL), "probability": rows}


def held_out(case: Case, rule: EnergyFusion, path: Path) -> list[dict[str, float]]:
    """Sample points between those of the table and return them beside what the table says."""
    table = read_release_table(path)
    rows = []
    for kept, broadening, calcium in (
        (4, 1.1, 1.0),
        (4, 1.7, 1.5),
        (3, 1.35, 2.4),
        (2, 1.1, 1.6),
        (1, 2.4, 2.4),
        (4, 0.85, 4.0),
    ):
        here = case.broadened(broadening).with_external_calcium(calcium)
        chance, error, _ = point(
            here, kept=kept, disorganisation=0.0, rule=rule, trials=48_000, n_layouts=1, seed=SEED + 7
        )
        log_hazard = table.log_hazard_at(broadening=broadening, calcium_mmolar=calcium)[kept - 1]
        rows.append({
            "channels": kept, "broadening": broadening, "calcium_mmolar": calcium, "sampled": chance,
            "standard_error": error, "table": float(-np.expm1(-np.exp(log_hazard))),
        })  # fmt: skip
    return rows


def smooth_table(chance: np.ndarray, error: np.ndarray, latency: np.ndarray) -> dict[str, object]:
    """Return the parts of the file that come from the samples; all by `AXES` without residual binding."""
    shape = (*chance.shape, 1)
    log_hazard, log_error, is_continued = (np.full(shape, np.nan) for _ in range(3))
    *found, scatter = smoothed(chance[..., 0], error[..., 0])
    log_hazard[..., 0, 0], log_error[..., 0, 0], is_continued[..., 0, 0] = found
    for k in range(4):
        loss: np.ndarray | None = None
        for d in range(1, len(DISORGANISATION) - 1):
            loss, counted = what_disorder_takes(chance[k, :, :, d], error[k, :, :, d], log_hazard[k, :, :, 0, 0], loss)
            worse = log_hazard[k, :, :, 0, 0] + loss
            log_hazard[k, :, :, d, 0] = np.minimum(log_hazard[k, :, :, d - 1, 0], worse)  # nor does disorder raise it
            log_error[k, :, :, d, 0], is_continued[k, :, :, d, 0] = log_error[k, :, :, 0, 0] + 0.1, not counted
        log_hazard[k, :, :, -1, 0] = log_hazard[k, :, :, -2, 0] - 6.0  # scattered over the membrane: next to nothing
        log_error[k, :, :, -1, 0], is_continued[k, :, :, -1, 0] = 1.0, True
    for axis in range(3):
        log_hazard = np.maximum.accumulate(log_hazard, axis=axis)
    return {
        "version": "1",
        "axes": dict(zip(AXES, ([1, 2, 3, 4], BROADENING, CALCIUM, DISORGANISATION, [0.0]), strict=True)),
        **{
            name: [None if np.isnan(one) else float(f"{one:.6g}") for one in values.ravel()]
            for name, values in (
                ("log_hazard", log_hazard), ("log_error", log_error), ("is_extrapolated", is_continued),
                ("latency_ms", latency[..., None]), ("sampled_probability", chance), ("sampled_error", error),
            )
        },
        "residuals_over_errors": round(scatter, 2),
    }  # fmt: skip


if __name__ == "__main__":
    main()
