"""Our reader of MATLAB 5 files: the same values as scipy's, and no file that ends the process."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.io import loadmat, savemat

from endplate.exam.recording import load_recording
from endplate.exam.recording.mat5 import read_mat5
from endplate.foundation.errors import EndplateError, FileFormatError

CONTENT = {
    "matrix": np.arange(12.0).reshape(3, 4),
    "cube": np.arange(24.0).reshape(2, 3, 4),
    "small": np.array([1, 2, 3], dtype=np.int16),
    "one": 3.5,
    "empty": np.zeros((0, 0)),
    "text": "ADM µV",
    "titles": np.array(["ADM", "FDI2"]),
    "cell": np.array(["a", np.arange(3.0)], dtype=object),
    "wave": {"title": "ADM", "values": np.arange(5.0), "inner": {"start": -0.5}},
    "list": np.array([(1, "x"), (2, "yy")], dtype=[("number", "i4"), ("label", "O")]),
}


@pytest.mark.parametrize("compressed", [False, True])
def test_every_kind_of_value_reads_as_scipy_reads_it(tmp_path, compressed):
    path = tmp_path / "x.mat"
    savemat(path, CONTENT, do_compression=compressed)
    ours, theirs = read_mat5(path), loadmat(path, squeeze_me=True)
    for name in ("matrix", "cube", "small", "one"):
        np.testing.assert_array_equal(ours[name], theirs[name])
    assert ours["empty"].size == 0
    assert ours["text"] == "ADM µV"
    assert [title.strip() for title in ours["titles"]] == ["ADM", "FDI2"]
    assert ours["cell"][0] == "a"
    np.testing.assert_array_equal(ours["cell"][1], np.arange(3.0))
    assert (ours["wave"]["title"], float(ours["wave"]["inner"]["start"])) == ("ADM", -0.5)
    assert [(int(row["number"]), row["label"]) for row in ours["list"]] == [(1, "x"), (2, "yy")]


def test_complex_sparse_and_other_kinds_do_not_disturb_the_rest(tmp_path):
    from scipy.sparse import csc_array

    path = tmp_path / "x.mat"
    savemat(path, {"complex": np.array([1 + 2j, 3 - 4j]), "sparse": csc_array(np.eye(3)), "after": np.arange(4.0)})
    found = read_mat5(path)
    np.testing.assert_array_equal(found["after"], np.arange(4.0))
    assert found["sparse"] is None


def test_a_version_4_file_is_read_too(tmp_path, files):
    trace = files.continuous(files.train_s, 3.6)
    savemat(
        tmp_path / "v4.mat",
        {
            "data": trace[None] / 1000, "datastart": 1.0, "dataend": float(trace.size), "samplerate": files.rate_hz,
            "tickrate": files.rate_hz, "titles": np.array(["ADM"]), "unittext": np.array(["V"]), "unittextmap": 1.0,
            "com": np.array([[-1.0, 1, round(t * files.rate_hz), 1, 1] for t in files.train_s]),
            "comtext": np.array(["stim"]), "blocktimes": 738_000.0,
        },
        format="4",
    )  # fmt: skip
    recording = load_recording(tmp_path / "v4.mat")
    np.testing.assert_allclose(recording.stimulus_s, np.round(files.train_s, 4), atol=1e-9)


def test_a_small_file_that_unpacks_to_gigabytes_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("endplate.exam.recording.mat5._MAX_UNPACKED", 100_000)
    savemat(tmp_path / "x.mat", {"data": np.zeros(1_000_000)}, do_compression=True)
    with pytest.raises(FileFormatError, match="unpacks to more than 100000 bytes"):
        load_recording(tmp_path / "x.mat")


@given(
    flips=st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), min_size=1, max_size=5),
    keep=st.integers(200, 4000),
)
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_damage_to_a_file_gives_anything_but_values_or_one_clear_error(tmp_path, flips, keep):
    path = tmp_path / "x.mat"
    savemat(path, CONTENT)
    data = bytearray(path.read_bytes())
    for at, value in flips:
        data[128 + at % (len(data) - 128)] = value
    path.write_bytes(data[: max(keep, 200)])
    try:
        read_mat5(path)
    except EndplateError as error:
        assert "damaged" in str(error)  # noqa: PT017
