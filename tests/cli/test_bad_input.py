"""Bad input, each line of it once: one clear sentence, exit code 2, no traceback."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

import endplate.report.folder
from endplate.exam.recording import write_recording
from endplate.foundation.records import Recording
from tests.cli.conftest import Command, one_sentence, response, sweeps_csv

QUICK = ("--fibres", "800", "--seeds", "1", "--protocol", "reflex")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("exam", "lmes"), "did you mean lems?"),
        (("exam", "lems", "--muscle", "amd"), "did you mean adm?"),
        (("exam", "lems", "--drug", "amifampridin:20mg"), "did you mean amifampridine?"),
        (("exam", "lems", "--drug", "amifampridine:20g"), "did you mean 20mg?"),
        (("exam", "lems", "--drug", "amifampridine:20"), "no unit"),
        (("exam", "lems", "--drug", "amifampridine:2000mg"), "[0, 20]"),
        (("exam", "lems", "--protocol", "sfemg-stimulate"), "did you mean sfemg-stimulated?"),
        (("exam", "lems", "--protocol", "absent.toml"), "no protocol file absent.toml"),
        (("exam", "absent.toml"), "absent.toml"),
        (("exam", "lems", *QUICK, "--reference-set", "czech-2041"), "did you mean czech-2014?"),
        (("exam", "lems", "--seeds", "0"), "[1, 200]"),
        (("exam", "lems", "--fibres", "3"), "[50, 1e+06]"),
        (("compare", "lems", "lmes"), "did you mean lems?"),
        (("compare", "lems", "lems+amifampridin"), "did you mean amifampridine?"),
    ],
)
def test_a_name_or_number_that_is_not_there_is_answered_with_the_nearest_or_the_range(
    command: Command, words: tuple[str, ...], part: str
) -> None:
    assert part in one_sentence(command(*words))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[disease.lems]\nchannel_fraction = 1.2", ("channel_fraction", "[0, 1]", "1.2")),
        ('[disease.lems]\nchannel_fraction = "50"', ("channel_fraction", "a number in [0, 1]", "'50'")),
        ("[disease.lems]\nchanel_fraction = 0.5", ("did you mean channel_fraction?",)),
        ("[levers]\nreceptor_fractoin = 0.5", ("did you mean receptor_fraction?",)),
        ("age_y = -4", ("age_y", "[0, 110]")),
        ("name = anna", ("not valid TOML",)),
    ],
)
def test_a_person_that_cannot_be_is_refused_with_the_name_of_the_file(
    command: Command, tmp_path: Path, text: str, parts: tuple[str, ...]
) -> None:
    file = tmp_path / "anna.toml"
    file.write_text(text, encoding="utf-8")
    line = one_sentence(command("exam", file))
    for part in (*parts, "anna.toml"):
        assert part in line


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('[[step]]\ndo = "stimulate"\ncount = 10\nrate_hz = -3', ("rate_hz", "[0.05, 200]", "-3")),
        ('[[step]]\ndo = "stimulate"\nread = false', ("never reads", "read = true")),
        ('[[step]]\ndo = "rest"\nseconds = 10', ("never reads",)),
        ('name = "empty"', ("no [[step]]",)),
        ('[[step]]\ndo = "stimulte"', ("stimulate, rest or effort",)),
        ('[[step]]\ndo = "stimulate"\nrate = 3', ("did you mean rate_hz?",)),
        ('sampling_hz = 1000\n[[step]]\ndo = "stimulate"', ("sampling_hz", "at least 2 kHz")),
        ("name = ", ("not valid TOML",)),
    ],
)
def test_a_protocol_that_cannot_be_carried_out_is_refused(
    command: Command, tmp_path: Path, text: str, parts: tuple[str, ...]
) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(text, encoding="utf-8")
    line = one_sentence(command("exam", "lems", "--protocol", file))
    for part in parts:
        assert part in line


def amplitudes(command: Command, file: Path, *words: str) -> list[float]:
    result = command("measure", file, "--json", *words)
    assert result.code == 0, result.err
    (measured,) = result.json()["examinations"][0]["studies"][0]["measurements"]
    return list(measured["amplitude_mv"])


EXPECTED = pytest.approx([5.0, 4.9, 4.8, 4.7, 4.6], abs=0.05)


def test_decimal_commas_are_read_as_such(command: Command, tmp_path: Path) -> None:
    file = sweeps_csv(tmp_path / "comma.csv", decimal=",", sep=";")
    assert amplitudes(command, file, "--units", "mV") == EXPECTED


def test_utf_16_is_read(command: Command, tmp_path: Path) -> None:
    assert amplitudes(command, sweeps_csv(tmp_path / "wide.csv", encoding="utf-16"), "--units", "mV") == EXPECTED


def test_a_table_without_heading_is_read_and_says_what_was_concluded(command: Command, tmp_path: Path) -> None:
    file = sweeps_csv(tmp_path / "bare.csv", header=False)
    assert amplitudes(command, file, "--units", "mV") == EXPECTED
    assert "time column read in ms" in command("measure", file, "--units", "mV").out


def test_ragged_rows_are_refused_with_the_line(command: Command, tmp_path: Path) -> None:
    file = sweeps_csv(tmp_path / "ragged.csv")
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[100] = lines[100].rpartition(",")[0]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert "101" in one_sentence(command("measure", file, "--units", "mV"))


def test_a_file_over_the_limit_is_refused_with_its_size(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "night.csv"
    with file.open("wb") as stream:
        stream.truncate(250_000_000)  # sparse: it takes no room
    line = one_sentence(command("measure", file, "--units", "mV"))
    assert "250 MB" in line
    assert "200 MB" in line


def _recording(n: int = 3, sampling_hz: float = 10_000.0) -> Recording:
    time_ms = np.arange(-5.0, 40.0, 1000.0 / sampling_hz)
    signal = np.stack([response(time_ms) for _ in range(n)])[:, None, :]
    return Recording(signal, sampling_hz=sampling_hz, start_ms=-5.0, stimulus_s=np.arange(n, dtype=float))


def test_a_truncated_edf_is_refused(command: Command, tmp_path: Path) -> None:
    file, _ = write_recording(_recording(), tmp_path / "cut.edf")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * 2 // 3])
    line = one_sentence(command("measure", file))
    assert "cut.edf" in line
    assert "missing" in line or "truncated" in line


def test_segments_of_unequal_length_are_refused_or_cut_when_asked(command: Command, tmp_path: Path) -> None:
    from scipy.io import savemat

    time_ms = np.arange(-5.0, 40.0, 0.1)
    frames = np.stack([response(time_ms, 5.0 - 0.1 * k) for k in range(5)])
    kinds = [("number", "i4"), ("points", "i4"), ("start", "f8"), ("state", "i4"), ("label", "O")]
    lengths = [450, 300, 450, 450, 450]
    info = np.array([(k + 1, points, 7.0 * k, 0, "") for k, points in enumerate(lengths)], dtype=kinds)
    channel = {"number": 1, "title": "ADM", "units": "mV"}
    wave = {
        "interval": 1e-4, "start": -0.005, "points": 450, "chans": 1, "frames": 5, "xunits": "s",
        "chaninfo": channel, "frameinfo": info, "values": frames.T[:, None, :],
    }  # fmt: skip
    file = tmp_path / "unequal.mat"
    savemat(file, {"study_wave_data": wave})
    line = one_sentence(command("measure", file))
    assert "number 2 has 300 samples" in line
    assert "--cut-to-shortest" in line
    assert amplitudes(command, file, "--cut-to-shortest") == EXPECTED


def test_a_recording_without_stimulus_says_how_to_name_it(command: Command, tmp_path: Path) -> None:
    time_s = np.arange(0, 2, 1e-4)
    noise = np.random.default_rng(2).normal(0, 0.02, time_s.size)
    rows = ["time (s),signal (mV)", *(f"{t:.4f},{v:.5f}" for t, v in zip(time_s, noise, strict=True))]
    file = tmp_path / "quiet.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    line = one_sentence(command("measure", file, "--units", "mV", "--layout", "continuous"))
    assert "stimul" in line
    assert "--stimulus" in line


def test_one_kilohertz_is_refused_with_what_it_must_be(command: Command, tmp_path: Path) -> None:
    file = sweeps_csv(tmp_path / "coarse.csv", sampling_hz=1000.0)
    line = one_sentence(command("measure", file, "--units", "mV"))
    assert "1000 Hz" in line
    assert "2000 Hz" in line


def test_five_kilohertz_is_measured_and_flagged(command: Command, tmp_path: Path) -> None:
    result = command("measure", sweeps_csv(tmp_path / "five.csv", sampling_hz=5000.0), "--units", "mV")
    assert result.code == 0
    assert "coarse sampling" in result.out


@pytest.mark.parametrize(("unit", "factor"), [("V", 1e-3), ("mV", 1.0), ("uV", 1e3), ("µV", 1e3)])
def test_units_are_what_the_user_says(command: Command, tmp_path: Path, unit: str, factor: float) -> None:
    assert amplitudes(command, sweeps_csv(tmp_path / "u.csv", factor=factor), "--units", unit) == EXPECTED


@pytest.mark.parametrize(
    ("words", "factor", "part"),
    [
        ((), 1.0, "does not say its unit"),
        (("--units", "V"), 1.0, "would fit mV"),
        (("--units", "kg"), 1.0, "not one of V, mV, uV"),
    ],
)
def test_a_missing_or_wrong_unit_is_refused_and_never_guessed(
    command: Command, tmp_path: Path, words: tuple[str, ...], factor: float, part: str
) -> None:
    assert part in one_sentence(command("measure", sweeps_csv(tmp_path / "u.csv", factor=factor), *words))


def test_a_sample_that_is_no_number_is_refused_with_its_place(command: Command, tmp_path: Path) -> None:
    file = sweeps_csv(tmp_path / "hole.csv")
    lines = file.read_text(encoding="utf-8").splitlines()
    cells = lines[300].split(",")
    cells[2] = "nan"
    lines[300] = ",".join(cells)
    file.write_text("\n".join(lines), encoding="utf-8")
    assert "hole.csv" in one_sentence(command("measure", file, "--units", "mV"))


def test_clipping_is_measured_and_flagged(command: Command, tmp_path: Path) -> None:
    time_ms = np.arange(-5.0, 40.0, 0.05)
    trace = np.maximum(response(time_ms) + np.random.default_rng(3).normal(0, 0.002, time_ms.size), -3.0)
    rows = ["time (ms),1", *(f"{t:.4f},{v:.6f}" for t, v in zip(time_ms, trace, strict=True))]
    file = tmp_path / "clipped.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    result = command("measure", file, "--units", "mV", "--layout", "sweeps")
    assert result.code == 0
    assert "clipped" in result.out


@pytest.mark.parametrize(
    ("name", "part"),
    [("a.smrx", "export it"), ("a.xlsx", "Save it as .csv"), ("a.mp3", "no reader"), ("a", "no reader")],
)
def test_a_format_without_reader_names_the_way_out(command: Command, tmp_path: Path, name: str, part: str) -> None:
    (tmp_path / name).write_bytes(b"something")
    assert part in one_sentence(command("measure", tmp_path / name))


def test_an_empty_folder_and_an_empty_file_are_told(command: Command, tmp_path: Path) -> None:
    assert "holds no recording" in one_sentence(command("measure", tmp_path))
    (tmp_path / "e.csv").touch()
    assert "is empty" in one_sentence(command("measure", tmp_path / "e.csv"))


def test_a_folder_of_others_is_refused_before_anything_is_computed(command: Command, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work", encoding="utf-8")
    line = one_sentence(command("exam", "lems", "--seeds", "200", "--out", tmp_path))  # an hour, if it began
    assert "thesis.docx" in line
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_folder_of_others_is_used_when_asked_and_theirs_stays(command: Command, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work", encoding="utf-8")
    result = command("exam", "healthy", *QUICK, "--out", tmp_path, "--recording", "none", "--overwrite")
    assert result.code == 0
    assert (tmp_path / "thesis.docx").read_text(encoding="utf-8") == "years of work"
    assert (tmp_path / "index.html").is_file()


def test_a_file_where_a_folder_should_be_is_refused(command: Command, tmp_path: Path) -> None:
    (tmp_path / "report").write_text("a file", encoding="utf-8")
    assert "is a file; a report needs a folder" in one_sentence(command("exam", "lems", "--out", tmp_path / "report"))


def test_a_folder_that_cannot_be_made_loses_nothing(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = command("exam", "healthy", *QUICK, "--recording", "none", "--out", tmp_path / "file" / "report")
    _rescued(result.code, result.out, result.err)


def test_a_full_disk_loses_nothing(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "report"
    write = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if out in path.parents:
            raise OSError(28, os.strerror(28))
        return write(path, content)

    monkeypatch.setattr(endplate.report.folder.Path, "write_bytes", full)
    result = command("exam", "healthy", *QUICK, "--recording", "none", "--out", out)
    assert "No space left on device" in result.err
    _rescued(result.code, result.out, result.err)


def _rescued(code: int, out: str, err: str) -> None:
    """The numbers were shown, the error is one sentence, and the report stands where it says."""
    assert code == 2
    assert "SIMULATED" in out
    last = err.strip().splitlines()[-1]
    assert last.startswith("Error: ")
    assert "Nothing computed is lost" in last
    shelter = Path(last.rpartition(" ")[2].rstrip("."))
    assert (shelter / "index.html").is_file()
    shutil.rmtree(shelter)


def test_a_template_where_a_folder_stands_is_refused(command: Command, tmp_path: Path) -> None:
    (tmp_path / "x.toml").mkdir()
    assert "is a folder" in one_sentence(command("protocols", "mg", "--write", tmp_path / "x.toml"))
