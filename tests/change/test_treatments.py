"""Treatments and hazards: properties that hold for every one of them."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.body.person import Person
from endplate.change.disease import lems, mg
from endplate.change.therapy import Quantity, treatments
from endplate.foundation.errors import InputError
from endplate.foundation.records import LEVERS, Levers

DRUGS = [name for name, treatment in treatments().items() if treatment.kind != "condition"]
HELPS = {"amifampridine", "pyridostigmine", "neostigmine", "edrophonium"}
# the direction in which each lever goes when transmission gets worse
WORSE = {
    "pq_channel_fraction": -1, "l_type_fraction": -1, "n_type_fraction": -1, "external_calcium_mmolar": -1,
    "magnesium_mmolar": 1, "broadening": -1, "esterase_activity": 1, "competitive_block": 1,
    "depolarising_block": 1, "desensitisation": 1,
}  # fmt: skip

sick = st.builds(
    lambda channels, receptors, raised: mg(
        lems(Person(), channel_fraction=channels, l_type_compensation=0.5),
        receptor_fraction=receptors,
        homeostatic_release=raised,
    ),
    st.floats(0.05, 1),
    st.floats(0.05, 1),
    st.booleans(),
)


def dose(name: str) -> Quantity:
    return treatments()[name].quantities[0]


def arguments(name: str) -> st.SearchStrategy[dict[str, Any]]:
    treatment = treatments()[name]
    given_ = {q.argument: st.floats(q.low, q.high) for q in treatment.quantities if not q.optional}
    chosen = {choice.argument: st.sampled_from(list(choice.options.values())) for choice in treatment.choices}
    return st.fixed_dictionaries({**given_, **chosen})


@pytest.mark.parametrize("name", DRUGS)
@given(data=st.data())
@settings(max_examples=20)
def test_no_dose_at_any_time_leaves_the_ranges_of_the_levers_even_three_times_over(name, data):
    person = data.draw(sick)
    for _ in range(3):
        person = treatments()[name].apply(person, **data.draw(arguments(name)))
    for lever, (low, high, *_) in LEVERS.items():
        assert low <= getattr(person.levers, lever) <= high


@pytest.mark.parametrize("name", DRUGS)
def test_zero_dose_returns_the_person_unchanged(name):
    person = lems(Person(), channel_fraction=0.4, l_type_compensation=0.5)
    assert treatments()[name].apply(person, **{dose(name).argument: 0.0}) is person


@pytest.mark.parametrize("name", DRUGS)
@given(data=st.data())
@settings(max_examples=30)
def test_more_dose_never_has_less_effect_and_helps_or_harms_on_one_side_only(name, data):
    treatment, quantity = treatments()[name], dose(name)
    person = data.draw(sick)
    rest = data.draw(arguments(name))
    small, large = sorted(data.draw(st.tuples(*[st.floats(quantity.low, quantity.high)] * 2)))
    start = person.levers
    little = treatment.apply(person, **{**rest, quantity.argument: small}).levers
    much = treatment.apply(person, **{**rest, quantity.argument: large}).levers
    sign = -1 if name in HELPS else 1
    for lever in {**little.differences(), **much.differences()}:
        if lever not in WORSE:
            assert getattr(much, lever) == getattr(start, lever)
            continue
        steps = [sign * WORSE[lever] * getattr(levers, lever) for levers in (start, little, much)]
        assert steps[0] <= steps[1] + 1e-12 <= steps[2] + 2e-12


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(DRUGS, 2)))
def test_the_order_of_two_treatments_does_not_matter(first, second):
    person = lems(Person(), channel_fraction=0.4, l_type_compensation=0.5)
    one, two = treatments()[first].apply, treatments()[second].apply
    forth, back = two(one(person)).levers, one(two(person)).levers
    for lever in LEVERS:
        assert getattr(forth, lever) == pytest.approx(getattr(back, lever), rel=1e-12)


@pytest.mark.parametrize("name", list(treatments()))
def test_every_treatment_names_mechanism_source_and_what_was_given(name):
    treatment = treatments()[name]
    after = treatment.apply(lems(Person(), channel_fraction=0.4))
    change = after.history[-1]
    assert change.name
    assert change.mechanism
    assert any(mark in change.source for mark in ("doi:", "https:", "19"))
    assert (change.drug is not None) == (treatment.kind != "condition")
    assert (change.hours_since_dose is not None) == (treatment.kind != "condition")
    for lever, value in change.moved.items():
        assert getattr(after.levers, lever) == value


@pytest.mark.parametrize("name", list(treatments()))
def test_a_treatment_keeps_the_seed_and_reaches_muscles_with_levers_of_their_own(name):
    person = Person(seed=4).with_levers(Levers(pq_channel_fraction=0.5, l_type_fraction=0.2), muscle="adm")
    after = treatments()[name].apply(person)
    assert after.seed == 4
    assert after.levers_of("adm") != person.levers_of("adm")


@pytest.mark.parametrize("name", list(treatments()))
def test_a_dose_outside_its_range_is_refused_with_the_range(name):
    treatment, quantity = treatments()[name], dose(name)
    for wrong in (quantity.low - 1.0, quantity.high * 1.5, float("nan"), "20", None, True):
        with pytest.raises(InputError, match=f"{quantity.high:g}"):
            treatment.apply(Person(), **{quantity.argument: wrong})


@pytest.mark.parametrize("name", DRUGS)
def test_the_effect_is_gone_long_after_the_dose(name):
    treatment = treatments()[name]
    since = next(q for q in treatment.quantities if q.argument == "hours_since_dose")
    person = lems(Person(), channel_fraction=0.4, l_type_compensation=0.5)
    at_once = treatment.apply(person).levers
    late = treatment.apply(person, hours_since_dose=since.high).levers
    for lever in WORSE:
        start = getattr(person.levers, lever)
        assert abs(getattr(late, lever) - start) <= 0.05 * abs(getattr(at_once, lever) - start) + 1e-12


def test_cooling_that_would_warm_and_warming_that_would_cool_name_the_other():
    with pytest.raises(InputError, match="Use warming instead"):
        treatments()["cooling"].apply(Person(), to_degc=35)
    with pytest.raises(InputError, match="Use cooling instead"):
        treatments()["warming"].apply(Person(), to_degc=31)


def test_cooling_to_the_temperature_that_is_there_changes_nothing():
    person = Person()
    assert treatments()["cooling"].apply(person, to_degc=34) is person
