"""Fit the free parameters to the rows of targets.toml that belong to the examination, from scratch.

    python studies/calibrate.py            # refit, write parameters, table and figure
    python studies/calibrate.py --check    # only measure the shipped parameters against the targets

Three steps. (1) Search: differential evolution over every parameter with status "fitted" of terminal,
fibre, disease and therapy, inside the bounds low..high of its file, in logarithms, with one random
sample for all candidates; the compound potential is taken as proportional to the fibres that fire.
(2) Amplitudes: one electrode scale per muscle brings the healthy compound potential to its row, or to
the muscle's own parameter where there is no row. (3) Table: the shipped instruments examine the fitted
persons at full size; every row is printed with its band, and rows that miss are printed as missing.

Nothing but the rows enters the objective: no shape, no second centre, no check of the reports.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
import tomllib
from datetime import date
from pathlib import Path

import numpy as np
from calibration_rows import MEASURED_BY_EXAMINATION, observe, table_rows
from scipy.optimize import differential_evolution

from endplate.body.muscle import describe, fit_amplitude_scale, muscles
from endplate.foundation.parameters import PACKAGE, overridden, parameters_of, values_of

HERE = Path(__file__).parent
TARGETS = tomllib.loads((HERE / "targets.toml").read_text(encoding="utf-8"))
SEARCHED = {
    "body/terminal": (
        "ready_share", "ready_hazard", "reluctant_hazard", "tau_augmentation_ms",
        "tau_docking_ms", "tau_refill_speedup_ms",
        "step_augmentation", "step_refill_speedup", "step_slow_depression", "max_augmentation",
        "max_refill_speedup",
    ),
    "body/fibre": ("threshold_mv", "threshold_log_sd", "rise_ms"),
    "change/disease": ("lems_typical_channel_fraction",),
    "change/therapy": ("amifampridine_max_broadening",),
}  # fmt: skip
AMPLITUDE_ROWS = {"adm": "cmap_adm", "apb": "cmap_apb", "fdi": "cmap_fdi"}
SMALLEST_SHARE = 1e-3  # a bound of 0 becomes this share of the upper bound, so that a logarithm exists
SEED = 20261121


def flat_targets() -> dict[str, dict[str, object]]:
    """Return the rows of this stage by their dotted name."""
    return {
        f"{group}.{name}": row
        for group, rows in TARGETS.items()
        for name, row in rows.items()
        if row["stage"] == "examine"
    }


def searched() -> list[tuple[str, str, float, float]]:
    """Return (room, name, log low, log high) of every searched parameter."""
    found = []
    for room, names in SEARCHED.items():
        for name in names:
            parameter = parameters_of(room)[name]
            if parameter.status != "fitted":
                sys.exit(f"{room} {name} is {parameter.status}, not fitted: it may not be searched.")
            low = max(parameter.low, SMALLEST_SHARE * parameter.high)
            found.append((room, name, float(np.log(low)), float(np.log(parameter.high))))
    return found


def settings_of(candidate: np.ndarray) -> dict[str, dict[str, float]]:
    """Turn a candidate into parameter overrides."""
    settings: dict[str, dict[str, float]] = {}
    for (room, name, _, _), value in zip(searched(), candidate, strict=True):
        settings.setdefault(room, {})[name] = float(np.exp(value))
    return settings


def residuals(observed: dict[str, float]) -> dict[str, float]:
    """Return, per row, the distance to its value in half-widths of its band; capped, nan is the cap."""
    found = {}
    for name, row in flat_targets().items():
        if name not in observed or name in MEASURED_BY_EXAMINATION:
            continue
        half = 0.5 * (float(row["high"]) - float(row["low"]))
        distance = (observed[name] - float(row["value"])) / half
        found[name] = float(np.clip(distance, -6, 6)) if np.isfinite(distance) else 6.0
    return found


def cost(candidate: np.ndarray) -> float:
    """Return the sum of squared residuals of one candidate."""
    with overridden(settings_of(candidate)):
        return sum(value * value for value in residuals(observe()).values())


def search(generations: int, population: int, workers: int) -> np.ndarray:
    """Search from scratch: the shipped values are not used."""
    bounds = [(low, high) for _, _, low, high in searched()]
    began = time.perf_counter()

    def told(intermediate_result: object) -> None:
        best = float(intermediate_result.fun)  # type: ignore[attr-defined]
        print(f"  {time.perf_counter() - began:6.0f} s  best {best:.3f}", flush=True)

    found = differential_evolution(
        cost, bounds, maxiter=generations, popsize=population, init="sobol", mutation=(0.5, 1.0), recombination=0.9,
        rng=SEED, polish=False, tol=1e-5, callback=told, workers=workers, updating="deferred",
    )  # fmt: skip
    return np.asarray(found.x)


def write_values(room: str, values: dict[str, float]) -> None:
    """Replace `value = ...` of the named tables of a room's file; everything else stays."""
    path = PACKAGE / room / "parameters.toml"
    text = path.read_text(encoding="utf-8")
    for name, value in values.items():
        start, end = _section(text, name)
        table = re.sub(r"^value = .*$", f"value = {value:.5g}", text[start:end], count=1, flags=re.MULTILINE)
        text = text[:start] + table + text[end:]
    path.write_text(text, encoding="utf-8")


def _section(text: str, name: str) -> tuple[int, int]:
    start = text.index(f"[{name}]")
    end = text.find("\n[", start + 1)
    return start, len(text) if end < 0 else end


def amplitude_line(muscle: str) -> str:
    """Return the line of parameters.toml that brings a muscle's healthy response to its amplitude.

    The target is the muscle's row where targets.toml has one, else the muscle's own parameter
    `cmap`: a published mean or an assumption, as that parameter says. A scale near 1 says that the
    volume conductor needs no help.
    """
    row = AMPLITUDE_ROWS.get(muscle)
    scale = fit_amplitude_scale(muscle, float(TARGETS["muscle"][row]["value"]) if row else describe(muscle).cmap)
    return (
        f'amplitude_scale = {{ value = {scale:.4g}, unit = "1", low = 0.05, high = 20.0, spread = "report", '
        f'status = "fitted", source = "studies/calibrate.py", where = "{f"row muscle.{row}" if row else "cmap"}", '
        'checked = "none" }'
    )


def write_amplitudes() -> None:
    """Give every muscle the electrode scale that brings its healthy response to its amplitude."""
    path = PACKAGE / "body/muscle" / "parameters.toml"
    for muscle in muscles():
        line = amplitude_line(muscle)
        text = path.read_text(encoding="utf-8")
        start, end = _section(text, muscle)
        table = re.sub(r"^amplitude_scale = .*$\n?", "", text[start:end], flags=re.MULTILINE).rstrip("\n")
        path.write_text(text[:start] + table + "\n" + line + "\n" + text[end:], encoding="utf-8")


def write_results(rows: list[dict[str, object]], seconds: float) -> None:
    """Write the table as JSON and Markdown."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False, cwd=HERE
    ).stdout.strip()
    provenance = {
        "study": "studies/calibrate.py", "date": date.today().isoformat(), "seed": SEED, "commit": commit,
        "seconds": round(seconds),
        "fitted": {room: {name: values_of(room)[name] for name in names} for room, names in SEARCHED.items()},
    }  # fmt: skip
    (HERE / "calibration.json").write_text(json.dumps({**provenance, "rows": rows}, indent=1) + "\n", encoding="utf-8")
    lines = [
        "| row | target | band | unit | model | in band | evidence |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {r['row']} | {r['target']:g} | {r['low']:g} to {r['high']:g} | {r['unit']} | {r['model']:.3g} "
            f"| {'yes' if r['inside'] else '**no**'} | {r['evidence']} |"
            for r in rows
        ),
    ]
    (HERE / "calibration.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def draw(rows: list[dict[str, object]]) -> None:
    """Draw every row's distance from its value in half-widths of its band; the grey band is 'inside'."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "endplate"  # the same picture for the same numbers
    import matplotlib.pyplot as plt

    names = [str(row["row"]) for row in rows][::-1]
    low, high, value, model = (
        np.array([float(row[key]) for row in rows][::-1]) for key in ("low", "high", "target", "model")
    )
    # each side of the band has its own width, because many values do not stand in its middle
    side = np.where(model >= value, high - value, value - low)
    distance = np.clip((model - value) / np.where(side > 0, side, 1.0), -3, 3)
    inside = (low <= model) & (model <= high)
    figure, axes = plt.subplots(figsize=(8, 0.26 * len(rows) + 1.2), layout="constrained")
    axes.axvspan(-1, 1, color="0.92", label="inside the band")
    for kind, colour, marker in ((inside, "#1f6fb2", "o"), (~inside, "#b2182b", "D")):
        places = np.flatnonzero(kind)
        axes.plot(distance[places], places, marker, color=colour, linestyle="none", label=None)
    axes.axvline(0, color="0.4", linewidth=0.8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_xlim(-3.2, 3.2)
    axes.set_xlabel(
        "model minus target, in widths of the band on that side (blue inside, red diamonds outside)", fontsize=8
    )
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(HERE / "calibration.svg", metadata={"Date": None})
    plt.close(figure)


def main() -> None:
    """Run the study."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only measure the shipped parameters")
    parser.add_argument("--generations", type=int, default=110)
    parser.add_argument("--population", type=int, default=5, help="candidates per parameter")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    began = time.perf_counter()
    if not options.check:
        best = search(options.generations, options.population, options.workers)
        for room, values in settings_of(best).items():
            write_values(room, values)
        write_amplitudes()
        print(f"searched for {time.perf_counter() - began:.0f} s; measuring the fitted persons", flush=True)
        # the files have changed: measure in a fresh process, which reads them as any user does
        sys.exit(subprocess.run([sys.executable, __file__, "--check"], check=False).returncode)
    rows = table_rows(flat_targets())
    write_results(rows, time.perf_counter() - began)
    draw(rows)


if __name__ == "__main__":
    main()
