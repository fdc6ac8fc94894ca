"""Stopping: what forbids to print that surveillance may end, whatever the protocol; unknown forbids as yes does."""

from __future__ import annotations

from typing import Final

from endplate.clinic.logic import any_of
from endplate.clinic.risk.deltap import DeltaP
from endplate.clinic.surveillance.scans import Scan, has_undated_scan, positive, unresolved
from endplate.foundation.records.clinical import Known, Record

FACTS: Final = (
    "sox1_antibody",
    "smoker_ever",
    "smoker_current",
    "new_chest_symptoms",
    "haemoptysis",
    "hla_8_1",
    "age_years",
)


def ever_smoker(record: Record) -> Known:
    """Return whether the person has ever smoked; who smokes now has."""
    now, ever = record.known("smoker_current"), record.known("smoker_ever")
    return "yes" if now == "yes" else ever


def new_symptoms(record: Record) -> Known:
    """Return whether there are new chest symptoms."""
    return any_of([record.known("new_chest_symptoms"), record.known("haemoptysis")])


def forbids_stop(record: Record, score: DeltaP, scans: tuple[Scan, ...]) -> tuple[str, ...]:
    """Return why "stop" may not be printed; empty means that nothing forbids it.

    Each reason must be known to be absent: an unknown never shortens surveillance.

    Examples
    --------
    >>> from endplate.clinic.risk import score_deltap
    >>> forbids_stop(Record(), score_deltap(Record()), ())[0]
    'SOX1 is not known'
    """
    reasons = []
    for known, is_yes, is_unknown in (
        (record.known("sox1_antibody"), "SOX1 is positive", "SOX1 is not known"),
        (ever_smoker(record), "the person has smoked", "whether the person ever smoked is not known"),
        (new_symptoms(record), "there are new symptoms", "new symptoms were not asked for"),
    ):
        if known != "no":
            reasons.append(is_yes if known == "yes" else is_unknown)
    if not any(scan.kind == "pet" and scan.result == "negative" for scan in scans):
        reasons.append("no negative PET is on record")
    if score.unknown:
        letters = ", ".join(item.letter for item in score.unknown)
        reasons.append(f"DELTA-P {letters} not known")
    reasons += [f"not negative: {scan.shown}" for scan in (*positive(scans), *unresolved(scans))]
    if has_undated_scan(record):
        reasons.append("a scan has no date")
    return tuple(reasons)
