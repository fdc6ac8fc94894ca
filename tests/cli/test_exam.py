"""`endplate exam`, `compare` and `run`, on few fibres: what is told, written and left behind."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from endplate.cli import outputs, run
from endplate.cli.compare import Difference, differences, examine_pairs, over_seeds
from endplate.cli.spec import parse_spec
from endplate.exam.recording import load_recording
from endplate.foundation.errors import InputError
from endplate.report import schema
from tests.cli.conftest import Command, one_sentence

FEW = ("--fibres", "800")


def test_an_examination_is_told_as_simulated_with_findings_rules_and_sources(command: Command) -> None:
    result = command("exam", "lems", *FEW, "--seeds", "2", "--reference-set", "czech-2014")
    assert result.code == 0
    assert "SIMULATED" in result.out
    words = " ".join(result.out.split())
    for part in ("abductor digiti minimi", "34 °C", "seed 1 to 2", "increment-kohler", "Kohler2018", "decrement-aaem",
                 "supports", "range over 2 seeds", "no diagnosis", "--all shows every", "Kim 1988"):  # fmt: skip
        assert part in words
    assert result.err in ("", "Examining lems, adm, protocol lems, 2 seeds\n")  # only what takes long is announced


def test_json_holds_nothing_but_json_and_fits_the_published_schema(process: Command) -> None:
    result = process("exam", "mg", "--protocol", "reflex", *FEW, "--seeds", "2", "--json", "--seed", "7")
    assert result.code == 0
    found = result.json()
    jsonschema.validate(found, schema())
    assert found["examinations"][0]["simulated"] is True
    assert found["examinations"][0]["provenance"]["seed"] == "7 to 8"
    findings = found["examinations"][0]["studies"][0]["findings"]
    assert any(one["interval"] is not None for one in findings)


def test_the_same_command_gives_the_same_numbers_and_another_seed_gives_others(command: Command) -> None:
    words = ("exam", "healthy", "--protocol", "reflex", *FEW, "--seeds", "1", "--json")
    one, again, other = command(*words).out, command(*words).out, command(*words, "--seed", "9").out
    assert one == again
    assert one != other


@pytest.mark.parametrize(
    ("protocol", "muscle", "part"),
    [
        ("sfemg-stimulated", "extensor_digitorum", "End-plate"),
        ("strength", "adm", "Force, N"),
        ("ncs", "fdi", "maximal"),
    ],
)
def test_every_kind_of_protocol_has_its_table(command: Command, protocol: str, muscle: str, part: str) -> None:
    result = command("exam", "healthy", "--protocol", protocol, "--muscle", muscle, *FEW, "--seeds", "1", "--all")
    assert result.code == 0
    assert part in result.out


def test_pitfalls_are_shown_side_by_side(command: Command) -> None:
    shown = command("exam", "lems", "--protocol", "pitfalls", *FEW, "--seeds", "1").out
    for name in ("as it should be", "cold", "submaximal", "poor effort", "read late", "on amifampridine"):
        assert any(line.startswith(name) for line in shown.splitlines())


def test_a_drug_by_another_name_is_on_board(command: Command) -> None:
    result = command("exam", "lems", "--drug", "firdapse:20mg", "--drug", "mestinon:60mg", "--protocol", "reflex", *FEW,
                     "--seeds", "1", "--json")  # fmt: skip
    (one,) = result.json()["examinations"]
    assert [change.split(":")[0] for change in one["changes"]][1:] == ["amifampridine", "pyridostigmine"]
    assert "pyridostigmine 60 mg" in one["conditions"]["Drug"]


def test_a_report_holds_the_page_and_the_recording_as_edf_that_measures_the_same(
    command: Command, tmp_path: Path
) -> None:
    out = tmp_path / "report"
    words = ("exam", "lems", "--protocol", "reflex", *FEW, "--seeds", "1", "--out", out)
    result = command(*words, "--json")
    assert result.code == 0
    assert result.err.splitlines()[-1] == f"Open {out / 'index.html'}"
    assert "SIMULATED" in (out / "index.html").read_text(encoding="utf-8")
    (edf,) = out.glob("recording-*.edf")
    assert load_recording(edf).simulated
    again = command("measure", edf, "--json").json()
    first, second = (_amplitudes(found) for found in (result.json(), again))
    np.testing.assert_allclose(second, first, atol=0.01)  # 16 bits
    assert again["examinations"][0]["simulated"] is True
    assert command(*words).code == 0  # an unchanged report of ours is replaced


def _amplitudes(found: dict) -> np.ndarray:
    (measured,) = found["examinations"][0]["studies"][0]["measurements"]
    return np.array(measured["amplitude_mv"])


def test_a_recording_that_edf_cannot_hold_is_named_and_the_report_is_written(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from endplate.exam.recording import edf_write

    monkeypatch.setattr(edf_write, "MAX_FILE_BYTES", 1000)
    out = tmp_path / "report"
    result = command("exam", "healthy", "--protocol", "reflex", *FEW, "--seeds", "1", "--out", out)
    assert result.code == 0
    assert "is missing from the report" in result.err
    assert "Write .nc" in result.err
    assert (out / "index.html").is_file()


def test_a_person_and_a_protocol_of_ones_own(command: Command, tmp_path: Path) -> None:
    person, protocol = tmp_path / "anna.toml", tmp_path / "ours.toml"
    command("persons", "--write", person)
    command("protocols", "reflex", "--write", protocol)
    result = command("exam", person, "--protocol", protocol, *FEW, "--seeds", "1", "--json")
    assert result.json()["examinations"][0]["person"] == "anna"


def test_a_comparison_is_paired_by_seed_and_fits_the_schema(command: Command, tmp_path: Path) -> None:
    out = tmp_path / "report"
    words = ("compare", "lems", "lems+amifampridine:20mg,3/day,steady", "--protocol", "reflex", *FEW, "--seeds", "3")
    result = command(*words, "--json", "--out", out)
    found = result.json()
    jsonschema.validate(found, schema())
    assert [one["provenance"]["seed"] for one in found["examinations"]] == ["1 to 3", "1 to 3"]
    rest = next(row for row in found["comparison"] if row["kind"] == "low amplitude")
    assert rest["difference"] == pytest.approx(rest["other"] - rest["first"])
    assert rest["interval"][0] > 0  # the drug helps in each of the pairs
    assert (out / "index.html").is_file()
    shown = command(*words).out
    assert "against LEMS" in shown
    assert "range over 3 seeds" in shown


def test_a_person_against_itself_differs_by_nothing() -> None:
    settings = {"protocol": "reflex", "muscle": "adm", "n_fibres": 800, "reference_set": None}
    runs = examine_pairs([parse_spec("mg"), parse_spec("mg")], settings, seed=4, seeds=2, show=lambda what, share: None)
    rows = differences(runs[0], runs[1], everything=True)
    assert rows
    assert all(isinstance(row, Difference) and row.difference == 0.0 and row.interval == (0.0, 0.0) for row in rows)
    assert over_seeds(runs[0]).provenance["seed"] == "4 to 5"
    assert over_seeds(runs[0][:1]) is runs[0][0]


def test_a_comparison_needs_two_and_whole_words(command: Command) -> None:
    assert "needs at least two" in one_sentence(command("compare", "lems"))
    with pytest.raises(InputError, match="empty part"):
        parse_spec("lems+")


def test_a_file_with_a_plus_in_its_name_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "anna+drug.toml"
    file.write_text("", encoding="utf-8")
    assert parse_spec(str(file)).person == str(file)


def test_the_main_job_writes_one_report_of_five_and_tells_where(command: Command, tmp_path: Path,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(run, "QUICK_FIBRES", 800)
    monkeypatch.chdir(tmp_path)
    result = command("run", "--quick", "--seeds", "1")
    assert result.code == 0
    assert result.err.splitlines()[-1] == f"Open {Path('endplate-report') / 'index.html'}"
    for name in ("Healthy", "LEMS", "LEMS, amifampridine", "MG", "(recorded)"):
        assert name in result.out
    found = json.loads((tmp_path / "endplate-report" / "report.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, schema())
    assert [one["simulated"] for one in found["examinations"]] == [True, True, True, True, False]


def test_the_main_job_says_so_when_the_real_recording_is_missing(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "QUICK_FIBRES", 800)
    monkeypatch.setattr(run, "JOBS", run.JOBS[:1])
    monkeypatch.setattr(run, "example_file", lambda: None)
    result = command("run", "--quick", "--seeds", "1", "--out", tmp_path / "report", "--json")
    assert result.code == 0
    assert "was left out" in result.err
    assert len(result.json()["examinations"]) == 1


def test_the_real_recording_is_found_where_a_package_was_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib import metadata

    from endplate.foundation import parameters

    beside = run.example_file()
    assert beside is not None
    info = tmp_path / "site" / "endplate-1.dist-info"
    info.mkdir(parents=True)
    target = tmp_path / "share" / "endplate" / "examples" / run.EXAMPLE / beside.name
    target.parent.mkdir(parents=True)
    target.write_bytes(beside.read_bytes())
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: endplate\nVersion: 1\n", encoding="utf-8")
    (info / "RECORD").write_text(f"../{target.relative_to(tmp_path).as_posix()},,\n", encoding="utf-8")
    monkeypatch.setattr(parameters, "PACKAGE", tmp_path / "site" / "endplate")
    monkeypatch.setattr(metadata, "files", lambda name: metadata.PathDistribution(info).files)
    found = run.example_file()
    assert found is not None
    assert found.resolve() == target.resolve()


def test_stems_of_files_are_safe() -> None:
    assert outputs.file_stem("../ä b/c") == "b-c"
    assert outputs.file_stem("///") == "recording"
