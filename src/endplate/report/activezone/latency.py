"""When vesicles fuse: a histogram, with the impulse behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from endplate.report.activezone.axes import roomy
from endplate.report.drawing import HEADER_PX, Canvas, Drawing
from endplate.report.panels.graph import graph
from endplate.report.scale import round_step
from endplate.report.words import number

if TYPE_CHECKING:
    from endplate.body.activezone import Case

WIDTH, HEIGHT = 440.0, 268.0
_ABOUT_BINS: Final = 30


def latency_histogram(case: Case, fusion_ms: NDArray[np.float64], *, rule: str) -> Drawing:
    """Draw the times of fusion.

    Parameters
    ----------
    case
        For the time of the impulse.
    fusion_ms
        (trial, vesicle), nan where a vesicle did not fuse. [ms]
    rule
        The rule of fusion in words.
    """
    times = fusion_ms[np.isfinite(fusion_ms)]
    canvas = Canvas(WIDTH, HEIGHT, simulated=True)
    begin, end = _span(case, times)
    width = round_step(end - begin, _ABOUT_BINS)
    edges = begin + width * np.arange(int(np.ceil((end - begin) / width - 1e-9)) + 1)
    count, _ = np.histogram(times, bins=edges)
    window = graph(
        canvas, x=(float(edges[0]), float(edges[-1])), y=(0.0, roomy(float(count.max()), least=4.5)), x_name="time, ms",
        y_name=f"vesicles that fused, per {1000 * width:g} µs", top=HEADER_PX + 52,
    )  # fmt: skip
    for left, right, n in zip(edges[:-1], edges[1:], count, strict=True):
        if n:
            x0, x1, y = float(window.x(left)), float(window.x(right)), float(window.y(n))
            canvas.box(x0 + 0.5, y, max(x1 - x0 - 1.0, 0.5), window.bottom - y, "cursor", opacity=0.75)
    for peak in _peaks(case):
        if edges[0] <= peak <= edges[-1]:
            x = float(window.x(peak))
            canvas.segment((x, window.top), (x, window.bottom), "ink", dashed=True)
            if len(case.train) == 1:
                canvas.label(x + 6, window.top + 12, "peak of the impulse", size=11)
    told = _told(times, fusion_ms.size)
    canvas.label(2, HEADER_PX + 8, told, size=11)
    canvas.label(2, HEADER_PX + 24, rule, size=11)
    return canvas.finish(key="latency", title="When vesicles fuse", alt=f"Histogram of the times of fusion. {told}")


def _span(case: Case, times: NDArray[np.float64]) -> tuple[float, float]:
    """Return from when to when to draw: all of a train, the part in which something happens of one impulse."""
    if len(case.train) > 1 or not times.size:
        return 0.0, case.duration_ms
    return max(0.0, float(_peaks(case)[0]) - 0.4), min(case.duration_ms, max(float(times.max()), 2.0))


def _peaks(case: Case) -> NDArray[np.float64]:
    return np.asarray(case.train) + case.action_potential.peak_ms


def _told(times: NDArray[np.float64], vesicles: int) -> str:
    if not times.size:
        return f"None of {vesicles} vesicles fused."
    share = 100.0 * times.size / vesicles
    spread = f", SD {number(float(times.std(ddof=1)), 2)}" if times.size > 1 else ""
    return (
        f"{times.size} of {vesicles} vesicles ({number(share, 1)} %) fused, at {number(float(times.mean()), 2)} ms on "
        f"average{spread}."
    )
