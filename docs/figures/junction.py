"""The junction and the fibre: from quanta to potential, potential against threshold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from docs.builder.markdown import table
from docs.figures import style
from docs.figures.style import Drawn
from endplate.body import fibre as fibres
from endplate.body import junction as junctions
from endplate.body import terminal as terminals
from endplate.change.presets import person
from endplate.foundation.parameters import values_of
from endplate.foundation.records import Levers

Array = NDArray[np.float32]
N_FIBRES = 8192
AFTER_EFFORT_S = 1.5


@dataclass(frozen=True, eq=False)
class Volleys:
    """Quanta, potentials and thresholds of fibres of one size: (impulse, fibre) and (fibre,)."""

    quanta: Array
    potential_mv: Array
    threshold_mv: Array

    @property
    def fired(self) -> NDArray[np.float64]:
        """(impulse,), the share of fibres whose potential reaches their threshold."""
        return (self.potential_mv > self.threshold_mv).mean(axis=1)


def volleys(levers: Levers, impulse_ms: NDArray[np.float64], *, is_read: NDArray[np.uint8] | None = None) -> Volleys:
    """Stimulate fibres of one size and read what was asked for."""
    size = np.ones(N_FIBRES, np.float32)
    mask = np.ones(impulse_ms.size, np.uint8) if is_read is None else is_read
    terminal = terminals.build_terminal(
        levers=levers, unit_start=np.array([0, N_FIBRES]), junction_size=size, seed=1, muscle="adm"
    )
    junction = junctions.build_junction(levers=levers, junction_size=size)
    state = terminals.rested(terminal)
    course = terminals.follow(terminal, state, [impulse_ms], [mask])
    released = [mean / terminals.healthy_quantal_content() for mean in course.mean_quanta]
    available = junctions.receptors_left(junction, np.zeros((1, 2)), [impulse_ms], released, [mask])
    quanta, spare, potential = np.empty((3, int(mask.sum()), N_FIBRES), np.float32)
    for low in range(0, N_FIBRES, terminals.BLOCK):
        block = slice(low, min(low + terminals.BLOCK, N_FIBRES))
        part, rest, out = np.empty((3, quanta.shape[0], block.stop - low), np.float32)
        terminals.draw_quanta(terminal, state, course, block, part, rest)
        edges, groups = terminals.runs(terminal, state, block)
        junctions.endplate_potential(junction, edges, groups, available, part, rest, out)
        quanta[:, block], spare[:, block], potential[:, block] = part, rest, out
    built = fibres.build_fibres(levers=levers, n_fibres=N_FIBRES, seed=1, muscle="adm")
    return Volleys(quanta, potential, built.threshold_mv)


def after_effort(levers: Levers) -> Volleys:
    """Return the rested volley and the one 1.5 s after 10 s at 25 Hz."""
    effort_ms = 120_000.0 + np.arange(250) * 40.0
    times = np.concatenate([[0.0], effort_ms, [effort_ms[-1] + 1000.0 * AFTER_EFFORT_S]])
    mask = np.zeros(times.size, np.uint8)
    mask[[0, -1]] = 1
    return volleys(levers, times, is_read=mask)


def _summation() -> Figure:
    figure, (summed, severity) = style.panels(2)
    driving = values_of("body/junction")["driving_potential_mv"]
    quanta = np.linspace(0, 120, 200)
    for fraction, colour, name in ((1.0, style.HEALTHY, "all receptors"), (0.4, style.MG, "40 % of receptors")):
        linear = junctions.quantal_size(Levers(receptor_fraction=fraction)) * quanta
        summed.plot(quanta, driving * linear / (driving + linear), color=colour, label=name)
        summed.plot(quanta, linear, color=colour, linestyle=":", linewidth=1.2)
    summed.axhline(driving, color=style.MUTED, linewidth=1.0)
    summed.set_ylim(0, 118)
    style.label(summed, title="Quanta add up less than linearly", x="quanta", y="end-plate potential (mV)")
    style.legend(summed, loc="upper left")
    for lever, colour, name in (
        ("pq_channel_fraction", style.LEMS, "calcium channels"),
        ("receptor_fraction", style.MG, "receptors"),
    ):
        left = np.linspace(0.15, 1.0, 12)
        fired = [100 * volleys(Levers(**{lever: float(x)}), np.zeros(1)).fired[0] for x in left]
        severity.plot(100 * left, fired, color=colour, marker="o", markersize=3.5, label=name)
    severity.set_ylim(0, 103)
    style.label(severity, title="The safety factor, used up", x="left, of health (%)", y="fibres that fire at rest (%)")
    style.legend(severity, loc="lower right")
    return figure


def _distributions() -> tuple[Figure, str]:
    figure, axes = style.panels(3, height_in=3.4, sharey=True)
    rows = []
    threshold = None
    for panel, (name, title, colour) in zip(
        axes,
        (("healthy", "Health", style.HEALTHY), ("lems", "LEMS", style.LEMS), ("mg", "MG", style.MG)),
        strict=True,
    ):
        levers = person(name).levers
        both = after_effort(levers)
        train = volleys(levers, np.arange(10) * 1000.0 / 3.0)
        bins = np.linspace(0, 60, 61)
        threshold = both.threshold_mv
        panel.hist(threshold, bins=bins, density=True, color="#c9d1d9", label="threshold")
        for row, shade, words in ((0, "-", "potential, rested"), (1, ":", "after 10 s")):
            heights, edges = np.histogram(np.clip(both.potential_mv[row], 0, 59.9), bins=bins, density=True)
            panel.plot(
                0.5 * (edges[1:] + edges[:-1]), heights, color=colour, linestyle=shade, linewidth=1.6, label=words
            )
        style.label(panel, title=title, x="mV from rest", y="density (1/mV)" if panel is axes[0] else "")
        style.legend(panel, loc="upper right", fontsize=8.5)
        fourth = 100 * (1 - train.fired[3] / train.fired[0])
        gain = 100 * (both.fired[1] / max(both.fired[0], 1e-9) - 1)
        fired = [f"{100 * share:.0f} %" for share in (both.fired[0], train.fired[3], both.fired[1])]
        mean = (f"{both.quanta[0].mean():.1f}", f"{both.potential_mv[0].mean():.1f} mV")
        rows.append((title, *mean, fired[0], fired[1], f"{fourth:.0f} %", fired[2], f"{gain:+.0f} %"))
    columns = (
        "",
        "Quanta",
        "Mean potential",
        "Fired, rested",
        "Fired, 4th at 3 Hz",
        "Decrement",
        "Fired, after 10 s",
        "Increment",
    )
    return figure, table(columns, rows, right=columns[1:])


def _time_to_threshold() -> Figure:
    figure, (course, spread) = style.panels(2)
    rise_ms = values_of("body/fibre")["rise_ms"]
    threshold = values_of("body/fibre")["threshold_mv"]
    time_ms = np.linspace(0.0, 6 * rise_ms, 300)
    for amplitude, colour in ((3.0, style.HEALTHY), (1.5, style.TREATED), (1.1, style.LEMS)):
        height = amplitude * threshold
        course.plot(time_ms, height * -np.expm1(-time_ms / rise_ms), color=colour, label=f"{amplitude:g} × threshold")
        course.plot(-rise_ms * np.log1p(-1.0 / amplitude), threshold, "o", color=colour, markersize=6)
    course.axhline(threshold, color=style.MUTED, linewidth=1.0)
    style.label(course, title="A small potential fires late", x="time from its foot (ms)", y="potential (mV)")
    style.legend(course, loc="lower right")
    ratio = np.linspace(1.02, 4.0, 300)
    spread.plot(ratio, -1000 * rise_ms * np.log1p(-1.0 / ratio), color=style.INK)
    spread.set_ylim(0)
    style.label(spread, title="Delay to threshold", x="potential / threshold", y="delay (µs)")
    return figure


def draw() -> Drawn:
    """Draw the figures of junction and fibre."""
    distributions, rows = _distributions()
    return Drawn(
        {
            "junction-summation": _summation(),
            "fibre-threshold": distributions,
            "fibre-delay": _time_to_threshold(),
        },
        {"fibre-threshold": rows},
    )
