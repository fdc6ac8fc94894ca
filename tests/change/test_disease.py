"""Diseases: one lesion each, named, limited, and without effect at zero."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.body.person import Person
from endplate.change.disease import DISEASES, botulism, lems, magnesium_excess, mg
from endplate.foundation.errors import InputError
from endplate.foundation.records import Levers

FRACTIONS = st.floats(0, 1)


def test_each_disease_moves_its_own_lesion_and_no_other_lever():
    assert set(lems(Person(), channel_fraction=0.4).levers.differences()) == {"pq_channel_fraction"}
    assert set(mg(Person(), receptor_fraction=0.4).levers.differences()) == {"receptor_fraction"}
    assert set(botulism(Person(), release_machinery=0.4).levers.differences()) == {"release_machinery"}
    assert set(magnesium_excess(Person(), serum_mmolar=3).levers.differences()) == {"magnesium_mmolar"}


def test_a_disease_that_takes_nothing_returns_the_person_unchanged():
    person = Person()
    assert lems(person, channel_fraction=1, l_type_compensation=1) is person
    assert mg(person, receptor_fraction=1, homeostatic_release=True) is person
    assert botulism(person, release_machinery=1) is person
    assert magnesium_excess(person, serum_mmolar=0.8) is person


@given(lost=FRACTIONS, share=FRACTIONS, scatter=FRACTIONS)
def test_l_type_channels_never_replace_more_than_was_lost(lost, share, scatter):
    levers = lems(Person(), channel_fraction=1 - lost, l_type_compensation=share, zone_disorganisation=scatter).levers
    assert levers.l_type_fraction <= lost + 1e-12
    assert levers.pq_channel_fraction + levers.l_type_fraction <= 1 + 1e-12


@given(left=FRACTIONS)
def test_release_rises_in_answer_to_lost_receptors_as_far_as_published_and_most_when_most_are_lost(left):
    raised = mg(Person(), receptor_fraction=left, homeostatic_release=True).levers.docked_vesicles
    assert 1 <= raised <= 1.6
    less_ill = mg(Person(), receptor_fraction=(1 + left) / 2, homeostatic_release=True).levers.docked_vesicles
    assert less_ill <= raised + 1e-12


def test_musk_disease_shows_no_rise_of_release():
    assert mg(Person(), receptor_fraction=0.3, homeostatic_release=False).levers.docked_vesicles == 1


@given(first=FRACTIONS, second=FRACTIONS)
def test_two_diseases_in_one_person_commute(first, second):
    one = mg(lems(Person(), channel_fraction=first), receptor_fraction=second)
    two = lems(mg(Person(), receptor_fraction=second), channel_fraction=first)
    assert one.levers == two.levers


def test_raising_release_twice_stops_at_the_limit_of_the_lever():
    twice = mg(
        mg(Person(), receptor_fraction=0.5, homeostatic_release=2.0), receptor_fraction=0.5, homeostatic_release=2
    )
    assert twice.levers.docked_vesicles == 2.5


def test_ionised_magnesium_follows_the_published_regression_on_total_magnesium():
    for total in (0.8, 0.9, 1.0, 1.08):  # the range in which ionised = 0.66 total + 0.039 was fitted
        ionised = magnesium_excess(Person(), serum_mmolar=total).levers.magnesium_mmolar
        assert ionised == pytest.approx(0.66 * total + 0.039, abs=0.02)


def test_every_disease_names_mechanism_and_source():
    required = {"lems": 0.4, "mg": 0.4, "botulism": 0.4, "magnesium": 4.0}
    for name, disease in DISEASES.items():
        (change,) = disease.apply(Person(), **{disease.required: required[name]}).history
        assert change.name
        assert change.mechanism
        assert any(mark in change.source for mark in ("doi:", "https:", "19"))
        assert change.moved == disease.apply(Person(), **{disease.required: required[name]}).levers.differences()


@pytest.mark.parametrize("wrong", [1.2, 50, "50", "0.5", None, True, float("nan"), -0.1])
def test_a_percentage_or_text_for_a_fraction_is_refused_with_the_likely_mistake(wrong):
    with pytest.raises(InputError, match=r"50 % is 0\.5"):
        lems(Person(), channel_fraction=wrong)
    with pytest.raises(InputError, match=r"50 % is 0\.5"):
        mg(Person(), receptor_fraction=wrong)


def test_magnesium_in_mg_per_dl_or_below_normal_is_refused_with_the_conversion():
    for wrong in (0.3, 20):
        with pytest.raises(InputError, match=r"1 mg/dL is 0\.41 mmol/L"):
            magnesium_excess(Person(), serum_mmolar=wrong)


def test_a_disease_reaches_a_muscle_with_levers_of_its_own():
    hand = Person().with_levers(Levers(pq_channel_fraction=0.5), muscle="adm")
    assert lems(hand, channel_fraction=0.5).levers_of("adm").pq_channel_fraction == 0.25
