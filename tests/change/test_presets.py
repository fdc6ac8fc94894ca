"""Persons by name and from files."""

import itertools

import pytest

from endplate.body.person import Person
from endplate.change.presets import PRESETS, load_person, person, presets, write_person_template
from endplate.foundation.errors import EndplateError, FileFormatError, InputError, OutputError, UnknownNameError


@pytest.fixture
def write(tmp_path):
    def save(text, name="anna.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return save


def test_the_presets_are_those_that_the_command_line_promises():
    assert list(presets()) == [
        "healthy", "lems", "lems-subclinical", "lems-mild", "lems-severe",
        "mg", "mg-mild", "mg-severe", "botulism", "magnesium",
    ]  # fmt: skip


def test_severity_is_channel_fraction_alone_and_falls_in_order():
    order = ["healthy", "lems-subclinical", "lems-mild", "lems", "lems-severe"]
    people = [person(name) for name in order]
    assert all(set(p.levers.differences()) <= {"pq_channel_fraction"} for p in people)
    for milder, worse in itertools.pairwise(people):
        assert worse.levers.pq_channel_fraction < milder.levers.pq_channel_fraction
    receptors = [person(name).levers.receptor_fraction for name in ("healthy", "mg-mild", "mg", "mg-severe")]
    assert receptors == sorted(receptors, reverse=True)


@pytest.mark.parametrize("name", list(PRESETS))
def test_presets_with_one_seed_share_everything_that_makes_their_anatomy(name):
    one, healthy = person(name, seed=12), person("healthy", seed=12)
    who = ("seed", "age_y", "sex", "height_cm", "weight_kg")
    assert [getattr(one, key) for key in who] == [getattr(healthy, key) for key in who]
    assert one.name == name
    assert len(one.history) == (name != "healthy")


def test_an_unknown_person_is_refused_with_the_nearest_name():
    with pytest.raises(UnknownNameError, match=r"did you mean lems-mild\?.*\.toml file"):
        person("lems-mlid")


def test_a_folder_is_not_a_person(tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        person(tmp_path)


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(FileFormatError, match="no person file"):
        person(tmp_path / "nobody.toml")


def test_a_whole_file_is_read_in_the_order_preset_disease_levers_muscles_treatments(write):
    path = write(
        """
        name = "Anna"
        age_y = 61
        sex = "female"
        height_cm = 160
        weight_kg = 55
        seed = 3
        preset = "magnesium"
        treatments = ["pyridostigmine:60mg", "cooling:28C"]
        [disease.lems]
        channel_fraction = 0.5
        l_type_compensation = 0.2
        [disease.mg]
        receptor_fraction = 0.6
        homeostatic_release = true
        [levers]
        sodium_channel_fraction = 0.8
        [muscles.adm.levers]
        pq_channel_fraction = 0.9
        """
    )
    anna = person(str(path))
    assert (anna.name, anna.age_y, anna.seed, anna.height_cm) == ("Anna", 61, 3, 160)
    assert (anna.levers.pq_channel_fraction, anna.levers_of("adm").pq_channel_fraction) == (0.5, 0.9)
    assert anna.levers_of("adm").sodium_channel_fraction == 0.8
    assert anna.levers_of("adm").esterase_activity == anna.levers.esterase_activity < 1
    assert [change.name for change in anna.history] == [
        "magnesium excess", "Lambert-Eaton myasthenic syndrome", "myasthenia gravis",
        "levers", "levers of adm", "pyridostigmine", "cooling",
    ]  # fmt: skip
    assert person(path, seed=99).seed == 99


def test_an_empty_file_is_a_healthy_person_with_the_name_of_the_file(write):
    assert load_person(write("")) == Person(name="anna")


def test_the_template_reads_back_and_every_line_that_is_commented_out_works_too(tmp_path):
    path = write_person_template(tmp_path / 'an "odd" name')
    assert path.suffix == ".toml"
    assert person(path).levers.pq_channel_fraction == 0.5
    examples = (
        "# preset",
        "# treatments",
        "# [",
        "# receptor_f",
        "# homeo",
        "# release_m",
        "# serum",
        "# temper",
        "# pq_",
    )
    lines = [line[2:] if line.startswith(examples) else line for line in path.read_text("utf-8").splitlines()]
    full = tmp_path / "full.toml"
    # either a preset or a disease with its own numbers, as the template says
    full.write_text("\n".join(lines).replace('preset = "lems"', 'preset = "healthy"'), encoding="utf-8")
    assert len(person(full).history) == 7
    preset = next(line for line in lines if line.startswith("preset"))
    full.write_text(preset, encoding="utf-8")
    assert len(person(full).history) == 1


def test_a_template_never_overwrites(tmp_path):
    path = write_person_template(tmp_path / "anna.toml")
    with pytest.raises(OutputError, match="exists already"):
        write_person_template(path)
    with pytest.raises(OutputError, match="cannot be written"):
        write_person_template(tmp_path / "nowhere" / "anna.toml")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("age = 50", "no key of a person 'age'; did you mean age_y"),
        ("[disease.lms]\nchannel_fraction = 0.5", "no disease 'lms'; did you mean lems"),
        ("[disease.lems]\nchannel_fracton = 0.5", "did you mean channel_fraction"),
        ("[disease.lems]\nchannel_fraction = 1.2", r"got 1\.2\. .*50 % is 0\.5"),
        ("[disease.lems]\nchannel_fraction = 50", r"got 50\. .*50 % is 0\.5"),
        ('[disease.lems]\nchannel_fraction = "50"', r"got '50'\. .*50 % is 0\.5"),
        ("[disease.lems]\nl_type_compensation = 0.5", "needs channel_fraction"),
        ("disease = 'lems'", "disease must be a table"),
        ("[disease]\nlems = 0.5", "lems must be a table"),
        ("[levers]\nreceptor_fracton = 0.5", "no lever 'receptor_fracton'; did you mean receptor_fraction"),
        ("[levers]\ntemperature_degc = 93", "Celsius"),
        ("[muscles.adm]\nreceptor_fraction = 0.5", "no key of muscle adm"),
        ("[muscles.amd.levers]\nreceptor_fraction = 0.5", "no muscle 'amd'; did you mean adm"),
        ("muscles = ['adm']", "muscles must be a table"),
        ("preset = 'lemms'", "did you mean lems"),
        ("preset = 3", "preset must be a name"),
        ("name = 3", "name must be text"),
        ("treatments = 'amifampridine'", "treatments must be a list"),
        ("treatments = ['amifampridine:20g']", "did you mean 20mg"),
        ("treatments = [20]", "written in words"),
        ("seed = 1.5", "whole number"),
        ("age_y = '50'", "must be a number"),
        ("sex = 'm'", "female or male"),
        ("name = Anna", "not valid TOML.*quotes"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_the_files_name_and_the_way_out(write, text, says):
    with pytest.raises(EndplateError, match=says) as caught:
        person(write(text))
    assert str(caught.value).startswith("anna.toml")


def test_a_file_that_is_no_text_or_far_too_large_is_refused(tmp_path):
    path = tmp_path / "anna.toml"
    path.write_bytes("name = 'Zoë'".encode("utf-16"))
    with pytest.raises(FileFormatError, match="not UTF-8"):
        person(path)
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(FileFormatError, match="Is it a recording"):
        person(path)


def test_a_disease_on_top_of_a_preset_that_has_it_is_refused(tmp_path):
    file = tmp_path / "anna.toml"
    file.write_text('preset = "lems"\n[disease.lems]\nchannel_fraction = 0.5\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"anna.toml: the preset has lems already"):
        load_person(file)
    file.write_text('preset = "lems"\n[disease.mg]\nreceptor_fraction = 0.5\n', encoding="utf-8")
    assert len(load_person(file).history) == 2  # two diseases may be had together
