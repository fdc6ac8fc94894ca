"""The front door: what make says before it can do anything, and the server of reports."""

import os
import subprocess
import threading
import tomllib
import urllib.request
from pathlib import Path

import pytest

from tools import serve

REPOSITORY = Path(__file__).resolve().parents[2]
LOCKS = ("core", "dev", "build")


def _make(folder, *arguments):
    # a make that runs these tests must not hand its own settings down
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", "--no-print-directory", "-C", str(folder), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def bare(tmp_path):
    """A folder with the Makefile and no .venv."""
    (tmp_path / "Makefile").write_text((REPOSITORY / "Makefile").read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("arguments", [(), ("help",)])
def test_make_alone_lists_the_verbs(bare, arguments):
    done = _make(bare, *arguments)
    assert done.returncode == 0
    for verb in ("run", "test", "lint", "bench", "docs", "serve", "lock", "clean"):
        assert f"make {verb}" in done.stdout


def test_a_missing_python_is_said_in_one_sentence(bare):
    done = _make(bare, "serve", "PYTHON=python-that-is-not-here")
    assert done.returncode != 0
    assert "There is no 'python-that-is-not-here' here. Install Python 3.11 or newer" in done.stderr
    assert not (bare / ".venv").exists()


def test_an_old_python_is_said_with_its_version(bare):
    old = bare / "old-python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && { echo "Python 3.9.2"; exit 0; }\nexit 1\n', encoding="utf-8")
    old.chmod(0o755)
    done = _make(bare, "serve", f"PYTHON={old}")
    assert "is Python 3.9.2, but Endplate needs 3.11 or newer" in done.stderr
    assert not (bare / ".venv").exists()


def test_a_python_without_venv_is_said_and_leaves_nothing_behind(bare):
    crippled = bare / "crippled-python"
    crippled.write_text(
        '#!/bin/sh\n[ "$1" = -m ] && { mkdir -p .venv/bin; exit 1; }\necho Python 3.12.0\nexit 0\n', encoding="utf-8"
    )
    crippled.chmod(0o755)
    done = _make(bare, "serve", f"PYTHON={crippled}")
    assert "apt install python3-venv" in done.stderr
    assert not (bare / ".venv").exists()


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes_and_no_address(name):
    text = (REPOSITORY / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = [entry for entry in text.replace("\\\n", " ").splitlines() if entry.strip() and entry[0] not in "# "]
    assert entries
    for entry in entries:
        assert "==" in entry.split()[0]
        assert "--hash=sha256:" in entry, entry[:60]
    assert "://" not in text
    assert "/opt" not in text


def _pins(name):
    text = (REPOSITORY / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return dict(line.split(" ")[0].split("==") for line in text.splitlines() if line[:1].isalnum())


def test_the_locks_agree_and_dev_holds_all_of_core():
    core, dev, build = (_pins(name) for name in LOCKS)
    assert core.items() <= dev.items()
    assert all(dev.get(package, version) == version for package, version in build.items())


def test_the_locks_hold_every_dependency_and_build_tool_of_the_project():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))

    def names(requirements):
        return {requirement.split(">=")[0].lower() for requirement in requirements}

    assert names(project["project"]["dependencies"]) <= set(_pins("core"))
    assert names(project["project"]["optional-dependencies"]["dev"]) <= set(_pins("dev"))
    assert names(project["build-system"]["requires"]) <= set(_pins("build"))


def test_serve_says_when_there_is_no_report(tmp_path, capsys):
    assert serve.main([str(tmp_path / "endplate-report")]) == 2
    assert "make one with 'make run'" in capsys.readouterr().err


def test_serve_shows_the_report_to_this_machine_only(tmp_path):
    (tmp_path / "index.html").write_text("SIMULATED", encoding="utf-8")
    with serve.open_server(tmp_path, 0) as server:
        assert server.server_address[0] == "127.0.0.1"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/") as answer:
            assert answer.read() == b"SIMULATED"
        server.shutdown()
        thread.join()


def test_serve_takes_a_free_port_when_its_own_is_taken(tmp_path):
    with serve.open_server(tmp_path, 0) as first, serve.open_server(tmp_path, first.server_port) as second:
        assert first.server_port != second.server_port
