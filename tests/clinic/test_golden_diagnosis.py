"""Golden vectors of electrodiagnosis, of the probability after a test, and of the PNS-Care score."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from endplate.clinic.diagnosis import pns_care_2021
from endplate.clinic.electrodiagnosis import evidence_named, percent_of, post_test, ratio_of_counts, read
from endplate.clinic.record import record_of
from tests.clinic.study import study, with_study


def _row(**facts):
    return with_study(**facts).studies[0]


# before, after, increment in %, abnormal by: at least 60 (Köhler), above 60 (Oh), above 100 (review of 2001)
INCREMENTS = [
    ("1.0", "1.6", 60, "yes", "no", "no"),
    ("1.10", "1.76", 60, "yes", "no", "no"),
    ("1.0", "1.59", 59, "no", "no", "no"),
    ("1.0", "1.61", 61, "yes", "yes", "no"),
    ("1.0", "2.0", 100, "yes", "yes", "no"),
    ("1.0", "2.01", 101, "yes", "yes", "yes"),
    ("4.2", "4.9", Fraction(50, 3), "no", "no", "no"),
]


@pytest.mark.parametrize(("before", "after", "percent", "kohler", "oh", "doubled"), INCREMENTS)
def test_an_increment_is_judged_in_exact_decimals_by_each_sets_own_operator(
    before, after, percent, kohler, oh, doubled
):
    row = _row(before_mv=before, after_mv=after)
    assert percent_of(row, "increment") == percent
    said = {
        rule: read(row, "increment", rule).is_abnormal
        for rule in ("increment-kohler", "increment-oh", "increment-doubled")
    }
    assert said == {"increment-kohler": kohler, "increment-oh": oh, "increment-doubled": doubled}


# first, fourth, decrement in %, abnormal by: at least 10 (review of 2001), above 10 (Norwegian page)
DECREMENTS = [
    ("2.0", "1.7", 15, "yes", "yes"),
    ("2.0", "1.8", 10, "yes", "no"),
    ("2.0", "1.81", Fraction(19, 2), "no", "no"),
    ("2.0", "1.79", Fraction(21, 2), "yes", "yes"),
    ("2.0", "2.2", -10, "no", "no"),
]


@pytest.mark.parametrize(("first", "fourth", "percent", "aaem", "above"), DECREMENTS)
def test_a_decrement_of_exactly_ten_per_cent_divides_the_two_operators(first, fourth, percent, aaem, above):
    row = _row(first_mv=first, fourth_mv=fourth, low_rate_hz="3")
    assert percent_of(row, "decrement") == percent
    assert read(row, "decrement", "decrement-aaem").is_abnormal == aaem
    assert read(row, "decrement", "decrement-above-ten").is_abnormal == above


def test_an_amplitude_is_rounded_half_even_to_a_hundredth_before_it_is_judged():
    # 1.595 becomes 1.60 and reaches the threshold, 1.594 becomes 1.59 and does not
    assert read(_row(before_mv="1.0", after_mv="1.595"), "increment", "increment-kohler").is_abnormal == "yes"
    assert read(_row(before_mv="1.0", after_mv="1.594"), "increment", "increment-kohler").is_abnormal == "no"


# what, prior, is the finding there, probability after
POST_TESTS = [
    ("lipka-60", 0.50, True, 0.986),
    ("lipka-60", 0.50, False, 0.183),
]


@pytest.mark.parametrize(("name", "prior", "is_positive", "after"), POST_TESTS)
def test_the_probability_after_an_increment_test(name, prior, is_positive, after):
    ratio = evidence_named(name).ratio(is_positive=is_positive)
    assert post_test(prior=prior, ratio=ratio.value) == pytest.approx(after, abs=0.001)


# prior, any SOX antibody found, probability of a small-cell cancer: counts 29 of 43 and 2 of 43
SOX = [(0.60, True, 0.956), (0.60, False, 0.339), (0.50, True, 0.935), (0.50, False, 0.255)]


@pytest.mark.parametrize(("prior", "is_positive", "after"), SOX)
def test_the_probability_after_a_sox_test_from_its_counts(prior, is_positive, after):
    ratio = ratio_of_counts(with_yes=29, with_all=43, without_yes=2, without_all=43, is_positive=is_positive)
    assert post_test(prior=prior, ratio=ratio.value) == pytest.approx(after, abs=0.005)


# evidence, ratio of the finding present, its interval; absent (facts of the clinical review)
RATIOS = [
    ("lipka-60", "72 (95 % interval 10-510)", 0.22),
    ("lipka-100", "110 (95 % interval 6.9-1762)", 0.42),  # by hand: 110.16, ln SE 1.4144
    ("oh-60-against-mg", "131 (95 % interval 49-347)", 0.03),
    ("first-limbs", "8.0 (95 % interval 4.7-14)", 0.06),
    ("first-ocular", "0.022 (95 % interval 0.0014-0.34)", None),
    ("first-bulbar", "0.18 (95 % interval 0.046-0.73)", None),
    ("worst-without-limbs", "0.043 (95 % interval 0.0027-0.68)", None),
]


@pytest.mark.parametrize(("name", "shown", "absent"), RATIOS)
def test_every_likelihood_ratio_follows_from_its_counts(name, shown, absent):
    one = evidence_named(name)
    assert one.ratio(is_positive=True).shown() == shown
    if absent is not None:
        assert one.ratio(is_positive=False).value == pytest.approx(absent, abs=0.006)


NO_CANCER = {"sclc": "no", "lung_cancer": "no", "other_cancer": "no"}
RECENT, LONG_AGO = {"onset_date": "2025-06-01"}, {"onset_date": "2024-06-01"}  # read on 2026-06-01
PNS_CARE = [
    ("P/Q and small-cell cancer", {"vgcc_pq_antibody": "yes", "sox1_antibody": "no", "sclc": "yes"}, 9, "definite"),
    ("P/Q, no cancer yet", {"vgcc_pq_antibody": "yes", "sox1_antibody": "no", **NO_CANCER, **RECENT}, 6, "probable"),
    ("P/Q, none after two years", {"vgcc_pq_antibody": "yes", "sox1_antibody": "no", **NO_CANCER, **LONG_AGO},
     5, "possible"),
    ("no antibody, no cancer", {"vgcc_pq_antibody": "no", "sox1_antibody": "no", **NO_CANCER, **LONG_AGO},
     3, "not paraneoplastic by this score"),
    ("SOX1, no cancer yet", {"vgcc_pq_antibody": "no", "sox1_antibody": "yes", **NO_CANCER, **RECENT}, 7, "probable"),
    ("P/Q and SOX1 count once", {"vgcc_pq_antibody": "yes", "sox1_antibody": "yes", **NO_CANCER, **LONG_AGO},
     6, "probable"),
    ("seronegative with small-cell cancer", {"vgcc_pq_antibody": "no", "sox1_antibody": "no", "sclc": "yes"},
     7, "probable"),
    ("another cancer is not consistent", {"vgcc_pq_antibody": "yes", "sox1_antibody": "no", "sclc": "no",
                                          "other_cancer": "yes", **LONG_AGO}, 5, "possible"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "facts", "score", "verdict"), PNS_CARE, ids=[case[0] for case in PNS_CARE])
def test_the_pns_care_score_of_lems(case, facts, score, verdict):
    found = pns_care_2021(record_of(facts), is_lems="yes", today=date(2026, 6, 1))
    assert (found.values["low"], found.values["high"], found.verdict) == (score, score, verdict)
    assert "unverified" in found.statement
    assert found.support == "unverified"


def test_an_unknown_item_of_the_score_is_a_range_and_decides_nothing():
    found = pns_care_2021(record_of({"vgcc_pq_antibody": "yes", **RECENT}), is_lems="yes", today=date(2026, 6, 1))
    assert (found.values["low"], found.values["high"], found.verdict) == (6, 10, "cannot tell")
    assert found.missing == ("sox1_antibody", "sclc", "lung_cancer")


def test_two_years_of_follow_up_end_on_the_day():
    facts = {"vgcc_pq_antibody": "yes", "sox1_antibody": "no", **NO_CANCER, "onset_date": "2024-02-29"}
    before = pns_care_2021(record_of(facts), is_lems="yes", today=date(2026, 2, 28))
    after = pns_care_2021(record_of(facts), is_lems="yes", today=date(2026, 3, 1))
    assert (before.values["low"], after.values["low"]) == (6, 5)


def test_the_study_of_these_cases_is_one_of_good_technique():
    assert read(_row(**study(before_mv="1.0", after_mv="2.5")), "increment", "increment-kohler").verdict == "yes"
    assert read(_row(**study(before_mv="9.0", after_mv="9.2")), "increment", "increment-kohler").verdict == "no"
