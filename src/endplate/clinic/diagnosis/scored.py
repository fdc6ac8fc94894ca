"""Scored: the electrodiagnostic review of 2001 and the PNS-Care score, with what is unknown as a range."""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path
from typing import Final

from endplate.clinic.diagnosis.legs import decrement, increment
from endplate.clinic.diagnosis.published import inputs_read, missing_of
from endplate.clinic.heads import Head, check_keys, head_of, known_sources, read_tables
from endplate.clinic.reading import inputs_of
from endplate.clinic.result import Result
from endplate.foundation.records.clinical import Known, Record

_FILE: Final = Path(__file__).with_name("scored.toml")
CLASSES: Final = ((8, "definite"), (6, "probable"), (4, "possible"), (0, "not paraneoplastic by this score"))
PHENOTYPE_POINTS: Final = 3
SOX1_POINTS: Final = 3
PQ_POINTS: Final = 2
SCLC_POINTS: Final = 4
SHORT_FOLLOW_UP_POINTS: Final = 1
FOLLOW_UP_YEARS: Final = 2
Points = tuple[int, int]


@functools.cache
def heads() -> dict[str, Head]:
    """Return the heads of the sets that are no tree of legs."""
    known, found = known_sources(_FILE), {}
    for name, table in read_tables(_FILE).items():
        check_keys(table, (), f"{_FILE.name}: {name}")
        found[name] = head_of(name, table, known=known, where=_FILE.name)
    return found


def aaem_2001(record: Record) -> Result:
    """Answer the electrodiagnostic review of 2001.

    Returns
    -------
    Result
        "supports" above 100 %, "in between" from 25 %, "does not support" where increment and decrement are
        valid and normal, else "cannot tell".

    Examples
    --------
    >>> from endplate.clinic.record import example
    >>> aaem_2001(example("typical-sclc-lems")).verdict
    'supports'
    """
    doubled, least = increment(record, "increment-doubled"), increment(record, "endplate-increment-doubtful")
    fall = decrement(record, "decrement-aaem")
    legs = [doubled, least, fall]
    if doubled.answer == "yes":
        verdict, words = "supports", "an increment above 100 %, the most accurate finding of the review"
    elif least.answer == "yes":
        verdict, words = "in between", "an increment from 25 to 100 %: less accurate; another muscle may tell more"
    elif least.answer == "no" and fall.answer == "no":
        verdict, words = "does not support", "neither increment nor decrement in valid studies"
    else:
        verdict, words = "cannot tell", "no increment that counts; a decrement alone is not specific"
    head = heads()["aaem-2001"]
    return head.result(
        verdict=verdict,
        statement=f"{head.title}: {words}.",
        because=tuple(one.because for one in legs),
        inputs=inputs_read(legs, record),
        missing=missing_of(legs, record) if verdict == "cannot tell" else (),
        values={"legs": [{"leg": one.label, "answer": one.answer} for one in legs]},
    )


def pns_care_2021(record: Record, *, is_lems: Known, today: date | None = None) -> Result:
    """Score how surely LEMS is paraneoplastic, as a range where an item is unknown.

    Parameters
    ----------
    record
        The person.
    is_lems
        Whether the syndrome is LEMS, which is a high-risk phenotype.
    today
        The day up to which follow-up is counted; None is the day of this machine.

    Returns
    -------
    Result
        definite (8 or more), probable (6-7), possible (4-5), not paraneoplastic by this score (3 or less), or
        "cannot tell" where the range reaches over two of them.
    """
    parts: dict[str, Points] = {
        "phenotype (LEMS is of high risk)": _points(is_lems, PHENOTYPE_POINTS),
        "antibody (the higher of P/Q and SOX1, never their sum)": _antibody(record),
        "cancer": _cancer(record, today or date.today()),
    }
    low, high = sum(points[0] for points in parts.values()), sum(points[1] for points in parts.values())
    verdicts = {_class_of(low), _class_of(high)}
    verdict = verdicts.pop() if len(verdicts) == 1 else "cannot tell"
    score = str(low) if low == high else f"{low} to {high}"
    asked = ("vgcc_pq_antibody", "sox1_antibody", "sclc", "lung_cancer", "onset_date")
    because = [f"{name}: {a} points" if a == b else f"{name}: {a} to {b} points" for name, (a, b) in parts.items()]
    if record.known("checkpoint_inhibitor") == "yes":
        because.append("after a checkpoint inhibitor the source has recommendations of its own, beside this score")
    return heads()["pns-care-2021"].result(
        verdict=verdict,
        statement=f"PNS-Care score {score} (unverified points): {verdict}.",
        because=tuple(because),
        inputs=inputs_of(record, *asked),
        missing=tuple(name for name in asked if _is_open(record, name)) if low != high else (),
        values={"low": low, "high": high, "parts": {name: list(points) for name, points in parts.items()}},
    )


def _is_open(record: Record, name: str) -> bool:
    fact = record.facts.get(name)
    return fact is None or not fact.is_confirmed


def _points(answer: Known, points: int) -> Points:
    return {"yes": (points, points), "no": (0, 0), "unknown": (0, points)}[answer]


def _antibody(record: Record) -> Points:
    sox1 = _points(record.known("sox1_antibody"), SOX1_POINTS)
    pq = _points(record.known("vgcc_pq_antibody"), PQ_POINTS)
    return max(sox1[0], pq[0]), max(sox1[1], pq[1])


def _cancer(record: Record, today: date) -> Points:
    """A small-cell cancer is consistent with LEMS; any other, or none, counts by the years of follow-up."""
    onset = record.day("onset_date")
    if onset is None:
        without: Points = (0, SHORT_FOLLOW_UP_POINTS)
    else:
        is_long = today >= _years_after(onset, FOLLOW_UP_YEARS)
        without = (0, 0) if is_long else (SHORT_FOLLOW_UP_POINTS, SHORT_FOLLOW_UP_POINTS)
    sclc = record.known("sclc")
    if sclc == "unknown" and record.known("lung_cancer") == "no":
        sclc = "no"
    return {"yes": (SCLC_POINTS, SCLC_POINTS), "no": without, "unknown": (without[0], SCLC_POINTS)}[sclc]


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)


def _class_of(score: int) -> str:
    return next(name for least, name in CLASSES if score >= least)
