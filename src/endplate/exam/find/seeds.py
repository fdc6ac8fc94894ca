"""Intervals over seeds for simulated findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from endplate.foundation.errors import InputError
from endplate.foundation.records import Finding, Findings


def _key(finding: Finding) -> tuple[str, str, str, str]:
    return finding.kind, finding.name, finding.rule, finding.reference_set


def with_intervals(over_seeds: Sequence[Findings]) -> Findings:
    """Return the findings of the first seed, each with its central 95 % interval over all seeds.

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
            replace(finding, interval=_interval(values.get(_key(finding), []))) for finding in over_seeds[0].findings
        ),
        provenance={**over_seeds[0].provenance, "interval": f"central 95 % over {len(over_seeds)} seeds"},
    )


def _interval(numbers: list[float]) -> tuple[float, float] | None:
    if len(numbers) < 2:
        return None
    low, high = np.quantile(numbers, (0.025, 0.975))
    return float(low), float(high)
