"""Rules are dated, sourced and three-valued; every threshold is tried below, at and above."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.foundation.errors import DataError, InputError, UnitError, UnknownNameError
from endplate.foundation.parameters import references
from endplate.foundation.rules import (
    Rule,
    decrement_percent,
    increment_percent,
    judge,
    parse_rules,
    rounded_mv,
    rule,
    rules,
)

STEP = Decimal("0.001")
EDGES = {  # operator -> verdict below, at, above the threshold
    ">=": (False, True, True),
    ">": (False, False, True),
    "<=": (True, True, False),
    "<": (True, False, False),
}
VERSIONS = [(one, version) for one in rules().values() for version in one.versions]
NAMES = [f"{one.id}, {version.version}" for one, version in VERSIONS]


@pytest.mark.parametrize(("one", "version"), VERSIONS, ids=NAMES)
def test_every_threshold_is_judged_below_at_and_above(one, version):
    edges = [(version.threshold, EDGES[">=" if version.operator == "between" else version.operator])]
    if version.upper is not None:
        edges.append((version.upper, EDGES["<="]))
    for threshold, expected in edges:
        for value, holds in zip((threshold - STEP, threshold, threshold + STEP), expected, strict=True):
            judgement = judge(one, value, one.unit, on=version.valid_from)
            assert judgement.verdict == ("supports" if holds else "does not support"), (value, judgement)
            assert judgement.source == version.source
            assert judgement.version == version.version


@pytest.mark.parametrize(("one", "version"), VERSIONS, ids=NAMES)
def test_every_rule_names_a_source_that_is_listed(one, version):
    assert version.source in references()
    assert version.where
    assert one.claim
    assert one.reads


@pytest.mark.parametrize(
    ("name", "at_sixty"),
    [
        ("increment-kohler", "supports"),
        ("increment-oh", "does not support"),
        ("increment-zambelis", "does not support"),
    ],
)
def test_each_set_keeps_its_own_operator_at_sixty_percent(name, at_sixty):
    assert judge(name, increment_percent(before_mv=1.0, after_mv=1.6), "%").verdict == at_sixty
    assert judge(name, increment_percent(before_mv=1.10, after_mv=1.76), "%").verdict == at_sixty


def test_a_tenth_lost_is_exactly_at_the_decrement_threshold():
    lost = decrement_percent(first_mv=2.0, later_mv=1.8)
    assert judge("decrement-aaem", lost, "%").verdict == "supports"
    assert judge("decrement-above-ten", lost, "%").verdict == "does not support"


def test_amplitudes_are_rounded_half_even_before_they_are_compared():
    assert rounded_mv(2.675) == Decimal("2.68")  # binary 2.675 lies below and would round down
    assert rounded_mv("0.125") == Decimal("0.12")
    assert increment_percent(before_mv=1.0004, after_mv=1.5996) == 60


@given(st.integers(1, 3000), st.integers(1, 9000))
def test_percentages_of_hundredths_are_exact(before, after):
    measured = increment_percent(before_mv=before / 100, after_mv=after / 100)
    assert measured == Fraction(100 * (after - before), before)
    assert decrement_percent(first_mv=before / 100, later_mv=after / 100) == -measured


@pytest.mark.parametrize("before", [0.0, -1.0, 0.004])
def test_no_percentage_is_taken_of_nothing(before):
    with pytest.raises(InputError, match=r"at least 0\.01 mV"):
        increment_percent(before_mv=before, after_mv=1.0)


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), "nan"])
def test_an_amplitude_that_is_no_number_is_refused(wrong):
    with pytest.raises(InputError, match="finite"):
        rounded_mv(wrong)


def test_the_version_in_force_on_the_day_is_used():
    assert judge("increment-oh", 70, "%", on=date(2007, 5, 1)).source == "Oh2005"
    assert judge("increment-oh", 70, "%", on=date(2020, 1, 1)).source == "Oh2009"


def test_before_its_first_version_a_rule_cannot_tell():
    judgement = judge("increment-kohler", 200, "%", on=date(1999, 1, 1))
    assert judgement.verdict == "cannot tell"
    assert "not in force on 1999-01-01" in judgement.because


@pytest.mark.parametrize("nothing", [None, float("nan")])
def test_missing_data_is_never_a_no(nothing):
    assert judge("increment-kohler", nothing, "%").verdict == "cannot tell"


@pytest.mark.parametrize("wrong", [float("inf"), True, "72"])
def test_a_value_that_is_no_number_is_refused(wrong):
    with pytest.raises(InputError):
        judge("increment-kohler", wrong, "%")


@pytest.mark.parametrize(("unit", "hint"), [("1", "Multiply a fraction by 100"), ("mV", "reads %, got 'mV'")])
def test_a_wrong_unit_raises(unit, hint):
    with pytest.raises(UnitError, match=hint):
        judge("increment-kohler", 0.72, unit)


def test_an_unknown_rule_offers_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean increment-kohler"):
        rule("increment-koehler")


def test_the_reason_never_rounds_a_number_onto_its_threshold():
    assert judge("increment-kohler", 59.96, "%").because == "59.96 % is below 60 %"
    assert judge("increment-kohler", 60, "%").because == "60 % is at least 60 %"
    assert judge("increment-suspicious", 24.999, "%").because == "24.999 % is outside 25 % to 60 %"


GOOD = """
[r]
kind = "x"
reads = "y"
unit = "%"
claim = "z"
[[r.versions]]
version = "1"
valid_from = 2000-01-01
operator = ">"
threshold = "1"
source = "s"
where = "w"
checked = "paper"
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('">"', '"=>"', "operator"),
        ('"1"\nsource', "1.5\nsource", "as text"),
        ('"1"\nsource', '"one"\nsource', "not a decimal"),
        ('"paper"', '"yes"', "checked"),
        ('"paper"', '"paper"\nupper = "3"', "between"),
        ('source = "s"', "", "missing source"),
        ('unit = "%"', 'unit = "%"\ncolour = "red"', "unknown key"),
        ('">"', '"between"\nupper = "0"', "not above"),
        ("kind", "kind kind", "not valid TOML"),
    ],
)
def test_a_rule_file_that_breaks_its_schema_is_refused(old, new, message):
    assert isinstance(parse_rules(GOOD)["r"], Rule)
    with pytest.raises(DataError, match=message):
        parse_rules(GOOD.replace(old, new, 1))


def test_versions_out_of_order_are_refused():
    again = GOOD + GOOD.split("claim")[1].split("\n", 1)[1]
    with pytest.raises(DataError, match="in the order"):
        parse_rules(again)
