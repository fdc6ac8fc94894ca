"""CSV and its relatives: sweeps in columns, continuous records, and everything that exports do to them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endplate.exam.recording import load_recording
from endplate.foundation.errors import FileFormatError, InputError, UnitError


def test_sweeps_in_columns_keep_their_samples_and_their_time(csv, two_sweeps):
    recording = load_recording(csv(two_sweeps))
    np.testing.assert_allclose(recording.signal_mv[:, 0], two_sweeps, atol=1e-12)
    assert (recording.sampling_hz, recording.start_ms) == (10_000.0, 0.0)
    assert len(recording.checksum or "") == 64


def test_frames_that_begin_before_zero_have_their_stimulus_at_zero(csv, two_sweeps):
    recording = load_recording(csv(two_sweeps, start_ms=-5.0))
    assert recording.start_ms == pytest.approx(-5.0)
    assert recording.time_ms[50] == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("delimiter", "decimal", "encoding"),
    [(",", ".", "utf-8"), (";", ",", "utf-8"), ("\t", ",", "latin-1"), ("\t", ".", "utf-16"), (";", ".", "utf-8-sig"),
     (";", ",", "utf-16-le"), (" ", ".", "utf-8")],
)  # fmt: skip
def test_separators_and_encodings_do_not_change_a_sample(csv, two_sweeps, delimiter, decimal, encoding):
    heading = None if delimiter == " " else delimiter.join(["time (ms)", "1 (µV)", "2 (µV)"])
    path = csv([1000 * s for s in two_sweeps], heading=heading, delimiter=delimiter, decimal=decimal, encoding=encoding)
    recording = load_recording(path, units="uV")
    np.testing.assert_allclose(recording.signal_mv[:, 0], two_sweeps, atol=1e-9)


def test_a_missing_header_needs_only_the_unit(csv, two_sweeps):
    path = csv(two_sweeps, heading=None)
    with pytest.raises(UnitError, match="--units"):
        load_recording(path)
    assert load_recording(path, units="mV").n_sweeps == 2


def test_a_rising_time_column_without_unit_is_read_in_the_only_possible_one(csv, two_sweeps):
    recording = load_recording(csv(two_sweeps, heading=None), units="mV")
    assert any("in ms" in note for note in recording.notes)
    seconds = load_recording(csv(two_sweeps, heading=None, step_ms=0.0005), units="mV")
    assert seconds.sampling_hz == pytest.approx(2000.0)


def test_ragged_rows_are_named_by_line(csv, two_sweeps):
    path = csv(two_sweeps)
    lines = path.read_text().splitlines()
    lines[41] = lines[41].rsplit(",", 1)[0]
    path.write_text("\n".join(lines))
    with pytest.raises(FileFormatError, match="line 42 has 2 cells, line 2 has 3"):
        load_recording(path)


def test_a_word_among_the_numbers_is_named_by_line_and_column(csv, two_sweeps):
    path = csv(two_sweeps)
    lines = path.read_text().splitlines()
    lines[9] = lines[9].rsplit(",", 1)[0] + ",overload"
    path.write_text("\n".join(lines))
    with pytest.raises(FileFormatError, match="line 10, column 3 holds 'overload'"):
        load_recording(path)


def test_missing_samples_are_kept_as_nan_and_counted(csv, two_sweeps):
    two_sweeps[1][7:10] = np.nan
    recording = load_recording(csv(two_sweeps))
    assert np.isnan(recording.signal_mv[1, 0, 7:10]).all()
    assert "3 samples are missing (NaN), in sweeps 2" in recording.notes


def test_a_file_of_nan_only_is_refused(csv, two_sweeps):
    with pytest.raises(FileFormatError, match="every sample is NaN"):
        load_recording(csv([np.full(300, np.nan), np.full(300, np.nan)]))


def test_clipped_samples_are_kept_as_they_are(csv, two_sweeps):
    clipped = [np.clip(s, -2.0, 2.0) for s in two_sweeps]
    np.testing.assert_allclose(load_recording(csv(clipped)).signal_mv[:, 0], clipped, atol=1e-12)


@pytest.mark.parametrize("text", ["", "\n\n  \n"])
def test_an_empty_file_says_so(tmp_path, text):
    path = tmp_path / "empty.csv"
    path.write_text(text)
    with pytest.raises(FileFormatError, match="empty"):
        load_recording(path, units="mV")


def test_binary_garbage_is_refused_as_no_text(tmp_path):
    path = tmp_path / "noise.csv"
    path.write_bytes(np.random.Generator(np.random.Philox(1)).bytes(4000))
    with pytest.raises(FileFormatError, match="binary data"):
        load_recording(path, units="mV")


def test_prose_is_refused_as_no_table(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear colleague,\nthank you for your referral.\nYours\n")
    with pytest.raises(FileFormatError, match="no table of numbers"):
        load_recording(path, units="mV")


def test_commas_as_separator_and_decimal_sign_are_not_guessed(tmp_path):
    path = tmp_path / "both.csv"
    path.write_text("\n".join(f"{k // 10},{k % 10}0,{k % 7},{k % 9}5" for k in range(100)))
    with pytest.raises(FileFormatError, match="decimal sign"):
        load_recording(path, units="mV")


def test_too_low_a_sampling_rate_says_what_it_must_be(csv, two_sweeps):
    with pytest.raises(FileFormatError, match=r"sampled at 1000 Hz.*at least 2000 Hz"):
        load_recording(csv(two_sweeps, step_ms=1.0))


def test_a_time_column_in_the_wrong_unit_is_refused(csv, two_sweeps):
    path = csv(two_sweeps, heading="time (s),1 (mV),2 (mV)")
    with pytest.raises(FileFormatError, match="sampled at 10 Hz"):
        load_recording(path)


def test_values_impossible_in_their_unit_name_the_likely_one(csv, two_sweeps):
    path = csv([1000 * s for s in two_sweeps], heading=None)
    with pytest.raises(UnitError, match="would fit uV"):
        load_recording(path, units="mV")


def test_values_below_the_noise_of_any_amplifier_name_the_likely_unit(csv, two_sweeps):
    with pytest.raises(UnitError, match="would fit V"):
        load_recording(csv([s / 1000 for s in two_sweeps], heading=None), units="uV")


def test_a_unit_that_contradicts_the_file_is_refused(csv, two_sweeps):
    with pytest.raises(UnitError, match="is in mV by the file, but uV was asked for"):
        load_recording(csv(two_sweeps), units="uV")


def test_an_unknown_unit_is_refused(csv, two_sweeps):
    with pytest.raises(UnitError, match="not one of V, mV, uV"):
        load_recording(csv(two_sweeps, heading=None), units="millimetre")


def test_a_megavolt_is_not_taken_for_a_millivolt(csv, two_sweeps):
    with pytest.raises(UnitError, match="'MV'"):
        load_recording(csv(two_sweeps, heading=None), units="MV")


def test_a_stimulus_row_gives_the_level_of_each_sweep(csv, two_sweeps):
    path = csv(two_sweeps, heading=None)
    path.write_text("0,1.5,2.5\n" + path.read_text())
    with pytest.raises(FileFormatError, match="stimulus_row"):
        load_recording(path, units="mV")
    recording = load_recording(path, units="mV", sidecar={"stimulus_row": 1})
    assert recording.stimulus_level is not None
    assert recording.stimulus_level.tolist() == [1.5, 2.5]
    assert recording.signal_mv.shape == (2, 1, 300)


def test_a_time_column_of_the_session_is_not_taken_for_time_after_the_stimulus(csv, two_sweeps):
    path = csv(two_sweeps, start_ms=12_300.0)
    with pytest.raises(FileFormatError, match="one of the session"):
        load_recording(path)
    assert load_recording(path, sidecar={"start_ms": -5.0}).start_ms == -5.0


def test_a_rate_gives_sweeps_their_times_and_their_role(csv, two_sweeps):
    recording = load_recording(csv([*two_sweeps, two_sweeps[0]], heading=None), units="mV", sidecar={"rate_hz": 3.0})
    np.testing.assert_allclose(recording.stimulus_s, [0, 1 / 3, 2 / 3])
    assert [(t.role, t.rate_hz) for t in recording.trains] == [("low rate", pytest.approx(3.0))]


def test_sweeps_without_times_have_unknown_times_not_invented_ones(csv, two_sweeps):
    recording = load_recording(csv(two_sweeps))
    assert np.isnan(recording.stimulus_s).all()
    assert [train.role for train in recording.trains] == ["unknown"]


def test_a_continuous_record_is_cut_around_its_stimulus_column(tmp_path, files):
    trace, pulse = files.continuous(files.train_s, 3.5), files.ttl(files.train_s, 3.5)
    path = tmp_path / "long.tsv"
    rows = [f"{k / 10:.1f}\t{v:.6f}\t{p:g}" for k, (v, p) in enumerate(zip(trace, pulse, strict=True))]
    path.write_text("\n".join(["Time (ms)\tADM (mV)\tTrigger", *rows]))
    recording = load_recording(path)
    assert (recording.signal_mv.shape[0], recording.channels) == (10, ("ADM",))
    np.testing.assert_allclose(recording.stimulus_s, np.round(files.train_s, 4), atol=1e-4)
    assert [t.role for t in recording.trains] == ["low rate"]


def test_the_export_of_an_emg_machine_is_read_through_a_column_map(tmp_path, two_sweeps):
    head = ["Patient: -", "Muscle;ADM", "Sampling;10000", "Pt;Marker;Trace 1;Trace 2;Comment code"]
    rows = [
        f"{k};0;{a * 1000:.3f};{b * 1000:.3f};7".replace(".", ",")
        for k, (a, b) in enumerate(zip(*two_sweeps, strict=True))
    ]
    path = tmp_path / "export.asc"
    path.write_bytes("\r\n".join([*head, *rows]).encode("latin-1"))
    columns = {"signal_columns": ["Trace 1", "Trace 2"], "time_column": "Pt", "unit": "uV"}
    with pytest.raises(FileFormatError, match="rises by 1, which is no possible"):
        load_recording(path, sidecar=columns)
    with pytest.raises(InputError, match="say their rate with sampling_hz"):
        load_recording(path, sidecar={**columns, "time_unit": "samples"})
    with pytest.raises(InputError, match="Correct one"):
        load_recording(path, sidecar={**columns, "time_unit": "us", "sampling_hz": 10_000})
    (tmp_path / "export.toml").write_text(
        'header_rows = 4\nsampling_hz = 10000\nsignal_columns = "3-4"\ntime_column = 1\ntime_unit = "samples"\n'
        'unit = "uV"\nmuscle = "adm"\n'
    )
    recording = load_recording(path)
    np.testing.assert_allclose(recording.signal_mv[:, 0], two_sweeps, atol=1e-6)
    assert (recording.muscle, recording.sampling_hz) == ("adm", 10_000.0)


def test_a_column_that_is_not_there_offers_the_nearest(csv, two_sweeps):
    with pytest.raises(LookupError, match=r"did you mean time \(ms\)"):
        load_recording(csv(two_sweeps), sidecar={"time_column": "time (m)"})


@given(n_columns=st.integers(1, 6), n_rows=st.integers(3, 40), decimal=st.sampled_from([".", ","]))
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_reads_back_as_it_was_written(csv, n_columns, n_rows, decimal):
    values = np.random.Generator(np.random.Philox(n_columns * 100 + n_rows)).normal(0, 2, (n_columns, n_rows)).round(6)
    path = csv(list(values), heading=None, delimiter=";", decimal=decimal, start_ms=-1.0)
    recording = load_recording(path, units="mV", layout="sweeps")
    np.testing.assert_array_equal(recording.signal_mv[:, 0], values)
