"""Surveillance: what starts the clock, what fulfils a step, what forbids a stop, and the calendar file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from endplate.clinic.record import record_of
from endplate.clinic.risk import score_deltap
from endplate.clinic.surveillance import (
    calendar_bytes,
    forbids_stop,
    protocol,
    protocols,
    scans_of,
    schedule_of,
    schedules,
    steps_of,
    surveillance_results,
)
from endplate.foundation.errors import InputError, UnknownNameError
from endplate.foundation.records.clinical import Record

TODAY = date(2026, 2, 1)
CT = {"scan_date": "2026-01-10", "kind": "ct_chest", "result": "negative"}
PET = {"scan_date": "2026-01-12", "kind": "pet", "result": "negative"}
LOW: dict[str, Any] = {
    "sex": "female", "bulbar_involvement": "no", "weight_loss_percent": 0, "smoker_current": "no",
    "smoker_ever": "no", "age_at_onset_years": 30, "karnofsky": 90, "sox1_antibody": "no",
    "new_chest_symptoms": "no", "haemoptysis": "no", "hla_8_1": "yes", "age_years": 31, "scans": [CT, PET],
}  # fmt: skip


def _made(name: str, facts: dict[str, Any], today: date = TODAY) -> Any:
    return schedule_of(record_of(facts, today=today), protocol(name), today=today)


def _dues(name: str, facts: dict[str, Any]) -> list[str]:
    return [step.due.isoformat() for step in _made(name, facts).steps]


def test_five_protocols_stand_side_by_side() -> None:
    assert list(protocols()) == ["efns-2011", "deltap-authors", "titulaer-2008", "pns-care-2021", "bmj-bp"]
    two_years = ["2026-07-10", "2027-01-10", "2027-07-10", "2028-01-10"]
    assert _dues("efns-2011", LOW) == two_years
    assert _dues("bmj-bp", LOW) == two_years
    assert _dues("pns-care-2021", LOW) == two_years
    assert [str(step.earliest) for step in _made("efns-2011", LOW).steps] == [
        "2026-04-10", "2026-10-10", "2027-04-10", "2027-10-10",
    ]  # fmt: skip


def test_a_stop_is_printed_only_beside_those_that_continue() -> None:
    results = {one.rule: one for one in surveillance_results(record_of(LOW, today=TODAY), today=TODAY)}
    for name in ("deltap-authors", "titulaer-2008"):
        assert results[name].values["may_stop_after"] == "2026-07-10"
        assert "others continue to 2 years" in results[name].statement
        beside = " ".join(results[name].other_views)
        assert "EFNS" in beside
        assert "BMJ" in beside
        assert "PNS-Care 2021 (unverified)" in beside
    assert "stops" not in results["bmj-bp"].statement


# what forbids to print a stop, each alone on a record that would otherwise allow it
FORBIDDING = [
    ({"sox1_antibody": "yes"}, "SOX1 is positive"),
    ({"sox1_antibody": "unknown"}, "SOX1 is not known"),
    ({"smoker_ever": "yes"}, "has smoked"),
    ({"smoker_ever": "unknown"}, "ever smoked is not known"),
    ({"weight_loss_percent": "unknown"}, "DELTA-P L not known"),
    ({"scans": [CT]}, "no negative PET"),
    ({"haemoptysis": "yes"}, "new symptoms"),
    ({"new_chest_symptoms": "unknown"}, "new symptoms were not asked for"),
    ({"scans": [CT, PET, {**PET, "scan_date": "2026-01-20", "result": "indeterminate"}]}, "not negative: FDG-PET"),
    ({"scans": [CT, PET, {"kind": "ct_chest", "result": "indeterminate"}]}, "a scan has no date"),
]


@pytest.mark.parametrize(("changed", "reason"), FORBIDDING, ids=[reason for _, reason in FORBIDDING])
def test_each_reason_alone_forbids_the_stop_and_the_scans_go_on(changed: dict[str, Any], reason: str) -> None:
    made = _made("deltap-authors", {**LOW, **changed})
    assert made.may_stop is None
    assert any(reason in one for one in made.continued_because)
    assert len(made.steps) == 4
    results = surveillance_results(record_of({**LOW, **changed}, today=TODAY), today=TODAY)
    assert not any("This protocol stops" in one.statement for one in results)


def test_nothing_forbids_a_stop_where_all_is_known_to_be_absent() -> None:
    record = record_of(LOW, today=TODAY)
    assert forbids_stop(record, score_deltap(record), scans_of(record)) == ()


@pytest.mark.parametrize(
    "changed", [{"age_years": 45, "age_at_onset_years": 44}, {"hla_8_1": "no"}, {"hla_8_1": "unknown"}]
)
def test_titulaers_early_stop_needs_youth_no_tobacco_and_the_haplotype(changed: dict[str, Any]) -> None:
    made = _made("titulaer-2008", {**LOW, **changed})
    assert made.may_stop is None
    assert len(made.steps) == 4


@pytest.mark.parametrize(
    "scan",
    [
        {**CT, "result": "indeterminate"},
        {**CT, "kind": "x_ray"},
        {**CT, "kind": "mri"},
        {"scan_date": "2026-01-10", "kind": "ct_chest"},
    ],
    ids=["indeterminate", "X-ray", "MRI", "no result"],
)
def test_only_a_negative_ct_or_pet_starts_the_clock(scan: dict[str, str]) -> None:
    made = _made("bmj-bp", {**LOW, "scans": [scan]})
    assert made.base is None
    assert made.steps == ()
    assert any("no negative CT" in text for text in made.now)


def test_a_scan_before_onset_does_not_start_the_clock() -> None:
    old = {**CT, "scan_date": "2019-05-05"}
    facts = {**LOW, "onset_date": "2025-11-01", "scans": [old, CT]}
    facts.pop("age_at_onset_years")
    assert _made("bmj-bp", {**facts, "birth_date": "1995-01-01", "age_years": "unknown"}).base == date(2026, 1, 10)


def test_dates_count_from_the_first_negative_scan_and_not_from_the_diagnosis() -> None:
    facts = {**LOW, "diagnosis_date": "2025-10-01", "scans": [{**CT, "result": "indeterminate"}, PET]}
    assert _made("bmj-bp", facts).base == date(2026, 1, 12)


def test_a_late_scan_is_overdue_until_one_is_done() -> None:
    late = date(2026, 8, 1)
    made = _made("bmj-bp", LOW, late)
    assert [step.status for step in made.steps] == ["overdue", "planned", "planned", "planned"]
    assert [step.due for step in made.overdue] == [date(2026, 7, 10)]
    done = _made("bmj-bp", {**LOW, "scans": [CT, PET, {**CT, "scan_date": "2026-07-20"}]}, late)
    assert [step.status for step in done.steps] == ["done", "planned", "planned", "planned"]
    assert surveillance_results(record_of(LOW, today=late), today=late)[4].verdict == "overdue"


def test_a_scan_in_a_later_window_leaves_the_earlier_step_missed() -> None:
    today = date(2027, 2, 1)
    made = _made("bmj-bp", {**LOW, "scans": [CT, PET, {**CT, "scan_date": "2027-01-05"}]}, today)
    assert [step.status for step in made.steps] == ["missed", "done", "planned", "planned"]


def test_a_step_is_due_now_within_its_window() -> None:
    assert _made("efns-2011", LOW, date(2026, 5, 1)).steps[0].status == "due now"


def test_an_indeterminate_scan_fulfils_nothing_and_is_to_be_cleared_up_first() -> None:
    today = date(2026, 7, 20)
    facts = {**LOW, "scans": [CT, PET, {**CT, "scan_date": "2026-07-10", "result": "indeterminate"}]}
    results = surveillance_results(record_of(facts, today=today), today=today)
    assert {one.verdict for one in results[:5]} == {"act first"}
    assert _made("bmj-bp", facts, today).steps[0].status == "overdue"
    facts["scans"].append({**CT, "scan_date": "2026-07-18"})
    assert _made("bmj-bp", facts, today).steps[0].status == "done"
    assert _made("bmj-bp", facts, today).now == ()


def test_new_symptoms_and_a_positive_scan_override_every_schedule() -> None:
    facts = {
        **LOW,
        "new_chest_symptoms": "yes",
        "scans": [CT, PET, {**CT, "scan_date": "2026-01-30", "result": "positive"}],
    }
    for one in schedules(record_of(facts, today=TODAY), today=TODAY):
        assert any("evaluate the finding" in text for text in one.now)
        assert any("whatever the schedule" in text for text in one.now)
        assert one.may_stop is None


def test_unknown_items_lead_to_the_track_with_more_scans() -> None:
    made = _made("deltap-authors", {"scans": [CT]})
    assert [step.months[1] for step in made.steps] == [3, 9, 15, 21, 27]


def test_the_steps_are_a_plain_list_for_orders() -> None:
    first = steps_of(_made("bmj-bp", LOW))[0]
    assert first == {
        "number": 1, "what": "CT thorax", "earliest": "2026-07-10", "due": "2026-07-10", "status": "planned",
        "done_by": "", "protocol": "bmj-bp",
    }  # fmt: skip


def test_what_is_unverified_says_so_in_its_text() -> None:
    results = {one.rule: one for one in surveillance_results(record_of(LOW, today=TODAY), today=TODAY)}
    assert results["pns-care-2021"].support == "unverified"
    assert "(unverified)" in results["pns-care-2021"].statement


def test_a_protocol_that_does_not_exist_offers_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean efns-2011"):
        protocol("efns-2012")


def test_the_calendar_file_is_valid_and_names_no_disease() -> None:
    made = _made("efns-2011", LOW)
    data = calendar_bytes(made, label="Synthetic person", today=TODAY)
    calendar = Calendar.from_ical(data)
    events = calendar.walk("VEVENT")
    assert calendar["version"] == "2.0"
    assert len(events) == len(made.steps)
    for event, step in zip(events, made.steps, strict=True):
        assert event.decoded("dtstart") == step.due
        assert event.decoded("dtend") == step.due + timedelta(days=1)
        assert str(event["class"]) == "PRIVATE"
        assert len(event.walk("VALARM")) == 1
        assert {"UID", "DTSTAMP", "SUMMARY"} <= set(event)
    assert b"LEMS" not in data
    assert b"Synthetic person" not in data
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert data.count(b"\r\n") == data.count(b"\n")


def test_identifiers_stay_the_same_on_another_day_and_differ_between_persons_and_protocols() -> None:
    def uids(name: str, label: str, today: date) -> list[str]:
        data = calendar_bytes(_made(name, LOW, today), label=label, today=today)
        return [str(event["uid"]) for event in Calendar.from_ical(data).walk("VEVENT")]

    first = uids("bmj-bp", "a", TODAY)
    assert first == uids("bmj-bp", "a", TODAY + timedelta(days=30))
    assert len(set(first)) == len(first)
    assert not set(first) & set(uids("bmj-bp", "b", TODAY))
    assert not set(first) & set(uids("efns-2011", "a", TODAY))


def test_done_steps_stay_out_of_the_calendar() -> None:
    today = date(2026, 8, 1)
    facts = {**LOW, "scans": [CT, PET, {**CT, "scan_date": "2026-07-20"}]}
    data = calendar_bytes(_made("bmj-bp", facts, today), label="a", today=today)
    assert len(Calendar.from_ical(data).walk("VEVENT")) == 3


def test_without_a_negative_scan_there_is_no_calendar() -> None:
    with pytest.raises(InputError, match="no first negative scan on record"):
        calendar_bytes(schedule_of(Record(), protocol("bmj-bp"), today=TODAY), label="a", today=TODAY)


def test_a_negative_ct_alone_leaves_the_first_screening_open_where_the_protocol_adds_a_pet() -> None:
    for name in ("efns-2011", "titulaer-2008"):
        alone, both = _made(name, {"scans": [CT]}), _made(name, {"scans": [CT, PET]})
        assert (alone.lacks_pet, both.lacks_pet) == (True, False)
    assert not _made("bmj-bp", {"scans": [CT]}).lacks_pet
    record = record_of({"scans": [CT]}, today=TODAY)
    efns = surveillance_results(record, today=TODAY)[0]
    assert efns.verdict == "due now"
    assert "adds FDG-PET to a negative CT" in efns.statement
