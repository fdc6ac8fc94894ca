"""Real recordings reproduce their check values."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest

from endplate.exam.measure import measure
from endplate.foundation.records import Recording

ROOT = Path(__file__).resolve().parents[3]
M_WAVES = ROOT / "examples" / "mwave_hreflex" / "example-waveforms.csv"
EVOKED = ROOT.parent / "shared" / "data" / "mep_signal_mat" / "fdi_mep_46frames.mat"  # GPL: never in the repository
CHECK_M = {1.5: 0.069, 2.5: 0.097, 3.5: 0.456, 4.0: 0.530, 5.0: 2.923, 6.0: 4.146}


def test_m_waves_reproduce_their_mean_peak_to_peak():
    table = np.loadtxt(M_WAVES, delimiter=",")
    level = table[0, 1:]
    recording = Recording(table[1:, 1:].T[:, None, :], 3200.0, 0.0, 10.0 * np.arange(level.size), stimulus_level=level)
    m = measure(recording, window_ms=(8.1, 15.9))
    for stimulus, expected in CHECK_M.items():
        assert m.peak_to_peak_mv[level == stimulus].mean() == pytest.approx(expected, abs=0.0005)
    assert "coarse sampling" in m.flags


if EVOKED.is_file():

    def test_motor_evoked_potentials_reproduce_their_check_values():
        with h5py.File(EVOKED) as file:
            values = np.array(file["V231115_SICF000_wave_data/values"])
        recording = Recording(values, 5000.0, -500.0, 5.0 * np.arange(46), stimulation="magnetic", negative_up=True)
        m = measure(recording, window_ms=(18.0, 60.0))
        assert np.median(m.peak_to_peak_mv) == pytest.approx(4.273, abs=0.0005)
        assert m.peak_to_peak_mv.min() == pytest.approx(1.040, abs=0.0005)
        assert m.peak_to_peak_mv.max() == pytest.approx(5.992, abs=0.0005)
        assert np.sqrt((m.noise_mv**2).mean()) == pytest.approx(0.0012, abs=0.00006)
        assert 20.0 < np.nanmedian(m.latency_ms) < 25.0
