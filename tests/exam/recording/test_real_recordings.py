"""Real recordings: the check values of two published data sets, from our own reading of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from endplate.exam.recording import load_recording, write_recording

ROOT = Path(__file__).resolve().parents[3]
M_WAVES = ROOT / "examples" / "mwave_hreflex" / "example-waveforms.csv"
SHARED = ROOT.parent / "shared" / "data"  # never part of the repository: the second set is GPL


def peak_to_peak_mv(recording, first_ms, last_ms):
    window = (recording.time_ms >= first_ms) & (recording.time_ms <= last_ms)
    return np.ptp(recording.signal_mv[:, 0][:, window], axis=1)


def test_the_shipped_m_waves_have_their_published_amplitudes():
    recording = load_recording(M_WAVES)
    assert recording.signal_mv.shape == (41, 1, 193)
    assert recording.sampling_hz == 3200.0
    assert [train.role for train in recording.trains] == ["recruitment"]
    amplitude = peak_to_peak_mv(recording, 8.1, 15.9)
    levels = (1.5, 2.5, 3.5, 4.0, 5.0, 6.0)
    means = [amplitude[recording.stimulus_level == level].mean() for level in levels]
    np.testing.assert_allclose(means, [0.069, 0.097, 0.456, 0.530, 2.923, 4.146], atol=0.0005)


@pytest.mark.parametrize("suffix", [".nc", ".csv", ".edf"])
def test_the_shipped_m_waves_keep_their_amplitudes_in_every_format_we_write(tmp_path, suffix):
    recording = load_recording(M_WAVES)
    write_recording(recording, tmp_path / f"m{suffix}")
    again = load_recording(tmp_path / f"m{suffix}")
    difference = peak_to_peak_mv(again, 8.1, 15.9) - peak_to_peak_mv(recording, 8.1, 15.9)
    step_mv = 2 * np.abs(recording.signal_mv).max() / 65_535
    assert np.abs(difference).max() <= (1.001 * step_mv if suffix == ".edf" else 0.0)
    np.testing.assert_array_equal(again.stimulus_level, recording.stimulus_level)


def test_the_shipped_m_waves_carry_their_licence():
    notice = (M_WAVES.parent / "NOTICE.md").read_text(encoding="utf-8")
    assert "CC0" in notice
    assert "2023; 20:046012" in notice


if (SHARED / "mwave_hreflex_csv").is_dir():

    def test_the_shipped_m_waves_are_the_published_file_unchanged():
        published = SHARED / "mwave_hreflex_csv" / "example-waveforms.csv"
        assert M_WAVES.read_bytes() == published.read_bytes()


if (SHARED / "mep_signal_mat").is_dir():

    def test_the_motor_evoked_potentials_have_their_published_amplitudes():
        recording = load_recording(SHARED / "mep_signal_mat" / "fdi_mep_46frames.mat")
        assert recording.signal_mv.shape == (46, 1, 5000)
        assert (recording.sampling_hz, recording.start_ms, recording.channels) == (5000.0, -500.0, ("FDI",))
        assert (np.diff(recording.stimulus_s) > 0.0).all()  # true times: frames lie seconds to minutes apart
        assert recording.stimulus_s[0] == pytest.approx(47.3125 + 0.5)  # the first frame starts at 47.3125 s
        amplitude = peak_to_peak_mv(recording, 18.0, 60.0)
        assert np.median(amplitude) == pytest.approx(4.273, abs=0.0005)
        assert (amplitude.min(), amplitude.max()) == (
            pytest.approx(1.040, abs=0.0005),
            pytest.approx(5.992, abs=0.0005),
        )
        quiet = (recording.time_ms >= -100) & (recording.time_ms <= -5)
        assert recording.signal_mv[:, 0][:, quiet].std() == pytest.approx(0.0012, abs=0.00005)
