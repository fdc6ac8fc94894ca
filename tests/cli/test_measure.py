"""`endplate measure`: real files, folders, windows, cursors; what fails is named and the rest is done."""

from __future__ import annotations

import csv
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from endplate.cli import run
from endplate.report import schema
from tests.cli.conftest import Command, one_sentence, sweeps_csv

MEP = Path(__file__).parents[3] / "shared" / "data" / "mep_signal_mat"


def measured(result_json: dict) -> dict:
    (one,) = result_json["examinations"][0]["studies"][0]["measurements"]
    return dict(one)


def test_the_shipped_recording_gives_the_published_check_values(command: Command) -> None:
    file = run.example_file()
    assert file is not None
    result = command("measure", file, "--window", "8.1:15.9", "--json")
    assert result.code == 0
    found = result.json()
    jsonschema.validate(found, schema())
    assert found["examinations"][0]["simulated"] is False
    level = np.array(found["examinations"][0]["studies"][0]["recording"]["stimulus_level"])
    height = np.array(measured(found)["peak_to_peak_mv"])
    for stimulus, mean in ((1.5, 0.069), (2.5, 0.097), (3.5, 0.456), (4.0, 0.530), (5.0, 2.923), (6.0, 4.146)):
        assert round(float(height[level == stimulus].mean()), 3) == pytest.approx(mean, abs=0.0011)


@pytest.mark.skipif(not MEP.is_dir(), reason="the recording may not be copied into the repository")
def test_a_folder_of_evoked_potentials_gives_the_published_check_values(command: Command) -> None:
    result = command("measure", MEP, "--window", "18:60", "--json")
    height = measured(result.json())["peak_to_peak_mv"]
    assert len(height) == 46
    assert round(float(np.median(height)), 3) == pytest.approx(4.273, abs=0.0011)
    assert (min(height), max(height)) == pytest.approx((1.040, 5.992), abs=0.0011)


def test_a_whole_folder_in_one_call_names_what_failed_last(process: Command, tmp_path: Path) -> None:
    sweeps_csv(tmp_path / "a.csv")
    sweeps_csv(tmp_path / "b.csv")
    (tmp_path / "broken.edf").write_bytes(b"no EDF at all")
    result = process("measure", tmp_path, "--units", "mV")
    assert result.code == 2
    assert result.out.count("Peak to peak, mV") == 2
    *_, named, counted = result.err.strip().splitlines()
    assert "broken.edf" in named
    assert counted == "2 measured, 1 not."


def test_files_that_can_be_read_are_done_and_reported_beside_one_that_is_not_there(
    command: Command, tmp_path: Path
) -> None:
    good, out = sweeps_csv(tmp_path / "good.csv"), tmp_path / "report"
    result = command("measure", good, tmp_path / "absent.csv", "--units", "mV", "--json", "--out", out)
    assert result.code == 2
    assert [one["person"] for one in result.json()["examinations"]] == ["good.csv"]
    assert (out / "index.html").is_file()
    assert "absent.csv" in result.err


def test_a_table_shows_each_stimulus_once(command: Command, tmp_path: Path) -> None:
    result = command("measure", sweeps_csv(tmp_path / "one.csv"), "--units", "mV")
    assert result.code == 0
    assert "SIMULATED" not in result.out
    numbered = [line.split() for line in result.out.splitlines() if line.strip()[:1].isdigit()]
    assert [line[0] for line in numbered] == ["1", "2", "3", "4", "5"]
    assert [float(line[2]) for line in numbered] == pytest.approx([5.0, 4.9, 4.8, 4.7, 4.6], abs=0.05)


def test_a_long_recording_says_how_much_of_it_is_shown(command: Command, tmp_path: Path) -> None:
    result = command("measure", sweeps_csv(tmp_path / "long.csv", n=60), "--units", "mV")
    assert "50 of 60 stimuli" in result.out


def test_a_sidecar_for_every_file_makes_a_train_of_sweeps(command: Command, tmp_path: Path) -> None:
    sidecar = tmp_path / "settings.toml"
    sidecar.write_text(
        'unit = "mV"\nmuscle = "adm"\ntemperature_degc = 34\nrate_hz = 3\ndrug = "none"\n'
        '[[trains]]\nname = "3 Hz"\nrole = "low rate"\nsweeps = "1-5"\nrate_hz = 3\nintensity = 1.2\n'
        "rest_before_s = 180\n",
        encoding="utf-8",
    )
    result = command("measure", sweeps_csv(tmp_path / "train.csv"), "--sidecar", sidecar)
    assert result.code == 0
    assert "3 Hz" in result.out
    assert "decrement, 3 Hz: 1 to 4" in result.out


def test_cursors_are_written_moved_and_kept(command: Command, tmp_path: Path) -> None:
    file, cursors = sweeps_csv(tmp_path / "one.csv"), tmp_path / "cursors.csv"
    words = ("measure", file, "--units", "mV")
    assert str(cursors) in command(*words, "--write-cursors", cursors).err
    title, *lines = cursors.read_text(encoding="utf-8").splitlines()
    table = list(csv.DictReader(lines))
    table[0]["onset_ms"] = "3.0000"
    with cursors.open("w", newline="", encoding="utf-8") as stream:
        stream.write(title + "\n")
        writer = csv.DictWriter(stream, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    moved = measured(command(*words, "--cursors", cursors, "--json").json())
    assert moved["onset_ms"][0] == 3.0
    assert moved["moved_by_hand"] == [0]
    assert "not overwritten" in one_sentence(command(*words, "--write-cursors", cursors))
    assert command(*words, "--cursors", cursors, "--write-cursors", cursors).code == 0  # what was moved stays so
    assert measured(command(*words, "--cursors", cursors, "--json").json())["onset_ms"][0] == 3.0


def test_cursors_that_cannot_be_written_do_not_cost_the_report(command: Command, tmp_path: Path) -> None:
    file, out = sweeps_csv(tmp_path / "one.csv"), tmp_path / "report"
    result = command(
        "measure", file, "--units", "mV", "--write-cursors", tmp_path / "absent" / "c.csv", "--out", out, "--json"
    )
    assert result.code == 2
    assert "cursors could not be written" in result.err
    assert (out / "index.html").is_file()


def test_a_misspelt_source_of_stimuli_is_refused_though_sweeps_need_none(command: Command, tmp_path: Path) -> None:
    file = sweeps_csv(tmp_path / "one.csv")
    assert "no source of stimulus times 'banana'" in one_sentence(
        command("measure", file, "--units", "mV", "--stimulus", "banana")
    )
    kept = command("measure", file, "--units", "mV", "--stimulus", "annotations")
    assert kept.code == 0
    assert "where to find stimuli was not needed" in " ".join(kept.out.split())


def test_a_missing_sample_names_its_sweep_as_the_tables_do(command: Command, tmp_path: Path) -> None:
    file = sweeps_csv(tmp_path / "one.csv")
    lines = file.read_text(encoding="utf-8").splitlines()
    cells = lines[200].split(",")
    cells[4] = "NaN"  # the fourth sweep: the first column is time
    lines[200] = ",".join(cells)
    file.write_text("\n".join(lines), encoding="utf-8")
    assert "sweep 4 holds a sample that is not a number" in one_sentence(command("measure", file, "--units", "mV"))


def test_one_cursor_file_is_not_for_two_recordings(command: Command, tmp_path: Path) -> None:
    files = [sweeps_csv(tmp_path / f"{name}.csv") for name in "ab"]
    result = command("measure", *files, "--units", "mV", "--write-cursors", tmp_path / "cursors.csv")
    assert result.code == 2
    assert "belongs to one recording, here are 2" in result.err


@pytest.mark.parametrize("text", ["18-60", "60:18", "18:60:70", "18,5:60", "nan:3", ":"])
def test_a_window_that_is_none_is_refused_with_an_example(command: Command, tmp_path: Path, text: str) -> None:
    line = one_sentence(command("measure", sweeps_csv(tmp_path / "a.csv"), "--units", "mV", f"--window={text}"))
    assert "18:60" in line
