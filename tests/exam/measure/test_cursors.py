"""Cursors are written, moved by hand, and stay; a wrong file is refused in one sentence."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest

from endplate.exam.measure import measure, measure_all, write_cursors
from endplate.foundation.errors import FileFormatError, InputError, OutputError, UnknownNameError

COLUMNS = ("amplitude_mv", "peak_to_peak_mv", "area_mvms", "duration_ms", "latency_ms", "onset_ms", "end_ms")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "cursors.csv"


def edit(file, row, **cells):
    title, *lines = file.read_text().splitlines()
    rows = list(csv.DictReader(lines))
    rows[row].update(cells)
    with file.open("w", newline="") as stream:
        stream.write(title + "\n")
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_cursors_that_nobody_moved_change_nothing(make, file):
    recording = make([5.0, 3.0], noise_mv=0.02)
    before = measure(recording)
    write_cursors(file, recording, before)
    after = measure(recording, cursors=file)
    assert after.moved_by_hand == ()
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name))


def test_a_moved_onset_moves_latency_duration_and_area_of_its_row_only(make, file):
    recording = make([5.0, 5.0, 5.0])
    before = measure(recording)
    write_cursors(file, recording, before)
    edit(file, 1, onset_ms="4.3")
    after = measure(recording, cursors=file)
    assert after.moved_by_hand == (1,)
    assert after.latency_ms[1] == pytest.approx(4.3)
    assert after.duration_ms[1] == pytest.approx(before.duration_ms[1] - 1.0, abs=0.03)
    cut = 5.0 * 5.0 / np.pi * (1 - np.cos(np.pi / 5.0))  # the first millisecond of the half sine
    assert after.area_mvms[1] == pytest.approx(before.area_mvms[1] - cut, abs=0.01)
    assert after.amplitude_mv[1] == before.amplitude_mv[1]
    for name in COLUMNS:
        np.testing.assert_array_equal(getattr(after, name)[[0, 2]], getattr(before, name)[[0, 2]])


def test_a_moved_peak_is_read_where_it_stands(make, file):
    recording = make([5.0])
    write_cursors(file, recording, measure(recording))
    edit(file, 0, peak_ms="4.3")
    after = measure(recording, cursors=file)
    assert after.amplitude_mv[0] == pytest.approx(5.0 * np.sin(np.pi / 5.0), abs=0.01)


def test_moved_cursors_survive_being_written_again(make, file):
    recording = make([5.0, 3.0])
    write_cursors(file, recording, measure(recording))
    edit(file, 0, end_ms="7.5")
    once = measure(recording, cursors=file)
    write_cursors(file, recording, once)
    twice = measure(recording, cursors=file)
    assert twice.moved_by_hand == (0,)
    np.testing.assert_allclose(twice.area_mvms, once.area_mvms, rtol=1e-4)


def test_an_emptied_cursor_removes_what_it_measured(make, file):
    recording = make([5.0])
    write_cursors(file, recording, measure(recording))
    edit(file, 0, onset_ms="")
    after = measure(recording, cursors=file)
    assert np.isnan(after.latency_ms[0])
    assert np.isnan(after.area_mvms[0])
    assert after.amplitude_mv[0] == pytest.approx(5.0, rel=1e-3)


def test_a_response_that_the_code_missed_can_be_set_by_hand(make, file):
    recording = make([0.03, 5.0], noise_mv=0.02)
    before = measure(recording)
    assert np.isnan(before.amplitude_mv[0])
    write_cursors(file, recording, before)
    edit(file, 0, onset_ms="3.3", peak_ms="5.8", end_ms="8.3")
    after = measure(recording, cursors=file)
    assert after.latency_ms[0] == pytest.approx(3.3)
    assert np.isfinite(after.amplitude_mv[0])


def test_each_channel_keeps_its_own_rows(make, file):
    recording = make([5.0])
    two = replace(recording, signal_mv=np.repeat(recording.signal_mv, 2, axis=1), channels=("a", "b"))
    write_cursors(file, two, measure_all(two))
    edit(file, 1, onset_ms="4.0")
    a, b = measure_all(two, cursors=file)
    assert (a.moved_by_hand, b.moved_by_hand) == ((), (0,))


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"onset_ms": "-9"}, "outside the sweep"),
        ({"end_ms": "400"}, "outside the sweep"),
        ({"onset_ms": "6.5"}, "onset_ms 6.5 must come before peak_ms"),
        ({"end_ms": "4"}, "peak_ms .* must come before end_ms 4"),
        ({"onset_ms": "4,3"}, "decimal point, not a comma"),
        ({"onset_ms": "early"}, "not a time in ms"),
        ({"onset_ms": "nan"}, "empty the cell"),
        ({"sweep": "7"}, "no sweep '7'"),
        ({"sweep": "one"}, "no sweep 'one'"),
        ({"sweep": "0"}, "stands there twice"),
    ],
)
def test_a_cursor_that_cannot_be_is_refused_with_its_line(make, file, cells, message):
    recording = make([5.0, 5.0])
    write_cursors(file, recording, measure(recording))
    edit(file, 1, **cells)
    with pytest.raises(InputError, match=f"cursors.csv, line 4: .*{message}"):
        measure(recording, cursors=file)


def test_cursors_of_another_recording_are_refused(make, file):
    recording = make([5.0])
    write_cursors(file, recording, measure(recording))
    with pytest.raises(InputError, match="another recording"):
        measure(make([4.0]), cursors=file)
    with pytest.raises(InputError, match="another recording"):
        measure(replace(recording, checksum="abc"), cursors=file)


def test_a_channel_that_is_not_there_is_named(make, file):
    recording = make([5.0])
    write_cursors(file, recording, measure(recording))
    edit(file, 0, channel="2")
    with pytest.raises(UnknownNameError, match="no channel '2'"):
        measure(recording, cursors=file)


def test_a_file_that_is_no_cursor_file_is_refused(make, file):
    recording = make([5.0])
    file.write_text("time,mv\n0,1\n")
    with pytest.raises(FileFormatError, match="no cursor file"):
        measure(recording, cursors=file)
    write_cursors(file, recording, measure(recording))
    file.write_text(file.read_text().replace(",", ";"))
    with pytest.raises(FileFormatError, match="saved with semicolons"):
        measure(recording, cursors=file)
    file.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(FileFormatError, match="UTF-8"):
        measure(recording, cursors=file)


def test_a_missing_file_and_an_unwritable_one_are_one_sentence(make, file, tmp_path):
    recording = make([5.0])
    with pytest.raises(InputError, match="could be read"):
        measure(recording, cursors=file)
    with pytest.raises(OutputError, match="could not be written"):
        write_cursors(tmp_path / "none" / "cursors.csv", recording, measure(recording))
