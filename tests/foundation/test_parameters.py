"""The loader refuses what a reader could not trust; what is shipped it accepts."""

import json
import tomllib
from pathlib import Path

import pytest

from endplate.foundation import parameters
from endplate.foundation.errors import DataError, UnknownNameError

REPOSITORY = Path(__file__).resolve().parents[2]
GOOD = {
    "value": 5.0,
    "unit": "ms",
    "low": 4,
    "high": 7,
    "spread": "person",
    "status": "measured",
    "source": "Example2000",
    "where": "table 2",
    "checked": "paper",
}


def _toml(**changes):
    table = {key: item for key, item in {**GOOD, **changes}.items() if item is not None}
    return "[tau_ms]\n" + "\n".join(f"{key} = {json.dumps(item)}" for key, item in table.items())


def test_a_whole_parameter_is_read_with_all_that_is_known_of_it():
    tau = parameters.parse(_toml(note="35 degC"), "terminal")["tau_ms"]
    assert (tau.value, tau.low, tau.high, tau.unit, tau.room) == (5.0, 4.0, 7.0, "ms", "terminal")
    assert (tau.status, tau.source, tau.where, tau.checked, tau.note) == (
        *("measured", "Example2000", "table 2"),
        *("paper", "35 degC"),
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"source": None}, "a measured value needs a source"),
        ({"status": "fitted", "source": None}, "a fitted value needs a source"),
        ({"status": "derived", "source": ""}, "a derived value needs a source"),
        ({"status": "assumed", "source": None}, "needs a note that says why"),
        ({"unit": None}, "missing unit"),
        ({"unit": ""}, "an empty unit"),
        ({"low": None, "high": None}, "missing low, high"),
        ({"value": 8.0}, r"value 8 is outside its spread \[4, 7\]"),
        ({"value": "5"}, "value must be a finite number, got '5'"),
        ({"high": True}, "high must be a finite number, got True"),
        ({"unit": 1}, "unit must be text, got 1"),
        ({"chekced": "paper"}, "no key 'chekced'; did you mean checked"),
        ({"status": "guessed"}, "status 'guessed' is not one of measured, derived, fitted, assumed"),
        ({"spread": "endplate"}, "spread 'endplate' is not one of"),
        ({"checked": "yes"}, "checked 'yes' is not one of paper, abstract, none"),
    ],
    ids=str,
)
def test_what_a_reader_could_not_trust_is_refused(changes, says):
    with pytest.raises(DataError, match=says) as caught:
        parameters.parse(_toml(**changes), "terminal")
    assert "'tau_ms' of terminal" in str(caught.value)


@pytest.mark.parametrize("limit", ["nan", "inf", "-inf"])
def test_a_value_that_is_not_finite_is_refused(limit):
    text = _toml(value=None) + f"\nvalue = {limit}"
    with pytest.raises(DataError, match="must be a finite number"):
        parameters.parse(text, "terminal")


def test_an_assumed_value_may_have_no_source_when_its_note_says_why():
    text = _toml(status="assumed", source=None, note="no human value was found")
    assert parameters.parse(text, "terminal")["tau_ms"].source == ""


def test_text_that_is_no_toml_is_refused_with_its_room():
    with pytest.raises(DataError, match="terminal: not valid TOML"):
        parameters.parse("[tau_ms\nvalue = 1", "terminal")


def test_a_number_outside_a_table_is_refused():
    with pytest.raises(DataError, match="'tau_ms' stands outside a parameter table"):
        parameters.parse("tau_ms = 5.0", "terminal")


def test_tables_without_a_value_are_groups():
    assert set(parameters.parse(_toml().replace("[tau_ms]", "[adm.left.tau_ms]"), "muscle")) == {"adm.left.tau_ms"}


@pytest.mark.parametrize("room", parameters.rooms())
def test_every_shipped_parameter_file_loads_and_its_sources_are_listed(room):
    assert parameters.parameters_of(room)


@pytest.mark.parametrize("room", parameters.rooms())
def test_no_value_from_general_knowledge_claims_to_be_read_from_a_paper(room):
    for parameter in parameters.parameters_of(room).values():
        assert parameter.status == "fitted" or parameter.source or parameter.checked == "none", parameter.name


def test_a_room_without_parameters_is_named_with_its_nearest():
    with pytest.raises(UnknownNameError, match="no room with parameters 'body/terminl'"):
        parameters.parameters_of("body/terminl")


def test_overrides_stand_inside_each_other_and_end_with_their_block():
    room = parameters.rooms()[0]
    shipped = parameters.values_of(room)
    first, second = list(shipped)[:2]
    with parameters.overridden({room: {first: -1.0}}):
        with parameters.overridden({room: {second: -2.0}}):
            assert parameters.values_of(room) == {**shipped, first: -1.0, second: -2.0}
        assert parameters.values_of(room) == {**shipped, first: -1.0}
    assert parameters.values_of(room) == shipped


def test_an_override_of_an_unknown_parameter_is_refused():
    room = parameters.rooms()[0]
    with pytest.raises(UnknownNameError, match="no parameter of"), parameters.overridden({room: {"tua": 1.0}}):
        pass


def _references(folder, items):
    folder.mkdir()
    path = folder / "references.json"
    path.write_text(items if isinstance(items, str) else json.dumps(items), encoding="utf-8")
    return path


def test_two_rooms_share_a_reference_only_word_for_word(tmp_path):
    merged = {}
    parameters.merge_references(merged, _references(tmp_path / "one", [{"id": "A2000", "title": "Calcium"}]))
    parameters.merge_references(merged, _references(tmp_path / "same", [{"id": "A2000", "title": "Calcium"}]))
    assert set(merged) == {"A2000"}
    other = _references(tmp_path / "other", [{"id": "A2000", "title": "Calcium.", "page": "1"}])
    with pytest.raises(DataError, match="'A2000' differs between one and other in: page, title"):
        parameters.merge_references(merged, other)


@pytest.mark.parametrize(
    ("items", "says"), [("[{", "not valid JSON"), ([{"title": "Calcium"}], "no id"), (["A2000"], "no id")], ids=str
)
def test_a_broken_reference_file_is_refused(tmp_path, items, says):
    with pytest.raises(DataError, match=f"references.json of room: .*{says}"):
        parameters.merge_references({}, _references(tmp_path / "room", items))


def test_the_references_of_all_rooms_merge():
    references = parameters.references()
    assert all(references[key]["id"] == key for key in references)
    assert all(item.get("title") for item in references.values())


def test_targets_equal_the_shared_list_and_lie_in_their_bands():
    ours = (REPOSITORY / "studies" / "targets.toml").read_text(encoding="utf-8")
    for group, rows in tomllib.loads(ours).items():
        for name, row in rows.items():
            assert row["low"] <= row["value"] <= row["high"], f"{group}.{name}"
            assert row["evidence"] in ("paper", "abstract", "memory"), f"{group}.{name}"
    shared = REPOSITORY.parent / "shared" / "targets.toml"
    if shared.exists():
        assert ours == shared.read_text(encoding="utf-8")
