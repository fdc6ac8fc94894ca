"""Treatments in words: what is read, and what is refused with which help."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.body.person import Person
from endplate.change.therapy import (
    amifampridine,
    apply_treatment,
    apply_treatments,
    cooling,
    describe_treatments,
    find_treatment,
    parse_treatment,
    treatments,
)
from endplate.foundation.errors import EndplateError, InputError, UnitError, UnknownNameError


def test_words_in_any_order_equal_the_function_with_arguments():
    written = apply_treatment(Person(), "Amifampridine: 30 min, fast, 10 mg , 4/day, steady")
    called = amifampridine(Person(), dose_mg=10, acetylator="fast", steady=True, doses_per_day=4, hours_since_dose=0.5)
    assert written == called


@pytest.mark.parametrize("name", list(treatments()))
def test_the_example_of_every_treatment_is_its_default(name):
    treatment = treatments()[name]
    person = Person()
    assert apply_treatment(person, treatment.example).levers == treatment.apply(person).levers
    assert treatment.example in describe_treatments()[name]
    for alias in treatment.aliases:
        assert find_treatment(alias.upper()) is treatment


def test_degrees_are_read_with_every_usual_sign():
    for text in ("cooling:28C", "cooling:28 °C", "cooling:28degC", "cold:28c"):
        assert apply_treatment(Person(), text) == cooling(Person(), to_degc=28)


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("amifampridin:20mg", UnknownNameError, "did you mean amifampridine"),
        ("mestinn", UnknownNameError, r"did you mean mestinon \(pyridostigmine\)"),
        ("", UnknownNameError, "Known: "),
        ("amifampridine:20g", UnitError, "did you mean 20mg"),
        ("amifampridine:20000ug", UnitError, "write 20mg"),
        ("magnesium:4000mg", UnitError, "write 4g"),
        ("rocuronium:40mg", UnitError, "divide the dose by the body weight"),
        ("amifampridine:20", UnitError, "has no unit"),
        ("amifampridine:20mgs", UnitError, "did you mean mg"),
        ("amifampridine:20bottles", UnitError, "no unit 'bottles'"),
        ("cooling:82F", UnitError, "degC"),
        ("amifampridine:25mg", InputError, "20 mg a dose, 100 mg a day"),
        ("amifampridine:-5mg", InputError, r"\[0, 20\]"),
        ("amifampridine:20mg,steadi", InputError, "did you mean steady"),
        ("amifampridine:20mg,10mg", InputError, "twice"),
        ("amifampridine:20mg,slow,fast", InputError, "twice"),
        ("amifampridine:20mg,", InputError, "empty word"),
        ("amifampridine:", InputError, "empty word"),
        ("amifampridine:20mg,3/day", InputError, "Add steady"),
        (20, InputError, "written in words"),
    ],
)
def test_what_is_wrong_with_a_request_is_said_with_the_way_out(text, kind, says):
    with pytest.raises(kind, match=says):
        apply_treatment(Person(), text)


@given(text=st.text(max_size=30) | st.from_regex(r"(amifampridine|cooling|magnesium):[ -~]{0,15}", fullmatch=True))
def test_any_text_is_either_read_or_refused_with_one_of_our_errors(text):
    try:
        treatment, _ = parse_treatment(text)
    except EndplateError:
        return
    assert treatment.name in treatments()


def test_a_drug_that_is_named_twice_is_refused():
    with pytest.raises(InputError, match="amifampridine is named twice"):
        apply_treatments(Person(), ["amifampridine:10mg", "3,4-DAP:20mg"])
