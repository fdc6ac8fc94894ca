"""Scales: exact where everything is known, an interval where not, and a change by its source's rule."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.clinic.knowledge.references import references
from endplate.clinic.scales import compare_scores, scale_named, scales, score_scale
from endplate.clinic.scales.answers import read_answer
from endplate.foundation.errors import InputError, UnitError, UnknownNameError


def _item(scale: str, item: str) -> Any:
    return next(one for one in scale_named(scale).items if one.id == item)


def _points(scale: str, item: str, text: str, sex: str | None = None) -> tuple[int, int]:
    answer = read_answer(_item(scale, item), text, sex=sex)
    return int(answer.low), int(answer.high)


@pytest.mark.parametrize(
    ("item", "text", "points"),
    [
        ("diplopia", "61 s", 0), ("diplopia", "60", 1), ("diplopia", "11", 1), ("diplopia", "10", 2),
        ("diplopia", "1", 2), ("diplopia", "0", 3),
        ("ptosis", "61", 0), ("ptosis", "10", 2),
        ("face", "complete, weak, some resistance", 1), ("swallow", "cannot", 3),
        ("speech", "50", 0), ("speech", "49", 1), ("speech", "30", 1), ("speech", "29", 2), ("speech", "10", 2),
        ("speech", "9", 3),
        ("right_arm", "240", 0), ("right_arm", "239", 1), ("right_arm", "90", 1), ("right_arm", "89", 2),
        ("right_arm", "10", 2), ("right_arm", "9", 3), ("left_arm", "0", 3),
        ("vital_capacity", "80 %", 0), ("vital_capacity", "79", 1), ("vital_capacity", "65", 1),
        ("vital_capacity", "64", 2), ("vital_capacity", "50", 2), ("vital_capacity", "49", 3),
        ("head", "120", 0), ("head", "119", 1), ("head", "30", 1), ("head", "29", 2), ("head", "1", 2),
        ("head", "0", 3),
        ("right_leg", "100", 0), ("right_leg", "99", 1), ("right_leg", "31", 1), ("right_leg", "30", 2),
        ("right_leg", "1", 2), ("left_leg", "0", 3),
    ],
)  # fmt: skip
def test_qmg_at_its_cut_offs(item: str, text: str, points: int) -> None:
    assert _points("qmg", item, text) == (points, points)


@pytest.mark.parametrize(
    ("item", "sex", "kilograms", "points"),
    [
        ("right_grip", "male", "45", 0), ("right_grip", "male", "44", 1), ("right_grip", "male", "15", 1),
        ("right_grip", "male", "14", 2), ("right_grip", "male", "5", 2), ("right_grip", "male", "4", 3),
        ("right_grip", "female", "30", 0), ("right_grip", "female", "29", 1), ("right_grip", "female", "10", 1),
        ("right_grip", "female", "9", 2), ("right_grip", "female", "4", 3),
        ("left_grip", "male", "35", 0), ("left_grip", "male", "34", 1), ("left_grip", "female", "25", 0),
        ("left_grip", "female", "24", 1), ("left_grip", "female", "10", 1), ("left_grip", "female", "9", 2),
    ],
)  # fmt: skip
def test_grip_by_sex(item: str, sex: str, kilograms: str, points: int) -> None:
    assert _points("qmg", item, kilograms, sex) == (points, points)


def test_grip_without_a_sex_spans_both_tables() -> None:
    assert _points("qmg", "right_grip", "32") == (0, 1)
    assert _points("qmg", "right_grip", "50") == (0, 0)


@pytest.mark.parametrize(
    ("name", "highest", "count"), [("qmg", 39, 13), ("mgc", 50, 10), ("mrc-sum", 60, 12), ("deltap", 6, 6)]
)
def test_a_scale_reaches_its_highest_score_and_nothing_known_is_the_whole_span(
    name: str, highest: int, count: int
) -> None:
    assert len(scale_named(name).items) == count
    result = score_scale(name, {})
    assert (result.verdict, result.values["low"], result.values["high"]) == ("interval", "0", str(highest))
    assert len(result.missing) == count


def test_the_worst_mg_composite_is_50_and_the_best_0() -> None:
    for pick, total in ((max, "50"), (min, "0")):
        answers = {item.id: f"{pick(item.points())} points" for item in scale_named("mgc").items}
        result = score_scale("mgc", answers)
        assert (result.verdict, result.values["low"]) == ("score", total)


@pytest.mark.parametrize(
    ("item", "text", "points"),
    [
        ("breathing", "ventilator", 9), ("swallowing", "often chokes", 5), ("neck", "moderate", 3), ("hip", "mild", 2),
        ("eye_closure", "mild", 0), ("diplopia", "after 1 to 10 s", 3), ("hip", "4", 4),
    ],
)  # fmt: skip
def test_options_of_the_mg_composite(item: str, text: str, points: int) -> None:
    assert _points("mgc", item, text) == (points, points)


@st.composite
def answered(draw: st.DrawFn) -> tuple[str, dict[str, str], str]:
    """A scale with any of its items answered by points, and one of them to forget."""
    name = draw(st.sampled_from(["qmg", "mgc", "mrc-sum", "deltap", "karnofsky"]))
    items = scale_named(name).items
    chosen = draw(st.lists(st.sampled_from(items), min_size=1, unique_by=lambda one: one.id))
    answers = {one.id: f"{draw(st.sampled_from(one.points()))} points" for one in chosen}
    return name, answers, draw(st.sampled_from(sorted(answers)))


@settings(deadline=None)
@given(answered())
def test_forgetting_an_item_widens_the_interval(case: tuple[str, dict[str, str], str]) -> None:
    name, answers, gone = case
    one = score_scale(name, answers)
    other = score_scale(name, {item: text for item, text in answers.items() if item != gone})
    assert Decimal(other.values["low"]) <= Decimal(one.values["low"])
    assert Decimal(one.values["high"]) <= Decimal(other.values["high"])


def test_a_woman_reaches_five_points_of_delta_p_at_most() -> None:
    answers = dict.fromkeys("DLTAP", "yes")
    assert score_scale("deltap", answers, sex="female").values["high"] == "5"
    assert score_scale("deltap", answers, sex="male").values["high"] == "6"
    with pytest.raises(InputError, match="one sex only"):
        score_scale("deltap", {"E": "yes"}, sex="female")


@pytest.mark.parametrize(
    ("name", "answers", "kind", "says"),
    [
        ("qmg", {"heat": "1"}, UnknownNameError, "did you mean head"),
        ("qmg", {"head": "45 min"}, UnitError, "in s"),
        ("qmg", {"head": "-1"}, InputError, "below 0"),
        ("qmg", {"head": "long"}, InputError, "a number of s"),
        ("qmg", {"head": "4 points"}, InputError, "0, 1, 2, 3 points"),
        ("mgc", {"hip": "modrate"}, UnknownNameError, "did you mean moderate"),
        ("mgc", {"hip": "3"}, InputError, "0, 2, 4, 5 points"),
        ("karnofsky", {"status": "65"}, InputError, "steps of 10"),
        ("karnofsky", {"status": "110"}, InputError, "steps of 10"),
        ("mrc-sum", {"left_hip_flexion": "6"}, InputError, r"\[0, 5\]"),
        ("mrc-sum", {"left_hip_flexion": "3.5"}, InputError, r"\[0, 5\]"),
        ("3tug", {"seconds": "0.5"}, InputError, r"\[3, 600\]"),
        ("deltap", {"D": "maybe"}, InputError, "yes, no or unknown"),
        ("qgm", {}, UnknownNameError, "did you mean"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_with_a_way_out(
    name: str, answers: dict[str, str], kind: type[Exception], says: str
) -> None:
    with pytest.raises(kind, match=says):
        score_scale(name, answers)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ("10", "11.9", "within repeatability"),
        ("10", "12", "worse"),
        ("10", "13", "worse"),
        ("10", "13.01", "worse by the trial's rule"),
        ("10", "8", "better"),
        ("10", "8.1", "within repeatability"),
    ],
)
def test_3tug_at_20_and_30_percent(before: str, after: str, verdict: str) -> None:
    assert compare_scores("3tug", before=Decimal(before), after=Decimal(after)).verdict == verdict


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ("12", "10", "within repeatability"),
        ("12", "9", "better"),
        ("12", "15", "worse"),
        ("12", "14", "within repeatability"),
    ],
)
def test_three_points_of_the_mg_composite_are_a_change(before: str, after: str, verdict: str) -> None:
    assert compare_scores("mgc", before=Decimal(before), after=Decimal(after)).verdict == verdict


def test_where_no_source_says_what_a_change_means_there_is_no_rule() -> None:
    assert compare_scores("qmg", before=Decimal(12), after=Decimal(2)).verdict == "no rule"
    with pytest.raises(InputError, match=r"\[0, 39\]"):
        compare_scores("qmg", before=Decimal(40), after=Decimal(2))


def test_mg_adl_ships_its_licence_note_and_no_items() -> None:
    result = score_scale("mg-adl", {})
    assert result.verdict == "not shipped"
    assert "not shipped" in result.statement
    assert compare_scores("mg-adl", before=Decimal(8), after=Decimal(6)).verdict == "better"


@pytest.mark.parametrize("one", scales().values(), ids=lambda one: one.id)
def test_every_scale_has_licence_warning_and_source(one: Any) -> None:
    assert one.licence
    assert one.warning
    assert set(one.sources) <= set(references())
    result = score_scale(one.id, {})
    if one.support == "unverified" and one.items:
        assert any("Unverified" in limit for limit in result.limits)
    assert any(one.licence in text for text in (*result.limits, result.statement))


@pytest.mark.parametrize("name", ["qmg", "mgc", "mg-adl"])
def test_scales_built_for_mg_say_so(name: str) -> None:
    assert any("Built for MG" in limit for limit in score_scale(name, {}).limits)
