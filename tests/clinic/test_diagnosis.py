"""Published sets each by themselves, the graded proposal, serology and overlap."""

from __future__ import annotations

from datetime import date

import pytest

from endplate.clinic.diagnosis import (
    aaem_2001,
    diagnosis_results,
    endplate_grade,
    is_lems,
    overlap,
    pq_antibody,
    published_set,
    rule_sets,
)
from endplate.clinic.record import example, examples, record_of
from endplate.clinic.record.examples import DAY
from endplate.foundation.errors import UnknownNameError
from tests.clinic.study import NO_OTHER_CAUSE, PICTURE, with_study

PQ, NO_PQ = {"vgcc_pq_antibody": "yes"}, {"vgcc_pq_antibody": "no"}
AUTONOMIC = {"proximal_weakness": "yes", "dry_mouth": "yes"}
LOW = {"lower_limit_mv": "6.0", "laboratory": "ours"}
FALLS = {"first_mv": "1.0", "fourth_mv": "0.8", "low_rate_hz": "3"}


def _rise(percent: str) -> dict[str, str]:
    return {"before_mv": "1.00", "after_mv": f"{1 + float(percent) / 100:.2f}"}


GRADES = [
    ("picture, valid increment, other causes ruled out", (PICTURE, NO_OTHER_CAUSE), _rise("60"), "definite"),
    ("autonomic signs stand for the reflexes", (AUTONOMIC, NO_OTHER_CAUSE), _rise("60"), "definite"),
    ("seronegative with diagnostic electrodiagnosis", (PICTURE, NO_PQ, NO_OTHER_CAUSE), _rise("60"), "definite"),
    ("receptor antibody does not change it", (PICTURE, NO_OTHER_CAUSE, {"achr_antibody": "yes"}), _rise("60"),
     "definite"),
    ("other causes open", (PICTURE,), _rise("60"), "possible"),
    ("one cause found", (PICTURE, {**NO_OTHER_CAUSE, "botulism": "yes"}), _rise("60"), "possible"),
    ("increment just below", (PICTURE, NO_OTHER_CAUSE), _rise("59"), "possible"),
    ("picture, antibody, low amplitude", (PICTURE, PQ), {"before_mv": "1.0", **LOW}, "definite"),
    ("picture, antibody, decrement of exactly 10 %", (PICTURE, PQ),
     {"first_mv": "2.0", "fourth_mv": "1.8", "low_rate_hz": "3"}, "definite"),
    ("picture, antibody, decrement just below", (PICTURE, PQ),
     {"first_mv": "2.0", "fourth_mv": "1.81", "low_rate_hz": "3"}, "probable"),
    ("picture, antibody, nothing studied", (PICTURE, PQ), {}, "probable"),
    ("picture, decrement and low amplitude", (PICTURE,), {"before_mv": "1.0", **LOW, **FALLS}, "probable"),
    ("picture, decrement alone", (PICTURE,), FALLS, "possible"),
    ("increment of 40 % with low amplitude", (PICTURE,), {**_rise("40"), **LOW}, "probable"),
    ("increment of 40 % with decrement", (PICTURE,), {**_rise("40"), **FALLS}, "probable"),
    ("increment of 40 % alone", (PICTURE,), _rise("40"), "possible"),
    ("increment of 39 % never raises the grade", (PICTURE,), {**_rise("39"), **LOW}, "possible"),
    ("increment of 25 % never raises the grade", (PICTURE,), {**_rise("25"), **FALLS}, "possible"),
    ("antibody alone", ({"proximal_weakness": "no", **PQ},), {}, "not supported"),
    ("antibody and increment without the picture", ({"proximal_weakness": "no", **PQ, **NO_OTHER_CAUSE},), _rise("90"),
     "not supported"),
    ("nothing known but the antibody", (PQ,), {}, "cannot tell"),
    ("weakness without reflexes or autonomic signs known", ({"proximal_weakness": "yes"}, PQ), {}, "cannot tell"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "facts", "numbers", "grade"), GRADES, ids=[case[0] for case in GRADES])
def test_the_graded_proposal(case, facts, numbers, grade):
    result = endplate_grade(with_study(*facts, **numbers))
    assert result.verdict == grade
    assert result.support == "proposal"
    assert "our proposal" in result.statement


def test_an_antibody_alone_is_never_lems_and_says_so():
    result = endplate_grade(example("antibody-only"))
    assert result.verdict == "not supported"
    assert is_lems(example("antibody-only")) != "yes"
    assert "an antibody alone is not LEMS" in result.statement


def test_seronegative_with_diagnostic_electrodiagnosis_is_lems_and_says_so():
    result = endplate_grade(example("seronegative-diagnostic-edx"))
    assert result.verdict == "definite"
    assert any("seronegative with diagnostic electrodiagnosis is LEMS" in line for line in result.because)


def test_a_cause_that_was_found_is_told_loudly_beside_the_grade():
    result = endplate_grade(example("intensive-care-after-blocker"))
    assert result.verdict != "definite"
    assert result.severity == "warning"
    assert "magnesium excess" in result.statement.lower()
    assert "neuromuscular blocker" in result.statement


def test_where_suspicion_stays_the_tests_can_be_repeated_after_3_to_6_months():
    assert any("3 to 6 months" in line for line in endplate_grade(with_study(PICTURE)).because)
    assert "3 to 6 months" in pq_antibody(record_of(NO_PQ)).statement


def test_both_antibodies_are_an_overlap_and_never_a_reason_against_lems():
    both = example("achr-and-pq-positive")
    assert overlap(both).verdict == "overlap possible"
    assert "neither excludes the other" in overlap(both).statement
    assert endplate_grade(both).verdict == "definite"
    for result in diagnosis_results(both, today=DAY):
        assert "not LEMS" not in result.statement.replace("an antibody alone is not LEMS", "")


OH = [
    ("all three", {"fluctuating_weakness": "yes", "reflexes_reduced": "yes"}, "61", "met"),
    ("exactly 60 % is not above it", {"fluctuating_weakness": "yes", "reflexes_reduced": "yes"}, "60", "cannot tell"),
    ("no fluctuation", {"fluctuating_weakness": "no", "reflexes_reduced": "yes"}, "61", "not met"),
    ("reflexes unknown", {"fluctuating_weakness": "yes"}, "61", "cannot tell"),
]


@pytest.mark.parametrize(("case", "facts", "percent", "verdict"), OH, ids=[case[0] for case in OH])
def test_the_entry_criteria_of_2009(case, facts, percent, verdict):
    assert published_set("oh-2009", with_study(facts, **_rise(percent))).verdict == verdict


def test_the_entry_criteria_are_not_met_when_effort_and_fast_train_are_both_normal():
    facts = {"fluctuating_weakness": "yes", "reflexes_reduced": "yes"}
    fast = {"high_rate_first_mv": "1.0", "high_rate_largest_mv": "1.6", "high_rate_hz": "50"}
    assert published_set("oh-2009", with_study(facts, **_rise("60"), **fast)).verdict == "not met"


KOHLER = [
    ("antibody alone in a compatible syndrome", ({"proximal_weakness": "yes"}, PQ), {}, "met"),
    ("increment alone", ({"proximal_weakness": "yes"}, NO_PQ), _rise("60"), "met"),
    ("increment below", ({"proximal_weakness": "yes"}, NO_PQ), _rise("59"), "cannot tell"),
    ("no compatible syndrome", ({"proximal_weakness": "no"}, PQ), _rise("60"), "not met"),
]


@pytest.mark.parametrize(("case", "facts", "numbers", "verdict"), KOHLER, ids=[case[0] for case in KOHLER])
def test_the_overview_of_2018(case, facts, numbers, verdict):
    assert published_set("kohler-2018", with_study(*facts, **numbers)).verdict == verdict


def test_the_dutch_definition_is_shown_as_unverified():
    result = published_set("dutch-cohort", with_study(PICTURE, PQ))
    assert (result.verdict, result.support) == ("met", "unverified")
    assert "unverified" in result.statement


def test_three_supports_need_all_three():
    assert published_set("triad-2017", with_study(PICTURE, PQ, **_rise("60"))).verdict == "met"
    assert published_set("triad-2017", with_study(PICTURE, NO_PQ, **_rise("60"))).verdict == "not met"
    assert published_set("triad-2017", with_study(PICTURE, **_rise("60"))).verdict == "cannot tell"


FAST = {"high_rate_first_mv": "1.0", "high_rate_largest_mv": "1.61", "high_rate_hz": "30"}
ZAMBELIS = [
    ("all four in one muscle", {**_rise("10"), **LOW, **FALLS, **FAST}, "met"),
    ("fast train of exactly 60 %", {**_rise("10"), **LOW, **FALLS, **FAST, "high_rate_largest_mv": "1.6"}, "not met"),
    ("decrement at 2 Hz says nothing here", {**_rise("10"), **LOW, **FALLS, **FAST, "low_rate_hz": "2"}, "cannot tell"),
    ("no fast train", {**_rise("10"), **LOW, **FALLS}, "cannot tell"),
]


@pytest.mark.parametrize(("case", "numbers", "verdict"), ZAMBELIS, ids=[case[0] for case in ZAMBELIS])
def test_the_greek_series_asks_four_findings_of_one_muscle(case, numbers, verdict):
    assert published_set("zambelis-2020", with_study(**numbers)).verdict == verdict


def test_the_greek_series_does_not_add_up_findings_of_two_muscles():
    one = with_study(**_rise("10"), **LOW).studies[0]
    other = with_study(muscle="apb", **FALLS, **FAST).studies[0]
    both = [{name: fact.value for name, fact in row.items()} for row in (one, other)]
    assert published_set("zambelis-2020", record_of({"studies": both})).verdict == "cannot tell"


@pytest.mark.parametrize(
    ("percent", "verdict"),
    [("101", "supports"), ("100", "in between"), ("25", "in between"), ("24", "cannot tell")],
)
def test_the_review_of_2001_is_most_accurate_above_100(percent, verdict):
    assert aaem_2001(with_study(**_rise(percent))).verdict == verdict


def test_a_set_that_is_not_known_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="oh-2009"):
        published_set("oh-2008", record_of({}))


@pytest.mark.parametrize("name", sorted(examples()))
def test_every_result_carries_its_basis_and_what_is_proposed_or_unverified_says_so(name):
    for result in diagnosis_results(example(name), today=date(2026, 6, 1)):
        assert result.rows
        assert result.sources or result.support == "proposal"
        assert result.reviewers == ()
        if result.support == "unverified":
            assert "unverified" in result.statement


def test_each_set_names_its_own_threshold_and_operator():
    operators = {
        "oh-2009": "> 60 %", "kohler-2018": ">= 60 %", "zambelis-2020": "> 60 %", "triad-2017": ">= 60 %",
    }  # fmt: skip
    for name, words in operators.items():
        assert any(words in line for line in published_set(name, with_study()).because), name
    assert set(operators) < set(rule_sets())


def test_a_result_names_what_it_read_of_the_person_and_of_each_study():
    result = published_set("oh-2009", with_study({"fluctuating_weakness": "yes"}, **_rise("70")))
    shown = {one.name: one.shown for one in result.inputs}
    assert shown["fluctuating_weakness"] == "yes"
    assert shown["studies 1: after_mv"] == "1.7 mV"


def test_a_fact_that_nobody_confirmed_is_asked_for():
    record = record_of({"fluctuating_weakness": {"value": "yes", "confirmed": False}, "reflexes_reduced": "yes"})
    result = published_set("oh-2009", record)
    assert result.verdict == "cannot tell"
    assert "fluctuating_weakness" in result.missing
