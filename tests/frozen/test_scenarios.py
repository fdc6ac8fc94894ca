"""Frozen outputs: a tripwire, no reference. A change needs a note in changes/ with before and after."""

import importlib.util
import json
from pathlib import Path

import pytest

from endplate.change.presets import presets

HERE = Path(__file__).parent
FROZEN = json.loads((HERE / "scenarios.json").read_text(encoding="utf-8"))
spec = importlib.util.spec_from_file_location("freeze", HERE.parents[1] / "studies" / "freeze.py")
freeze = importlib.util.module_from_spec(spec)
spec.loader.exec_module(freeze)


def test_every_preset_is_frozen():
    assert set(FROZEN) == set(presets())


@pytest.mark.parametrize("person", FROZEN)
def test_a_preset_gives_the_numbers_that_were_written_down(person):
    # 2 %: another processor may round one fibre near its threshold to the other side
    assert freeze.scenario(person) == pytest.approx(FROZEN[person], rel=0.02, abs=0.02), (
        "the numbers of a preset moved: if that is meant, run studies/freeze.py and say why, with the numbers "
        "before and after, in changes/NAME.numbers.md"
    )
