"""The nanodomain of one open channel: the mean that a concentration describes, and the few ions that make it."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from docs.builder.markdown import table
from docs.figures import style
from docs.figures.style import Drawn
from endplate.body.activezone import Case, read_case
from endplate.body.activezone.particles import prepare
from endplate.body.activezone.snapshot import watch

Array = NDArray[np.float64]
UMOLAR_NM3 = 1e6 / 0.602214076  # of one ion in 1 nm^3
EDGES_NM = np.array([0.0, 10, 20, 30, 40, 60, 80, 100, 150, 200])
RUNS, NEAR_NM, SEED = 250, 30.0, 1
STEADY_MS = np.arange(0.2, 0.5, 0.05)  # the source is open from 0 to 0.5 ms


def steady_umolar(case: Case, distance_nm: Array) -> Array:
    """Return the steady profile of a source on a wall with free buffer: F exp(-r/l) / (2 pi D r), l^2 = D/(k B)."""
    flux_per_us = 1e-3 * case.kinds["source"].flux_per_ms
    diffusion = case.diffusion_um2_per_s  # um2/s is nm2/us
    length_nm = np.sqrt(diffusion / (1e-12 * case.buffer_k_on_per_molar_s * case.buffer_umolar))
    profile = flux_per_us / (2.0 * np.pi * diffusion * distance_nm) * np.exp(-distance_nm / length_nm)
    return np.asarray(UMOLAR_NM3 * profile)


def _distances(case: Case, times_ms: Array, runs: range) -> list[list[Array]]:
    """Return the distances of all ions from the source, for each run and time."""
    shared = prepare(case)
    seen = [watch(case, times_ms=list(times_ms), seed=SEED, trial=run, prepared=shared) for run in runs]
    return [[np.linalg.norm(shot.ions_nm, axis=1) for shot in shots] for shots in seen]


def _profile(axes: object, case: Case) -> list[tuple[str, str, str, str]]:
    found = np.concatenate([one for run in _distances(case, STEADY_MS, range(RUNS)) for one in run])
    count, _ = np.histogram(found, bins=EDGES_NM)
    volume = 2.0 / 3.0 * np.pi * np.diff(EDGES_NM**3)
    looks = RUNS * STEADY_MS.size
    # where a profile that falls as 1/r has its mean over the half shell
    middle = 2.0 * np.diff(EDGES_NM**3) / (3.0 * np.diff(EDGES_NM**2))
    fine = np.geomspace(4.0, 200.0, 100)
    axes.plot(fine, steady_umolar(case, fine), color=style.INK, linewidth=1.2, label="steady solution")  # type: ignore[attr-defined]
    mean = UMOLAR_NM3 * count / volume / looks
    axes.errorbar(  # type: ignore[attr-defined]
        middle, mean, yerr=mean / np.sqrt(np.maximum(count, 1)), fmt="o", markersize=4, color=style.LEMS,
        label=f"particles, {RUNS} runs",
    )  # fmt: skip
    axes.set_xscale("log")  # type: ignore[attr-defined]
    axes.set_yscale("log")  # type: ignore[attr-defined]
    return [
        (
            f"{low:g} to {high:g}",
            f"{steady_umolar(case, np.array([at]))[0]:.1f}",
            f"{umolar:.1f}",
            f"{ions / looks:.2f}",
        )
        for low, high, at, umolar, ions in zip(EDGES_NM[:-1], EDGES_NM[1:], middle, mean, count, strict=True)
    ]


def _near(axes: object, case: Case) -> None:
    times = np.arange(0.2, 0.3, 0.0005)
    single = _distances(case, times, range(1))[0]
    count = [int((one < NEAR_NM).sum()) for one in single]
    axes.step(1e3 * (times - times[0]), count, where="post", color=style.HEALTHY, linewidth=1.0)  # type: ignore[attr-defined]
    radii = np.linspace(0.01, NEAR_NM, 400)
    expected = np.trapezoid(steady_umolar(case, radii) / UMOLAR_NM3 * 2.0 * np.pi * radii**2, radii)
    axes.axhline(expected, color=style.INK, linewidth=1.2, linestyle="--")  # type: ignore[attr-defined]
    axes.set_yticks(range(max(count) + 1))  # type: ignore[attr-defined]


def _nanodomain() -> tuple[Figure, str]:
    case = read_case("sc1")
    figure, (profile, near) = style.panels(2)
    rows = _profile(profile, case)
    style.label(
        profile, title="Mean around one open channel", x="distance from the channel (nm)", y="free calcium (µM)"
    )
    style.legend(profile, loc="lower left")
    _near(near, case)
    style.label(near, title=f"One run: free ions within {NEAR_NM:g} nm", x="time (µs); dashed: mean", y="free ions")
    columns = ("Distance, nm", "Steady solution, µM", "Particles, µM", "Free ions in the half shell, mean")
    return figure, table(columns, rows, right=columns)


def draw() -> Drawn:
    """Draw the nanodomain."""
    figure, rows = _nanodomain()
    return Drawn({"activezone-nanodomain": figure}, {"activezone-nanodomain": rows})
