"""Golden vectors of dosing, as changed by the clinical review, and the edges of every label."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from endplate.clinic.dosing import check_regimen, dose_plan, read_regimen, titration
from tests.clinic.dose_person import person

TODAY = date(2026, 11, 21)


def _plan(pack: str, *medicines: str, **facts: Any) -> Any:
    return dose_plan(person(*medicines, **facts), pack=pack, today=TODAY)


@pytest.mark.parametrize(
    ("pack", "regimen", "verdict"),
    [
        ("us", "5x20", "within the label"),
        ("us", "4x25", "rejected"),
        ("us", "6x20", "rejected"),
        ("us", "2x20", "rejected"),
        ("us", "5x20 mg", "within the label"),
        ("us", "7.5+7.5+5", "within the label"),
        ("eu", "3x20", "within the label"),
        ("eu", "4x20", "rejected"),
        ("uk", "4x20", "rejected"),
        ("ch", "4x20", "exceptional"),
        ("ch", "3x20", "within the label"),
        ("ch", "20+20+20+20+5", "rejected"),
        ("eu", "7.5+7.5+5", "rejected"),
        ("eu", "5x10", "rejected"),
    ],
)
def test_a_regimen_by_label(pack: str, regimen: str, verdict: str) -> None:
    assert check_regimen(person(), read_regimen(regimen), pack=pack, today=TODAY).verdict == verdict


def test_eu_egfr_40_starts_once_a_day_and_waits_a_week() -> None:
    plan = _plan("eu", crcl_ml_min=None, egfr_ml_min="40")
    amounts = plan.values["amounts"]
    assert (amounts["start_daily_mg"], amounts["start_doses_per_day"]) == (["5", "5"], [1, 1])
    assert (amounts["step_mg"], amounts["days_between_steps"]) == ("5", [7, 7])
    assert plan.support == "proposal"
    assert any("moderate" in line and "our stated band" in line for line in plan.because)


@pytest.mark.parametrize(
    ("clearance", "verdict", "start"),
    [
        ("10", "no recommendation", None),
        ("14.9", "no recommendation", None),
        ("15", "within the label", ["15", "15"]),
        ("90", "within the label", ["15", "15"]),
        ("90.1", "within the label", ["15", "30"]),
    ],
)
def test_us_creatinine_clearance_at_its_edges(clearance: str, verdict: str, start: list[str] | None) -> None:
    plan = _plan("us", crcl_ml_min=clearance, egfr_ml_min=None)
    assert plan.verdict == verdict
    assert (plan.values["amounts"] or {}).get("start_daily_mg") == start


def test_an_egfr_never_stands_in_for_creatinine_clearance() -> None:
    plan = _plan("us", crcl_ml_min=None, egfr_ml_min="40")
    assert plan.verdict == "cannot tell"
    assert plan.missing == ("crcl_ml_min",)
    assert plan.values["amounts"]["start_daily_mg"] == ["15", "15"]
    assert any("one does not stand for the other" in line for line in plan.because)


@pytest.mark.parametrize(("degree", "start", "doses"), [("mild", "10", 2), ("moderate", "5", 1), ("severe", "5", 1)])
@pytest.mark.parametrize("organ", ["liver_impairment", "kidney_impairment"])
def test_eu_impairment_of_kidney_or_liver(organ: str, degree: str, start: str, doses: int) -> None:
    numbers = {"crcl_ml_min": None, "egfr_ml_min": None, "kidney_impairment": "none"}
    amounts = _plan("eu", **{**numbers, organ: degree}).values["amounts"]
    assert (amounts["start_daily_mg"], amounts["start_doses_per_day"]) == ([start, start], [doses, doses])
    assert amounts["days_between_steps"] == [7, 7]


@pytest.mark.parametrize("degree", ["mild", "moderate", "severe"])
def test_us_any_liver_impairment_takes_the_lowest_start(degree: str) -> None:
    assert _plan("us", liver_impairment=degree).values["amounts"]["start_daily_mg"] == ["15", "15"]


def test_us_end_stage_kidney_disease_has_no_recommendation() -> None:
    assert _plan("us", crcl_ml_min=None, egfr_ml_min=None, kidney_impairment="end-stage").verdict == "no recommendation"


def test_a_slow_acetylator_takes_the_lowest_start_in_the_us_only() -> None:
    assert _plan("us", nat2_status="slow").values["amounts"]["start_daily_mg"] == ["15", "15"]
    assert _plan("us", nat2_status="fast").values["amounts"]["start_daily_mg"] == ["15", "30"]
    eu = _plan("eu", nat2_status="slow")
    assert eu.values["amounts"]["start_daily_mg"] == ["15", "15"]
    assert any("this label has no rule" in line for line in eu.because)


@pytest.mark.parametrize(
    ("pack", "age", "verdict"),
    [
        ("eu", "17", "no recommendation"), ("eu", "18", "within the label"), ("uk", "17", "no recommendation"),
        ("us", "5", "no recommendation"), ("us", "6", "within the label"), ("us", "17", "within the label"),
    ],
)  # fmt: skip
def test_age_at_its_edges(pack: str, age: str, verdict: str) -> None:
    assert _plan(pack, age_years=age).verdict == verdict


@pytest.mark.parametrize(
    ("age", "weight", "single", "daily", "step"),
    [
        ("12", "44.9", "10", "50", "2.5"),
        ("12", "45", "20", "100", "5"),
        ("17", "44.9", "10", "50", "2.5"),
        ("18", "44.9", "20", "100", "5"),
    ],
)
def test_us_weight_at_its_edge(age: str, weight: str, single: str, daily: str, step: str) -> None:
    amounts = _plan("us", age_years=age, weight_kg=weight).values["amounts"]
    assert (amounts["max_single_mg"], amounts["max_daily_mg"], amounts["step_mg"]) == (single, daily, step)


def test_a_child_of_unknown_weight_gets_the_smaller_amounts_and_no_verdict() -> None:
    plan = _plan("us", age_years="12", weight_kg=None)
    assert (plan.verdict, plan.missing) == ("cannot tell", ("weight_kg",))
    assert plan.values["amounts"]["max_daily_mg"] == "50"


@pytest.mark.parametrize(
    ("pack", "facts", "verdict"),
    [
        ("us", {"seizure_history": "yes", "epilepsy": "no"}, "contraindicated"),
        ("us", {"seizure_history": None, "epilepsy": "yes"}, "contraindicated"),
        ("eu", {"seizure_history": "yes", "epilepsy": "yes"}, "contraindicated"),
        ("eu", {"seizure_history": "yes", "epilepsy": "no"}, "stop and review"),
        ("eu", {"seizure_history": "yes", "epilepsy": None}, "stop and review"),
        ("eu", {"asthma_uncontrolled": "yes"}, "contraindicated"),
        ("us", {"asthma_uncontrolled": "yes"}, "within the label"),
        ("eu", {"congenital_long_qt": "yes"}, "contraindicated"),
        ("us", {"hypersensitivity_aminopyridine": "yes"}, "contraindicated"),
        ("eu", {"hypersensitivity_aminopyridine": "yes"}, "contraindicated"),
    ],
)
def test_contraindications_by_label(pack: str, facts: dict[str, Any], verdict: str) -> None:
    plan = _plan(pack, **facts)
    assert plan.verdict == verdict
    if verdict != "within the label":
        assert plan.values["amounts"] is None
        assert plan.severity == "critical"
        assert check_regimen(person(**facts), read_regimen("3x5"), pack=pack, today=TODAY).verdict == verdict


def test_a_medicine_that_prolongs_qt_contraindicates_in_the_eu_and_not_in_the_us() -> None:
    assert _plan("eu", "ondansetron").verdict == "contraindicated"
    assert _plan("us", "ondansetron").verdict == "within the label"
    assert _plan("us", "fampridine").verdict == "contraindicated"


def test_a_medicine_that_nobody_recognises_leaves_the_verdict_open() -> None:
    plan = _plan("eu", "xyzzy")
    assert plan.verdict == "cannot tell"
    assert any("not recognised: xyzzy" in line for line in plan.because)


@pytest.mark.parametrize(
    ("pack", "facts", "verdict"),
    [
        ("eu", {"sex": "female", "pregnancy": "yes"}, "do not use"),
        ("uk", {"sex": "female", "pregnancy": "yes"}, "do not use"),
        ("us", {"sex": "female", "pregnancy": "yes"}, "decision"),
        ("eu", {"sex": "female", "pregnancy": "no"}, "within the label"),
        ("eu", {"sex": "female"}, "cannot tell"),
        ("us", {"sex": "female"}, "cannot tell"),
        ("us", {"sex": None}, "cannot tell"),
    ],
)
def test_pregnancy_by_label(pack: str, facts: dict[str, Any], verdict: str) -> None:
    plan = _plan(pack, lactation="no", **facts)
    assert plan.verdict == verdict
    said = " ".join((*plan.because, plan.statement))
    if facts.get("pregnancy") == "yes":
        assert ("registry" in said) if pack == "us" else ("contraception" in said)
    if verdict == "cannot tell":
        assert "pregnancy" in plan.missing


@pytest.mark.parametrize("pack", ["us", "eu", "uk", "ch"])
def test_breastfeeding_is_a_decision_in_every_pack(pack: str) -> None:
    plan = _plan(pack, sex="female", pregnancy="no", lactation="yes")
    assert plan.verdict == "decision"
    assert any("breastfeeding" in line and "decision" in line for line in plan.because)
    assert "lactation" in _plan(pack, sex="female", pregnancy="no").missing
    calendar = titration(person(sex="female", pregnancy="no", lactation="yes"), pack=pack, start=TODAY)
    assert calendar.values["steps"] == []


def test_the_us_titration_of_a_healthy_adult_has_the_dates_of_the_label() -> None:
    steps = titration(person(), pack="us", start=date(2026, 12, 28), target_mg=Decimal(30), pace="quick").values[
        "steps"
    ]
    assert [(one["date"], one["daily_mg"]) for one in steps] == [
        ("2026-12-28", "15"), ("2026-12-31", "20"), ("2027-01-03", "25"), ("2027-01-06", "30"),
    ]  # fmt: skip


def test_the_eu_titration_with_an_egfr_of_40_rises_once_a_week() -> None:
    record = person(crcl_ml_min=None, egfr_ml_min="40")
    steps = titration(record, pack="eu", start=date(2028, 2, 22), target_mg=Decimal(15)).values["steps"]
    assert [(one["date"], one["shown"]) for one in steps] == [
        ("2028-02-22", "1 x 5 mg"), ("2028-02-29", "2 x 5 mg"), ("2028-03-07", "3 x 5 mg"),
    ]  # fmt: skip
