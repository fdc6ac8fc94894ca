"""Progress: a bar where somebody watches, one line in the log of a long job, nothing of a short one."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from endplate.cli import console


def test_somebody_who_watches_sees_a_bar_with_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(console, "err", lambda: Console(file=screen, force_terminal=True, width=100))
    with console.progress("Examining lems") as show:
        show("3 Hz, rest", 0.4)
    assert "Examining lems" in screen.getvalue()
    assert "3 Hz, rest" in screen.getvalue()


def test_a_log_is_told_of_long_work_once_and_of_short_work_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now_s = [100.0]
    monkeypatch.setattr(console.time, "monotonic", lambda: now_s[0])
    with console.progress("short") as show:
        show("step", 0.5)
    with console.progress("long") as show:
        now_s[0] += 5.0
        show("step", 0.5)
        show("step", 0.9)
    assert capsys.readouterr().err == "long\n"
