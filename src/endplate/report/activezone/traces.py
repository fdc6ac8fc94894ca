"""Traces over all trials: mean and percentiles of potential, open channels, free calcium and bound sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from endplate.report.activezone.axes import roomy
from endplate.report.drawing import HEADER_PX, Area, Canvas, Drawing
from endplate.report.palette import Tone
from endplate.report.panels.graph import graph
from endplate.report.scale import Window
from endplate.report.words import number

if TYPE_CHECKING:
    from endplate.body.activezone.ensemble import Ensemble

WIDTH, HEIGHT = 440.0, 236.0
PERCENTILES: Final = (5.0, 25.0, 75.0, 95.0)
_SENSORS: Final = {"syt1": "synaptotagmin 1", "second": "the second sensor"}

Floats = NDArray[np.float64]


def traces(ensemble: Ensemble) -> list[Drawing]:
    """Draw what happens over time: the potential, and mean with percentiles of everything that varies."""
    time_ms = ensemble.time_ms
    open_count = ensemble.open_count().astype(np.float64)
    drawn = [
        _potential(ensemble),
        _trace(time_ms, open_count, "open-channels", "Open channels", "open channels in the box", "after"),
        _trace(
            time_ms, ensemble.free_count.astype(np.float64), "free-calcium", "Free calcium", "free ions in the box",
            "before",
        ),
    ]  # fmt: skip
    for kind in ensemble.case.sensors:
        bound = ensemble.bound_sites(kind.name).reshape(-1, time_ms.size).astype(np.float64)
        name = _SENSORS.get(kind.name, kind.name)
        most = f"bound sites of a vesicle, of {kind.sites_per_vesicle}"
        drawn.append(_trace(time_ms, bound, f"bound-{kind.name}", f"Calcium on {name}", most, "limit"))
    return drawn


def _potential(ensemble: Ensemble) -> Drawing:
    case = ensemble.case
    start_ms, voltage_mv, _ = case.action_potential.train(case.train, duration_ms=case.duration_ms)
    canvas = Canvas(WIDTH, HEIGHT, simulated=True)
    low, high = float(voltage_mv.min()), float(voltage_mv.max())
    window = graph(
        canvas, x=(0.0, case.duration_ms), y=(low - 0.06 * (high - low), high + 0.1 * (high - low)),
        x_name="time, ms", y_name="membrane potential, mV",
    )  # fmt: skip
    canvas.stroke(window.x(start_ms), window.y(voltage_mv), "ink", width=1.8)
    told = f"{case.n_impulses} impulses" if case.n_impulses > 1 else "One impulse"
    alt = f"{told}: the membrane goes from {number(low, 0)} to {number(high, 0)} mV."
    return canvas.finish(key="potential", title="Action potential", alt=alt)


def _trace(time_ms: Floats, runs: Floats, key: str, title: str, y_name: str, tone: Tone) -> Drawing:
    """Draw mean and percentiles of (run, time)."""
    canvas = Canvas(WIDTH, HEIGHT, simulated=True)
    bands = np.percentile(runs, PERCENTILES, axis=0)
    mean = runs.mean(axis=0)
    top = max(1.0, float(bands[-1].max()), float(mean.max()))
    window = graph(
        canvas, x=(0.0, float(time_ms[-1])), y=(0.0, roomy(top, least=4.5)), x_name="time, ms", y_name=y_name,
        top=HEADER_PX + 36,
    )  # fmt: skip
    for low, high, opacity in ((bands[0], bands[3], 0.16), (bands[1], bands[2], 0.24)):
        _band(canvas, window, time_ms, low, high, tone, opacity)
    canvas.stroke(window.x(time_ms), window.y(mean), tone, width=2.0)
    _legend(canvas, tone)
    at = int(np.argmax(mean))
    alt = (
        f"{title} over time, {runs.shape[0]} runs: the mean is largest at {time_ms[at]:.2f} ms with "
        f"{number(mean[at], 2)}; then 90 % of the runs lie "
        f"between {number(bands[0][at], 0)} and {number(bands[3][at], 0)}."
    )
    return canvas.finish(key=key, title=title, alt=alt)


def _band(
    canvas: Canvas, window: Window, time_ms: Floats, low: Floats, high: Floats, tone: Tone, opacity: float
) -> None:
    x = window.x(time_ms)
    outline = np.column_stack([np.concatenate([x, x[::-1]]), np.concatenate([window.y(high), window.y(low)[::-1]])])
    canvas.items.append(Area(outline, tone, opacity))


def _legend(canvas: Canvas, tone: Tone) -> None:
    y = HEADER_PX + 8
    canvas.segment((2, y - 4), (20, y - 4), tone, width=2.0)
    canvas.label(25, y, "mean", size=11)
    canvas.box(72, y - 10, 18, 12, tone, opacity=0.4)
    canvas.label(95, y, "middle half of the runs", size=11)
    canvas.box(234, y - 10, 18, 12, tone, opacity=0.16)
    canvas.label(257, y, "5 to 95 % of the runs", size=11)
