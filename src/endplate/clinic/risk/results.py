"""Results of the risk room: the score, each cohort's column, SOX1 and the base rate, as lines of a page."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from endplate.clinic.logic import any_of
from endplate.clinic.reading import inputs_of
from endplate.clinic.result import Result
from endplate.clinic.risk.base_rate import DEFAULT, base_rate_result
from endplate.clinic.risk.cohorts import Cohort, cohorts, deltap_head
from endplate.clinic.risk.deltap import FACTS, DeltaP, score_deltap
from endplate.clinic.risk.sox1 import sox1_result
from endplate.foundation.records.clinical import Record

FORMER_SMOKER: Final = (
    "An ex-smoker scores 0 for tobacco, which understates risk: all 54 Dutch SCLC patients had smoked."
)
WOMAN: Final = "E is an item of men: a woman scores at most 5, so equal scores of a woman and a man are not equal."


def risk_results(
    record: Record, *, prior: Decimal | float | None = None, prior_source: str = DEFAULT
) -> tuple[Result, ...]:
    """Return every line on tumour risk: score, both cohorts, SOX1, base rate.

    Examples
    --------
    >>> [result.rule for result in risk_results(Record())]
    ['deltap', 'deltap-2011', 'deltap-2020', 'sox1', 'base-rate']
    """
    score = score_deltap(record)
    return (
        score_result(record, score),
        *(column_result(record, score, column) for column in cohorts().values()),
        sox1_result(record, prior=prior, prior_source=prior_source),
        base_rate_result(prior_source),
    )


def score_result(record: Record, score: DeltaP) -> Result:
    """Return the score itself with one sentence per item."""
    head = deltap_head()
    unknown = score.unknown
    verdict = "cannot tell" if len(unknown) == len(score.items) else "interval" if unknown else "known"
    statement = f"DELTA-P {score.shown} of {score.maximum}."
    if unknown:
        letters = ", ".join(item.letter for item in unknown)
        statement = f"DELTA-P {score.shown} of {score.maximum}: {letters} not known, so the score is an interval."
    warnings = (*((FORMER_SMOKER,) if score.is_former_smoker else ()), *((WOMAN,) if score.is_woman else ()))
    is_found = any_of([record.known("sclc"), record.known("lung_cancer")]) == "yes"
    return head.result(
        verdict=verdict,
        statement=statement,
        because=tuple(f"{item.letter}: {item.because}." for item in score.items),
        inputs=inputs_of(record, *FACTS),
        missing=_missing(score),
        limits=(*warnings, *head.limits),
        severity="info" if is_found else "warning" if score.high >= 3 else "caution",
        sources=(*head.sources, *(("TitulaerScreening2008",) if score.is_former_smoker else ())),
        values={
            "low": score.low, "high": score.high, "maximum": score.maximum,
            "items": {item.letter: item.present for item in score.items},
            "former_smoker": score.is_former_smoker, "sex_limits_maximum": score.is_woman,
            "tumour_on_record": is_found,
        },
    )  # fmt: skip


def column_result(record: Record, score: DeltaP, column: Cohort) -> Result:
    """Return what one cohort found at this score; an interval of scores is an interval of chances."""
    cells = column.cells[score.low : score.high + 1]
    ends = (cells[0],) if len(cells) == 1 else (cells[0], cells[-1])
    shown = " to ".join(cell.shown for cell in ends)
    is_sure = all(cell.is_verified for cell in ends)
    because = [
        f"{column.cohort}, n = {column.n}, {column.year}; AUC {column.auc}.",
        "The number of people at this score: n not retrieved.",
        f"T counts {column.tobacco}, by this cohort's definition.",
    ]
    return column.head.result(
        verdict="known" if len(cells) == 1 else "cannot tell" if len(cells) == len(column.cells) else "interval",
        statement=f"In this cohort, small-cell lung cancer was found in {shown} at DELTA-P {score.shown}.",
        because=tuple(because),
        inputs=inputs_of(record, *FACTS),
        missing=_missing(score),
        support=column.head.support if is_sure else "unverified",
        values={
            "low_percent": float(ends[0].percent), "high_percent": float(ends[-1].percent), "verified": is_sure,
            "n": column.n, "n_at_score": None, "year": column.year,
            "column": [
                {"score": cell.score, "percent": float(cell.percent), "verified": cell.is_verified}
                for cell in column.cells
            ],
        },
    )  # fmt: skip


def _missing(score: DeltaP) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for item in score.unknown for name in item.asks))
