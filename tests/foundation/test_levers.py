"""Levers: ranges, and the three ways to move them."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.foundation.errors import InputError, UnknownNameError
from endplate.foundation.parameters import values_of
from endplate.foundation.records import LEVERS, Levers

NAMES = st.sampled_from(sorted(LEVERS))
FREE = st.sampled_from(
    ["l_type_fraction", "n_type_fraction", "zone_disorganisation", "competitive_block", "depolarising_block"]
)
SHARES = st.floats(0, 1)


def test_every_lever_has_a_range_a_unit_and_a_meaning_and_health_lies_inside():
    assert [item.name for item in dataclasses.fields(Levers)] == list(LEVERS)
    for name, lever in LEVERS.items():
        assert lever.low <= getattr(Levers(), name) <= lever.high
        assert lever.unit
        assert lever.meaning


@given(name=NAMES, share=SHARES)
def test_every_value_of_a_range_is_taken(name, share):
    low, high = LEVERS[name].low, LEVERS[name].high
    value = min(high, low + share * (high - low))
    assert getattr(Levers().moved(**{name: value}), name) == value


@given(name=NAMES, beyond=st.floats(1e-6, 1e6))
def test_no_lever_leaves_its_range(name, beyond):
    for value in (LEVERS[name].high + beyond, LEVERS[name].low - beyond):
        with pytest.raises(InputError, match=f"{name} must be in"):
            Levers(**{name: value})


def test_a_percentage_is_refused_with_the_way_out():
    with pytest.raises(InputError, match=r"pq_channel_fraction must be in \[0, 1\], got 46\. .*50 % is 0\.5"):
        Levers(pq_channel_fraction=46)
    with pytest.raises(InputError, match="got '50'"):
        Levers(pq_channel_fraction="50")


@pytest.mark.parametrize("verb", ["moved", "scaled", "blocked"])
def test_an_unknown_lever_is_named_with_its_nearest(verb):
    with pytest.raises(UnknownNameError, match="no lever 'receptor_fracton'; did you mean receptor_fraction"):
        getattr(Levers(), verb)(receptor_fracton=0.5)


@given(first=SHARES, second=SHARES)
def test_losses_combine_as_factors_in_any_order(first, second):
    one = Levers().scaled(receptor_fraction=first).scaled(receptor_fraction=second)
    other = Levers().scaled(receptor_fraction=second).scaled(receptor_fraction=first)
    assert one.receptor_fraction == other.receptor_fraction == first * second


@given(name=FREE, first=SHARES, second=SHARES)
def test_blocks_combine_as_shares_of_what_is_free_and_never_pass_one(name, first, second):
    one = getattr(Levers().blocked(**{name: first}).blocked(**{name: second}), name)
    other = getattr(Levers().blocked(**{name: second}).blocked(**{name: first}), name)
    assert one == pytest.approx(other, abs=1e-15)
    assert max(first, second) - 1e-15 <= one <= 1.0


@pytest.mark.parametrize("name", ["temperature_degc", "receptor_fraction", "external_calcium_mmolar"])
def test_only_a_share_of_something_free_can_be_blocked(name):
    with pytest.raises(InputError, match=f"{name} is not a share of something free"):
        Levers().blocked(**{name: 0.5})


@pytest.mark.parametrize("share", [-0.1, 1.5])
def test_a_blocked_share_outside_zero_to_one_is_refused(share):
    with pytest.raises(InputError, match=r"competitive_block must be in \[0, 1\]"):
        Levers(competitive_block=0.5).blocked(competitive_block=share)


def test_a_temperature_cannot_be_multiplied():
    with pytest.raises(InputError, match="no true zero"):
        Levers().scaled(temperature_degc=0.9)


def test_a_negative_factor_is_refused():
    with pytest.raises(InputError, match="factor of receptor_fraction"):
        Levers().scaled(receptor_fraction=-1)


def test_moving_leaves_the_first_record_as_it_was_and_differences_tell_what_moved():
    healthy = Levers()
    moved = healthy.moved(pq_channel_fraction=0.4, temperature_degc=30)
    assert healthy.differences() == {}
    assert moved.differences() == {"pq_channel_fraction": 0.4, "temperature_degc": 30.0}
    with pytest.raises(dataclasses.FrozenInstanceError):
        moved.pq_channel_fraction = 1.0


def test_the_physical_settings_of_health_are_the_documented_parameters():
    for name, value in values_of("foundation/records").items():
        assert getattr(Levers(), name) == value
    physical = {name for name, lever in LEVERS.items() if lever.unit != "1"}
    assert physical == set(values_of("foundation/records"))
