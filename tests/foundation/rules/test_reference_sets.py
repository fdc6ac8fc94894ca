"""Reference sets are named, sourced, and never mixed."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

import pytest

from endplate.foundation.errors import DataError, InputError, UnknownNameError
from endplate.foundation.parameters import references
from endplate.foundation.rules import judge, muscle_key, reference_set, reference_sets

OWN = """
[sets.our-lab]
title = "Our own laboratory"
quantity = "cmap amplitude"
unit = "mV"
electrode = "surface"
valid_from = 2020-01-01
source = "own laboratory"
where = "98 volunteers, 2.5th centile"
checked = "paper"
limits.ADM = { lower = "6.2" }
limits."tibialis anterior" = { lower = 3.1 }
"""


def limits():
    for one in reference_sets().values():
        for muscle, numbers in one.limits.items():
            for key in numbers:
                if key in ("lower", "voluntary", "stimulated", "voluntary_mean", "stimulated_mean"):
                    yield pytest.param(one, muscle, key, id=f"{one.name} {muscle} {key}")


@pytest.mark.parametrize(("one", "muscle", "key"), list(limits()))
def test_every_limit_is_judged_below_at_and_above(one, muscle, key):
    if key == "lower":
        made, expected = one.low_amplitude_rule(muscle), ("supports", "does not support", "does not support")
    else:
        activation, _, mean = key.partition("_")
        made = one.jitter_rule(muscle, activation, of_the_mean=bool(mean))
        expected = ("does not support", "does not support", "supports")
    limit = one.limit(muscle, key)
    for value, verdict in zip((limit - Decimal("0.01"), limit, limit + Decimal("0.01")), expected, strict=True):
        judgement = judge(made, value, one.unit)
        assert judgement.verdict == verdict
        assert judgement.source == one.source


@pytest.mark.parametrize("one", list(reference_sets().values()), ids=list(reference_sets()))
def test_every_set_names_a_listed_source(one):
    assert one.source in references()


def test_a_muscle_that_a_set_lacks_has_no_limit_in_it():
    assert reference_set("czech-2014").low_amplitude_rule("trapezius") is None
    assert reference_set("czech-2014").low_amplitude_rule(None) is None
    assert reference_set("aanem-2016").limit("fdi", "lower") is None
    assert reference_set("japan-2012").jitter_rule("frontalis", "voluntary", of_the_mean=True) is None


@pytest.mark.parametrize("spelling", ["ED", "extensor_digitorum", "Extensor digitorum communis", "edc"])
def test_a_muscle_is_known_by_its_usual_spellings(spelling):
    assert muscle_key(spelling) == "extensor digitorum"


def test_a_laboratory_can_bring_its_own_set(tmp_path):
    file = tmp_path / "ours.toml"
    file.write_text(OWN, encoding="utf-8")
    own = reference_set(str(file))
    assert own.limit("Abductor digiti minimi", "lower") == Decimal("6.2")
    assert own.limit("tibialis_anterior", "lower") == Decimal("3.1")
    assert judge(own.low_amplitude_rule("adm"), 6.0, "mV").source == "own laboratory"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"mV"', '"uV"', "is in mV"),
        ('"cmap amplitude"', '"speed"', "not one of"),
        ("lower =", "upper =", "unknown limit"),
        ('"6.2"', '"much"', "not a number"),
        ('where = "98', 'wo = "98', "missing"),
        ('"paper"', '"sure"', "checked"),
    ],
)
def test_an_own_set_that_breaks_the_schema_says_where(tmp_path, old, new, message):
    file = tmp_path / "ours.toml"
    file.write_text(OWN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        reference_set(str(file))


def test_a_file_with_two_sets_is_refused(tmp_path):
    file = tmp_path / "ours.toml"
    file.write_text(OWN + OWN.replace("our-lab", "their-lab"), encoding="utf-8")
    with pytest.raises(DataError, match="found 2"):
        reference_set(str(file))


def test_a_missing_or_broken_file_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="could be read"):
        reference_set(str(tmp_path / "none.toml"))
    broken = tmp_path / "broken.toml"
    broken.write_text("[sets", encoding="utf-8")
    with pytest.raises(InputError, match="not a TOML file"):
        reference_set(str(broken))


def test_an_unknown_set_offers_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean aanem-2016"):
        reference_set("aanem2016")


def test_importing_the_rules_loads_no_heavy_library():
    code = "import sys, endplate.foundation.rules; print(sorted({'numba', 'xarray', 'scipy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
