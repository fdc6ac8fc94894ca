"""Findings: a measured number, the rule that read it, its source, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["supports", "does not support", "cannot tell"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement about a recording; never a diagnosis.

    `kind` is one of increment, decrement, decrement shape, repair, exhaustion, high-rate increment,
    low amplitude, jitter, blocking, reflex, strength. `interval` is over seeds for simulated and
    over repeats for real recordings, None where there was one. `rule` is "id, version".
    """

    kind: str
    name: str
    value: float | None
    unit: str
    verdict: Verdict
    because: str
    rule: str
    source: str
    reference_set: str = ""
    interval: tuple[float, float] | None = None
    missing: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    sweeps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings of one recording, with what a reader must know of it."""

    findings: tuple[Finding, ...]
    muscle: str | None = None
    side: str | None = None
    reference_set: str = ""
    simulated: bool = False
    provenance: dict[str, str] = field(default_factory=dict)

    def of(self, kind: str) -> tuple[Finding, ...]:
        """Return the findings of one kind, in the order of the recording."""
        return tuple(finding for finding in self.findings if finding.kind == kind)
