"""`endplate activezone`: every verb, and every bad word answered in one sentence with exit code 2."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from endplate.cli.main import main
from tests.cli.conftest import Command, one_sentence

QUICK = ("--trials", "6")


@pytest.fixture
def thin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave PNGs blank and the cloud thin: painting is most of the time."""
    monkeypatch.setattr("endplate.report.activezone.page.png_bytes", lambda drawing: b"\x89PNG blank")
    monkeypatch.setattr("endplate.report.activezone.write.CLOUD_RUNS", 2)


@pytest.mark.parametrize("verb", ["run", "scan", "show", "export"])
def test_help_of_every_verb_shows_examples_that_begin_with_it(command: Command, verb: str) -> None:
    result = command("activezone", verb, "--help")
    assert result.code == 0
    assert f"endplate activezone {verb}" in result.out.split("Example", 1)[1]


def test_help_of_the_group_loads_nothing_heavy() -> None:
    code = (
        "import sys; from endplate.cli.main import main; main(['activezone', 'run', '--help']); "
        "print([m for m in ('numpy','numba','scipy','xarray','matplotlib') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stderr.strip() == "[]"


def test_a_run_says_simulated_what_it_ran_and_the_numbers(command: Command) -> None:
    result = command("activezone", "run", "az4", *QUICK, "--seed", "3")
    assert result.code == 0
    assert "SIMULATED" in result.out
    assert "Active zone AZ4, 6 trials" in result.out
    assert "seed 3" in result.out
    assert "Chance that a vesicle fuses" in result.out


def test_json_of_a_run_is_the_same_for_any_number_of_threads(command: Command) -> None:
    words = ("activezone", "run", "az4", "--trials", "20", "--rule", "energy", "--json")
    one, two = command(*words, "--threads", "1"), command(*words, "--threads", "2")
    assert one.out == two.out
    assert json.loads(one.out)["simulated"] is True
    assert json.loads(one.out)["about"]["rule"] == "fuses by the energy rule"


def test_a_run_can_be_changed_and_driven_by_a_train(command: Command) -> None:
    found = command("activezone", "run", "az4", *QUICK, "--with", "channels=0", "--train", "3@100", "--json").json()
    assert found["ions"] == 0.0
    assert found["probability"] == 0.0
    assert found["latency_ms"] is None


@pytest.mark.usefixtures("thin")
def test_a_run_writes_page_pictures_and_tables(command: Command, tmp_path: Path) -> None:
    result = command("activezone", "run", "az4", *QUICK, "--out", tmp_path / "zone")
    assert result.code == 0
    assert f"Open {tmp_path / 'zone' / 'index.html'}" in result.err
    names = {file.name for file in (tmp_path / "zone").iterdir()}
    assert {"index.html", "trials.csv", "traces.csv", "trials.nc", "latency.svg", "manifest.json"} <= names


def test_a_run_goes_on_where_it_ended(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "trials.npz"
    whole = command("activezone", "run", "az4", "--trials", "12", "--json")
    assert command("activezone", "run", "az4", "--trials", "5", "--resume", file).code == 0
    resumed = command("activezone", "run", "az4", "--trials", "12", "--resume", file, "--json")
    assert resumed.json() == whole.json()


@pytest.mark.parametrize(
    ("words", "part"),
    [(("--with", "calcium=1"), "other parameters"), (("--seed", "9"), "seed"), (("--engine", "fast"), "engine")],
)
def test_a_file_of_other_trials_is_refused_and_stays_as_it_is(
    command: Command, tmp_path: Path, words: tuple[str, ...], part: str
) -> None:
    file = tmp_path / "trials.npz"
    assert command("activezone", "run", "az4", "--trials", "2", "--resume", file).code == 0
    before = file.read_bytes()
    line = one_sentence(command("activezone", "run", "az4", "--trials", "4", "--resume", file, *words))
    assert part in line
    assert "Nothing was changed" in line
    assert file.read_bytes() == before


@pytest.mark.usefixtures("thin")
def test_a_scan_prints_a_row_for_each_point_and_writes_them(command: Command, tmp_path: Path) -> None:
    out = tmp_path / "scan"
    words = ("--over", "channels=0..2", "--over", "broadening=1..2", "--out", out)
    result = command("activezone", "scan", "az4", *QUICK, *words)
    assert result.code == 0
    rows = (out / "scan.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 7
    assert rows[0].startswith("channels,broadening,trials")
    assert "SIMULATED" in result.out


def test_json_of_a_scan_has_settings_and_errors(command: Command) -> None:
    found = command("activezone", "scan", "az4", *QUICK, "--over", "calcium=1,2", "--json").json()
    assert [point["settings"] for point in found["points"]] == [{"calcium": 1.0}, {"calcium": 2.0}]
    assert all(point["ions_error"] is not None for point in found["points"])


def test_show_lists_the_cases_and_says_from_where_the_numbers_of_one_are(command: Command) -> None:
    listed = command("activezone", "show")
    assert listed.code == 0
    for name in ("az4", "mouse", "human_zone", "frog_double_row"):
        assert name in listed.out
    one = command("activezone", "show", "human_zone")
    assert "assumed" in one.out
    assert "fingerprint" in one.out


@pytest.mark.usefixtures("thin")
def test_show_draws_the_zone_when_asked(command: Command, tmp_path: Path) -> None:
    out = tmp_path / "zone"
    assert command("activezone", "show", "az4", "--at", "0.9", "--at", "0.6", "--trial", "2", "--out", out).code == 0
    assert {"zone-1.svg", "zone-2.svg", "index.html"} <= {file.name for file in out.iterdir()}
    assert "0.60 ms" in (out / "zone-1.svg").read_text(encoding="utf-8")


@pytest.mark.usefixtures("thin")
def test_the_film_is_a_page_and_a_gif(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("endplate.cli.activezone.FILM_TRIALS", 8)
    monkeypatch.setattr("endplate.report.activezone.film.FRAME_MS", 0.2)
    out = tmp_path / "film"
    assert command("activezone", "show", "az4", "--film", "--out", out).code == 0
    assert (out / "film.gif").read_bytes().startswith(b"GIF89a")
    assert "SIMULATED" in (out / "film.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("to", "file"), [("mcell", "az4.mdl"), ("smoldyn", "az4.txt"), ("vtk", "az4-vesicles.vtp")])
def test_export_writes_for_each_program(command: Command, tmp_path: Path, to: str, file: str) -> None:
    result = command("activezone", "export", "az4", "--to", to, "--out", tmp_path / "model")
    assert result.code == 0
    assert (tmp_path / "model" / file).is_file()
    assert "wrote" in result.err


def test_export_to_paraview_can_be_a_film(command: Command, tmp_path: Path) -> None:
    out = tmp_path / "vtk"
    assert command("activezone", "export", "az4", "--to", "vtk", "--every", "1000", "--out", out).code == 0
    assert len(list(out.glob("az4-ions-*.vtp"))) == 4


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("run", "az5"), "did you mean az4?"),
        (("run", "absent.toml"), "absent.toml"),
        (("run", "az4", "--trials", "0"), "at least 1"),
        (("run", "az4", "--threads", "0"), "at least 1"),
        (("run", "az4", "--engine", "slow"), "--engine"),
        (("run", "az4", "--rule", "0"), "from 1, or energy"),
        (("run", "az4", "--rule", "energie"), "from 1, or energy"),
        (("run", "az4", "--with", "calcium=-1"), "[0, 100]"),
        (("run", "az4", "--with", "calcium"), "such as channels=2"),
        (("run", "az4", "--with", "calcium=0,5"), "decimal point"),
        (("run", "az4", "--with", "chanels=2"), "did you mean channels?"),
        (("run", "az4", "--with", "channels=9"), "it cannot keep 9"),
        (("run", "az4", "--with", "calcium=1", "--with", "calcium=2"), "twice"),
        (("run", "az4", "--train", "10"), "such as 10@50"),
        (("run", "az4", "--train", "10@fast"), "such as 10@50"),
        (("run", "az4", "--train", "0@50"), "at least 1 impulse"),
        (("scan", "az4"), "something to vary"),
        (("scan", "az4", "--over", "channels=4..0"), "must rise"),
        (("scan", "az4", "--over", "broadening=1..3:0"), "step above 0"),
        (("scan", "az4", "--over", "broadening=1..3:0.001"), "more than 200 values"),
        (("scan", "az4", "--over", "broadening=a..b"), "broadening=1..3:0.5"),
        (("scan", "az4", "--over", "channels=0..9"), "it cannot keep 5"),
        (("scan", "az4", "--over", "channels=1", "--over", "channels=2"), "twice"),
        (("show", "az4", "--film"), "--out FOLDER"),
        (("show", "az4", "--trial", "-1", "--out", "x"), "0 or more"),
        (("export", "az4", "--to", "neuron", "--out", "x"), "--to"),
        (("export", "az4", "--to", "vtk", "--every", "0", "--out", "x"), "record_step_us"),
    ],
)
def test_a_bad_word_is_answered_in_one_sentence(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], part: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert part in one_sentence(command("activezone", *words))
    assert not list(tmp_path.iterdir())


def test_times_outside_the_run_are_refused(command: Command, tmp_path: Path) -> None:
    line = one_sentence_last(command("activezone", "show", "az4", "--at", "9", "--out", tmp_path / "zone"))
    assert "within 0 to 3 ms" in line


def one_sentence_last(result) -> str:  # type: ignore[no-untyped-def]
    """The case was printed already; the error is one sentence all the same."""
    assert result.code == 2
    (line,) = [line for line in result.err.splitlines() if line.startswith("Error: ")]
    return line


CASE = Path("src/endplate/body/activezone/cases/az4.toml")


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("[0.0, -26.0, 35.1]", "[0.0, 10.0, 35.1]", ("overlap",)),
        ("[19.0, 16.0]", "[900.0, 16.0]", ("channel", "box")),
        ("step_ns = 10.0", "step_ns = 500.0", ("500 ns is too large", "at most")),
        ("umolar = 100.0", "umolar = -5.0", ("buffer", "-5")),
        ("external_mmolar = 2.0", "external_mmolar = -2.0", ("calcium", "-2")),
        ("[impulse]\n", '[impulse]\nfile = "volts.csv"\n', ("volts",)),
        ("[impulse]\n", '[impulse]\nfile = "gap.csv"\n', ("gap",)),
        ("[impulse]\n", '[impulse]\nfile = "unordered.csv"\n', ("order of time",)),
    ],
)
def test_a_case_that_cannot_be_is_refused(
    command: Command, tmp_path: Path, before: str, after: str, parts: tuple[str, ...]
) -> None:
    text = (Path(__file__).resolve().parents[2] / CASE).read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "ours.toml").write_text(text.replace(before, after, 1), encoding="utf-8")
    for name, rows in {
        "volts": ("0,-0.06", "0.01,0.03"),
        "gap": ("0,-60", "0.01,-50", "0.05,30", "0.06,0"),
        "unordered": ("0,-60", "0.02,30", "0.01,-50"),
    }.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(["time_ms,voltage_mv", *rows]), encoding="utf-8")
    line = one_sentence(command("activezone", "run", tmp_path / "ours.toml", *QUICK))
    for part in parts:
        assert part in line


def test_a_folder_of_others_is_refused_before_anything_is_run(command: Command, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work", encoding="utf-8")
    line = one_sentence(command("activezone", "run", "az4", "--trials", "1000000", "--out", tmp_path))
    assert "thesis.docx" in line


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("run", "az4", "--rule", "7"), "6 synaptotagmins"),
        (("run", "az4", "--rule", "²"), "--rule"),
        (("run", "az4", "--train", "²@50"), "--train"),
        (("run", "az4", "--with", "rate=20", "--train", "4@50"), "--train"),
        (("run", "az4", "--with", "calcium=2000"), "mM"),
        (("scan", "az4", "--over", "calcium=1", "--with", "calcium=2"), "give it once"),
        (("scan", "az4", "--over", "rate=20", "--train", "4@50"), "--train"),
        (("scan", "az4", "--over", "calcium=1,1"), "twice"),
        (("scan", "sc1", "--over", "calcium=1,2"), "no vesicle"),
    ],
)
def test_what_contradicts_itself_or_cannot_happen_is_refused(
    command: Command, words: tuple[str, ...], part: str
) -> None:
    assert part in one_sentence(command("activezone", *words))


def test_options_of_pictures_are_refused_for_other_programs(command: Command, tmp_path: Path) -> None:
    asked = ("activezone", "export", "az4", "--to", "mcell", "--every", "20", "--out", tmp_path / "model")
    assert "--to vtk" in one_sentence(command(*asked))
    assert not (tmp_path / "model").exists()


def test_a_file_that_is_no_ensemble_stays_as_it_is(command: Command, tmp_path: Path) -> None:
    (tmp_path / "thesis.npz").write_text("years of work", encoding="utf-8")
    line = one_sentence(command("activezone", "run", "az4", *QUICK, "--resume", tmp_path / "thesis.npz"))
    assert "thesis.npz is no ensemble" in line
    assert (tmp_path / "thesis.npz").read_text(encoding="utf-8") == "years of work"


def test_a_case_without_vesicles_runs(command: Command) -> None:
    result = command("activezone", "run", "sc1", *QUICK)
    assert result.code == 0
    assert "no vesicle" in result.out


def test_a_run_that_is_stopped_says_where_its_trials_are(tmp_path, monkeypatch, capsys):
    kept = tmp_path / "trials.npz"

    def stopped(*_, **__):
        kept.write_bytes(b"trials so far")
        raise KeyboardInterrupt

    module = importlib.import_module("endplate.body.activezone.simulate")
    monkeypatch.setattr(module, "simulate", stopped)
    assert main(["activezone", "run", "az4", "--trials", "5", "--resume", str(kept)]) == 130
    said = " ".join(capsys.readouterr().err.split())
    assert "the trials so far are kept in" in said
    assert "nothing was written" not in said
