"""Dosing: caps, steps and dominance hold for every person and regimen; wrong units are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.clinic.dosing import (
    Regimen,
    check_regimen,
    check_step,
    dose_plan,
    dosing_results,
    packs,
    read_regimen,
    titration,
)
from endplate.clinic.record import record_of
from endplate.clinic.result import Result
from endplate.foundation.errors import InputError, UnitError, UnknownNameError
from endplate.foundation.records.clinical import Medicine, Record
from tests.clinic.dose_person import ADULT, person

TODAY = date(2026, 11, 21)
PACKS = st.sampled_from(sorted(packs()))
FACTS: dict[str, list[str]] = {
    "age_years": ["5", "6", "12", "17", "18", "60"],
    "weight_kg": ["20", "44.9", "45", "70"],
    "sex": ["male", "female"],
    "pregnancy": ["yes", "no"],
    "lactation": ["yes", "no"],
    "crcl_ml_min": ["10", "15", "40", "90", "100"],
    "egfr_ml_min": ["10", "40", "70", "100"],
    "kidney_impairment": ["none", "mild", "moderate", "severe", "end-stage"],
    "liver_impairment": ["none", "mild", "severe"],
    "nat2_status": ["slow", "fast"],
    "no_other_medicines": ["yes", "no"],
} | {
    name: ["yes", "no"]
    for name in (
        "seizure_history", "epilepsy", "hypersensitivity_aminopyridine", "asthma_uncontrolled", "congenital_long_qt",
    )
}  # fmt: skip
BLOCKING = {"contraindicated", "stop and review", "no recommendation", "do not use"}


@st.composite
def persons(draw: st.DrawFn, *, is_well: bool = False) -> Record:
    """Any person, of whom some things are unknown; a well one has nothing that forbids and is known in full."""
    share = draw(
        st.sampled_from([1, 2, 10])
    )  # one fact in so many is drawn; the rest is unknown, or that of a well person
    facts = dict(ADULT) if share > 1 and draw(st.booleans()) else {}
    facts |= {
        name: draw(st.sampled_from(values))
        for name, values in FACTS.items()
        if is_well or draw(st.integers(1, share)) == share
    }
    if is_well:
        facts |= {name: "no" for name, values in FACTS.items() if values == ["yes", "no"]}
        facts |= {"sex": "male", "no_other_medicines": "yes", "age_years": draw(st.sampled_from(["18", "60"]))}
        facts["crcl_ml_min"] = draw(st.sampled_from(["40", "100"]))
        facts["egfr_ml_min"], facts["kidney_impairment"] = facts["crcl_ml_min"], "unknown"
    if facts.get("sex") != "female" and not is_well:
        facts.pop("pregnancy", None)
        facts.pop("lactation", None)
    try:
        record = record_of(facts, today=TODAY)
    except InputError:  # facts that contradict each other are refused before any dose: begin from less
        facts = {
            name: value for name, value in facts.items() if name not in ("kidney_impairment", "egfr_ml_min", "epilepsy")
        }
        record = record_of(facts, today=TODAY)
    names = draw(st.lists(st.sampled_from(["paracetamol", "ondansetron", "xyzzy", "digoxin"]), max_size=2, unique=True))
    return record if is_well or share > 2 else replace(record, medicines=tuple(Medicine(name) for name in names))


@st.composite
def regimens(draw: st.DrawFn) -> Regimen:
    sizes = [Decimal(one) / 2 for one in range(5, 61)]
    return Regimen(tuple(draw(st.lists(st.sampled_from(sizes), min_size=2, max_size=7))))


@settings(max_examples=200, deadline=None)
@given(persons(), regimens(), PACKS)
def test_nothing_above_a_cap_is_ever_within_the_label(record: Record, regimen: Regimen, pack: str) -> None:
    result = check_regimen(record, regimen, pack=pack, today=TODAY)
    if not result.values["within_caps"]:
        assert result.verdict in BLOCKING | {"rejected"}
        return
    label, amounts = packs()[pack], result.values["amounts"]
    assert max(regimen.doses_mg) <= Decimal(amounts["max_single_mg"]) <= label.adult.single_mg
    highest = label.exceptional.daily_mg if label.exceptional else Decimal(amounts["max_daily_mg"])
    assert regimen.daily_mg <= highest
    fewest, most = amounts["doses_per_day"]
    assert fewest <= len(regimen.doses_mg) <= most
    finest = label.suspension_mg or label.parts_mg
    assert all(dose % finest == 0 for dose in regimen.doses_mg)


@settings(max_examples=100, deadline=None)
@given(persons(), regimens(), PACKS, st.sampled_from(["seizure_history", "hypersensitivity_aminopyridine"]))
def test_a_contraindication_stands_above_every_regimen(record: Record, regimen: Regimen, pack: str, name: str) -> None:
    barred = replace(record, facts={**record.facts, **record_of({name: "yes"}).facts})
    results = (
        dose_plan(barred, pack=pack, today=TODAY),
        check_regimen(barred, regimen, pack=pack, today=TODAY),
        titration(barred, pack=pack, start=TODAY),
    )
    for result in results:
        assert result.verdict in ("contraindicated", "stop and review")
        assert result.values.get("amounts") is None
        assert not result.values.get("steps")


@settings(max_examples=300, deadline=None)
@given(persons(), PACKS, st.data())
def test_forgetting_a_fact_never_leads_to_within_the_label(record: Record, pack: str, data: st.DataObject) -> None:
    if not record.facts:
        return
    name = data.draw(st.sampled_from(sorted(record.facts)))
    less = replace(record, facts={key: fact for key, fact in record.facts.items() if key != name})
    before, after = (dose_plan(one, pack=pack, today=TODAY) for one in (record, less))
    if after.verdict == "within the label":
        assert before.verdict == "within the label"
    if after.verdict in BLOCKING:
        assert before.verdict in BLOCKING


@settings(max_examples=60, deadline=None)
@given(persons(is_well=True), PACKS, st.sampled_from(["slow", "quick"]))
def test_every_calendar_keeps_to_the_step_the_interval_and_the_caps(record: Record, pack: str, pace: Any) -> None:
    result = titration(record, pack=pack, start=TODAY, pace=pace)
    assert result.verdict == "within the label", result.statement
    steps = result.values["steps"]
    assert steps
    days = [date.fromisoformat(one["date"]) for one in steps]
    each = [Regimen(tuple(Decimal(dose) for dose in one["doses_mg"])) for one in steps]
    for one, regimen in zip(steps, each, strict=True):
        assert regimen.daily_mg == Decimal(one["daily_mg"])
        assert check_regimen(record, regimen, pack=pack, today=TODAY).values["faults"] == []
    for index in range(1, len(each)):
        waited = (days[index] - days[index - 1]).days
        checked = check_step(record, each[index - 1], each[index], days=waited, pack=pack, today=TODAY)
        assert checked.values["faults"] == []


def test_a_light_child_rises_by_half_steps_and_ends_at_the_cap() -> None:
    record = person(age_years="8", weight_kg="30")
    steps = titration(record, pack="us", start=TODAY).values["steps"]
    assert [one["daily_mg"] for one in steps[:3]] == ["5", "7.5", "10"]
    assert steps[-1]["shown"] == "5 x 10 mg"
    for one in steps:
        regimen = Regimen(tuple(Decimal(dose) for dose in one["doses_mg"]))
        assert check_regimen(record, regimen, pack="us", today=TODAY).values["faults"] == []


@pytest.mark.parametrize(
    ("pack", "before", "after", "days", "faults"),
    [
        ("us", "3x5", "10+5+5", 3, 0),
        ("us", "3x5", "10+5+5", 2, 1),
        ("us", "3x5", "10+10+5", 4, 1),
        ("us", "3x5", "10+10+5", 2, 2),
        ("us", "3x20", "3x15", 0, 0),
        ("eu", "3x5", "10+5+5", 3, 1),
        ("eu", "3x5", "10+5+5", 4, 0),
        ("ch", "3x20", "20+20+20+5", 6, 1),
        ("ch", "3x20", "20+20+20+5", 7, 0),
    ],
)
def test_a_step_below_at_and_above_its_limits(pack: str, before: str, after: str, days: int, faults: int) -> None:
    result = check_step(person(), read_regimen(before), read_regimen(after), days=days, pack=pack, today=TODAY)
    assert len(result.values["faults"]) == faults
    assert (result.verdict == "rejected") == bool(faults)


def test_with_impaired_kidneys_a_rise_waits_seven_days() -> None:
    record = person(crcl_ml_min=None, egfr_ml_min="40")
    for days, faults in ((6, 1), (7, 0)):
        result = check_step(record, read_regimen("5"), read_regimen("2x5"), days=days, pack="eu", today=TODAY)
        assert len(result.values["faults"]) == faults


@pytest.mark.parametrize(
    "text", ["0.3 mg/kg", "5 x 0.3 mg / kg", "0.3 mg per kg", "3x18.98 mg phosphate", "3x10 mcg", "20 g"]
)
def test_another_unit_is_refused(text: str) -> None:
    with pytest.raises(UnitError, match="mg"):
        read_regimen(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("3x0.3", "Was it mg per kg"),
        ("foo", "Write 5x20"),
        ("", "Write 5x20"),
        ("3x0", "above 0"),
        ("-5", "Write 5x20"),
        ("99x5", "1 to 24 doses"),
    ],
)
def test_a_regimen_that_cannot_be_is_refused_with_a_way_out(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_regimen(text)


def test_a_target_outside_the_label_and_negative_days_are_refused() -> None:
    with pytest.raises(InputError, match="target"):
        titration(person(), pack="eu", start=TODAY, target_mg=Decimal(80))
    with pytest.raises(InputError, match="negative"):
        check_step(person(), read_regimen("3x5"), read_regimen("3x5"), days=-1, pack="eu")


def test_a_pack_is_always_named_and_an_unknown_one_refused() -> None:
    with pytest.raises(UnknownNameError, match="no pack 'usa'; did you mean us"):
        dose_plan(person(), pack="usa")


def test_every_result_is_class_a_names_its_label_and_says_that_nobody_reviewed_it() -> None:
    results: list[Result] = []
    for pack in packs():
        record = person()
        results += [
            dose_plan(record, pack=pack, today=TODAY),
            check_regimen(record, read_regimen("3x5"), pack=pack, today=TODAY),
            titration(record, pack=pack, start=TODAY),
        ]
    for one in results:
        assert one.safety_class == "A"
        assert one.reviewers == ()
        assert any("No clinician has reviewed" in limit for limit in one.limits)
        assert any("base" in limit for limit in one.limits)
        assert one.jurisdiction in ("US", "EU", "UK", "CH")
        assert one.other_views
        assert one.sources


def test_the_age_counts_on_the_day_of_the_plan() -> None:
    birth = date(2008, 11, 22)
    record = person(age_years=None, birth_date=birth.isoformat())
    assert (
        dose_plan(record, pack="eu", today=birth.replace(year=2026) - timedelta(days=1)).verdict == "no recommendation"
    )
    assert dose_plan(record, pack="eu", today=birth.replace(year=2026)).verdict == "within the label"


def test_sources_that_differ_about_the_kidney_are_read_by_the_worse_one() -> None:
    plan = dose_plan(person(crcl_ml_min="70", egfr_ml_min="50"), pack="eu", today=TODAY)
    assert plan.values["amounts"]["start_daily_mg"] == ["5", "5"]
    assert any("the worse one is used" in line for line in plan.because)


def test_end_stage_kidney_disease_under_the_eu_label_is_read_as_severe_and_says_so() -> None:
    plan = dose_plan(person(crcl_ml_min="10", egfr_ml_min=None), pack="eu", today=TODAY)
    assert plan.values["amounts"]["start_daily_mg"] == ["5", "5"]
    assert any("no line of its own" in line for line in plan.because)


@pytest.mark.parametrize(
    ("row", "verdict", "says"),
    [
        ({"single_dose_mg": 20, "doses_per_day": 3}, "within the label", "3 x 20 mg"),
        ({"daily_dose_mg": 60, "doses_per_day": 3}, "within the label", "3 x 20 mg"),
        ({"daily_dose_mg": 80, "doses_per_day": 4}, "rejected", "above the cap of 60 mg"),
        ({"daily_dose_mg": 80}, "rejected", "above the cap of 60 mg"),
        ({"daily_dose_mg": 40}, "cannot tell", "doses of the day are not known"),
        ({"daily_dose_mg": 20, "doses_per_day": 3}, "cannot tell", "not equal"),
        ({"single_dose_mg": 10, "daily_dose_mg": 60, "doses_per_day": 3}, "cannot tell", "one of them is wrong"),
        ({}, "cannot tell", "not known"),
        ({"single_dose_mg": "0.3", "doses_per_day": 3}, "cannot tell", "Was it mg per kg"),
    ],
)
def test_the_amifampridine_of_a_record_is_checked_as_it_is_written(
    row: dict[str, Any], verdict: str, says: str
) -> None:
    taken = record_of({"medicines": [{"name": "Firdapse", **row}]}).medicines
    found = dosing_results(replace(person(), medicines=taken), pack="eu", today=TODAY)
    assert [one.rule for one in found] == ["amifampridine-dose", "amifampridine-regimen"]
    assert found[1].verdict == verdict
    assert says in found[1].statement


def test_a_contraindication_is_said_of_an_unknown_dose_too() -> None:
    taken = (Medicine("Firdapse"),)
    found = dosing_results(
        replace(person(seizure_history="yes", epilepsy=None), medicines=taken), pack="us", today=TODAY
    )
    assert [one.verdict for one in found] == ["contraindicated", "contraindicated"]


def test_stopped_amifampridine_is_not_checked() -> None:
    taken = (Medicine("Firdapse", status="stopped"),)
    assert len(dosing_results(replace(person(), medicines=taken), pack="us", today=TODAY)) == 1
