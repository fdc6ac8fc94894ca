"""The data files of the change rooms: what others rely on."""

import json
from pathlib import Path

import pytest

import endplate.change
from endplate.body.person import Person
from endplate.change.moves import basis, cite
from endplate.change.presets import person
from endplate.change.therapy import amifampridine, broadening_at
from endplate.foundation.parameters import overridden, parameters_of, references

ROOMS = ("change", "change/disease", "change/therapy", "body/person")
CALIBRATED = {
    "change/disease": (
        "lems_typical_channel_fraction", "lems_mild_channel_fraction", "lems_severe_channel_fraction",
        "lems_subclinical_channel_fraction", "mg_mild_receptor_fraction", "mg_typical_receptor_fraction",
        "mg_severe_receptor_fraction", "mg_homeostatic_release", "botulism_release_machinery",
        "magnesium_excess_mmolar",
    ),
    "change/therapy": ("amifampridine_max_broadening", "amifampridine_half_effect_umolar"),
}  # fmt: skip


@pytest.mark.parametrize("room", ROOMS)
def test_every_key_of_a_reference_in_a_note_or_source_can_be_looked_up(room):
    for parameter in parameters_of(room).values():
        if parameter.source and parameter.status != "fitted":
            assert cite(parameter.source)


@pytest.mark.parametrize(("room", "names"), CALIBRATED.items())
def test_the_names_that_calibration_rewrites_are_there_with_search_bounds(room, names):
    table = parameters_of(room)
    for name in names:
        assert table[name].low < table[name].value < table[name].high
        assert table[name].status in ("fitted", "assumed")


def test_a_value_that_a_fit_tries_is_used_at_once():
    tried = {
        "change/disease": {"lems_typical_channel_fraction": 0.33},
        "change/therapy": {"amifampridine_max_broadening": 3.0},
    }
    with overridden(tried):
        assert person("lems").levers.pq_channel_fraction == 0.33
        assert broadening_at(1e9) == pytest.approx(3.0)


def test_what_is_fitted_and_what_is_assumed_is_said_in_the_persons_history():
    source = amifampridine(Person()).history[0].source
    assert "fitted: amifampridine_max_broadening" in source
    assert "assumed: amifampridine_hill" in source
    assert "Ojala 2021" in source


def test_a_basis_names_each_source_once():
    named = basis("change/therapy", ("magnesium_volume_l_per_kg", "magnesium_half_life_h"), also=("Okusanya2016",))
    assert named == cite("Okusanya2016")


def test_references_of_these_rooms_are_used_by_a_parameter_a_change_or_a_docstring():
    folder = Path(endplate.change.__file__).parent
    code = "".join(path.read_text("utf-8") for path in [*folder.rglob("*.py"), *folder.rglob("parameters.toml")])
    for path in folder.rglob("references.json"):
        for item in json.loads(path.read_text("utf-8")):
            assert item["id"] in references()
            assert item["id"] in code, f"{item['id']} is cited nowhere"
