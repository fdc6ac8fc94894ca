"""Persons: impossible values, levers of single muscles, history."""

import numpy as np
import pytest

from endplate.body.person import Change, Person
from endplate.foundation.errors import InputError, UnknownNameError
from endplate.foundation.records import Levers

NOTE = Change("test", "none", "none")


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ({"age_y": -1}, "Age is in years"),
        ({"age_y": float("nan")}, "Age is in years"),
        ({"height_cm": 1.7}, "centimetres"),
        ({"weight_kg": 700}, "kilograms"),
        ({"weight_kg": "70"}, "must be a number"),
        ({"sex": "f"}, "female or male"),
        ({"seed": 1.5}, "whole number"),
        ({"seed": True}, "whole number"),
        ({"seed": "1"}, "whole number"),
    ],
)
def test_an_impossible_person_is_refused_and_the_unit_is_named(what, says):
    with pytest.raises(InputError, match=says):
        Person(**what)


def test_a_seed_from_numpy_becomes_a_plain_number():
    assert type(Person(seed=np.int64(5)).seed) is int


def test_setting_general_levers_leaves_a_muscle_with_its_own():
    hand = Person().with_levers(Levers(receptor_fraction=0.3), muscle="adm")
    later = hand.with_levers(Levers(temperature_degc=30.0), NOTE)
    assert later.levers_of("adm").receptor_fraction == 0.3
    assert later.levers_of("edb").temperature_degc == 30.0
    assert later.history == (NOTE,)


def test_a_move_reaches_every_muscle_and_keeps_their_difference():
    hand = Person().with_levers(Levers(pq_channel_fraction=0.5), muscle="adm")
    moved = hand.moved_by(lambda levers: levers.scaled(pq_channel_fraction=0.5), NOTE)
    assert (moved.levers_of("adm").pq_channel_fraction, moved.levers.pq_channel_fraction) == (0.25, 0.5)
    assert moved.history == (NOTE,)
    assert hand.history == ()  # the person before is untouched


def test_changing_levers_keeps_seed_size_and_age_so_that_pairs_share_their_anatomy():
    before = Person(seed=9, age_y=70, height_cm=180)
    after = before.moved_by(lambda levers: levers.scaled(receptor_fraction=0.3))
    who = ("seed", "age_y", "height_cm", "weight_kg", "sex", "name")
    assert [getattr(before, key) for key in who] == [getattr(after, key) for key in who]


def test_levers_for_a_muscle_that_nobody_has_are_refused_with_the_nearest_name():
    with pytest.raises(UnknownNameError, match="no muscle 'amd'; did you mean adm"):
        Person(muscle_levers={"amd": Levers()})
