"""Serology: what the antibodies say by themselves, which is less than is often thought."""

from __future__ import annotations

from endplate.clinic.diagnosis.scored import heads
from endplate.clinic.logic import all_of
from endplate.clinic.reading import inputs_of
from endplate.clinic.result import Result
from endplate.foundation.records.clinical import Record


def pq_antibody(record: Record) -> Result:
    """Say what the P/Q antibody means by itself.

    Examples
    --------
    >>> from endplate.clinic.record import example
    >>> pq_antibody(example("antibody-only")).verdict
    'supports only with the clinical picture'
    """
    answer, head = record.known("vgcc_pq_antibody"), heads()["pq-antibody"]
    verdict, words = {
        "yes": (
            "supports only with the clinical picture",
            "positive: of 100 unselected persons with a raised antibody 6 had LEMS, and 58 no autoimmune cause",
        ),
        "no": (
            "does not exclude",
            "negative: seronegative LEMS exists; if suspicion stays, it can be repeated after 3 to 6 months",
        ),
        "unknown": ("cannot tell", "not known"),
    }[answer]
    because = ["severity does not follow the titre"] if record.number("vgcc_pq_titre") is not None else []
    return head.result(
        verdict=verdict,
        statement=f"P/Q antibody {words}.",
        because=tuple(because),
        inputs=inputs_of(record, "vgcc_pq_antibody", "vgcc_pq_titre", "vgcc_pq_titre_unit", "vgcc_pq_upper_limit"),
        missing=("vgcc_pq_antibody",) if answer == "unknown" else (),
    )


def overlap(record: Record) -> Result:
    """Say whether myasthenia gravis and LEMS may be there together; one antibody never excludes the other disease.

    Examples
    --------
    >>> from endplate.clinic.record import example
    >>> overlap(example("achr-and-pq-positive")).verdict
    'overlap possible'
    """
    both = all_of([record.known("achr_antibody"), record.known("vgcc_pq_antibody")])
    verdict = {"yes": "overlap possible", "no": "not both positive", "unknown": "cannot tell"}[both]
    words = {
        "yes": "AChR and P/Q antibodies are both positive: overlap possible, and neither excludes the other disease",
        "no": "AChR and P/Q antibodies are not both positive",
        "unknown": "whether both antibodies are positive is not known",
    }[both]
    asked = ("achr_antibody", "vgcc_pq_antibody")
    return heads()["overlap"].result(
        verdict=verdict,
        statement=f"{words[0].upper()}{words[1:]}.",
        inputs=inputs_of(record, *asked),
        missing=tuple(name for name in asked if record.known(name) == "unknown") if both == "unknown" else (),
        severity="caution" if both == "yes" else "info",
    )
