"""Jitter of one end-plate: how much its latency varies from discharge to discharge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from endplate.exam.measure.signal import Array
from endplate.foundation.errors import InputError
from endplate.foundation.parameters import values_of
from endplate.foundation.records import Measurements

_SAME_INTERVAL_S = 1e-6  # intervals of a stimulator differ by rounding only; sorting must not shuffle them


@dataclass(frozen=True, slots=True)
class Jitter:
    """Jitter of one end-plate, or of one potential pair.

    `jitter_us` is the mean consecutive difference (`mcd_us`), or the mean sorted difference
    (`msd_us`) where slow trends with the interval inflate the former; nan with no two discharges
    in a row.
    """

    mcd_us: float
    msd_us: float
    jitter_us: float
    sorted_used: bool
    blocking_percent: float
    n_discharges: int
    n_differences: int


def jitter_of(latency_ms: Array, discharge_s: Array) -> Jitter:
    r"""Measure the jitter of latencies with nan for blocked discharges.

    .. math:: MCD = \langle |d_{i+1} - d_i| \rangle

    over discharges in a row that both arrived. MSD is the same after sorting by the preceding
    interval; it is used where MCD/MSD is above 1.25.

    Parameters
    ----------
    latency_ms
        (discharge,), from the stimulus or from the triggering potential; nan is blocked. [ms]
    discharge_s
        (discharge,), time of each discharge, not falling. [s]

    Raises
    ------
    InputError
        If the lengths differ or a latency is infinite.

    Notes
    -----
    For normal scatter of standard deviation s, MCD is 2 s / sqrt(pi) = 1.128 s.

    Examples
    --------
    >>> one = jitter_of(np.array([3.00, 3.02, np.nan, 3.01, 3.05]), np.arange(5) * 0.1)
    >>> round(one.mcd_us, 6), one.blocking_percent
    (30.0, 20.0)
    """
    latency, discharge = np.asarray(latency_ms, dtype=np.float64), np.asarray(discharge_s, dtype=np.float64)
    if latency.shape != discharge.shape or latency.ndim != 1:
        raise InputError(f"{latency.size} latencies need as many discharge times, got {discharge.size}.")
    if np.isinf(latency).any():
        raise InputError("a latency is infinite; a blocked discharge is nan.")
    steps = np.diff(latency)
    steps = steps[np.isfinite(steps)]
    mcd_us = 1000.0 * float(np.abs(steps).mean()) if steps.size else float("nan")
    msd_us = _sorted_difference_us(latency, discharge)
    use_sorted = bool(msd_us > 0.0 and mcd_us / msd_us > values_of("exam/measure")["msd_ratio"])
    return Jitter(
        mcd_us=mcd_us,
        msd_us=msd_us,
        jitter_us=msd_us if use_sorted else mcd_us,
        sorted_used=use_sorted,
        blocking_percent=100.0 * float(np.isnan(latency).mean()) if latency.size else float("nan"),
        n_discharges=int(latency.size),
        n_differences=int(steps.size),
    )


def endplate_jitter(measurements: Measurements) -> Jitter:
    """Measure the jitter of one needle channel, without discharges whose trigger is missing."""
    seen = np.array(["trigger missing" not in row for row in measurements.row_flags], dtype=bool)
    return jitter_of(measurements.latency_ms[seen], measurements.stimulus_s[seen])


def _sorted_difference_us(latency: Array, discharge: Array) -> float:
    preceding = np.diff(discharge)
    follows = latency[1:]
    keep = np.isfinite(follows) & np.isfinite(preceding)
    if keep.sum() < 2:
        return float("nan")
    order = np.argsort(np.round(preceding[keep] / _SAME_INTERVAL_S), kind="stable")
    return 1000.0 * float(np.abs(np.diff(follows[keep][order])).mean())
