"""The command as a person runs it: in this process where only text matters, in its own where the process does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from endplate.cli.main import main


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Result]


@pytest.fixture(autouse=True)
def no_inherited_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the width that a parent of the test process may have set: output goes to no terminal here."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("LINES", raising=False)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command in this process."""

    def call(*words: str | Path) -> Result:
        capsys.readouterr()
        code = main([str(word) for word in words])
        seen = capsys.readouterr()
        return Result(code, seen.out, seen.err)

    return call


@pytest.fixture
def process() -> Command:
    """Run a command in a process of its own."""

    def call(*words: str | Path, cwd: Path | None = None) -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "endplate.cli.main", *map(str, words)],
            capture_output=True, encoding="utf-8", timeout=120, cwd=cwd, check=False,
            env={**os.environ},  # readline, which pytest loads, tells children a width that Python does not know of
        )  # fmt: skip
        return Result(done.returncode, done.stdout, done.stderr)

    return call


def response(time_ms: np.ndarray, amplitude: float = 5.0) -> np.ndarray:
    """A compound potential with its negative peak at 6 ms, negative as a negative number."""
    return -amplitude * np.exp(-(((time_ms - 6.0) / 1.2) ** 2)) + 0.4 * amplitude * np.exp(
        -(((time_ms - 10.0) / 2.0) ** 2)
    )


def sweeps_csv(path: Path, *, sampling_hz: float = 20_000.0, factor: float = 1.0, decimal: str = ".", sep: str = ",",
               header: bool = True, encoding: str = "utf-8", n: int = 5) -> Path:  # fmt: skip
    """A table of sweeps in columns, written the way a laboratory's program might."""
    time_ms = np.arange(-5.0, 40.0, 1000.0 / sampling_hz)
    noise = np.random.default_rng(1).normal(0, 0.003, (n, time_ms.size))
    columns = [factor * (response(time_ms, 5.0 - 0.1 * k) + noise[k]) for k in range(n)]
    rows = [sep.join(["time (ms)", *(f"sweep {k + 1}" for k in range(n))])] if header else []
    numbers = zip(time_ms, *columns, strict=True)
    rows += [sep.join(f"{value:.8g}".replace(".", decimal) for value in row) for row in numbers]
    path.write_text("\n".join(rows) + "\n", encoding=encoding)
    return path


def one_sentence(result: Result, *, code: int = 2) -> str:
    """Assert that a command failed with one clear line on stderr and no traceback, and return the line."""
    assert result.code == code
    lines = [line for line in result.err.splitlines() if line.strip()]
    assert len(lines) == 1, result.err
    assert "Traceback" not in result.err
    assert lines[0].startswith("Error: ")
    assert lines[0].endswith((".", "?", "--help"))
    return lines[0]
