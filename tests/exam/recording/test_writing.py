"""Writers: what is written reads back as the same record, and nothing else is touched."""

from __future__ import annotations

import os
from dataclasses import fields, replace

import edfio
import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endplate.exam.recording import load_recording, write_recording
from endplate.foundation.errors import FileFormatError, OutputError
from endplate.foundation.records import Recording, Train

ARRAYS = ("signal_mv", "stimulus_s", "stimulus_level")


def differing_fields(one: Recording, other: Recording) -> set[str]:
    """Names of fields that differ; arrays are compared exactly, nan equal to nan."""
    found = set()
    for item in fields(one):
        a, b = getattr(one, item.name), getattr(other, item.name)
        same = np.array_equal(a, b, equal_nan=True) if item.name in ARRAYS and a is not None else a == b
        found |= set() if same else {item.name}
    return found


@pytest.mark.parametrize("suffix", [".nc", ".csv"])
def test_netcdf_and_csv_give_back_every_field_exactly(tmp_path, recording, suffix):
    path = tmp_path / f"a{suffix}"
    write_recording(recording, path)
    assert differing_fields(recording, load_recording(path)) == {"checksum"}


def test_edf_gives_back_every_field_and_the_signal_within_half_a_step(tmp_path, recording):
    write_recording(recording, tmp_path / "a.edf")
    again = load_recording(tmp_path / "a.edf")
    assert differing_fields(recording, again) <= {"checksum", "signal_mv", "start_ms", "notes"}
    assert again.start_ms == pytest.approx(recording.start_ms, abs=1e-9)
    assert set(recording.notes) < set(again.notes)
    for c in range(2):
        step_mv = 2 * np.ceil(np.abs(recording.signal_mv[:, c]).max() * 1e4) / 1e4 / 65_535
        assert np.abs(again.signal_mv[:, c] - recording.signal_mv[:, c]).max() <= 0.5001 * step_mv


def test_edf_alone_still_tells_stimuli_trains_and_that_it_is_simulated(tmp_path, recording):
    write_recording(recording, tmp_path / "a.edf")
    (tmp_path / "a.edf.toml").unlink()
    again = load_recording(tmp_path / "a.edf")
    np.testing.assert_allclose(again.stimulus_s - again.stimulus_s[0], recording.stimulus_s, atol=1e-4)
    assert again.simulated
    assert [(t.role, len(t.sweeps)) for t in again.trains] == [("unknown", 1), ("low rate", 10)]


def test_edf_is_plain_edf_plus_that_any_viewer_reads(tmp_path, recording):
    write_recording(recording, tmp_path / "a.edf")
    file = edfio.read_edf(tmp_path / "a.edf")
    assert file.reserved == "EDF+C"
    assert {signal.physical_dimension for signal in file.signals} == {"uV"}
    texts = [a.text for a in file.annotations]
    assert "SIMULATED" in texts
    assert "stimulus 2 3 Hz (low rate)" in texts
    assert sum(text.startswith("stimulus") for text in texts) == 11
    record_bytes = 2 * sum(s.samples_per_data_record for s in file.signals)
    assert record_bytes <= 61_440


def test_sweeps_of_unknown_time_stay_of_unknown_time(tmp_path, recording):
    timeless = replace(recording, stimulus_s=np.full(11, np.nan), trains=())
    for suffix in (".nc", ".csv", ".edf"):
        write_recording(timeless, tmp_path / f"a{suffix}", overwrite=True)
        assert np.isnan(load_recording(tmp_path / f"a{suffix}").stimulus_s).all()
    (tmp_path / "a.edf.toml").unlink()
    assert np.isnan(load_recording(tmp_path / "a.edf").stimulus_s).all()


def test_csv_and_netcdf_keep_missing_samples_and_edf_refuses_them(tmp_path, recording):
    signal = recording.signal_mv.copy()
    signal[2, 0, 5:9] = np.nan
    holey = replace(recording, signal_mv=signal)
    for suffix in (".nc", ".csv"):
        write_recording(holey, tmp_path / f"a{suffix}", overwrite=True)
        assert np.isnan(load_recording(tmp_path / f"a{suffix}").signal_mv).sum() == 4
    with pytest.raises(FileFormatError, match="missing samples"):
        write_recording(holey, tmp_path / "b.edf")
    assert not list(tmp_path.glob("*b.*"))
    assert not list(tmp_path.glob(".endplate*"))


def test_edf_refuses_sweeps_that_overlap_and_sessions_that_are_too_long(tmp_path, recording):
    with pytest.raises(FileFormatError, match="overlap"):
        write_recording(replace(recording, stimulus_s=np.arange(11) * 0.02), tmp_path / "a.edf")
    with pytest.raises(FileFormatError, match=r"MB.*Write \.nc"):
        write_recording(replace(recording, stimulus_s=np.arange(11) * 1000.0), tmp_path / "a.edf")


def test_a_file_that_is_there_is_not_overwritten_unasked(tmp_path, recording):
    (tmp_path / "a.csv.toml").write_text("# mine\n")
    with pytest.raises(OutputError, match=r"a\.csv\.toml exist"):
        write_recording(recording, tmp_path / "a.csv")
    assert (tmp_path / "a.csv.toml").read_text() == "# mine\n"
    assert not (tmp_path / "a.csv").exists()
    write_recording(recording, tmp_path / "a.csv", overwrite=True)
    assert load_recording(tmp_path / "a.csv").n_sweeps == 11


@pytest.mark.parametrize("suffix", [".nc", ".csv", ".edf"])
def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path, recording, suffix):
    with pytest.raises(OutputError, match="could not be written"):
        write_recording(recording, tmp_path / "not there" / f"a{suffix}")


def test_an_unknown_suffix_offers_the_nearest(tmp_path, recording):
    with pytest.raises(FileFormatError, match=r"did you mean \.edf"):
        write_recording(recording, tmp_path / "a.edff")


def test_a_netcdf_file_of_someone_else_is_refused(tmp_path):
    with h5py.File(tmp_path / "x.nc", "w") as file:
        file["temperature"] = np.arange(3.0)
    with pytest.raises(FileFormatError, match=r"not one that endplate wrote|cannot be read as NetCDF"):
        load_recording(tmp_path / "x.nc")


def test_a_truncated_netcdf_file_is_refused_in_one_sentence(tmp_path, recording):
    path = tmp_path / "a.nc"
    write_recording(recording, path)
    for keep in (10, 2000, path.stat().st_size - 50):
        os.truncate(path, keep)
        with pytest.raises(FileFormatError, match=r"a\.nc cannot be read as NetCDF"):
            load_recording(path)


@given(
    n_sweeps=st.integers(1, 4),
    start_ms=st.floats(-20, 20),
    rate_hz=st.sampled_from([2000.0, 3200.0, 4807.6923, 10_000.0, 48_000.0, 50_000.0]),
    spacing_s=st.floats(0.2, 2),
    name=st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12),
)
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_recording_survives_every_format(tmp_path, n_sweeps, start_ms, rate_hz, spacing_s, name):
    trace = np.random.Generator(np.random.Philox(n_sweeps)).normal(0, 1, (n_sweeps, 1, 64))
    times = 3.0 + np.arange(n_sweeps) * spacing_s
    made = Recording(
        signal_mv=trace, sampling_hz=rate_hz, start_ms=start_ms, stimulus_s=times, montage=name or None,
        trains=(Train(name or "all", "unknown", tuple(range(n_sweeps))),), source="x",
    )  # fmt: skip
    for suffix in (".nc", ".csv", ".edf"):
        path = tmp_path / f"any{suffix}"
        try:
            write_recording(made, path, overwrite=True)
        except FileFormatError as error:
            assert suffix == ".edf" and "rate" in str(error)  # noqa: PT017, PT018
            continue
        again = load_recording(path)
        np.testing.assert_array_equal(again.stimulus_s, times)
        assert again.trains == made.trains
        assert again.start_ms == pytest.approx(start_ms, abs=1e-6)
        np.testing.assert_allclose(again.signal_mv, trace, atol=1e-4 if suffix == ".edf" else 0, rtol=0)
