"""Errors say what came in, what is allowed, the likely mistake and the way out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.foundation import errors


def test_the_nearest_name_is_offered_whatever_its_case():
    assert errors.nearest("RECPTOR_fraction", ["receptor_fraction", "broadening"]) == "receptor_fraction"
    assert errors.nearest("adm", ["ADM", "FDI"]) == "ADM"


def test_nothing_is_offered_when_nothing_is_near():
    assert errors.nearest("xyzzy", ["adm", "fdi"]) is None
    assert str(errors.unknown_name("muscle", "xyzzy", ["fdi", "adm"])) == "no muscle 'xyzzy'. Known: adm, fdi."


@given(name=st.text(max_size=20), allowed=st.lists(st.text(min_size=1, max_size=12), max_size=6))
def test_an_offered_name_is_always_an_allowed_one(name, allowed):
    assert errors.nearest(name, allowed) in [None, *allowed]


@pytest.mark.parametrize("kind", [errors.InputError, errors.UnitError, errors.FileFormatError, errors.DataError])
def test_bad_input_is_a_value_error_with_exit_code_2(kind):
    error = kind("what came in")
    assert isinstance(error, (errors.EndplateError, ValueError))
    assert (error.exit_code, str(error)) == (2, "what came in")


def test_every_error_prints_its_sentence_unchanged():
    for kind in (errors.UnknownNameError, errors.OutputError, errors.InputError):
        assert str(kind("the 'disk' is full")) == "the 'disk' is full"


@pytest.mark.parametrize("value", [0, 1, 0.25, np.float32(0.5), np.int64(1)])
def test_a_number_in_its_range_comes_back_as_a_float(value):
    number = errors.require_between("share", value, 0, 1)
    assert type(number) is float
    assert number == value


@pytest.mark.parametrize("value", [1.2, -0.1, float("nan"), float("inf"), np.float64("nan")])
def test_a_number_outside_its_range_says_the_range_and_the_hint(value):
    with pytest.raises(errors.InputError, match=r"share must be in \[0, 1\], got .*\. 50 % is 0\.5\.$"):
        errors.require_between("share", value, 0, 1, "50 % is 0.5.")


@pytest.mark.parametrize("value", ["50", "0.5", None, True, [0.5], {}, 1j], ids=repr)
def test_what_is_no_number_is_refused_and_never_converted(value):
    with pytest.raises(errors.InputError, match=r"share must be a number in \[0, 1\], got"):
        errors.require_between("share", value, 0, 1)


def test_a_value_just_outside_is_printed_with_enough_digits_to_see_it():
    with pytest.raises(errors.InputError, match=r"got 1\.0000001"):
        errors.require_between("share", 1.0000001, 0, 1)
