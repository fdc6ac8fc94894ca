"""Breathing: whose kilograms, whose limits, and red flags in the reader's words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from endplate.clinic.knowledge.readability import grade
from endplate.clinic.record import record_of
from endplate.clinic.respiratory import (
    action,
    measure,
    predicted_body_weight_kg,
    pressure_cmh2o,
    red_flag_results,
    red_flags,
    respiratory_results,
    weight_of,
)
from endplate.foundation.errors import InputError
from endplate.foundation.records.clinical import Fact, Record

TODAY = date(2026, 2, 1)
ADULT = {"birth_date": "1960-01-01"}


def _of(facts: dict[str, Any]) -> Record:
    return record_of(facts, today=TODAY)


def test_predicted_weight_is_that_of_the_equation_at_and_off_its_anchor() -> None:
    assert predicted_body_weight_kg(height_cm=Decimal("152.4"), sex="male") == 50
    assert predicted_body_weight_kg(height_cm=Decimal("152.4"), sex="female") == Decimal("45.5")
    assert predicted_body_weight_kg(height_cm=Decimal("162.4"), sex="female") == Decimal("54.6")


def test_height_and_sex_of_an_adult_stand_above_every_other_weight() -> None:
    weight = weight_of(_of({**ADULT, "sex": "male", "height_cm": 175, "weight_kg": 120}), today=TODAY)
    assert weight is not None
    assert (weight.kg, weight.basis, weight.is_certain) == (Decimal("70.566"), "predicted from height", True)


@pytest.mark.parametrize(
    ("facts", "kg", "words"),
    [
        ({"weight_kg": 70, "usual_weight_kg": 82}, "82", "usual"),
        ({"weight_kg": 90, "usual_weight_kg": 82}, "90", "actual"),
        ({"weight_kg": 50, "height_cm": 180}, "75.116", "predicted, as for a man"),
        ({"age_years": 9, "sex": "male", "height_cm": 130, "weight_kg": 28}, "28", "adults"),
    ],
)
def test_without_height_or_sex_the_highest_weight_counts_and_says_so(facts: Any, kg: str, words: str) -> None:
    weight = weight_of(_of(facts), today=TODAY)
    assert weight is not None
    assert weight.kg == Decimal(kg)
    assert words in weight.basis
    assert not weight.is_certain


def test_a_normal_capacity_on_an_unsure_weight_reassures_nobody() -> None:
    unsure = respiratory_results(_of({"weight_kg": 60, "fvc_litre": 3, "mip_cmh2o": 90, "mep_cmh2o": 90}), today=TODAY)[
        0
    ]
    assert unsure.verdict == "cannot tell"
    assert set(unsure.missing) == {"height_cm", "sex", "birth_date"}
    sure = {**ADULT, "sex": "female", "height_cm": 165, "fvc_litre": 3, "mip_cmh2o": 90, "mep_cmh2o": 90}
    assert respiratory_results(_of(sure), today=TODAY)[0].verdict == "no flag"


def test_the_lower_of_two_capacities_counts() -> None:
    found = measure(_of({"weight_kg": 70, "fvc_litre": "1.3", "vital_capacity_litre": 2}), "ml_per_kg", today=TODAY)
    assert found.value is not None
    assert round(found.value, 1) == Decimal("18.6")


@pytest.mark.parametrize("value", ["-200", "200", "0"])
def test_pressures_count_without_their_sign(value: str) -> None:
    assert pressure_cmh2o(Decimal(value)) == abs(Decimal(value))


@pytest.mark.parametrize("value", ["200.1", "-200.1", "NaN"])
def test_an_impossible_pressure_is_refused_with_its_likely_unit(value: str) -> None:
    record = Record(facts={"mip_cmh2o": Fact("mip_cmh2o", Decimal(value))})
    with pytest.raises(InputError, match=r"within 0 and 200 cmH2O.*kPa"):
        respiratory_results(record, today=TODAY)


def test_a_number_that_nobody_confirmed_is_not_read() -> None:
    record = Record(facts={"mip_cmh2o": Fact("mip_cmh2o", Decimal(20), is_confirmed=False)})
    result = respiratory_results(record, today=TODAY)[0]
    assert result.verdict == "cannot tell"
    assert "not confirmed" in next(one.shown for one in result.inputs if one.name == "mip_cmh2o")


def test_the_rule_says_where_it_comes_from_and_that_severe_failure_is_unusual() -> None:
    result = respiratory_results(Record(), today=TODAY)[0]
    assert any("Guillain-Barré" in limit for limit in result.limits)
    assert any("unusual in LEMS" in limit for limit in result.limits)
    assert any("Oximetry" in limit for limit in result.limits)
    assert (result.safety_class, result.reviewers) == ("A", ())


def test_patients_read_every_line_at_school_grade_8_or_below() -> None:
    texts = [flag.text for flag in red_flags("patient")] + [action("emergency"), action("urgent")]
    assert {text: round(grade(text), 1) for text in texts if grade(text) > 8} == {}


def test_the_added_red_flags_are_there_and_are_emergencies() -> None:
    levels = {flag.id: flag.level for flag in red_flags("patient")}
    for name in (
        "fever-low-immunity", "back-pain", "much-blood", "chest-pain", "faint", "stroke", "bleeding", "dehydration",
        "choking", "breathing", "seizure", "head-drop", "worsening", "confusion",
    ):  # fmt: skip
        assert levels[name] == "emergency"
    assert levels["streaks-of-blood"] == "urgent"
    assert levels["weight-loss"] == "urgent"


# temperature | fever | on treatment | verdict of the emergency
FEVERS = [
    ({"temperature_degc": 38, "chemotherapy_now": "yes"}, "present"),
    ({"temperature_degc": "37.9", "fever": "no", "chemotherapy_now": "yes"}, "absent"),
    ({"fever": "yes", "immunosuppressed": "yes"}, "present"),
    ({"fever": "yes", "immunosuppressed": "no", "chemotherapy_now": "no"}, "absent"),
    ({"fever": "yes"}, "cannot tell"),
    ({"chemotherapy_now": "yes"}, "cannot tell"),
]


@pytest.mark.parametrize(("facts", "verdict"), FEVERS)
def test_fever_on_treatment_that_weakens_immunity_is_an_emergency(facts: dict[str, Any], verdict: str) -> None:
    for audience, name in (("patient", "fever-low-immunity"), ("clinician", "fever-on-immunosuppression")):
        results = red_flag_results(_of(facts), audience=audience)  # type: ignore[arg-type]
        assert next(one.verdict for one in results if one.values["id"] == name) == verdict


def test_a_line_that_no_fact_can_answer_is_for_reading() -> None:
    results = {one.values["id"]: one for one in red_flag_results(Record(), audience="patient")}
    assert results["choking"].verdict == "for reading"
    assert "Call for help now" in results["choking"].statement


def test_a_fall_over_24_hours_is_shown_as_unverified() -> None:
    results = {one.values["id"]: one for one in red_flag_results(Record())}
    assert results["vital-capacity-fall"].support == "unverified"
    assert "unverified" in results["vital-capacity-fall"].statement
