"""Findings as plain values that JSON can hold."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from endplate.foundation.records import Finding, Findings


def finding_to_dict(finding: Finding) -> dict[str, Any]:
    """Return one finding; a number that is not finite becomes None."""
    plain = asdict(finding)
    if finding.value is not None and not math.isfinite(finding.value):
        plain["value"] = None
    for name in ("interval", "missing", "flags", "sweeps"):
        plain[name] = None if plain[name] is None else list(plain[name])
    return plain


def findings_to_dict(findings: Findings) -> dict[str, Any]:
    """Return all findings with what a reader must know of them."""
    return {
        "muscle": findings.muscle,
        "side": findings.side,
        "reference_set": findings.reference_set,
        "simulated": findings.simulated,
        "provenance": dict(findings.provenance),
        "findings": [finding_to_dict(finding) for finding in findings.findings],
    }
