"""Run reference case SC1 in Smoldyn and set it against MCell3 and our particles: ``make crosscheck``.

    python -m tools.crosscheck --python .venv-crosscheck/bin/python --trials 30

Writes ``studies/crosscheck.json`` and ``studies/crosscheck.md``. Not part of the tests:
Smoldyn takes about 15 s a trial.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone import Case, read_case
from endplate.body.activezone.export import smoldyn_files
from endplate.body.activezone.snapshot import watch

ROOT: Final = Path(__file__).resolve().parents[1]
REFERENCE: Final = ROOT / "tests" / "body" / "activezone" / "reference" / "mcell3_SC1.json"
OUT: Final = ROOT / "studies" / "crosscheck.json"
FREE_MS: Final = (0.25, 0.5, 0.6, 1.0)
MICROMOLAR_NM3: Final = 1e6 / 0.602214076  # of one ion in 1 nm^3

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over independent trials and its standard error."""

    mean: float
    sem: float

    def against(self, other: Estimate) -> float:
        """Return the difference in standard errors of both."""
        return (self.mean - other.mean) / float(np.hypot(self.sem, other.sem))


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity of SC1 in each program."""

    quantity: str
    unit: str
    mcell3: Estimate
    smoldyn: Estimate
    particles: Estimate


def estimate(values: Sequence[float] | Floats, *, one: float = 1.0) -> Estimate:
    """Return mean and standard error of trials; `one` is what a single ion counts for."""
    column = np.asarray(values, dtype=np.float64)
    return counted(float(column.mean()), float(column.std(ddof=1) / np.sqrt(column.size)), column.size, one)


def counted(mean: float, sem: float, trials: int, one: float) -> Estimate:
    """Return an estimate whose error is at least that of one ion in all trials: no ion seen is not no error."""
    return Estimate(mean, max(sem, one / trials))


def shells_umolar(ions_nm: Floats, edges_nm: Floats) -> Floats:
    """Return the concentration of ions in half shells around the source. [umol/l]"""
    distance = np.linalg.norm(ions_nm.reshape(-1, 3), axis=1)
    count, _ = np.histogram(distance, bins=edges_nm)
    return np.asarray(count / (2.0 / 3.0 * np.pi * np.diff(edges_nm**3)) * MICROMOLAR_NM3)


def run_smoldyn(python: Path, case: Case, seed: int, profile_ms: Sequence[float]) -> tuple[Floats, list[Floats]]:
    """Run one trial; return free ions at `FREE_MS`, and the positions of all ions at the profile times. [nm]"""
    files = smoldyn_files(case, seed=seed, positions_ms=profile_ms)
    with tempfile.TemporaryDirectory(prefix="endplate-crosscheck-") as name:
        folder = Path(name)
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8")
        model = next(iter(files))
        words = [str(python.absolute()), "-m", "smoldyn", "-w", "-q", model, "--args", "w"]
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
        counts = folder / f"{Path(model).stem}-counts.txt"
        if done.returncode != 0 or not counts.is_file():
            raise RuntimeError(f"Smoldyn stopped with code {done.returncode}: {(done.stderr or done.stdout)[-500:]}")
        header, *rows = counts.read_text(encoding="utf-8").splitlines()
        table = np.array([[float(cell) for cell in row.split()] for row in rows])
        free = np.interp(FREE_MS, 1e3 * table[:, 0], table[:, header.split().index("Ca")])
        places = []
        for number in range(len(profile_ms)):
            lines = (folder / f"{Path(model).stem}-ions-{number}.txt").read_text(encoding="utf-8").splitlines()
            # each line: invocation, species, state, x, y, z, serial number
            places.append(
                1e3 * np.array([[float(cell) for cell in line.split()[3:6]] for line in lines]).reshape(-1, 3)
            )
    return free, places


def run_particles(case: Case, seed: int, trial: int, profile_ms: Sequence[float]) -> tuple[Floats, list[Floats]]:
    """Run one trial of our particles; return what `run_smoldyn` returns."""
    times = sorted({*FREE_MS, *profile_ms})
    seen = {shot.time_ms: shot.ions_nm for shot in watch(case, times_ms=times, seed=seed, trial=trial)}
    return np.array([float(len(seen[t])) for t in FREE_MS]), [seen[t] for t in profile_ms]


def compare(
    python: Path, *, trials: int, own_trials: int, seed: int, processes: int
) -> tuple[list[Row], dict[str, Any]]:
    """Run both programs and return a row for every quantity of the reference, and what was run."""
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))
    case = read_case("sc1")
    profile_ms = [float(name.removesuffix("ms")) for name in reference["profiles"]]
    print(f"Running {trials} trials of Smoldyn on {processes} processes")
    with ThreadPoolExecutor(processes) as pool:
        theirs = list(pool.map(lambda k: run_smoldyn(python, case, seed + k, profile_ms), range(trials)))
    print(f"Running {own_trials} trials of our particles")
    ours = [run_particles(case, seed, k, profile_ms) for k in range(own_trials)]
    rows = _free_rows(reference, theirs, ours)
    for number, (name, profile) in enumerate(reference["profiles"].items()):
        edges = np.array(profile["edges_nm"], dtype=np.float64)
        smoldyn = np.array([shells_umolar(places[number], edges) for _, places in theirs])
        particles = np.array([shells_umolar(places[number], edges) for _, places in ours])
        one_umolar = MICROMOLAR_NM3 / (2.0 / 3.0 * np.pi * np.diff(edges**3))
        for shell, one in enumerate(one_umolar):
            mcell3 = counted(profile["mean_uM"][shell], profile["sem_uM"][shell], profile["n_trials"], one)
            quantity = f"{edges[shell]:g} to {edges[shell + 1]:g} nm at {name.replace('ms', ' ms')}"
            rows.append(
                Row(
                    quantity,
                    "umolar",
                    mcell3,
                    estimate(smoldyn[:, shell], one=one),
                    estimate(particles[:, shell], one=one),
                )
            )
    return rows, {"case": "SC1", "seed": seed, "mcell3": reference["n"], "smoldyn": trials, "particles": own_trials}


def _free_rows(reference: dict[str, Any], theirs: Sequence[Any], ours: Sequence[Any]) -> list[Row]:
    rows = []
    for place, time_ms in enumerate(FREE_MS):
        at = int(np.argmin(np.abs(np.array(reference["t_ms"]) - time_ms)))
        mcell3 = Estimate(reference["mean_free_ca"][at], reference["sem_free_ca"][at])
        smoldyn, particles = (estimate([free[place] for free, _ in runs]) for runs in (theirs, ours))
        rows.append(Row(f"free ions at {time_ms:g} ms", "1", mcell3, smoldyn, particles))
    return rows


def as_json(rows: Sequence[Row], about: dict[str, Any]) -> dict[str, Any]:
    """Return the comparison as plain values."""
    listed = []
    for row in rows:
        item: dict[str, Any] = {"quantity": row.quantity, "unit": row.unit}
        for name in ("mcell3", "smoldyn", "particles"):
            one: Estimate = getattr(row, name)
            item[name] = {"mean": round(one.mean, 4), "sem": round(one.sem, 4)}
        item["smoldyn_z"] = round(row.smoldyn.against(row.mcell3), 2)
        item["particles_z"] = round(row.particles.against(row.mcell3), 2)
        item["particles_smoldyn_z"] = round(row.particles.against(row.smoldyn), 2)
        listed.append(item)
    return {"about": about, "rows": listed}


def as_markdown(result: dict[str, Any]) -> str:
    """Return the comparison as a table that people read."""
    about = result["about"]
    lines = [
        "# SC1 in three programs",
        "",
        "Free ions, and micromolar in half shells around the source: mean ± standard error of "
        f"{about['mcell3']} trials (MCell3), {about['smoldyn']} (Smoldyn 2.74), {about['particles']} (our particles). "
        "z: difference in standard errors of both. SIMULATED.",
        "",
        "| Quantity | MCell3 | Smoldyn | particles | z, Smoldyn to MCell3 | z, particles to MCell3 | to Smoldyn |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in result["rows"]:
        means = [f"{row[name]['mean']:.2f} ± {row[name]['sem']:.2f}" for name in ("mcell3", "smoldyn", "particles")]
        scores = [_score(row[name]) for name in ("smoldyn_z", "particles_z", "particles_smoldyn_z")]
        lines.append(f"| {row['quantity']} | {' | '.join(means)} | {' | '.join(scores)} |")
    return "\n".join(lines) + "\n"


def _score(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−")


def main(arguments: list[str] | None = None) -> int:
    """Run the comparison; 1 if some quantity of our particles lies further off than chance allows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", type=Path, required=True, help="Python that has smoldyn==2.74")
    parser.add_argument("--trials", type=int, default=30, help="trials of Smoldyn")
    parser.add_argument("--own-trials", type=int, default=600, help="trials of our particles")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args(arguments)
    if chosen.trials < 2 or chosen.own_trials < 2:
        print("a standard error needs at least 2 trials of each.", file=sys.stderr)
        return 2
    if not chosen.python.is_file():
        print(f"there is no {chosen.python}: make crosscheck sets it up.", file=sys.stderr)
        return 2
    rows, about = compare(
        chosen.python, trials=chosen.trials, own_trials=chosen.own_trials, seed=chosen.seed, processes=chosen.processes
    )
    result = as_json(rows, about)
    OUT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    OUT.with_suffix(".md").write_text(as_markdown(result), encoding="utf-8")
    largest = max(abs(row["particles_z"]) for row in result["rows"])
    # 64 quantities: a correct model passes 4.5 standard errors in one of 2000 runs
    print(f"Largest difference between our particles and MCell3: {largest:.1f} standard errors. See {OUT.name}, .md")
    return int(largest > 4.5)


if __name__ == "__main__":
    sys.exit(main())
