"""Every ending of a command: done, bad input, a fault of ours, stopped, nobody reads."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import endplate.foundation.rules
from endplate import __version__
from tests.cli.conftest import Command, one_sentence

ENDPLATE = f"{shlex.quote(sys.executable)} -m endplate.cli.main"


def test_version_is_said_and_nothing_else(command: Command) -> None:
    result = command("--version")
    assert (result.code, result.out, result.err) == (0, f"endplate {__version__}\n", "")


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "endplate", "--version"], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout == f"endplate {__version__}\n"


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",)])
def test_help_names_every_verb(command: Command, words: tuple[str, ...]) -> None:
    result = command(*words)
    assert result.code == 0
    for verb in ("exam", "measure", "compare", "run", "activezone", "persons", "muscles", "protocols", "drugs", "rules",
                 "reference-sets", "parameters", "schema"):  # fmt: skip
        assert f" {verb} " in result.out


@pytest.mark.parametrize("verb", ["exam", "measure", "compare", "run", "activezone", "persons", "muscles", "protocols",
                                  "drugs", "rules", "reference-sets", "parameters", "schema"])  # fmt: skip
def test_help_of_every_verb_shows_examples(command: Command, verb: str) -> None:
    result = command(verb, "--help")
    assert result.code == 0
    assert "Example" in result.out
    assert f"endplate {verb}" in result.out.split("Example", 1)[1]


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from endplate.cli.main import main; main(['--help']); "
        "print([m for m in ('numpy','numba','scipy','xarray','matplotlib') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("exm",), "Did you mean 'exam'?"),
        (("exam",), "Missing argument 'PERSON'"),
        (("exam", "lems", "--musle", "adm"), "--muscle"),
        (("exam", "lems", "--seed", "x"), "--seed"),
        (("exam", "lems", "--recording", "mp3"), "--recording"),
    ],
)
def test_a_wrong_word_is_told_in_one_sentence_with_the_help_that_fits(
    command: Command, words: tuple[str, ...], part: str
) -> None:
    line = one_sentence(command(*words))
    assert part in line
    assert "--help" in line


def test_an_error_of_input_has_no_traceback_in_a_real_process(process: Command) -> None:
    result = process("rules", "increment-koehler")
    assert "did you mean increment-kohler?" in one_sentence(result)
    assert result.out == ""


@pytest.mark.parametrize("words", [("--debug", "rules", "nothing-such"), ("rules", "nothing-such", "--debug")])
def test_debug_shows_the_traceback_wherever_it_stands(process: Command, words: tuple[str, ...]) -> None:
    result = process(*words)
    assert result.code == 2
    assert "Traceback" in result.err
    assert "UnknownNameError" in result.err
    assert result.err.strip().splitlines()[-1].startswith("Error: no rule 'nothing-such'")


def _breaks(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def broken() -> None:
        raise error

    monkeypatch.setattr(endplate.foundation.rules, "rules", broken)


def test_a_fault_of_ours_apologises_and_says_how_to_report(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    _breaks(monkeypatch, ZeroDivisionError("the middle of nowhere"))
    result = command("rules")
    assert result.code == 70
    assert len(result.err.splitlines()) == 1
    assert result.err.startswith("Sorry")
    assert "ZeroDivisionError: the middle of nowhere" in result.err
    assert "--debug" in result.err
    assert "Traceback" in command("rules", "--debug").err


def test_an_interrupt_says_that_nothing_was_written(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    _breaks(monkeypatch, KeyboardInterrupt())
    result = command("rules")
    assert (result.code, result.out, result.err) == (130, "", "stopped; nothing was written\n")


def test_a_machine_out_of_memory_is_told_what_to_take_less_of(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    _breaks(monkeypatch, MemoryError())
    assert "--fibres" in one_sentence(command("rules"))


def test_what_the_system_refuses_names_the_file(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    _breaks(monkeypatch, PermissionError(13, "Permission denied", "/somewhere/rules.toml"))
    line = one_sentence(command("rules"))
    assert "/somewhere/rules.toml: Permission denied" in line


@pytest.mark.parametrize("words", ["parameters", "parameters --json", "schema", "rules"])
def test_a_reader_that_goes_away_is_no_error(words: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "endplate.cli.main", *words.split()],
        stdout=writer, stderr=subprocess.PIPE, encoding="utf-8", check=False,
    )  # fmt: skip
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_behind_the_output_is_told() -> None:
    done = subprocess.run(
        ["bash", "-c", f"{ENDPLATE} rules > /dev/full"], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("Error: the output could not be written: No space left on device")
    assert len(done.stderr.splitlines()) == 1


def test_a_terminal_without_our_letters_still_gets_its_table() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    for words in ("reference-sets stalberg-2016", "reference-sets --json"):
        done = subprocess.run(
            [sys.executable, "-m", "endplate.cli.main", *words.split()],
            capture_output=True,
            env=environment,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.isascii()


def test_ctrl_c_stops_a_long_examination(tmp_path: Path) -> None:
    out = tmp_path / "report"
    words = ["exam", "lems", "--seeds", "200", "--fibres", "800", "--out", str(out)]
    with subprocess.Popen(
        [sys.executable, "-m", "endplate.cli.main", *words], stderr=subprocess.PIPE, stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as running:  # fmt: skip
        assert running.stderr is not None
        assert running.stderr.readline().startswith("Examining lems")  # it has begun
        time.sleep(0.2)
        running.send_signal(signal.SIGINT)
        said, errors = running.communicate(timeout=60)
    assert running.returncode == 130
    assert errors.strip() == "stopped; nothing was written"
    assert said == ""
    assert not out.exists()
