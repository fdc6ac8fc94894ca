"""Examinations for machines: plain JSON with a published schema."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import numpy as np

import endplate
from endplate.foundation.records import Finding, Measurements, Recording, Train
from endplate.report.tables import MEASURED_COLUMNS

if TYPE_CHECKING:
    from endplate.exam.examination.types import Effort, Examination, Physiology, Study

SCHEMA_ID: Final = "urn:endplate:report:1"
INTENDED_USE: Final = (
    "Research and education. Rules are shown with their basis for a clinician to review. Not a medical device."
)


def as_json(examinations: Sequence[Examination]) -> dict[str, Any]:
    """Return examinations as JSON values: no traces, every measurement and finding.

    A number that could not be measured is null. The result fits :func:`schema`.

    Examples
    --------
    >>> as_json([])["examinations"]
    []
    """
    return {
        "schema": SCHEMA_ID,
        "endplate_version": endplate.__version__,
        "intended_use": INTENDED_USE,
        "examinations": [_examination(one) for one in examinations],
    }


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of :func:`as_json`.

    Examples
    --------
    >>> schema()["$id"]
    'urn:endplate:report:1'
    """
    loaded: dict[str, Any] = json.loads(schema_text())
    return loaded


def schema_text() -> str:
    """Return the published schema file as it stands beside a report."""
    return resources.files("endplate.report").joinpath("report.schema.json").read_text(encoding="utf-8")


def _examination(one: Examination) -> dict[str, Any]:
    return {
        "person": one.person,
        "protocol": one.protocol,
        "muscle": one.muscle,
        "simulated": bool(one.simulated),
        "conditions": {str(k): str(v) for k, v in one.conditions.items()},
        "changes": list(one.changes),
        "cautions": list(one.cautions),
        "provenance": {str(k): str(v) for k, v in one.provenance.items()},
        "studies": [_study(study) for study in one.studies],
    }


def _study(study: Study) -> dict[str, Any]:
    return {
        "title": study.title,
        "recording": _recording(study.recording),
        "measurements": [_measurements(one) for one in study.measurements],
        "findings": [_finding(one) for one in study.findings.findings],
        "physiology": _physiology(study.physiology),
        "efforts": [_effort(one) for one in study.efforts],
    }


def _recording(one: Recording) -> dict[str, Any]:
    return {
        "muscle": one.muscle,
        "side": one.side,
        "simulated": bool(one.simulated),
        "source": one.source,
        "seed": None if one.seed is None else int(one.seed),
        "checksum": one.checksum,
        "n_sweeps": one.n_sweeps,
        "channels": list(one.channels),
        "sampling_hz": _number(one.sampling_hz),
        "temperature_degc": _number(one.temperature_degc),
        "highpass_hz": _number(one.highpass_hz),
        "lowpass_hz": _number(one.lowpass_hz),
        "montage": one.montage,
        "electrode": one.electrode,
        "stimulation": one.stimulation,
        "stimulus_level": None if one.stimulus_level is None else _numbers(one.stimulus_level),
        "drug": one.drug,
        "hours_since_dose": _number(one.hours_since_dose),
        "notes": list(one.notes),
        "trains": [_train(train) for train in one.trains],
    }


def _train(one: Train) -> dict[str, Any]:
    return {
        "name": one.name,
        "role": one.role,
        "sweeps": [int(sweep) for sweep in one.sweeps],
        "rate_hz": _number(one.rate_hz),
        "after_effort_s": _number(one.after_effort_s),
        "effort_s": _number(one.effort_s),
        "effort_fraction": _number(one.effort_fraction),
        "rest_before_s": _number(one.rest_before_s),
        "intensity": _number(one.intensity),
    }


def _measurements(one: Measurements) -> dict[str, Any]:
    return {
        "channel": one.channel,
        **{column: _numbers(getattr(one, column)) for column in MEASURED_COLUMNS},
        "flags": list(one.flags),
        "row_flags": [list(flags) for flags in one.row_flags],
        "moved_by_hand": [int(sweep) for sweep in one.moved_by_hand],
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "name": one.name,
        "value": _number(one.value),
        "unit": one.unit,
        "interval": None if one.interval is None else [_number(one.interval[0]), _number(one.interval[1])],
        "verdict": one.verdict,
        "because": one.because,
        "rule": one.rule,
        "source": one.source,
        "reference_set": one.reference_set,
        "missing": list(one.missing),
        "flags": list(one.flags),
        "sweeps": [int(sweep) for sweep in one.sweeps],
    }


def _physiology(one: Physiology | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "fired_fraction": _numbers(one.fired_fraction),
        "quantal_content": _numbers(one.quantal_content),
        "endplate_potential_mv": _numbers(one.endplate_potential_mv),
    }


def _effort(one: Effort) -> dict[str, Any]:
    return {
        "name": one.name,
        "start_s": _number(one.start_s),
        "time_s": _numbers(one.time_s),
        "force_newton": _numbers(one.force_newton),
        "fired_fraction": _numbers(one.fired_fraction),
    }


def _number(value: float | None) -> float | None:
    if value is None or not np.isfinite(value):
        return None
    return float(f"{float(value):.9g}")  # nine digits: more than any amplifier has


def _numbers(values: np.ndarray) -> list[float | None]:
    return [_number(float(value)) for value in values]
