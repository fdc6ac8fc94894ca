"""Whole folders, and files that are none, too large, or mean."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from endplate.exam.recording import load_recording, load_recordings
from endplate.exam.recording.limits import MAX_FILE_BYTES
from endplate.exam.recording.load import READERS
from endplate.foundation.errors import EndplateError, FileFormatError


def test_a_folder_gives_every_recording_and_names_every_file_it_could_not_read(csv, two_sweeps, tmp_path):
    for name in ("b.csv", "a.csv"):
        csv(two_sweeps, name=name)
    (tmp_path / "c.edf").write_bytes(b"nonsense")
    (tmp_path / "d.smrx").write_bytes(b"x")
    (tmp_path / "notes.docx").write_bytes(b"x")
    (tmp_path / "README.md").write_text("about")
    (tmp_path / "sub").mkdir()
    found = load_recordings(tmp_path)
    assert [recording.source for recording in found] == ["a.csv", "b.csv"]
    assert [item.path for item in found.unread] == ["c.edf", "d.smrx", "notes.docx"]
    assert "32-bit .smr" in found.unread[1].reason


def test_a_folder_with_nothing_readable_lists_the_reasons(tmp_path):
    with pytest.raises(FileFormatError, match="it holds no recording"):
        load_recordings(tmp_path)
    (tmp_path / "a.csv").write_text("")
    with pytest.raises(FileFormatError, match=r"nothing readable.*\[a.csv\] a.csv is empty"):
        load_recordings(tmp_path)


def test_one_file_in_place_of_a_folder_gives_a_list_of_one(csv, two_sweeps):
    assert len(load_recordings(csv(two_sweeps))) == 1


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_a_file_beyond_the_limit_is_refused_with_its_size_before_it_is_read(tmp_path, suffix):
    path = tmp_path / f"huge{suffix}"
    with path.open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 50_000_000)  # sparse: takes no space
    with pytest.raises(FileFormatError, match=r"is 250 MB; at most 200 MB"):
        load_recording(path)


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_garbage_of_any_suffix_is_one_clear_error(tmp_path, suffix):
    generator = np.random.Generator(np.random.Philox(5))
    for size in (1, 40, 5000):
        path = tmp_path / f"noise{suffix}"
        path.write_bytes(generator.bytes(size))
        with pytest.raises(EndplateError, match=r"noise"):
            load_recording(path, units="mV")


@pytest.mark.parametrize("name", ["../../../../nowhere.csv", "no\0thing.csv", "x" * 400 + ".csv", "absent.edf"])
def test_a_path_that_leads_nowhere_is_one_clear_error(tmp_path, name):
    with pytest.raises(FileFormatError, match=r"no file|cannot be opened"):
        load_recording(tmp_path / name)


def test_a_folder_is_no_recording(tmp_path):
    with pytest.raises(FileFormatError, match=r"is a folder.*load_recordings"):
        load_recording(tmp_path)


def test_links_to_nowhere_in_circles_and_to_devices_are_refused(tmp_path, csv, two_sweeps):
    (tmp_path / "broken.csv").symlink_to(tmp_path / "gone.csv")
    (tmp_path / "circle.csv").symlink_to(tmp_path / "circle.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.csv")
    for name, message in (("broken", "link to a file that is not there"), ("circle", "cannot be opened"),
                          ("zero", "a device or a pipe"), ("pipe", "a device or a pipe")):  # fmt: skip
        with pytest.raises(FileFormatError, match=message):
            load_recording(tmp_path / f"{name}.csv")
    csv(two_sweeps, name="good.csv")
    found = load_recordings(tmp_path)
    assert [recording.source for recording in found] == ["good.csv"]
    assert len(found.unread) == 4


def test_a_link_out_of_the_folder_is_followed_only_when_named(tmp_path, csv, two_sweeps):
    home = tmp_path / "folder"
    home.mkdir()
    outside = csv(two_sweeps, name="outside.csv")
    (home / "link.csv").symlink_to(outside)
    assert load_recording(home / "link.csv").n_sweeps == 2
    with pytest.raises(FileFormatError, match="leaves the folder"):
        load_recordings(home)


def test_an_unknown_suffix_offers_the_nearest(tmp_path):
    path = tmp_path / "a.edff"
    path.write_bytes(b"0" * 300)
    with pytest.raises(FileFormatError, match=r"did you mean \.edf"):
        load_recording(path)


def test_a_file_that_may_not_be_read_says_so(csv, two_sweeps, monkeypatch):
    path = csv(two_sweeps)
    monkeypatch.setattr("endplate.exam.recording.limits.os.access", lambda *_: False)
    with pytest.raises(FileFormatError, match="may not be read by this user"):
        load_recording(path)


def test_importing_the_room_loads_none_of_the_heavy_libraries():
    heavy = ("xarray", "neo", "h5py", "scipy", "edfio", "bioread", "numba", "pandas")
    code = f"import sys, endplate.exam.recording; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("suffix", [".edf", ".smr", ".acq", ".csv"])
def test_no_damage_to_a_header_gives_anything_but_a_recording_or_one_clear_error(tmp_path, files, suffix):
    from endplate.exam.recording import write_recording
    from endplate.foundation.records import Recording

    trace = files.continuous(files.train_s[:3], 1.2)
    path = tmp_path / f"a{suffix}"
    if suffix == ".smr":
        path.write_bytes(files.smr_bytes([(0, trace)], [round(t * 1e6) for t in files.train_s[:3]]))
    elif suffix == ".acq":
        path.write_bytes(files.acq_bytes([trace], [(round(t * files.rate_hz), "stim") for t in files.train_s[:3]]))
    else:
        sweeps = np.stack([trace[:300]] * 2)[:, None]
        write_recording(
            Recording(signal_mv=sweeps, sampling_hz=files.rate_hz, start_ms=-5.0, stimulus_s=np.arange(2.0)), path
        )
    good, generator = path.read_bytes(), np.random.Generator(np.random.Philox(3))
    assert load_recording(path).n_sweeps >= 2
    for _ in range(20):
        bad = bytearray(good)
        for at in generator.integers(0, min(len(good), 1500), 3):
            bad[at] = generator.integers(0, 256)
        path.write_bytes(bad)
        try:
            load_recording(path)
        except EndplateError as error:
            assert len(str(error)) < 600  # noqa: PT017
