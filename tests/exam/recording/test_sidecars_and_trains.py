"""Sidecars: what a person adds to a file; trains: stated, or inferred from times alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.exam.recording import KEYS, load_recording
from endplate.exam.recording.settings import checked_settings
from endplate.exam.recording.trains import inferred_trains
from endplate.foundation.errors import FileFormatError, InputError


def test_a_sidecar_of_the_same_stem_is_found_and_fills_the_record(csv, two_sweeps):
    path = csv(two_sweeps, heading=None)
    path.with_suffix(".toml").write_text(
        'unit = "mV"\nmuscle = "adm"\nside = "right"\ntemperature_degc = 33\nnegative_up = true\nhighpass_hz = 2\n'
        'lowpass_hz = 10000\ndrug = "amifampridine"\nhours_since_dose = 1.5\nintensity = 1.2\nelectrode = "surface"\n'
    )
    recording = load_recording(path)
    found = (recording.muscle, recording.side, recording.temperature_degc, recording.drug, recording.hours_since_dose)
    assert found == ("adm", "right", 33.0, "amifampridine", 1.5)
    assert recording.negative_up
    np.testing.assert_array_equal(recording.signal_mv[:, 0], two_sweeps)  # the flag never turns the samples over
    assert {train.intensity for train in recording.trains} == {1.2}


def test_the_name_with_its_suffix_goes_before_the_stem_and_the_stem_before_the_folder(csv, two_sweeps):
    path = csv(two_sweeps)
    (path.parent / "recordings.toml").write_text('muscle = "folder"\n')
    assert load_recording(path).muscle == "folder"
    (path.parent / "sweeps.toml").write_text('muscle = "stem"\n')
    assert load_recording(path).muscle == "stem"
    (path.parent / "sweeps.csv.toml").write_text('muscle = "name"\n')
    assert load_recording(path).muscle == "name"
    assert load_recording(path, sidecar={"muscle": "given"}).muscle == "given"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('temprature_degc = 33', "did you mean temperature_degc"),
        ('temperature_degc = 98.6', r"must be in \[10, 42\], got 98.6"),
        ('temperature_degc = "warm"', "must be a number"),
        ('side = "lefft"', "did you mean 'left'"),
        ('muscle = 7', "is not a text"),
        ('negative_up = "yes"', "is not a flag"),
        ('stimulus_row = 0', r"must be in \[1,"),
        ('sweep_ms = [50, -5]', "first < last"),
        ('[[trains]]\nrole = "low rte"\nsweeps = "1-2"', "did you mean 'low rate'"),
        ('[[trains]]\nrole = "rest"', "does not say its sweeps"),
        ('[[trains]]\nrole = "rest"\nsweeps = "1-9"', "not in the recording, which has 1 to 2"),
        ('[[trains]]\nrole = "rest"\nsweeps = "one"', 'such as 3'),
        ('[[trains]]\nroll = "rest"', "did you mean role"),
        ('[[trains]]\nsweeps = 1\neffort_fraction = 80', r"must be in \[0, 1\]"),
        ('stimulus_level = [1, 2, 3]', "names 3 values, but the file has 2 sweeps"),
        ('stimulus_times_s = [1, 2, 3]', "names 3 times, but the file has 2 sweeps"),
        ('muscle = adm', "is not valid TOML"),
    ],
)  # fmt: skip
def test_a_wrong_sidecar_is_refused_with_the_way_out(csv, two_sweeps, text, message):
    path = csv(two_sweeps)
    path.with_suffix(".toml").write_text(text)
    with pytest.raises((InputError, FileFormatError), match=message):
        load_recording(path)


def test_a_gain_is_taken_out(csv, two_sweeps):
    path = csv([500 * s for s in two_sweeps])
    with pytest.raises(InputError, match="give gain in the sidecar"):
        load_recording(path)
    np.testing.assert_allclose(load_recording(path, sidecar={"gain": 500}).signal_mv[:, 0], two_sweeps, atol=1e-8)


def test_stated_trains_count_sweeps_from_one(csv, two_sweeps):
    tables = [{"name": "before", "role": "rest", "sweeps": 1, "rest_before_s": 120},
              {"name": "after", "role": "immediate", "sweeps": [2], "after_effort_s": 2, "effort_s": 10}]  # fmt: skip
    first, second = load_recording(csv(two_sweeps), sidecar={"trains": tables}).trains
    assert (first.role, first.sweeps, first.rest_before_s) == ("rest", (0,), 120.0)
    assert (second.role, second.sweeps, second.after_effort_s, second.effort_s) == ("immediate", (1,), 2.0, 10.0)


def test_every_key_says_what_it_means():
    assert all(len(key.meaning) > 3 for key in KEYS.values())


def test_times_alone_show_low_and_high_rate_trains_but_never_rest():
    rest, low = [0.0], 100 + np.arange(10) / 3
    high, again = 200 + np.arange(60) / 30, 300 + np.arange(10) / 3
    trains = inferred_trains(np.concatenate([rest, low, high, again]))
    assert [(t.role, len(t.sweeps)) for t in trains] == [
        ("unknown", 1),
        ("low rate", 10),
        ("high rate", 60),
        ("low rate", 10),
    ]
    assert [t.rate_hz for t in trains[1:]] == [pytest.approx(3), pytest.approx(30), pytest.approx(3)]
    assert len({t.name for t in trains}) == 4


def test_a_train_between_the_usual_bands_stays_unknown():
    assert [t.role for t in inferred_trains(np.arange(10) / 10)] == ["unknown"]


def test_two_stimuli_are_no_train():
    assert [t.role for t in inferred_trains(np.array([0.0, 1 / 3]))] == ["unknown", "unknown"]


@given(st.lists(st.floats(0, 1000, allow_subnormal=False), min_size=1, max_size=40, unique=True))
def test_every_stimulus_is_in_exactly_one_train(times):
    trains = inferred_trains(np.array(times))
    assert sorted(sweep for train in trains for sweep in train.sweeps) == list(range(len(times)))


@given(
    st.dictionaries(
        st.sampled_from(sorted(KEYS)),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers()),
    )
)
def test_any_settings_are_either_taken_or_refused_in_words(values):
    try:
        checked_settings(values, "x.toml")
    except InputError as error:
        assert str(error).startswith("x.toml: ")  # noqa: PT017
