"""Results of the respiratory room: each published set as a line, with unknown staying unknown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from endplate.clinic.reading import inputs_of
from endplate.clinic.respiratory.measures import ML_PER_KG, measure
from endplate.clinic.respiratory.rules import Answer, RuleSet, answer, flagged, rule_sets
from endplate.clinic.result import Result
from endplate.foundation.records.clinical import Known, Record

_VERDICTS: dict[Known, str] = {"yes": "flag", "no": "no flag", "unknown": "cannot tell"}


def respiratory_results(record: Record, *, today: date) -> tuple[Result, ...]:
    """Return every set: 20/30/40, ventilation, non-invasive ventilation, single-breath count.

    Raises
    ------
    InputError
        If a pressure is impossible.

    Examples
    --------
    >>> from endplate.clinic.record import record_of
    >>> record = record_of({"weight_kg": 70, "vital_capacity_litre": 1.3})
    >>> [result.verdict for result in respiratory_results(record, today=date(2026, 1, 1))]
    ['flag', 'cannot tell', 'cannot tell', 'cannot tell']
    """
    return tuple(rule_result(record, one, today=today) for one in rule_sets().values())


def rule_result(record: Record, rules: RuleSet, *, today: date) -> Result:
    """Return what one set says of one person."""
    answers = tuple(answer(record, one, today=today) for one in rules.criteria)
    met = flagged(answers)
    verdict, statement = _VERDICTS[met], _statement(rules, answers, met)
    if rules.normal_from is not None and met == "no":
        verdict, statement = _count(rules, answers[0], measure(record, answers[0].criterion.measure, today=today).value)
    names = [name for one in rules.criteria for name in measure(record, one.measure, today=today).names]
    weights = ("weight_kg", "usual_weight_kg") if ML_PER_KG in {one.measure for one in rules.criteria} else ()
    return rules.head.result(
        verdict=verdict,
        statement=statement,
        because=tuple(f"{one.because}." for one in answers),
        inputs=inputs_of(record, *names, *weights, *(("respiratory_weakness",) if _reads_symptoms(rules) else ())),
        missing=tuple(dict.fromkeys(name for one in answers if one.met == "unknown" for name in one.asks)),
        severity="critical" if met == "yes" else "info",
        values={"flagged": met, "criteria": [_plain(one) for one in answers]},
    )


def _reads_symptoms(rules: RuleSet) -> bool:
    return any(one.with_symptoms for one in rules.criteria)


def _statement(rules: RuleSet, answers: tuple[Answer, ...], met: Known) -> str:
    if met == "yes":
        return f"{rules.head.title}: met by {', '.join(one.criterion.label for one in answers if one.met == 'yes')}."
    if met == "no":
        return f"{rules.head.title}: none of its criteria is met; this does not exclude respiratory weakness."
    open_ones = ", ".join(one.criterion.label for one in answers if one.met == "unknown")
    return f"{rules.head.title}: no criterion is known to be met, and {open_ones} cannot be judged."


def _count(rules: RuleSet, one: Answer, value: Decimal | None) -> tuple[str, str]:
    """Word a count that is not low: normal, or between the two limits."""
    assert rules.normal_from is not None
    assert value is not None
    if value >= rules.normal_from:
        return "no flag", f"{rules.head.title}: {value} is at least {rules.normal_from}, normal in MG."
    limit = one.criterion.threshold
    return (
        "cannot tell",
        f"{rules.head.title}: {value} is between {limit} and {rules.normal_from}: neither low nor normal.",
    )


def _plain(one: Answer) -> dict[str, str]:
    criterion = one.criterion
    return {
        "label": criterion.label, "met": one.met, "operator": criterion.operator,
        "threshold": str(criterion.threshold), "unit": criterion.unit, "because": one.because,
    }  # fmt: skip
