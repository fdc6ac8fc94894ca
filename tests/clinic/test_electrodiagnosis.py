"""Technique gates, medicines at the study, limits of a laboratory, and what an increment is worth."""

from __future__ import annotations

import pytest

from endplate.clinic.electrodiagnosis import (
    decrement_known,
    electrodiagnosis_results,
    gates,
    increment_known,
    low_amplitude_known,
    post_test,
    ratio_of_counts,
    read,
)
from endplate.clinic.reading import words_of
from endplate.clinic.record import example, examples, record_of
from endplate.foundation.errors import InputError
from tests.clinic.study import NO_OTHER_CAUSE, study, with_study

ABNORMAL = {"before_mv": "1.0", "after_mv": "2.5"}
NORMAL = {"before_mv": "9.0", "after_mv": "9.2"}

# a gate of technique: what the study says, verdict of an abnormal and of a normal increment
TECHNIQUE = [
    ("skin at 32 degC", {"skin_degc": "32"}, "yes", "no"),
    ("skin below 32 degC", {"skin_degc": "31.9"}, "unknown", "unknown"),
    ("skin not measured", {"skin_degc": None}, "unknown", "unknown"),
    ("intensity unequal", {"intensity_equal": "no"}, "unknown", "unknown"),
    ("intensity not recorded", {"intensity_equal": None}, "unknown", "unknown"),
    ("not supramaximal", {"supramaximal": "no"}, "unknown", "unknown"),
    ("rest of 2 min", {"rest_before_s": "120"}, "yes", "no"),
    ("rest shorter", {"rest_before_s": "119"}, "unknown", "unknown"),
    ("effort not maximal", {"effort_maximal": "no"}, "yes", "unknown"),
    ("effort not recorded", {"effort_maximal": None}, "yes", "unknown"),
    ("effort of 15 s", {"effort_s": "15"}, "yes", "no"),
    ("effort of 60 s hides the rise", {"effort_s": "60"}, "yes", "unknown"),
    ("effort of 9 s", {"effort_s": "9"}, "yes", "unknown"),
    ("response at 5 s", {"delay_after_effort_s": "5"}, "yes", "no"),
    ("response too late", {"delay_after_effort_s": "5.1"}, "yes", "unknown"),
    ("on pyridostigmine", {"on_pyridostigmine": "yes"}, "yes", "unknown"),
    ("after immunotherapy", {"after_immunotherapy": "yes"}, "yes", "unknown"),
    ("on amifampridine", {"on_amifampridine": "yes"}, "yes", "unknown"),
    ("amifampridine paused for 12 h", {"on_amifampridine": "yes", "amifampridine_hours_since": "12"}, "yes", "no"),
    ("amifampridine 11.9 h ago", {"on_amifampridine": "yes", "amifampridine_hours_since": "11.9"}, "yes", "unknown"),
    ("neither area nor duration", {"before_area_mvms": None, "after_area_mvms": None}, "unknown", "no"),
    ("duration not shorter is enough",
     {"before_area_mvms": None, "after_area_mvms": None, "before_duration_ms": "8", "after_duration_ms": "8"},
     "yes", "no"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "facts", "abnormal", "normal"), TECHNIQUE, ids=[case[0] for case in TECHNIQUE])
def test_technique_decides_whether_an_increment_may_be_read(case, facts, abnormal, normal):
    assert increment_known(with_study(**{**ABNORMAL, **facts}), "endplate-increment-definite") in (abnormal, "unknown")
    assert read(with_study(**{**ABNORMAL, **facts}).studies[0], "increment", "increment-kohler").verdict == abnormal
    assert read(with_study(**{**NORMAL, **facts}).studies[0], "increment", "increment-kohler").verdict == normal


# area after 10 s in mV ms (6.0 before), duration shorter or not, verdict of +60 %
PSEUDO = [("7.1", "7", "unknown"), ("7.2", "7", "yes"), ("7.1", "8", "yes"), ("7.1", "9", "yes")]


@pytest.mark.parametrize(("area", "duration", "verdict"), PSEUDO)
def test_a_taller_and_shorter_response_with_hardly_more_area_is_pseudo_facilitation(area, duration, verdict):
    row = with_study(
        before_mv="1.0", after_mv="1.6", before_area_mvms="6.0", after_area_mvms=area,
        before_duration_ms="8", after_duration_ms=duration,
    ).studies[0]  # fmt: skip
    one = read(row, "increment", "increment-kohler")
    assert one.verdict == verdict
    assert [gate.name for gate in one.in_the_way] == (["pseudo-facilitation"] if verdict == "unknown" else [])


@pytest.mark.parametrize(("before", "verdict"), [("0.29", "unknown"), ("0.30", "yes"), ("0.31", "yes")])
def test_no_percentage_is_read_below_0_3_mv(before, verdict):
    row = with_study(before_mv=before, after_mv="2.0").studies[0]
    assert read(row, "increment", "increment-kohler").verdict == verdict


@pytest.mark.parametrize(("rate", "verdict"), [("1.9", "unknown"), ("2", "yes"), ("5", "yes"), ("5.1", "unknown")])
def test_a_decrement_counts_only_at_the_rates_of_the_rule(rate, verdict):
    record = with_study(first_mv="2.0", fourth_mv="1.5", low_rate_hz=rate)
    assert decrement_known(record, "decrement-aaem") == verdict


@pytest.mark.parametrize(("rate", "verdict"), [("29", "unknown"), ("30", "yes"), ("40", "yes"), ("41", "unknown")])
def test_a_fast_train_counts_only_at_the_rates_of_the_rule(rate, verdict):
    record = with_study(high_rate_first_mv="1.0", high_rate_largest_mv="2.0", high_rate_hz=rate)
    assert increment_known(record, "increment-zambelis") == verdict


LIMITS = [
    ("own limit, below", {"lower_limit_mv": "6.0", "laboratory": "ours", "before_mv": "5.99"}, "yes"),
    ("own limit, at it", {"lower_limit_mv": "6.0", "laboratory": "ours", "before_mv": "6.0"}, "no"),
    ("no laboratory named", {"lower_limit_mv": "6.0", "before_mv": "1.0"}, "unknown"),
    ("no limit at all", {"laboratory": "ours", "before_mv": "1.0"}, "unknown"),
    ("limit of a named set", {"laboratory": "czech-2014", "before_mv": "4.9"}, "yes"),
    ("a set without this muscle", {"laboratory": "czech-2014", "muscle": "tongue", "before_mv": "0.5"}, "unknown"),
    ("a set of jitter has no amplitude", {"laboratory": "stalberg-2016", "before_mv": "0.5"}, "unknown"),
]


@pytest.mark.parametrize(("case", "facts", "low"), LIMITS, ids=[case[0] for case in LIMITS])
def test_an_amplitude_is_low_only_by_the_limit_of_its_own_laboratory(case, facts, low):
    assert low_amplitude_known(with_study(**facts)) == low


def test_two_sets_of_limits_are_never_mixed():
    with pytest.raises(InputError, match="Two sets are never mixed"):
        with_study(laboratory="czech-2014", lower_limit_mv="7.9", before_mv="5.5")


def test_no_study_is_not_a_normal_study():
    for answer in (increment_known, decrement_known):
        assert answer(record_of({}), "increment-kohler" if answer is increment_known else "decrement-aaem") == "unknown"
    assert electrodiagnosis_results(record_of({})) == ()


def test_one_abnormal_muscle_is_enough_and_one_untested_forbids_no():
    normal, abnormal, empty = study(**NORMAL), study(**ABNORMAL), study()
    assert increment_known(record_of({"studies": [normal, abnormal]}), "increment-kohler") == "yes"
    assert increment_known(record_of({"studies": [normal, empty]}), "increment-kohler") == "unknown"


def test_no_probability_is_shown_without_a_prior_and_the_prior_is_in_sight_with_one():
    record = with_study(NO_OTHER_CAUSE, **ABNORMAL)
    without, given = (electrodiagnosis_results(record, prior=prior)[-1] for prior in (None, 0.2))
    assert without.values["prior"] is None
    assert "probability" not in without.values["ratios"][0]
    assert "no prior was given" in without.because
    assert given.values["ratios"][0]["probability"] == pytest.approx(0.948, abs=0.001)
    assert "prior of 20.0%" in given.statement


def test_the_ratio_against_people_without_lems_is_not_that_against_myasthenia():
    record = with_study(NO_OTHER_CAUSE, **ABNORMAL)
    ratios = {one["evidence"]: one["value"] for one in electrodiagnosis_results(record)[-1].values["ratios"]}
    assert ratios["lipka-60"] == pytest.approx(72.3, abs=0.1)
    assert ratios["oh-60-against-mg"] == pytest.approx(130.5, abs=0.1)


@pytest.mark.parametrize("cause", sorted(NO_OTHER_CAUSE))
def test_no_ratio_is_shown_where_another_cause_is_found_or_open(cause):
    for answer in ("yes", "unknown"):
        last = electrodiagnosis_results(with_study({**NO_OTHER_CAUSE, cause: answer}, **ABNORMAL))[-1]
        assert (last.verdict, dict(last.values)) == ("cannot tell", {})
        assert words_of(cause) in last.statement


@pytest.mark.parametrize("prior", [0, 1, -0.1, 50, float("nan")])
def test_an_impossible_prior_is_refused(prior):
    with pytest.raises(InputError, match="above 0 and below 1"):
        post_test(prior=prior, ratio=2.0)


@pytest.mark.parametrize(("part", "whole"), [(5, 4), (-1, 4), (0, 0)])
def test_counts_that_cannot_be_are_refused(part, whole):
    with pytest.raises(InputError, match="Were they swapped"):
        ratio_of_counts(with_yes=part, with_all=whole, without_yes=1, without_all=2, is_positive=True)


HOLDS = [
    ({"bulbar_involvement": "yes"}, "it is not paused"),
    ({"bulbar_involvement": "no", "respiratory_weakness": "yes"}, "it is not paused"),
    ({"bulbar_involvement": "no", "respiratory_weakness": "no"}, "only if the treating neurologist agrees"),
    ({}, "never with bulbar or respiratory weakness"),
]


@pytest.mark.parametrize(("facts", "says"), HOLDS)
def test_a_pause_of_amifampridine_is_never_offered_with_bulbar_or_respiratory_weakness(facts, says):
    first = electrodiagnosis_results(with_study(facts, **NORMAL, on_amifampridine="yes"))[0]
    assert first.verdict == "cannot tell"
    assert any(says in line for line in first.because)
    assert first.safety_class == "A"
    abnormal = electrodiagnosis_results(with_study(facts, **ABNORMAL, on_amifampridine="yes"))[0]
    assert not any("pause" in line for line in abnormal.because)


def test_limits_of_ours_and_unverified_ones_say_so_where_they_stand_in_the_way():
    cold = electrodiagnosis_results(with_study(**ABNORMAL, skin_degc="31"))[0]
    small = electrodiagnosis_results(with_study(before_mv="0.2", after_mv="0.5"))[0]
    assert "(unverified)" in cold.statement
    assert "(our proposal)" in small.statement


def test_every_gate_says_why_when_it_is_not_met():
    for gate in gates({}, "increment"):
        assert gate.is_met == "unknown"
        assert len(gate.because) > 20


def test_results_of_every_synthetic_person_name_their_basis():
    for name in examples():
        for result in electrodiagnosis_results(example(name)):
            assert result.sources
            assert result.rows
            assert result.verdict in ("supports", "in between", "does not support", "cannot tell")


@pytest.mark.parametrize(
    ("after", "verdict"),
    [("1.24", "does not support"), ("1.25", "in between"), ("1.59", "in between"), ("1.6", "supports")],
)
def test_an_increment_from_25_to_60_percent_speaks_neither_for_nor_against(after, verdict):
    result = electrodiagnosis_results(with_study(before_mv="1.0", after_mv=after))[0]
    assert result.verdict == verdict
