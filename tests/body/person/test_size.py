"""Age and height: published values, limits and direction."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.body.person import motor_unit_fraction, nerve_length_scale
from endplate.foundation.errors import InputError

AGES = st.floats(0, 110)


def test_counts_in_tibialis_anterior_at_three_ages_are_met_within_a_quarter():
    # 150, 91 and 59 units at about 25, 65 and over 80 years (taken as 83): McNeil 2005, abstract
    for age_y, count in ((25, 150), (65, 91), (83, 59)):
        assert motor_unit_fraction(age_y=age_y) == pytest.approx(count / 150, rel=0.25)


@given(young=AGES, old=AGES)
def test_age_never_adds_motor_units(young, old):
    young, old = sorted((young, old))
    assert 0 < motor_unit_fraction(age_y=old) <= motor_unit_fraction(age_y=young) <= 1


def test_nerve_length_is_proportional_to_height():
    assert nerve_length_scale(height_cm=200) / nerve_length_scale(height_cm=100) == pytest.approx(2)


def test_a_height_in_metres_is_refused_with_the_way_out():
    with pytest.raises(InputError, match=r"Height is in centimetres: 1\.70 m is 170"):
        nerve_length_scale(height_cm=1.70)
