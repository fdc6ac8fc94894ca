"""MATLAB exports of CED Signal, Spike2 and LabChart, as v5 (scipy) and v7.3 (HDF5) files."""

from __future__ import annotations

import h5py
import numpy as np
import pytest
from scipy.io import savemat

from endplate.exam.recording import load_recording
from endplate.foundation.errors import FileFormatError


def matlab_char(group, name, rows):
    """A char array as MATLAB 7.3 stores it: UTF-16 code units, transposed."""
    width = max(map(len, rows))
    codes = np.array([[ord(c) for c in row.ljust(width)] for row in rows], dtype="<u2")
    group.create_dataset(name, data=codes.T).attrs["MATLAB_class"] = np.bytes_(b"char")


def matlab_double(group, name, value):
    array = np.atleast_2d(np.asarray(value, dtype=float))
    group.create_dataset(name, data=array.T).attrs["MATLAB_class"] = np.bytes_(b"double")


def labchart(trace, files, *, blocks):
    """Variables of a LabChart export: channel 1 EMG in V, channel 2 empty in the first block."""
    n = [len(block) for block in blocks]
    second = [np.zeros(0), *(0.1 * block for block in blocks[1:])]
    data, start, end, at = [], np.full((2, len(blocks)), -1.0), np.full((2, len(blocks)), -1.0), 0
    for b, block in enumerate(blocks):
        for c, part in enumerate((block, second[b])):
            if part.size:
                start[c, b], end[c, b] = at + 1, at + part.size
                data.append(part / 1000)  # base units: V
                at += part.size
    assert sum(n) > 0
    return {
        "data": np.concatenate(data),
        "datastart": start,
        "dataend": end,
        "titles": ["ADM", "FDI"],
        "samplerate": np.full((2, len(blocks)), files.rate_hz),
        "tickrate": np.full((1, len(blocks)), files.rate_hz),
        "unittext": ["V"],
        "unittextmap": np.where(start > 0, 1.0, -1.0),
        "blocktimes": 738_000.0 + np.arange(len(blocks)) * 60.0 / 86_400.0,
        "com": np.array([[-1.0, b + 1, round(0.02 * files.rate_hz), 1.0, 1.0] for b in range(len(blocks))]),
        "comtext": ["stim 20 mA"],
        "firstsampleoffset": np.zeros((2, len(blocks))),
    }


def write_labchart(path, variables):
    if path.stem == "v5":
        savemat(path, {k: np.array(v) if isinstance(v, list) else v for k, v in variables.items()})
        return
    with h5py.File(path, "w", userblock_size=512) as file:
        for name, value in variables.items():
            matlab_char(file, name, value) if isinstance(value, list) else matlab_double(file, name, value)


@pytest.mark.parametrize("version", ["v5", "v73"])
def test_labchart_blocks_are_segments_with_their_own_time(tmp_path, files, version):
    blocks = [files.continuous([0.02], 0.1) * (1 - 0.1 * k) for k in range(3)]
    path = tmp_path / f"{version}.mat"
    write_labchart(path, labchart(None, files, blocks=blocks))
    recording = load_recording(path, channel="ADM")
    np.testing.assert_allclose(recording.signal_mv[:, 0], blocks, atol=1e-9)
    np.testing.assert_allclose(recording.stimulus_s, [0.02, 60.02, 120.02], atol=1e-4)
    assert recording.start_ms == pytest.approx(-20.0, abs=0.1)


def test_labchart_channels_that_differ_in_blocks_are_not_mixed(tmp_path, files):
    blocks = [files.continuous([0.02], 0.1) for _ in range(3)]
    write_labchart(tmp_path / "v5.mat", labchart(None, files, blocks=blocks))
    with pytest.raises(FileFormatError, match="were not recorded over the same time"):
        load_recording(tmp_path / "v5.mat")


def test_labchart_blocks_outside_the_data_are_refused(tmp_path, files):
    variables = labchart(None, files, blocks=[files.continuous([0.02], 0.1)] * 2)
    variables["data"] = variables["data"][:-10]
    write_labchart(tmp_path / "v5.mat", variables)
    with pytest.raises(FileFormatError, match="outside the"):
        load_recording(tmp_path / "v5.mat", channel=2)


def signal_export(frames, *, points=None):
    n = frames.shape[1]
    info = np.array(
        [(k + 1, (points or [n] * len(frames))[k], 0.1 + 7.0 * k, k % 2, f"State {k % 2}") for k in range(len(frames))],
        dtype=[("number", "i4"), ("points", "i4"), ("start", "f8"), ("state", "i4"), ("label", "O")],
    )
    wave = {
        "interval": 1e-4, "start": -0.02, "points": n, "chans": 1, "frames": len(frames), "xunits": "s",
        "chaninfo": {"number": 1, "title": "ADM", "units": "mV"}, "frameinfo": info,
        "values": frames.T[:, None, :],
    }  # fmt: skip
    return {"test_wave_data": wave}


def test_ced_signal_frames_have_their_trigger_at_zero_and_their_true_times(tmp_path, files):
    frames = np.stack([files.continuous([0.02], 0.1) * (1 - 0.1 * k) for k in range(4)])
    savemat(tmp_path / "s.mat", signal_export(frames))
    recording = load_recording(tmp_path / "s.mat")
    np.testing.assert_allclose(recording.signal_mv[:, 0], frames)
    assert (recording.start_ms, recording.channels) == (-20.0, ("ADM",))
    np.testing.assert_allclose(recording.stimulus_s, [0.12, 7.12, 14.12, 21.12])
    assert [train.sweeps for train in recording.trains] == [(0, 2), (1, 3)]  # the two states of the protocol


def test_a_single_ced_signal_frame_is_one_sweep(tmp_path, files):
    frames = files.continuous([0.02], 0.1)[None]
    savemat(tmp_path / "s.mat", signal_export(frames))
    assert load_recording(tmp_path / "s.mat").signal_mv.shape == (1, 1, 1000)


def test_ced_signal_frames_of_different_length_are_refused_or_cut(tmp_path, files):
    frames = np.stack([files.continuous([0.02], 0.1)] * 3)
    savemat(tmp_path / "s.mat", signal_export(frames, points=[1000, 700, 1000]))
    with pytest.raises(FileFormatError, match="number 2 has 700 samples"):
        load_recording(tmp_path / "s.mat")
    assert load_recording(tmp_path / "s.mat", cut_to_shortest=True).signal_mv.shape == (3, 1, 700)


def test_a_spike2_export_is_read_with_its_event_channel(tmp_path, files):
    trace = files.continuous(files.train_s, 3.6)
    wave = {"title": "ADM", "units": "mV", "interval": 1e-4, "start": 0.0, "scale": 1.0, "offset": 0.0, "values": trace}
    event = {"title": "Stim", "times": np.array(files.train_s), "length": 10}
    savemat(tmp_path / "sp.mat", {"run_Ch1": wave, "run_Ch2": event})
    recording = load_recording(tmp_path / "sp.mat")
    np.testing.assert_allclose(recording.stimulus_s, files.train_s)
    assert recording.n_sweeps == 10


def test_a_matlab_file_of_another_layout_lists_what_it_holds(tmp_path):
    savemat(tmp_path / "x.mat", {"results": np.arange(3.0), "subject": "A"})
    with pytest.raises(FileFormatError, match=r"holds results, subject.*CSV"):
        load_recording(tmp_path / "x.mat")


@pytest.mark.parametrize(
    "content", [b"MATLAB 5.0 MAT-file".ljust(600, b" "), bytes(3000), bytes(512) + b"\x89HDF\r\n\x1a\n" + bytes(500)]
)
def test_a_damaged_matlab_file_is_refused_in_one_sentence(tmp_path, content):
    (tmp_path / "x.mat").write_bytes(content)
    with pytest.raises(FileFormatError, match=r"x\.mat"):
        load_recording(tmp_path / "x.mat")


def test_a_matlab_file_may_not_reach_into_other_files(tmp_path):
    with h5py.File(tmp_path / "secret.h5", "w") as other:
        other["data"] = np.arange(10.0)
    with h5py.File(tmp_path / "x.mat", "w", userblock_size=512) as file:
        file["data"] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "/data")
    with pytest.raises(FileFormatError, match="outside itself"):
        load_recording(tmp_path / "x.mat")


def test_a_matlab_file_that_announces_too_much_is_not_unpacked(tmp_path):
    with h5py.File(tmp_path / "x.mat", "w", userblock_size=512) as file:
        file.create_dataset("data", shape=(1, 10**10), dtype="f8", chunks=(1, 10**6), compression="gzip")
    assert (tmp_path / "x.mat").stat().st_size < 10**6
    with pytest.raises(FileFormatError, match="announces 10000000000 numbers"):
        load_recording(tmp_path / "x.mat")
