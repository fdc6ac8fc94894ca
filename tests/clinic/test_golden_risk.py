"""Golden vectors of risk, surveillance dates and breathing, as one table of cases each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from endplate.clinic.record import record_of
from endplate.clinic.respiratory import respiratory_results, rule_set
from endplate.clinic.respiratory.rules import answer
from endplate.clinic.risk import cohorts, risk_results, score_deltap, sox1_result
from endplate.clinic.surveillance import add_months, protocol, schedule_of

TODAY = date(2026, 2, 1)
ALL_NO = {
    "sex": "male",
    "bulbar_involvement": "no",
    "erectile_dysfunction": "no",
    "weight_loss_percent": "0",
    "smoker_current": "no",
    "smoker_ever": "no",
    "age_at_onset_years": "40",
    "karnofsky": "90",
}
SAFE = {"sox1_antibody": "no", "new_chest_symptoms": "no", "haemoptysis": "no"}
SCANS = [
    {"scan_date": "2026-01-10", "kind": "ct_chest", "result": "negative"},
    {"scan_date": "2026-01-10", "kind": "pet", "result": "negative"},
]

# what is changed in "a man of 40 without any item" | the score | the letter it changes
ITEMS = [
    ({}, 0),
    ({"age_at_onset_years": "50"}, 1),
    ({"age_at_onset_years": "49.99"}, 0),
    ({"karnofsky": "70"}, 0),
    ({"karnofsky": "60"}, 1),
    ({"weight_loss_percent": "5.0"}, 1),
    ({"weight_loss_percent": "4.99"}, 0),
    ({"dysphagia": "yes", "bulbar_involvement": "yes"}, 1),
    ({"erectile_dysfunction": "yes"}, 1),
    ({"smoker_current": "yes", "smoker_ever": "yes"}, 1),
    ({"smoker_ever": "yes"}, 0),
]


@pytest.mark.parametrize(("changed", "score"), ITEMS, ids=str)
def test_each_item_scores_from_its_threshold_on(changed: dict[str, str], score: int) -> None:
    found = score_deltap(record_of({**ALL_NO, **changed}, today=TODAY))
    assert (found.low, found.high) == (score, score)


def test_a_smoking_man_of_62_with_karnofsky_60_scores_3_and_both_columns_stand_side_by_side() -> None:
    record = record_of(
        {**ALL_NO, "age_at_onset_years": "62", "smoker_current": "yes", "smoker_ever": "yes", "karnofsky": "60"},
        today=TODAY,
    )
    results = {one.rule: one for one in risk_results(record)}
    assert results["deltap"].values["low"] == 3
    assert results["deltap-2020"].values["low_percent"] == 55.5
    assert results["deltap-2011"].support == "unverified"
    assert "unverified" in results["deltap-2011"].statement
    assert all("n not retrieved" in " ".join(results[name].because) for name in ("deltap-2011", "deltap-2020"))


def test_a_woman_with_every_item_scores_5_of_5() -> None:
    record = record_of(
        {
            "sex": "female",
            "bulbar_involvement": "yes",
            "weight_loss_percent": "8",
            "smoker_current": "yes",
            "age_at_onset_years": "62",
            "karnofsky": "50",
        },
        today=TODAY,
    )
    score = score_deltap(record)
    assert (score.low, score.high, score.maximum) == (5, 5, 5)


# score | what the British prospective cohort found | what the first cohorts did (None: only unverified)
COLUMNS = [
    (0, "0", "0"),
    (1, "18.8", "2.6"),
    (2, "45", None),
    (3, "55.5", None),
    (4, "85.7", "93.5"),
    (5, "87.5", "96.6"),
    (6, "100", "100"),
]


@pytest.mark.parametrize(("score", "later", "earlier"), COLUMNS)
def test_both_cohorts_say_what_they_published(score: int, later: str, earlier: str | None) -> None:
    assert cohorts()["deltap-2020"].cells[score].percent == Decimal(later)
    cell = cohorts()["deltap-2011"].cells[score]
    assert cell.is_verified == (earlier is not None)
    if earlier is not None:
        assert cell.percent == Decimal(earlier)
    else:
        assert "unverified" in cell.shown


# prior | after a positive | after a negative SOX test
SOX = [(0.60, 0.956, 0.339), (0.50, 0.935, 0.255)]


@pytest.mark.parametrize(("prior", "positive", "negative"), SOX)
def test_a_sox_test_moves_its_prior(prior: float, positive: float, negative: float) -> None:
    values = sox1_result(record_of({}), prior=prior).values
    assert values["if_positive"] == pytest.approx(positive, abs=0.005)
    assert values["if_negative"] == pytest.approx(negative, abs=0.005)


# score | facts that make it | days of the authors' protocol from a negative scan on 2026-01-10
SCHEDULES = [
    (
        3,
        {"age_at_onset_years": "62", "smoker_current": "yes", "smoker_ever": "yes", "karnofsky": "60"},
        ["2026-04-10", "2026-10-10", "2027-04-10", "2027-10-10", "2028-04-10"],
    ),
    (
        2,
        {"age_at_onset_years": "62", "karnofsky": "60"},
        ["2026-07-10", "2027-01-10", "2027-07-10", "2028-01-10"],
    ),
    (1, {"age_at_onset_years": "62"}, ["2026-07-10"]),
]


@pytest.mark.parametrize(("score", "changed", "days"), SCHEDULES, ids=lambda value: str(value)[:12])
def test_the_authors_protocol_dates_its_scans(score: int, changed: dict[str, str], days: list[str]) -> None:
    record = record_of({**ALL_NO, **SAFE, **changed, "scans": SCANS}, today=TODAY)
    assert score_deltap(record).low == score
    made = schedule_of(record, protocol("deltap-authors"), today=TODAY)
    assert [step.due.isoformat() for step in made.steps] == days
    assert made.closes == date(2028, 1, 10)
    assert (made.may_stop is not None) == (score == 1)


# base | months | day
MONTHS = [
    ("2026-08-31", 6, "2027-02-28"),
    ("2027-08-31", 6, "2028-02-29"),
    ("2026-08-31", 12, "2027-08-31"),
    ("2026-01-10", 3, "2026-04-10"),
    ("2024-02-29", 12, "2025-02-28"),
    ("2026-11-30", 3, "2027-02-28"),
]


@pytest.mark.parametrize(("base", "months", "day"), MONTHS)
def test_months_end_where_the_month_ends(base: str, months: int, day: str) -> None:
    assert add_months(date.fromisoformat(base), months) == date.fromisoformat(day)


# rule | facts | criterion | met
BREATHING = [
    ("rule-20-30-40", {"weight_kg": 70, "vital_capacity_litre": "1.3"}, "vital capacity", "yes"),  # 18.6 mL/kg
    ("rule-20-30-40", {"mip_cmh2o": 28}, "maximal inspiratory pressure", "yes"),
    ("rule-20-30-40", {"mip_cmh2o": -28}, "maximal inspiratory pressure", "yes"),
    ("rule-20-30-40", {"mip_cmh2o": 30}, "maximal inspiratory pressure", "no"),
    ("rule-20-30-40", {"mip_cmh2o": "29.9"}, "maximal inspiratory pressure", "yes"),
    ("rule-20-30-40", {"mip_cmh2o": 28}, "maximal expiratory pressure", "unknown"),
    ("rule-20-30-40", {"mep_cmh2o": 40}, "maximal expiratory pressure", "no"),
    ("rule-20-30-40", {"mep_cmh2o": "39.9"}, "maximal expiratory pressure", "yes"),
    ("ventilation-bmj", {"weight_kg": 70, "fvc_litre": "1.05"}, "vital capacity", "yes"),  # 15.0 mL/kg
    ("ventilation-bmj", {"mip_cmh2o": 20}, "negative inspiratory force", "yes"),
    ("ventilation-bmj", {"mip_cmh2o": "20.1"}, "negative inspiratory force", "no"),
    ("niv-chest-2023", {"fvc_percent_predicted": "49.9"}, "FVC", "yes"),
    ("niv-chest-2023", {"fvc_percent_predicted": 50}, "FVC", "no"),
    ("niv-chest-2023", {"fvc_percent_predicted": 79, "respiratory_weakness": "yes"}, "FVC with symptoms", "yes"),
    ("niv-chest-2023", {"fvc_percent_predicted": 79}, "FVC with symptoms", "unknown"),
    ("niv-chest-2023", {"fvc_percent_predicted": 80, "respiratory_weakness": "yes"}, "FVC with symptoms", "no"),
    ("niv-chest-2023", {"mip_cmh2o": "59.9"}, "maximal inspiratory pressure", "yes"),
    ("niv-chest-2023", {"mip_cmh2o": 60}, "maximal inspiratory pressure", "no"),
    ("niv-chest-2023", {"snip_cmh2o": 65, "sex": "male"}, "sniff nasal pressure", "yes"),
    ("niv-chest-2023", {"snip_cmh2o": 65, "sex": "female"}, "sniff nasal pressure", "no"),
    ("niv-chest-2023", {"snip_cmh2o": 65}, "sniff nasal pressure", "unknown"),
    ("niv-chest-2023", {"snip_cmh2o": 59}, "sniff nasal pressure", "yes"),
    ("niv-chest-2023", {"peak_cough_flow_l_min": 269}, "peak cough flow", "yes"),
    ("niv-chest-2023", {"peak_cough_flow_l_min": 270}, "peak cough flow", "no"),
    ("niv-chest-2023", {"paco2_mmhg": 45}, "PaCO2", "no"),
    ("niv-chest-2023", {"paco2_mmhg": "45.1"}, "PaCO2", "yes"),
    ("niv-chest-2023", {"spo2_low_night_percent": 2}, "share of the night at SpO2 <= 90 %", "yes"),
    ("niv-chest-2023", {"spo2_percent": 92}, "share of the night at SpO2 <= 90 %", "unknown"),
    ("single-breath-count", {"single_breath_count": 19}, "single-breath count", "yes"),
    ("single-breath-count", {"single_breath_count": 20}, "single-breath count", "no"),
]


@pytest.mark.parametrize(("rule", "facts", "label", "met"), BREATHING)
def test_breathing_is_judged_below_at_and_above_each_limit(
    rule: str, facts: dict[str, object], label: str, met: str
) -> None:
    (criterion,) = (one for one in rule_set(rule).criteria if one.label == label)
    assert answer(record_of(facts, today=TODAY), criterion, today=TODAY).met == met


def test_70_kg_and_1_3_litres_are_18_6_ml_per_kg() -> None:
    record = record_of({"weight_kg": 70, "vital_capacity_litre": "1.3"}, today=TODAY)
    first = respiratory_results(record, today=TODAY)[0]
    assert (first.verdict, first.severity) == ("flag", "critical")
    assert "18.6 mL/kg" in first.because[0]


# count | verdict
COUNTS = [(18, "flag"), (19, "flag"), (20, "cannot tell"), (24, "cannot tell"), (25, "no flag"), (30, "no flag")]


@pytest.mark.parametrize(("count", "verdict"), COUNTS)
def test_a_count_between_19_and_25_is_neither_low_nor_normal(count: int, verdict: str) -> None:
    last = respiratory_results(record_of({"single_breath_count": count}), today=TODAY)[-1]
    assert last.verdict == verdict
