"""Grade: our own proposal of how well LEMS is supported, beside the published sets and never instead of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from endplate.clinic.diagnosis.legs import Leg, antibody, decrement, increment, low_amplitude, picture
from endplate.clinic.diagnosis.published import inputs_read, missing_of
from endplate.clinic.diagnosis.scored import heads
from endplate.clinic.electrodiagnosis.report import OTHER_CAUSES
from endplate.clinic.logic import all_of, any_of, negation
from endplate.clinic.reading import words_of
from endplate.clinic.result import Result
from endplate.foundation.records.clinical import Known, Record

REPEAT: Final = "If suspicion stays, electrodiagnosis and antibody can be repeated after 3 to 6 months."


@dataclass(frozen=True, slots=True)
class Grading:
    """Each grade as its own question, and the legs that answered."""

    definite: Known
    probable: Known
    possible: Known
    legs: tuple[Leg, ...]

    @property
    def verdict(self) -> str:
        """Return the highest grade that is reached; unknown legs reach none."""
        reached = (("definite", self.definite), ("probable", self.probable), ("possible", self.possible))
        found = next((name for name, answer in reached if answer == "yes"), "")
        return found or ("not supported" if self.possible == "no" else "cannot tell")

    @property
    def is_lems(self) -> Known:
        """Return yes where the grade is definite or probable, no where the picture is not there."""
        if "yes" in (self.definite, self.probable):
            return "yes"
        return "no" if self.possible == "no" else "unknown"


def grading(record: Record) -> Grading:
    """Ask every grade of one record.

    Examples
    --------
    >>> from endplate.clinic.record import example
    >>> grading(example("seronegative-diagnostic-edx")).verdict, grading(example("antibody-only")).verdict
    ('definite', 'not supported')
    """
    seen, pq, low = picture(record), antibody(record), low_amplitude(record)
    full = increment(record, "endplate-increment-definite")
    part = increment(record, "endplate-increment-probable")
    fall = decrement(record, "decrement-aaem")
    no_other = Leg(
        "botulism, magnesium excess, aminoglycoside and blocker each ruled out",
        all_of(negation(record.known(cause)) for cause in OTHER_CAUSES),
        OTHER_CAUSES,
    )
    either = any_of([low.answer, fall.answer])
    definite = all_of(
        [seen.answer, any_of([all_of([full.answer, no_other.answer]), all_of([pq.answer, either])])]
    )  # fmt: skip
    probable = all_of(
        [
            seen.answer,
            any_of([pq.answer, all_of([fall.answer, low.answer]), all_of([part.answer, either])]),
        ]
    )
    return Grading(definite, probable, seen.answer, (seen, full, no_other, pq, low, fall, part))


def endplate_grade(record: Record) -> Result:
    """Grade how well LEMS is supported: definite, probable, possible, not supported, or cannot tell.

    Returns
    -------
    Result
        Marked as a proposal. An antibody alone is "not supported"; a seronegative person with the picture and a
        valid increment can be definite.

    Examples
    --------
    >>> from endplate.clinic.record import example
    >>> endplate_grade(example("antibody-only")).statement
    'LEMS not supported (our proposal): an antibody alone is not LEMS.'
    """
    graded = grading(record)
    head, pq = heads()["endplate-grade"], record.known("vgcc_pq_antibody")
    causes = [cause for cause in OTHER_CAUSES if record.known(cause) == "yes"]
    because = [one.because for one in graded.legs]
    if pq == "no" and graded.verdict == "definite":
        because.append("no antibody was found: seronegative with diagnostic electrodiagnosis is LEMS")
    if causes:
        because.append(f"{', '.join(causes)}: found, and can explain the electrodiagnosis by itself")
    if graded.verdict in ("probable", "possible", "cannot tell"):
        because.append(REPEAT)
    is_new = graded.verdict in ("definite", "probable") and record.known("lems_diagnosis") != "yes"
    is_open = graded.verdict in ("cannot tell", "possible", "probable")
    return head.result(
        verdict=graded.verdict,
        statement=_statement(graded, pq, causes),
        because=tuple(because),
        inputs=inputs_read(list(graded.legs), record),
        missing=missing_of(list(graded.legs), record) if is_open else (),
        severity="warning" if causes else "caution" if is_new else "info",
        values={"definite": graded.definite, "probable": graded.probable, "possible": graded.possible,
                "legs": [{"leg": one.label, "answer": one.answer} for one in graded.legs]},
    )  # fmt: skip


def _statement(graded: Grading, pq: Known, causes: list[str]) -> str:
    words = {
        "definite": "LEMS definite (our proposal)",
        "probable": "LEMS probable (our proposal)",
        "possible": "LEMS possible (our proposal): the clinical picture alone",
        "not supported": "LEMS not supported (our proposal)",
        "cannot tell": "Cannot tell (our proposal): the clinical picture is not fully known",
    }[graded.verdict]
    if pq == "yes" and graded.verdict in ("not supported", "cannot tell"):
        words += (
            ": an antibody alone is not LEMS"
            if graded.verdict == "not supported"
            else "; an antibody alone is not LEMS"
        )
    return words + (f"; another cause was found ({', '.join(map(words_of, causes))})." if causes else ".")
