"""DELTA-P, SOX1 and base rates beyond the golden vectors."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from endplate.clinic.record import record_of
from endplate.clinic.risk import (
    assays,
    base_rate_result,
    base_rates,
    likelihood_ratios,
    post_test,
    risk_results,
    score_deltap,
    sox1_result,
)
from endplate.foundation.errors import InputError, UnknownNameError
from endplate.foundation.records.clinical import Record

TODAY = date(2026, 2, 1)


def test_an_empty_record_scores_0_to_6_and_cannot_tell() -> None:
    score, older, later, sox, base = risk_results(Record())
    assert (score.verdict, score.values["low"], score.values["high"]) == ("cannot tell", 0, 6)
    assert (older.verdict, later.verdict, sox.verdict) == ("cannot tell", "cannot tell", "cannot tell")
    assert later.statement.startswith("In this cohort, small-cell lung cancer was found in 0 % to 100 %")
    assert base.verdict == "known"
    assert {"bulbar_involvement", "karnofsky", "smoker_current"} <= set(score.missing)


def test_an_unknown_item_makes_an_interval_of_score_and_chance() -> None:
    facts = {
        "sex": "male", "bulbar_involvement": "no", "erectile_dysfunction": "no", "smoker_current": "yes",
        "age_at_onset_years": 60, "karnofsky": 80,
    }  # fmt: skip
    results = {one.rule: one for one in risk_results(record_of(facts, today=TODAY))}
    assert results["deltap"].verdict == "interval"
    assert results["deltap"].missing == ("weight_loss_percent",)
    assert (results["deltap-2020"].values["low_percent"], results["deltap-2020"].values["high_percent"]) == (45.0, 55.5)


def test_an_ex_smoker_scores_0_for_tobacco_and_the_page_warns() -> None:
    record = record_of({"smoker_current": "no", "smoker_ever": "yes"}, today=TODAY)
    result = risk_results(record)[0]
    assert result.values["items"]["T"] == "no"
    assert any("understates risk: all 54 Dutch SCLC patients had smoked" in limit for limit in result.limits)
    never = risk_results(record_of({"smoker_ever": "no"}, today=TODAY))[0]
    assert never.values["items"]["T"] == "no"
    assert not any("ex-smoker" in limit for limit in never.limits)


def test_a_womans_maximum_is_shown_as_a_limit() -> None:
    result = risk_results(record_of({"sex": "female"}, today=TODAY))[0]
    assert (result.values["maximum"], result.values["high"]) == (5, 5)
    assert any("at most 5" in limit for limit in result.limits)


def test_age_at_onset_follows_from_two_dates_and_a_young_age_now_settles_it() -> None:
    at = {"birth_date": "1975-06-02", "onset_date": "2025-06-01"}
    assert score_deltap(record_of(at, today=TODAY)).items[4].present == "no"
    assert score_deltap(record_of({**at, "onset_date": "2025-06-02"}, today=TODAY)).items[4].present == "yes"
    assert score_deltap(record_of({"age_years": 49}, today=TODAY)).items[4].present == "no"
    assert score_deltap(record_of({"age_years": 60}, today=TODAY)).items[4].present == "unknown"


def test_each_cohort_names_its_own_definition_of_tobacco() -> None:
    results = {one.rule: " ".join(one.because) for one in risk_results(Record())}
    assert "smoking at diagnosis" in results["deltap-2011"]
    assert "tobacco use at onset" in results["deltap-2020"]


@pytest.mark.parametrize(("state", "verdict"), [("yes", "raises"), ("no", "lowers")])
def test_sox1_stands_beside_the_score_and_adds_no_point(state: str, verdict: str) -> None:
    record = record_of({"sox1_antibody": state}, today=TODAY)
    assert score_deltap(record) == score_deltap(Record())
    result = sox1_result(record)
    assert result.verdict == verdict
    assert result.values["prior_source"] == "titulaer-2008"
    assert "54 of 100" in result.because[0]


def test_the_ratios_of_both_assays_are_those_of_their_counts() -> None:
    elisa, sox2 = assays()["any-sox-elisa"], assays()["sox2-elisa"]
    assert (round(elisa.positive.value, 1), round(elisa.positive.low, 1), round(elisa.positive.high)) == (14.5, 3.7, 57)
    assert round(elisa.negative.value, 2) == 0.34
    assert (round(sox2.positive.value, 1), round(sox2.positive.low, 1), round(sox2.positive.high)) == (8.2, 3.9, 17)
    assert round(sox2.negative.value, 2) == 0.48


def test_a_base_rate_is_picked_by_name_and_the_others_stay_in_sight() -> None:
    result = base_rate_result("maddison-2020")
    assert "44 of 87" in result.statement
    assert len(result.other_views) == len(base_rates())
    with pytest.raises(UnknownNameError, match="did you mean titulaer-2008"):
        base_rate_result("titulaer2008")


@pytest.mark.parametrize("prior", [-0.1, 1.1, 60, Decimal("60")])
def test_a_prior_in_percent_is_refused_with_the_way_out(prior: float | Decimal) -> None:
    with pytest.raises(InputError, match="Divide a percentage by 100"):
        post_test(prior=prior, likelihood_ratio=2.0)


def test_an_empty_cell_gives_no_ratio() -> None:
    with pytest.raises(InputError, match="at least one person in each of the four cells"):
        likelihood_ratios(positive_with=32, with_condition=50, positive_without=0, without_condition=50)


def test_every_line_of_risk_has_sources_rows_and_says_whether_it_was_checked() -> None:
    for one in risk_results(Record()):
        assert one.sources
        assert one.rows
        assert one.version
        assert one.support in ("published", "unverified", "proposal")
        assert one.support == "published" or "unverified" in one.statement
