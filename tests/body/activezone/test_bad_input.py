"""Bad input: one sentence with what came in, what is allowed and the way out; nothing is lost."""

from dataclasses import replace

import numpy as np
import pytest

from endplate.body.activezone import (
    ActionPotential,
    DeterministicFusion,
    EnergyFusion,
    channel_kind,
    evidence_of,
    fusion_times,
    load_ensemble,
    read_action_potential,
    read_case,
    sensor_kind,
    simulate,
)
from endplate.body.activezone.reading import FOLDER
from endplate.body.activezone.scan import scan, summarise
from endplate.foundation.errors import DataError, EndplateError, FileFormatError, InputError, UnknownNameError

AZ4 = (FOLDER / "az4.toml").read_text(encoding="utf-8")


def refused(action, *parts, error=InputError):
    with pytest.raises(error) as caught:
        action()
    text = str(caught.value)
    assert caught.value.exit_code == 2
    assert text.endswith((".", "?"))
    for part in parts:
        assert part in text, text


def written(tmp_path, old, new, text=AZ4):
    assert old in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_overlapping_vesicles_are_refused_with_their_distance():
    refused(lambda: read_case("az4").with_more_vesicles([[40.0, 26.0, 35.1]]), "vesicles 0 and 2", "40 nm", "50 nm")


def test_a_vesicle_that_leaves_the_box_is_refused():
    refused(lambda: read_case("az4").with_more_vesicles([[390.0, 0.0, 35.1]]), "vesicle 2", "in x", "25 nm")


def test_a_vesicle_too_high_for_its_sensors_is_refused(tmp_path):
    refused(lambda: read_case(written(tmp_path, "[0.0, 26.0, 35.1]", "[0.0, 26.0, 60.0]")), "60 nm", "no surface")


def test_a_channel_inside_a_vesicle_is_refused(tmp_path):
    path = written(tmp_path, "[0.0, 26.0, 35.1]", "[19.0, 16.0, 20.0]")
    refused(lambda: read_case(path), "channel 0", "(19, 16) nm", "inside vesicle 0", "5 nm below its surface")


def test_a_channel_under_a_vesicle_that_lies_on_the_membrane_is_refused(tmp_path):
    text = AZ4.replace("[19.0, 16.0]", "[0.0, 26.0]")
    path = written(tmp_path, "[0.0, 26.0, 35.1]", "[0.0, 26.0, 25.0]", text)
    refused(lambda: read_case(path), "channel 0", "0 nm from vesicle 0", "at least 0.5 nm")


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("[[19.0, 16.0], [-19.0, 16.0],", "[[19.0, 16.0, 0.0], [-19.0, 16.0, 0.0],", ("offsets_nm", "2 numbers each")),
        ("[[19.0, 16.0], [-19.0, 16.0], [19.0, -16.0], [-19.0, -16.0]]", "[19.0, 16.0]", ("2 numbers each",)),
        ("x_nm = [-400.0, 400.0]", "x_nm = []", ("x_nm", "from and to")),
        ("x_nm = [-400.0, 400.0]", "x_nm = [-400.0, 0.0, 400.0]", ("x_nm", "from and to")),
        ("x_nm = [-400.0, 400.0]", 'x_nm = ["a", 400.0]', ("x_nm", "from and to")),
        ("absorbing = []", 'absorbing = "y-"', ("absorbing", "list")),
        ("absorbing = []", "absorbing = 3", ("absorbing", "list")),
        ('["syt1"]', '"syt1"', ("kinds", "list")),
        ("onsets_ms = [0.0]", "onsets_ms = 0.0", ("onsets_ms", "list")),
        ("onsets_ms = [0.0]", 'onsets_ms = ["a"]', ("onsets_ms", "numbers", "'a'")),
    ],
)
def test_lists_of_another_form_are_refused_and_never_read_as_something_else(tmp_path, old, new, parts):
    refused(lambda: read_case(written(tmp_path, old, new)), "mine.toml", *parts, error=DataError)


def test_more_active_synaptotagmins_than_a_vesicle_has_are_refused():
    az4 = simulate(read_case("az4").with_duration(0.4), trials=1, seed=1)
    refused(lambda: fusion_times(az4, DeterministicFusion(7)), "6 synaptotagmins", "7 can never", "1 to 6")
    bare = replace(read_case("az4"), sensors=(), site_positions_nm=())
    bare = simulate(bare.with_duration(0.4), trials=1, seed=1)
    refused(lambda: fusion_times(bare, DeterministicFusion(3)), "0 synaptotagmins", "syt1")


def test_a_case_without_vesicles_runs_and_has_no_release():
    ensemble = simulate(read_case("sc1").with_train(50.0, 2), trials=2, seed=1)
    for rule in (DeterministicFusion(3), EnergyFusion()):
        point = summarise([ensemble], rule, {})
        assert point.ions > 0.0
        assert np.isnan([point.probability, point.error, point.latency_ms, point.paired_ratio]).all()
    refused(
        lambda: scan(read_case("sc1"), {"calcium": [1.0]}, trials=1, seed=1, rule=EnergyFusion()),
        "SC1 has no vesicle",
    )


def test_a_channel_outside_the_box_is_refused_and_micrometres_are_suspected():
    case = read_case("az4")
    moved = case.channel_positions_nm.copy()
    moved[2, 0] = 401.0
    refused(lambda: replace(case, channel_positions_nm=moved), "channel 2", "(401, -16) nm", "micrometres")


def test_a_step_too_large_says_for_what_and_the_largest_allowed():
    refused(lambda: read_case("az4").with_step(50.0), "50 ns", "diffusion past the vesicles", "at most 32.6 ns")
    refused(
        lambda: read_case("sc1").with_buffer(umolar=100.0, k_off_per_s=1e8).with_step(10.0),
        "release from the buffer", "at most 1 ns",
    )  # fmt: skip


@pytest.mark.parametrize("trials", [0, -3, 2.5, True])
def test_zero_trials_are_refused(trials):
    refused(lambda: simulate(read_case("sc1"), trials=trials, seed=1), "trials", "at least 1")


@pytest.mark.parametrize(
    "change",
    [
        lambda case: case.with_buffer(umolar=-1.0),
        lambda case: case.with_external_calcium(-0.1),
        lambda case: case.with_magnesium(-2.0),
        lambda case: case.with_resting_calcium(-0.1),
        lambda case: case.with_clearance(-1.0),
        lambda case: case.with_duration(0.0),
    ],
)
def test_negative_concentrations_rates_and_times_are_refused(change):
    refused(lambda: change(read_case("az4")), "must be in [")


def test_an_action_potential_with_a_gap_is_refused_with_its_row():
    time = np.delete(np.arange(100) * 0.01, 50)
    refused(lambda: ActionPotential(time, -60.0 + 40.0 * time), "gap", "row 51", "0.01 ms", "0.02 ms")


def test_an_unordered_action_potential_is_refused_with_its_row():
    refused(lambda: ActionPotential([0.0, 0.02, 0.01], [-60.0, 0.0, -60.0]), "order", "row 3")


def test_seconds_for_milliseconds_are_refused():
    impulse = read_case("az4").action_potential
    refused(lambda: ActionPotential(impulse.time_ms / 1000.0, impulse.voltage_mv), "0.003 ms", "seconds", "1000")


def test_volts_for_millivolts_are_refused():
    refused(lambda: ActionPotential([0.0, 0.1, 0.2], [-0.06, 0.03, -0.06]), "looks like volts", "1000")
    refused(lambda: ActionPotential([0.0, 0.1, 0.2], [-6e4, 3e4, -6e4]), "microvolts")


@pytest.mark.parametrize(
    ("time", "voltage", "part"),
    [([0.0], [1.0], "at least 2"), ([0.0, 0.1], [1.0, np.nan], "row 2"), ([0.1, 0.2], [-60.0, 0.0], "starts at 0.1")],
)
def test_other_impossible_action_potentials_are_refused(time, voltage, part):
    refused(lambda: ActionPotential(time, voltage), part)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("t,v\n0,1\n", "header"),
        ("", "nothing"),
        ("time_ms,voltage_mv\n0,a\n", "number"),
        ("time_ms,voltage_mv\n0,1,2\n1,2,3\n", "two numbers"),
    ],
)
def test_an_action_potential_file_that_is_none_is_refused(tmp_path, text, part):
    (tmp_path / "ap.csv").write_text(text)
    refused(lambda: read_action_potential(tmp_path / "ap.csv"), part, error=FileFormatError)
    refused(lambda: read_action_potential(tmp_path / "none.csv"), "none.csv", error=FileFormatError)


def test_a_case_can_bring_its_own_action_potential(tmp_path):
    (tmp_path / "ap.csv").write_text("time_ms,voltage_mv\n" + "".join(f"{i / 10},{-60 + i}\n" for i in range(30)))
    path = written(tmp_path, "onsets_ms = [0.0]", 'onsets_ms = [0.0]\nfile = "ap.csv"')
    assert read_case(path).action_potential.voltage_mv[3] == -57.0


@pytest.mark.parametrize(
    ("old", "new", "part", "error"),
    [
        ("[box]\n", "[boxx]\n", "did you mean box", DataError),
        ("umolar = 100.0", "umolr = 100.0", "did you mean umolar", DataError),
        ("umolar = 100.0", 'umolar = "much"', "must be a number", DataError),
        ("duration_ms = 3.0", "", "duration_ms is missing", DataError),
        ("centres_nm = [[0.0, 0.0]]", "centres_nm = [[0.0]]", "2 numbers", DataError),
        ("centres_nm = [[0.0, 0.0]]", "", "centres_nm is missing", DataError),
        ('kind = "pq"', 'kind = "p"', "no kind of channel", UnknownNameError),
        ('kinds = ["syt1"]', 'kinds = ["syt7"]', "no kind of sensor", UnknownNameError),
        ("absorbing = []", 'absorbing = ["z-"]', "no face", UnknownNameError),
        ("z_nm = [0.0, 400.0]", "z_nm = [5.0, 400.0]", "the membrane is z = 0", InputError),
        ("z_nm = [0.0, 400.0]", "z_nm = [0.0, -4.0]", "the end must be larger", InputError),
        ("onsets_ms = [0.0]", "onsets_ms = []", "no impulse", InputError),
        ("onsets_ms = [0.0]", "onsets_ms = [1.0, 0.5]", "must rise", InputError),
        ("onsets_ms = [0.0]", "onsets_ms = [9.0]", "after the end", InputError),
        ('status = "assumed"', 'status = "guessed"', "needs status", DataError),
        ("[evidence.box]", "[evidence.box", "not valid TOML", FileFormatError),
    ],
)
def test_a_case_file_with_a_mistake_is_refused_by_name(tmp_path, old, new, part, error):
    refused(lambda: read_case(written(tmp_path, old, new)), part, error=error)


def test_a_case_without_a_table_or_with_text_for_a_table_is_refused(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('name = "x"\n')
    refused(lambda: read_case(path), "[box] is missing", error=DataError)
    refused(lambda: read_case(written(tmp_path, "[zones]", "run_ = 3\n[zones]")), "absorbing", error=DataError)


def test_evidence_without_a_note_or_a_source_is_refused(tmp_path):
    lines = [line for line in AZ4.splitlines() if not line.startswith("source")]
    path = tmp_path / "mine.toml"
    path.write_text("\n".join(lines))
    refused(lambda: read_case(path), "needs a source", error=DataError)
    refused(lambda: evidence_of(path), "needs a source", error=DataError)
    part = AZ4[AZ4.index("[evidence.box]") :]
    note = next(line for line in part.splitlines() if line.startswith("note"))
    refused(lambda: read_case(written(tmp_path, note, "")), "needs a note", error=DataError)


def test_unknown_names_offer_the_nearest():
    refused(lambda: read_case("az5"), "did you mean az4", error=UnknownNameError)
    refused(lambda: channel_kind("q"), "Known", error=UnknownNameError)
    refused(lambda: sensor_kind("syt"), "did you mean syt1", error=UnknownNameError)
    refused(lambda: read_case("nowhere.toml"), "cannot be read", error=FileFormatError)
    refused(
        lambda: simulate(read_case("sc1"), trials=1, seed=1, engine="particle"), "particles", error=UnknownNameError
    )


@pytest.mark.parametrize(
    "action",
    [
        lambda case: case.with_channels([4]),
        lambda case: case.with_vesicles([2]),
        lambda case: case.with_kind("l", [9]),
        lambda case: case.displaced(1.5, np.uint64(1)),
        lambda case: case.broadened(0.0),
        lambda case: case.with_closing(0.0),
        lambda case: case.with_train(50.0, 0),
        lambda case: case.with_train(0.0, 2),
        lambda case: case.with_vesicles([]).with_more_vesicles([[0, 0, 35.1]]),
    ],
)
def test_variants_that_cannot_be_are_refused(action):
    refused(lambda: action(read_case("az4")))


def test_counts_that_do_not_match_are_refused():
    case = read_case("az4")
    refused(lambda: replace(case, channel_kinds=("pq",)), "4 channel positions")
    refused(lambda: replace(case, channel_kinds=("r",) * 4), "no kind of channel", error=UnknownNameError)
    refused(lambda: replace(case, site_positions_nm=()), "kinds of sensors")
    refused(lambda: replace(case, site_positions_nm=(np.zeros((2, 3, 3)),)), "shape")
    refused(lambda: replace(case, vesicle_centres_nm=np.full((2, 3), np.nan)), "not finite")


def test_an_ensemble_with_other_parameters_is_refused_and_nothing_is_lost(tmp_path):
    case, file = read_case("az4").with_duration(0.7), tmp_path / "kept.npz"
    simulate(case, trials=4, seed=1, file=file)
    before = file.read_bytes()
    other = case.with_external_calcium(1.0)
    refused(lambda: simulate(other, trials=8, seed=1, file=file), "other parameters", "Nothing was changed")
    refused(lambda: simulate(case, trials=8, seed=2, file=file), "seed 1", "asked for 2", "Nothing was changed")
    refused(lambda: simulate(case, trials=8, seed=1, record_step_us=10.0, file=file), "record_step_us")
    assert file.read_bytes() == before


def test_a_damaged_ensemble_is_refused_and_one_that_cannot_be_written_says_so(tmp_path):
    case, file = read_case("az4").with_duration(0.7), tmp_path / "kept.npz"
    result = simulate(case, trials=2, seed=1, file=file)
    file.write_bytes(file.read_bytes()[:100])
    refused(lambda: load_ensemble(file, case), "damaged", error=FileFormatError)
    blocked = tmp_path / "file"
    blocked.write_text("")
    refused(lambda: result.save(blocked / "kept.npz"), "could not be written", error=EndplateError)


def test_rules_and_readings_refuse_what_cannot_be():
    result = simulate(read_case("az4").with_duration(0.7), trials=2, seed=1)
    refused(lambda: fusion_times(result, DeterministicFusion(n_active=0)), "n_active")
    refused(lambda: fusion_times(result, EnergyFusion(), impulse=1), "impulses 0 to 0")
    refused(lambda: result.first_times(0), "at_least")
    refused(lambda: result.bound_sites("second"), "no sensor", error=UnknownNameError)
    refused(lambda: simulate(read_case("sc1"), trials=1, seed=1, record_step_us=0.0), "record_step_us")
