"""Conditions: three-valued, compared as decimals, and refused where the data are none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.clinic.conditions import Situation, holds, parse_condition, route_of
from endplate.clinic.record import record_of
from endplate.foundation.errors import DataError
from endplate.foundation.records.clinical import Medicine, Record

BELOW = {"fact": "egfr_ml_min", "below": "30"}


@pytest.mark.parametrize(
    ("operator", "value", "answer"),
    [
        ("below", "29.9", "yes"), ("below", "30", "no"), ("below", "30.1", "no"),
        ("at_most", "30", "yes"), ("at_most", "30.1", "no"),
        ("above", "30", "no"), ("above", "30.1", "yes"),
        ("at_least", "29.9", "no"), ("at_least", "30", "yes"),
    ],
)  # fmt: skip
def test_a_number_below_at_and_above_its_limit(operator: str, value: str, answer: str) -> None:
    condition = parse_condition({"fact": "egfr_ml_min", operator: "30"}, where="test")
    assert holds(condition, Situation(record_of({"egfr_ml_min": value}))) == answer


@pytest.mark.parametrize(
    ("table", "answer"),
    [
        (BELOW, "unknown"),
        ({"not": BELOW}, "unknown"),
        ({"all": [BELOW, {"fact": "sex", "is": "male"}]}, "unknown"),
        ({"all": [BELOW, {"fact": "sex", "is": "female"}]}, "no"),
        ({"any": [BELOW, {"fact": "sex", "is": "male"}]}, "yes"),
        ({"any": [BELOW, {"fact": "sex", "is": "female"}]}, "unknown"),
        ({"takes": "cholinergic"}, "yes"),
        ({"takes": "immunosuppressant"}, "unknown"),
        ({"route": "iv"}, "yes"),
        ({"route": "oral"}, "no"),
        ({"status": "proposed"}, "no"),
        ({"indication": "deficiency"}, "unknown"),
    ],
)
def test_what_is_unknown_stays_unknown_unless_the_rest_decides(table: dict[str, Any], answer: str) -> None:
    situation = Situation(
        record_of({"sex": "male"}), Medicine("magnesium", route="intravenous"), frozenset({"cholinergic"}), False
    )
    assert holds(parse_condition(table, where="test"), situation) == answer


def test_a_tag_is_absent_only_from_a_complete_list() -> None:
    condition = parse_condition({"takes": "immunosuppressant"}, where="test")
    assert holds(condition, Situation(Record(), is_list_known=True)) == "no"


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"fact": "ptosis"},
        {"fact": "egfr_ml_min", "below": 30},
        {"fact": "egfr_ml_min", "below": "thirty"},
        {"fact": "egfr_ml_min", "below": "30", "above": "10"},
        {"colour": "red"},
        {"all": [{"colour": "red"}]},
    ],
)
def test_a_table_that_is_no_condition_is_refused_with_its_place(table: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="place"):
        parse_condition(table, where="place")


@given(st.sampled_from(["iv", "IV", "i.v.", "Infusion", "intravenous", "intramuscular"]))
def test_every_word_for_an_injection_is_one_route(words: str) -> None:
    assert route_of(words) == "iv"
