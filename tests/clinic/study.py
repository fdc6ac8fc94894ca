"""A study of good technique, to which a case adds the numbers that it is about."""

from __future__ import annotations

from typing import Any

from endplate.clinic.record import record_of
from endplate.foundation.records.clinical import Record

GOOD_TECHNIQUE = {
    "muscle": "adm", "side": "right", "effort_s": "10", "delay_after_effort_s": "3", "rest_before_s": "150",
    "skin_degc": "33", "supramaximal": "yes", "intensity_equal": "yes", "effort_maximal": "yes",
    "before_area_mvms": "6", "after_area_mvms": "10", "on_amifampridine": "no", "on_pyridostigmine": "no",
    "after_immunotherapy": "no",
}  # fmt: skip
NO_OTHER_CAUSE = {
    "botulism": "no", "magnesium_excess": "no", "aminoglycoside_exposure": "no", "blocker_exposure": "no",
}  # fmt: skip
PICTURE = {"proximal_weakness": "yes", "reflexes_reduced": "yes"}


def study(**facts: Any) -> dict[str, Any]:
    """Return a study of good technique with these facts; None takes one away."""
    return {name: value for name, value in {**GOOD_TECHNIQUE, **facts}.items() if value is not None}


def with_study(*facts: dict[str, Any], **study_facts: Any) -> Record:
    """Return a record with facts and one study of good technique."""
    merged: dict[str, Any] = {}
    for one in facts:
        merged |= one
    return record_of({**merged, "studies": [study(**study_facts)]})
