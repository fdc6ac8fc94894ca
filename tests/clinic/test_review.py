"""The review: every room in a clinician's order, refused where it must be, light to load."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from endplate.clinic.record import example, record_of
from endplate.clinic.record.examples import examples
from endplate.clinic.review import Review, Settings, review_of
from endplate.clinic.review.alerts import alerts
from endplate.clinic.review.files import further_files
from endplate.clinic.review.glance import glances
from endplate.clinic.review.letters import LETTERS, letter
from endplate.clinic.review.machine import as_json, differences
from endplate.foundation.errors import FileFormatError, InputError, UnknownNameError

DAY = Settings(on=date(2026, 11, 21))
HEAVY = (
    "numba",
    "xarray",
    "numpy",
    "django",
    "fhir",
    "icalendar",
    "phenopackets",
    "yaml",
    "pyphen",
    "scipy",
    "pydantic",
)


def _review(name: str, **settings: Any) -> Review:
    return review_of(example(name), replace(DAY, **settings))


@pytest.mark.parametrize("code", ["import endplate.clinic", "from endplate.clinic.review import review_of"])
def test_the_clinic_loads_nothing_heavy(code: str) -> None:
    asked = f"import sys; {code}; print(*sorted(set({HEAVY!r}) & {{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.split() == []


def test_a_whole_review_loads_nothing_heavy() -> None:
    asked = (
        "import sys, datetime; from endplate.clinic.record import example; "
        "from endplate.clinic.review import Settings, review_of; "
        "review_of(example('mg-that-is-lems'), Settings(on=datetime.date(2026, 11, 21))); "
        f"print(*sorted(set({HEAVY!r}) & {{name.partition('.')[0] for name in sys.modules}}))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.split() == []


def test_sections_stand_in_a_clinicians_order() -> None:
    calm = [section.id for section in _review("mg-that-is-lems").sections]
    assert calm == [
        "diagnosis", "electrodiagnosis", "differential", "tumour", "surveillance", "breathing", "treatment",
        "medicines", "anaesthesia", "scales", "outlook",
    ]  # fmt: skip
    assert _review("intensive-care-after-blocker").sections[0].id == "breathing"


def test_the_dose_stands_beside_its_option() -> None:
    rules = [result.rule for result in _review("mg-that-is-lems").section("treatment").results]
    assert rules[rules.index("treatment.T2") + 1] == "amifampridine-dose"


@pytest.mark.parametrize("name", list(examples()))
def test_every_synthetic_person_has_a_sentence_per_section_and_a_basis_per_line(name: str) -> None:
    review = _review(name)
    assert [one.section for one in glances(review)] == [section.id for section in review.sections]
    for one in glances(review):
        assert len(one.words) > 10
        assert "_" not in one.words, "a sentence names facts in words"
    for result in review.results:
        assert result.because or result.sources or result.inputs or result.support != "published", result.rule


def test_what_is_overdue_by_five_protocols_is_said_once() -> None:
    said = [alert.words for alert in alerts(_review("mg-that-is-lems"))]
    assert said[0] == "Scan for a tumour overdue: 2026-11-20, by 5 protocols, 1 unverified."
    assert len([one for one in said if "overdue" in one]) == 1


def test_the_anaesthesia_plan_is_loud_only_before_an_operation() -> None:
    calm = example("mg-that-is-lems")
    planned = record_of({"surgery_planned": "yes"})
    both = replace(calm, facts={**calm.facts, **planned.facts})
    assert not any("operation is planned" in alert.words for alert in alerts(review_of(calm, DAY)))
    assert any("operation is planned" in alert.words for alert in alerts(review_of(both, DAY)))


def test_a_dose_with_open_questions_is_loud_only_for_those_who_take_it() -> None:
    asked = record_of({"age_years": 60})
    taken = record_of({"age_years": 60, "medicines": [{"name": "Firdapse"}]})
    barred = record_of({"age_years": 60, "epilepsy": "yes"})
    for record, is_loud in ((asked, False), (taken, True), (barred, True)):
        rules = [alert.result.rule for alert in alerts(review_of(record, DAY))]
        assert ("amifampridine-dose" in rules) is is_loud


def test_an_empty_list_of_medicines_is_not_a_list_of_none() -> None:
    asked, none = record_of({}), record_of({"no_other_medicines": "yes"})
    assert review_of(asked, DAY).section("medicines").results[0].verdict == "cannot tell"
    assert review_of(none, DAY).section("medicines").results[0].verdict == "none taken"


def test_nothing_known_raises_nothing_and_claims_nothing() -> None:
    review = review_of(record_of({}), DAY)
    assert review.section("diagnosis").results[0].verdict == "cannot tell"
    assert not [alert for alert in alerts(review) if alert.severity == "critical"]


def test_simulated_facts_are_refused_outside_a_lesson() -> None:
    record = record_of({"studies": [{"before_mv": {"value": 1, "simulated": True}}]}, is_teaching=True)
    with pytest.raises(InputError, match="--teaching"):
        review_of(record, DAY)
    assert review_of(record, replace(DAY, is_teaching=True)).is_simulated


def test_dates_of_a_lesson_reach_no_calendar() -> None:
    study = {"before_mv": {"value": 1, "simulated": True}}
    scan = {"scan_date": "2026-05-20", "kind": "ct_chest", "result": "negative"}
    record = record_of({"studies": [study], "scans": [scan]}, is_teaching=True)
    files, problems = further_files(review_of(record, replace(DAY, is_teaching=True)))
    assert "surveillance.ics" not in files
    assert any("SIMULATED" in problem for problem in problems)


def test_the_chosen_label_changes_the_dose_and_the_page_says_which() -> None:
    eu, us = (as_json(_review("mg-that-is-lems", pack=pack)) for pack in ("eu", "us"))
    changed = [one.what for one in differences(eu, us)]
    assert any("amifampridine-dose" in one for one in changed)


def test_only_a_review_of_ours_is_compared() -> None:
    one = as_json(_review("child"))
    with pytest.raises(FileFormatError, match="this is no review"):
        differences(one, {"format": "something else"})


@pytest.mark.parametrize("kind", list(LETTERS))
def test_a_letter_carries_the_checked_list_of_medicines(kind: str) -> None:
    named = [{"name": "gentamicin"}, {"name": "xyzzy"}, {"name": "old", "status": "stopped"}]
    record = replace(example("mg-that-is-lems"), medicines=record_of({"medicines": named}).medicines)
    found = {one.name: one.verdict for one in letter(kind, review_of(record, DAY)).medicines}
    assert found == {"gentamicin": "B", "xyzzy": "unknown", "old": "stopped"}


def test_a_letter_that_does_not_exist_offers_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean oncologist"):
        letter("oncologyst", _review("child"))


def test_a_letter_about_a_known_tumour_asks_no_probability_of_one() -> None:
    found = letter("oncologist", review_of(example("typical-sclc-lems"), DAY))
    said = " ".join(line for block in found.blocks for line in block.lines)
    assert "on record" in found.purpose
    assert "100 %" not in said


def test_a_letter_names_the_cohort_of_each_figure_of_risk() -> None:
    found = letter("oncologist", review_of(example("mg-that-is-lems"), DAY))
    (risk,) = [block for block in found.blocks if block.heading == "Risk of a tumour"]
    assert [year for year in ("2011", "2020") for line in risk.lines if year in line] == ["2011", "2020"]
    assert "In this cohort" not in " ".join(risk.lines)


def test_an_empty_form_is_no_reason_to_treat_and_has_no_risk() -> None:
    said = {one.section: one.words for one in glances(review_of(record_of({}), DAY))}
    assert said["tumour"] == "DELTA-P cannot be told: none of its items is known."
    assert said["treatment"].startswith("Consider: T8 For everyone. Depends on what is not known:")


def test_where_a_tumour_is_on_record_the_score_is_not_read_first() -> None:
    review = review_of(example("checkpoint-inhibitor"), DAY)
    assert not [alert for alert in alerts(review) if alert.result.rule.startswith("deltap")]
    assert "A lung tumour is on record" in {one.section: one.words for one in glances(review)}["tumour"]


@pytest.mark.parametrize(
    ("dose", "says"),
    [
        ({"single_dose_mg": 25, "doses_per_day": 4}, "a dose of 25 mg is above the cap of 20 mg"),
        ({"single_dose_mg": "0.1", "doses_per_day": 3}, "per kg"),
        ({"daily_dose_mg": "0.3"}, "per kg"),
    ],
)
def test_the_dose_that_is_taken_is_judged_and_read_first(dose: dict[str, Any], says: str) -> None:
    record = record_of({"age_years": 60, "medicines": [{"name": "Firdapse", **dose}]})
    assert any(says in alert.words for alert in alerts(review_of(record, DAY)))
