"""The fast scheme of release beside the exact one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from docs.builder.markdown import table
from docs.figures import style
from docs.figures.style import Drawn
from endplate.body.terminal import Terminal, build_terminal, draw_quanta, finish, follow, rested
from endplate.body.terminal import _kernels as k
from endplate.change.presets import person
from endplate.foundation.random import stream
from endplate.foundation.records import Levers

Array = NDArray[np.float64]
N_JUNCTIONS = 16_384


def _terminal(levers: Levers) -> Terminal:
    """Return junctions of one composition, so that scatter between them does not hide scatter within them."""
    terminal = build_terminal(
        levers=levers,
        unit_start=np.array([0, N_JUNCTIONS]),
        junction_size=np.ones(N_JUNCTIONS, np.float32),
        seed=1,
        muscle="adm",
    )
    terminal.sites[:] = np.round(terminal.sites.mean(axis=1, keepdims=True))
    terminal.mean_sites[:] = terminal.sites[:, 0]
    return terminal


def fast(terminal: Terminal, impulse_ms: Array) -> NDArray[np.float32]:
    """Return (impulse, junction) quanta by the scheme that every examination uses."""
    state = rested(terminal)
    course = follow(terminal, state, [impulse_ms], [np.ones(impulse_ms.size, np.uint8)])
    quanta, spare = np.empty((2, impulse_ms.size, N_JUNCTIONS), np.float32)
    draw_quanta(terminal, state, course, slice(0, N_JUNCTIONS), quanta, spare)
    finish(state, course)
    return quanta


def exact(terminal: Terminal, impulse_ms: Array) -> NDArray[np.float32]:
    """Return (impulse, junction) quanta by two binomial draws per class of site and impulse."""
    course = follow(terminal, rested(terminal), [impulse_ms], [np.ones(impulse_ms.size, np.uint8)])
    plastic, factor, refill = np.zeros(k.N_STATE), np.empty(impulse_ms.size), np.empty(impulse_ms.size)
    for i, time_ms in enumerate(impulse_ms):
        refill[i] = k.relax(plastic, terminal.constants, time_ms - plastic[k.LAST_MS])
        factor[i] = k.plasticity(plastic, terminal.constants)
        plastic[k.LAST_MS] = time_ms
        k.stimulate(plastic, terminal.constants, course.mean_quanta[0][i] / terminal.constants[k.REST_RELEASE])
    sites = np.ascontiguousarray(terminal.sites.T).astype(np.int64)
    quanta = np.empty((impulse_ms.size, N_JUNCTIONS), np.float32)
    k.exact_release(stream(5, "exact"), 0, 0, sites, terminal.hazard, factor, refill, sites.copy(), quanta)
    return quanta


def draw() -> Drawn:
    """Draw both schemes over one train in typical disease."""
    terminal = _terminal(person("lems").levers)
    impulse_ms = np.arange(10) * 1000.0 / 3.0
    quick, slow = fast(terminal, impulse_ms), exact(terminal, impulse_ms)
    figure, (histogram, covariance) = style.panels(2)
    highest = int(max(quick.max(), slow.max())) + 1
    counts = np.arange(highest + 1)
    for quanta, colour, name, kind in ((slow, style.MUTED, "exact", "bar"), (quick, style.LEMS, "fast", "step")):
        share = np.bincount(quanta[3].astype(np.int64), minlength=highest + 1) / N_JUNCTIONS
        if kind == "bar":
            histogram.bar(counts, 100 * share, color="#c9d1d9", label=name, width=0.9)
        else:
            histogram.plot(counts, 100 * share, color=colour, marker="o", markersize=3.5, label=name, linewidth=1.2)
    style.label(histogram, title="4th stimulus at 3 Hz, LEMS", x="quanta of one junction", y="junctions (%)")
    style.legend(histogram, loc="upper right")
    lags = np.arange(1, 6)
    for quanta, colour, name, marker in ((slow, style.MUTED, "exact", "s"), (quick, style.LEMS, "fast", "o")):
        matrix = np.cov(quanta)
        means = [np.diag(matrix, lag).mean() / np.diag(matrix).mean() for lag in lags]
        covariance.plot(lags, means, color=colour, marker=marker, label=name, linewidth=1.2)
    covariance.axhline(0.0, color=style.MUTED, linewidth=1.0)
    covariance.set_xticks(lags)
    style.label(covariance, title="Memory between stimuli", x="stimuli apart", y="covariance / variance")
    style.legend(covariance, loc="lower right")
    rows = [
        (f"{i + 1}", f"{slow[i].mean():.2f}", f"{quick[i].mean():.2f}", f"{slow[i].var():.2f}", f"{quick[i].var():.2f}")
        for i in (0, 1, 3, 9)
    ]
    columns = ("Stimulus", "Mean, exact", "Mean, fast", "Variance, exact", "Variance, fast")
    return Drawn({"fast-scheme": figure}, {"fast-scheme": table(columns, rows, right=columns)})
