"""The terminal: release against channels, release in trains, and why one number is not enough."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from docs.builder.markdown import NO_BREAK, table
from docs.figures import style
from docs.figures.style import Drawn
from endplate.body.activezone.release_table import nanoscale_release_table
from endplate.body.terminal import Terminal, build_terminal, follow, rested
from endplate.change.presets import person
from endplate.foundation.parameters import overridden, values_of
from endplate.foundation.records import Levers

Array = NDArray[np.float64]
N_JUNCTIONS = 600
RATES_HZ = (3.0, 10.0, 30.0, 50.0)


def terminal_of(levers: Levers) -> Terminal:
    """Return junctions of one size, so that only the levers differ."""
    return build_terminal(
        levers=levers,
        unit_start=np.array([0, N_JUNCTIONS]),
        junction_size=np.ones(N_JUNCTIONS, np.float32),
        seed=1,
        muscle="adm",
    )


def mean_quanta(levers: Levers, impulse_ms: Array) -> Array:
    """Return the exact mean quantal content of every impulse."""
    terminal = terminal_of(levers)
    return follow(terminal, rested(terminal), [impulse_ms], [np.zeros(impulse_ms.size, np.uint8)]).mean_quanta[0]


def after_effort(levers: Levers, *, rate_hz: float = 25.0, seconds: float = 10.0) -> tuple[float, float]:
    """Return the quantal content at rest and 1.5 s after a steady effort at one rate."""
    effort_ms = 120_000.0 + np.arange(int(rate_hz * seconds)) * 1000.0 / rate_hz
    times = np.concatenate([[0.0], effort_ms, [effort_ms[-1] + 1500.0]])
    quanta = mean_quanta(levers, times)
    return float(quanta[0]), float(quanta[-1])


def _release_against_channels() -> Figure:
    figure, (by_zone, by_share) = style.panels(2)
    healthy = Levers()
    hazard = nanoscale_release_table().hazard(
        broadening=1.0,
        external_calcium_mmolar=healthy.external_calcium_mmolar,
        magnesium_mmolar=healthy.magnesium_mmolar,
        disorganisation=0.0,
        substitute_channels=0.0,
    )
    c = values_of("body/terminal")
    channels = np.arange(hazard.size)
    for size, colour, name, shift in (
        (c["ready_hazard"], style.LEMS, "ready vesicles", -0.19),
        (c["reluctant_hazard"], style.HEALTHY, "reluctant vesicles", 0.19),
    ):
        by_zone.bar(channels + shift, 100 * -np.expm1(-size * hazard), width=0.36, color=colour, label=name)
    style.label(
        by_zone, title="One vesicle, one impulse", x="channels that its zone has kept", y="chance of release (%)"
    )
    style.legend(by_zone, loc="upper left")
    shares = np.linspace(0.1, 1.0, 19)
    rest, after = np.array([after_effort(Levers(pq_channel_fraction=float(share))) for share in shares]).T
    by_share.plot(100 * shares, rest, color=style.HEALTHY, label="rested")
    by_share.plot(100 * shares, after, color=style.LEMS, label="after 10 s at 25 Hz")
    by_share.set_ylim(0)
    style.label(by_share, title="One junction, one impulse", x="P/Q-type channels left (%)", y="mean quantal content")
    style.legend(by_share, loc="upper left")
    return figure


def _trains() -> Figure:
    figure, axes = style.panels(2, height_in=3.3, sharex=True)
    for panel, (name, title) in zip(axes, (("healthy", "Health"), ("lems", "LEMS, typical")), strict=True):
        for rate_hz, colour in zip(RATES_HZ, style.SEQUENCE, strict=True):
            times = np.arange(0.0, 5000.0, 1000.0 / rate_hz)
            quanta = mean_quanta(person(name).levers, times)
            panel.plot(times / 1000.0, quanta, color=colour, label=f"{rate_hz:g} Hz", marker="o" if rate_hz < 5 else "",
                       markersize=3.5, linewidth=1.5)  # fmt: skip
        panel.set_ylim(0)
        style.label(panel, title=title, x="time in the train (s)", y="mean quantal content")
    style.legend(axes[1], loc="best", ncols=2)
    return figure


def _equal_vesicles() -> dict[str, dict[str, float]]:
    """Return the parameters of a terminal whose vesicles are all alike and release as many quanta as ours."""
    c = values_of("body/terminal")
    share = float(mean_quanta(Levers(), np.zeros(1))[0]) / (c["zones_per_junction"] * c["vesicles_per_zone"])
    hazard = float(-np.log1p(-share))
    return {"body/terminal": {"ready_hazard": hazard, "reluctant_hazard": hazard}}


def _solved(levers_at: Callable[[float], Levers], target: float, low: float, high: float) -> Levers:
    """Return the levers at which the rested terminal releases `target` quanta; release rises with the setting."""
    for _ in range(30):
        middle = 0.5 * (low + high)
        released = float(mean_quanta(levers_at(middle), np.zeros(1))[0])
        low, high = (middle, high) if released < target else (low, middle)
    return levers_at(0.5 * (low + high))


def _why_not_one_number() -> tuple[Figure, str]:
    """Bring a terminal to the quantal content of typical disease in four ways, and use it."""
    target = float(mean_quanta(person("lems").levers, np.zeros(1))[0])
    one_by_one = partial(_with, "pq_channel_fraction")
    ways = (
        ("one probability, scaled", True, partial(_with, "external_calcium_mmolar"), (0.05, 1.2), style.MG),
        ("fewer sites", True, partial(_with, "release_machinery"), (0.0, 1.0), style.TREATED),
        ("channels one by one", True, one_by_one, (0.0, 1.0), style.HEALTHY),
        ("… and unequal vesicles", False, one_by_one, (0.0, 1.0), style.LEMS),
    )
    figure, (train, effort) = style.panels(2, height_in=3.3)
    times = np.arange(10) * 1000.0 / 3.0
    rows = []
    for number, (name, is_equal, levers_at, (low, high), colour) in enumerate(ways):
        with overridden(_equal_vesicles() if is_equal else {}):
            levers = _solved(levers_at, target, low, high)
            quanta = mean_quanta(levers, times)
            before, after = after_effort(levers)
        train.plot(np.arange(1, 11), 100 * quanta / quanta[0], color=colour, marker="o", markersize=4, label=name)
        effort.barh(number, 100 * (after / before - 1.0), color=colour, height=0.6)
        lost, gained = 100 * (1 - quanta[3] / quanta[0]), 100 * (after / before - 1)
        rows.append((name, f"{quanta[0]:.1f}", f"{lost:.0f}{NO_BREAK}%".replace("-", "−"), f"{gained:.0f}{NO_BREAK}%"))
    train.set_xticks(range(1, 11))
    train.set_ylim(0)
    style.label(train, title="3 Hz", x="stimulus", y="quantal content (% of the first)")
    effort.set_yticks(range(len(ways)), [way[0] for way in ways])
    effort.invert_yaxis()
    effort.grid(visible=False, axis="y")
    style.label(effort, title="After 10 s at 25 Hz", x="gain in quantal content (%)", y="")
    style.legend(train, loc="lower left")
    columns = ("Terminal", "Quanta, rested", "Lost at the 4th of 3 Hz", "Gained after 10 s")
    return figure, table(columns, rows, right=columns[1:])


def _with(lever: str, value: float) -> Levers:
    return Levers().moved(**{lever: value})


def _plasticity() -> Figure:
    """Show what a 10 s effort does, and how long it lasts."""
    figure, (during, fading) = style.panels(2)
    for name, colour, words in (("healthy", style.HEALTHY, "health"), ("lems", style.LEMS, "LEMS, typical")):
        levers = person(name).levers
        effort_ms = np.arange(250) * 40.0
        later_ms = 10_000.0 + np.array([500.0, 1500, 3000, 5000, 8000, 12_000, 20_000, 35_000, 60_000, 120_000])
        during.plot(effort_ms / 1000.0, mean_quanta(levers, effort_ms), color=colour, label=words)
        rest = mean_quanta(levers, np.zeros(1))[0]
        gains = [100 * (mean_quanta(levers, np.append(effort_ms, late))[-1] / rest - 1) for late in later_ms]
        fading.plot((later_ms - 10_000.0) / 1000.0, gains, color=colour, marker="o", markersize=4, label=words)
    during.set_ylim(0)
    fading.set_xscale("log")
    fading.set_xticks([0.5, 1, 2, 5, 10, 20, 60, 120], ["0.5", "1", "2", "5", "10", "20", "60", "120"])
    fading.minorticks_off()
    fading.axhline(0.0, color=style.MUTED, linewidth=1.0)
    style.label(during, title="During 10 s at 25 Hz", x="time (s)", y="mean quantal content")
    style.label(fading, title="After it", x="time after the last impulse (s)", y="gain over rest (%)")
    style.legend(during, loc="best")
    return figure


def draw() -> Drawn:
    """Draw the figures of the terminal."""
    why, rows = _why_not_one_number()
    return Drawn(
        {
            "terminal-release": _release_against_channels(),
            "terminal-trains": _trains(),
            "terminal-why": why,
            "terminal-effort": _plasticity(),
        },
        {"terminal-why": rows},
    )
