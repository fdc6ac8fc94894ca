"""Shell completion: the names of persons, muscles, protocols and drugs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from endplate.body.muscle import describe, muscles
from endplate.cli import complete
from tests.cli.conftest import Command


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("endplate exam lems-s", ["lems-subclinical", "lems-severe"]),
        ("endplate exam lems --muscle ad", ["adm"]),
        ("endplate exam lems --protocol sfemg-v", ["sfemg-voluntary"]),
        ("endplate exam lems --drug pyrido", ["pyridostigmine"]),
        ("endplate exam lems --reference-set cz", ["czech-2014"]),
        ("endplate compare mg-s", ["mg-severe"]),
    ],
)
def test_the_shell_is_offered_names(typed: str, offered: list[str]) -> None:
    environment = {**os.environ, "_ENDPLATE_COMPLETE": "complete_bash", "COMP_WORDS": typed,
                   "COMP_CWORD": str(len(typed.split()) - 1)}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from endplate.cli.main import main; sys.exit(main())"],
        capture_output=True, encoding="utf-8", env=environment, check=False,
    )  # fmt: skip
    words = done.stdout.split()
    assert len(words) == len(offered)
    for name in offered:
        assert any(word.startswith(name) for word in words)


def test_muscles_are_completed_from_the_file_that_the_muscle_room_reads() -> None:
    assert complete.muscles("") == [(key, describe(key).label) for key in muscles()]


def test_parameters_and_rooms_are_completed() -> None:
    assert ("quantal_size_mv", "body/junction") in complete.parameters("quantal")


def test_installing_completion_is_offered(command: Command) -> None:
    assert "--install-completion" in command("--help").out
