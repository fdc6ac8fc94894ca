"""Audit: which persons with myasthenia gravis carry a pointer to LEMS."""

from __future__ import annotations

from typing import Final

from endplate.clinic.differential.table import heads
from endplate.clinic.electrodiagnosis import any_rule, low_amplitude_known, percent_of
from endplate.clinic.logic import all_of, any_of, known_of
from endplate.clinic.reading import inputs_of
from endplate.clinic.record.derived import AUTONOMIC_PARTS, autonomic_signs
from endplate.clinic.result import Result
from endplate.foundation.records.clinical import Known, Record
from endplate.foundation.rules import exact

RULE: Final = "endplate-increment-audit"
_FACTS: Final = (
    "mg_diagnosis", "first_weakness", "first_limb", "reflexes_reduced", "autonomic_signs", "lung_cancer", "sclc",
)  # fmt: skip
_VERDICTS: Final = {"yes": "look again", "no": "no pointer", "unknown": "cannot tell"}


def pointers(record: Record) -> dict[str, Known]:
    """Return each pointer to LEMS by its name, with its answer.

    The increment is the number as it was written, whatever the technique: an audit would rather look twice.

    Examples
    --------
    >>> from endplate.clinic.record import record_of
    >>> pointers(record_of({"reflexes_reduced": "yes"}))["reduced reflexes"]
    'yes'
    """
    return {
        "legs first": all_of([_is(record, "first_weakness", "limbs"), _is(record, "first_limb", "legs")]),
        "reduced reflexes": record.known("reflexes_reduced"),
        "autonomic signs": autonomic_signs(record),
        "low amplitude": low_amplitude_known(record),
        "increment of 25 % or more": _increment(record),
        "lung cancer": any_of([record.known("lung_cancer"), _sclc(record)]),
    }


def _is(record: Record, name: str, word: str) -> Known:
    said = record.word(name)
    return known_of(None if said is None else said == word)


def _sclc(record: Record) -> Known:
    """A small-cell cancer is a lung cancer; its absence says nothing of the others."""
    return "yes" if record.known("sclc") == "yes" else record.known("lung_cancer")


def _increment(record: Record) -> Known:
    least = exact(any_rule(RULE).versions[-1].threshold)
    rises = [percent_of(study, way) for study in record.studies for way in ("increment", "high-rate increment")]
    return any_of(known_of(None if rise is None else rise >= least) for rise in rises) if rises else "unknown"


def mg_that_may_be_lems(record: Record) -> Result:
    """Say whether a person with myasthenia gravis carries a pointer to LEMS.

    Returns
    -------
    Result
        "look again" with MG and any one pointer, "no pointer", "not applicable" without MG, or "cannot tell".

    Examples
    --------
    >>> from endplate.clinic.record import example
    >>> mg_that_may_be_lems(example("mg-that-is-lems")).verdict
    'look again'
    """
    found = pointers(record)
    carried = [name for name, answer in found.items() if answer == "yes"]
    open_ones = [name for name, answer in found.items() if answer == "unknown"]
    has_mg = record.known("mg_diagnosis")
    verdict = "not applicable" if has_mg == "no" else _VERDICTS[all_of([has_mg, any_of(found.values())])]
    statement = {
        "look again": f"Myasthenia gravis with {', '.join(carried)}: LEMS is worth testing for.",
        "no pointer": "Myasthenia gravis, and no pointer to LEMS.",
        "not applicable": "No diagnosis of myasthenia gravis: the audit does not apply.",
        "cannot tell": f"Cannot tell: not known are {', '.join(open_ones) or 'the diagnosis of myasthenia gravis'}.",
    }[verdict]
    because = [f"{name}: {answer}" for name, answer in found.items()]
    if record.known("achr_antibody") == "yes":
        because.append("the AChR antibody is positive, which does not exclude LEMS")
    facts = (*_FACTS, *AUTONOMIC_PARTS)
    return heads()["mg-that-may-be-lems"].result(
        verdict=verdict,
        statement=statement,
        because=tuple(because),
        inputs=inputs_of(record, *(name for name in facts if name in record.facts)),
        missing=tuple(name for name in _FACTS if name not in record.facts) if verdict == "cannot tell" else (),
        severity="caution" if verdict == "look again" else "info",
        values={"pointers": found, "carried": carried, "open": open_ones},
    )
