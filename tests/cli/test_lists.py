"""The verbs that look something up: tables for people, JSON for machines, the nearest name on a miss."""

from __future__ import annotations

import tomllib
from pathlib import Path

import jsonschema
import pytest

from endplate.body.muscle import muscles
from endplate.change.presets import presets
from endplate.change.therapy import treatments
from endplate.exam.protocols import load_protocol, protocols
from endplate.foundation.parameters import parameters_of, rooms
from endplate.foundation.rules import reference_sets, rules
from tests.cli.conftest import Command, one_sentence

NAMES = {
    "persons": list(presets()),
    "muscles": list(muscles()),
    "protocols": list(protocols()),
    "drugs": list(treatments()),
    "rules": list(rules()),
    "reference-sets": list(reference_sets()),
}


@pytest.mark.parametrize("verb", NAMES)
def test_a_list_names_everything_there_is_and_json_says_the_same(command: Command, verb: str) -> None:
    table, plain = command(verb), command(verb, "--json")
    assert (table.code, plain.code, table.err, plain.err) == (0, 0, "", "")
    key = {"muscles": "key", "rules": "id"}.get(verb, "name")
    assert [one[key] for one in plain.json()] == NAMES[verb]
    for name in NAMES[verb]:
        assert name in table.out


@pytest.mark.parametrize("verb", NAMES)
def test_every_name_of_a_list_can_be_shown_alone(command: Command, verb: str) -> None:
    for name in NAMES[verb]:
        assert command(verb, name).code == 0
        assert command(verb, name, "--json").code == 0


@pytest.mark.parametrize(
    ("verb", "miss", "hit"),
    [
        ("persons", "lmes", "lems"),
        ("muscles", "trapezus", "trapezius"),
        ("protocols", "sfemg-stimulate", "sfemg-stimulated"),
        ("drugs", "amifampridin", "amifampridine"),
        ("rules", "increment-koehler", "increment-kohler"),
        ("reference-sets", "stalberg-2006", "stalberg-2016"),
    ],
)
def test_a_miss_offers_the_nearest_name(command: Command, verb: str, miss: str, hit: str) -> None:
    assert f"did you mean {hit}?" in one_sentence(command(verb, miss))


def test_a_person_shows_levers_mechanism_and_source(command: Command) -> None:
    shown = command("persons", "lems").out
    assert "pq_channel_fraction" in shown
    assert "Kim 1988" in shown
    assert command("persons", "healthy").out.strip().endswith("levers at health")


def test_a_written_person_can_be_shown(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "anna.toml"
    assert str(file) in command("persons", "--write", file).err
    assert command("persons", file).out.startswith("anna: ")
    assert "exists already" in one_sentence(command("persons", "--write", file))


def test_a_protocol_shows_its_steps_and_what_it_asks(command: Command) -> None:
    shown = command("protocols", "lems").out
    assert "10 s at 100 % of maximal" in shown
    assert "30 Hz" in shown
    assert load_protocol("lems").pain in " ".join(shown.split())


def test_a_copied_protocol_is_the_same_protocol_under_its_own_name(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    assert command("protocols", "mg", "--write", file).code == 0
    assert load_protocol(file) == load_protocol("mg")
    assert tomllib.loads(file.read_text(encoding="utf-8"))["name"] == "mg"
    assert "--overwrite" in one_sentence(command("protocols", "mg", "--write", file))
    assert command("protocols", "mg", "--write", file, "--overwrite").code == 0


def test_a_copy_needs_a_name_and_a_place_that_can_be_written(command: Command, tmp_path: Path) -> None:
    assert "name the protocol" in one_sentence(command("protocols", "--write", tmp_path / "x.toml"))
    assert "is a folder" in one_sentence(command("protocols", "mg", "--write", "."))
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert "could not be written" in one_sentence(command("protocols", "mg", "--write", tmp_path / "file" / "x.toml"))


def test_a_rule_shows_its_versions_and_references(command: Command) -> None:
    shown = command("rules", "increment-oh").out
    assert "version 2005" in shown
    assert "version 2009" in shown
    assert "doi:10.1002/mus.20389" in shown


def test_parameters_lists_every_one_and_finds_by_part_of_a_name(command: Command) -> None:
    every = command("parameters", "--json").json()
    assert len(every) == sum(len(parameters_of(room)) for room in rooms())
    assert set(every[0]) == {"name", "value", "unit", "low", "high", "spread", "status", "source", "where", "checked",
                             "note", "room"}  # fmt: skip
    found = command("parameters", "facilitation", "--json").json()
    assert found
    assert all("facilitation" in one["name"] for one in found)


def test_one_parameter_is_shown_with_its_source_and_note(command: Command) -> None:
    one = parameters_of("change/disease")["lems_typical_channel_fraction"]
    shown = " ".join(command("parameters", "change/disease/lems_typical_channel_fraction").out.split())
    for text in (f"{one.value:g} {one.unit}", one.status, one.checked, one.note):
        assert text in shown


def test_parameters_of_one_room_and_a_miss(command: Command) -> None:
    assert {one["room"] for one in command("parameters", "--room", "terminal", "--json").json()} == {"body/terminal"}
    assert "did you mean body/terminal?" in one_sentence(command("parameters", "--room", "terminl"))
    line = one_sentence(command("parameters", "quantal_sise_mv"))
    assert "did you mean quantal_size_mv?" in line
    assert len(line) < 200  # it does not list hundreds of names


def test_schema_is_a_schema(command: Command) -> None:
    jsonschema.Draft202012Validator.check_schema(command("schema").json())
