"""Intervals over seeds for simulated findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from endplate.foundation.errors import InputError
from endplate.foundation.records import Finding, Findings

FEWEST_FOR_QUANTILES: Final = 40  # one number in 40 is beyond a 2.5 % quantile


def _words(n_seeds: int) -> str:
    kind = "range" if n_seeds < FEWEST_FOR_QUANTILES else "central 95 %"
    return f"{kind} over {n_seeds} seeds"


def _key(finding: Finding) -> tuple[str, str, str, str]:
    return finding.kind, finding.name, finding.rule, finding.reference_set


def with_intervals(over_seeds: Sequence[Findings]) -> Findings:
    """Return the findings of the first seed, each with its interval over all seeds.

    The interval is the central 95 % from 40 seeds on, and the whole range below: a quantile of a few
    numbers would leave the shown one out.

    Seeds of one simulated examination are matched by kind, name, rule and reference set. A finding
    with fewer than two numbers keeps no interval.

    Raises
    ------
    InputError
        If there are no findings, or some are of a real recording.
    """
    if not over_seeds:
        raise InputError("an interval over seeds needs the findings of at least one seed, got none.")
    if not all(findings.simulated for findings in over_seeds):
        raise InputError("an interval over seeds is for simulated findings only; a real recording has no seed.")
    values: dict[tuple[str, str, str, str], list[float]] = {}
    for findings in over_seeds:
        for finding in findings.findings:
            if finding.value is not None and np.isfinite(finding.value):
                values.setdefault(_key(finding), []).append(finding.value)
    return replace(
        over_seeds[0],
        findings=tuple(
            replace(finding, interval=interval_of(values.get(_key(finding), []))) for finding in over_seeds[0].findings
        ),
        provenance={**over_seeds[0].provenance, "interval": _words(len(over_seeds))},
    )


def interval_of(numbers: Sequence[float]) -> tuple[float, float] | None:
    """Return the range of a few numbers, the central 95 % of at least 40, None of fewer than two."""
    if len(numbers) < 2:
        return None
    if len(numbers) < FEWEST_FOR_QUANTILES:
        return min(numbers), max(numbers)
    low, high = np.quantile(numbers, (0.025, 0.975))
    return float(low), float(high)
