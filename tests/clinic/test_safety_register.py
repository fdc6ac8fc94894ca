"""The register of hazards and the trace: every control has its test, and every row its place."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from endplate.clinic.knowledge.rows import rows
from endplate.clinic.safety import hazards
from endplate.clinic.safety.hazards import FILE, read_register
from endplate.clinic.safety.trace import counts, trace
from endplate.foundation.errors import DataError, InputError

TESTS = Path(__file__).parents[1]


def _tests_of(file: Path) -> set[str]:
    found = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(found) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", list(hazards()))
def test_the_test_of_every_control_exists(name: str) -> None:
    for one in hazards()[name].tests:
        file, _, test = one.partition("::")
        assert test in _tests_of(TESTS.parent / file), one


def test_the_seventeen_hazards_of_the_facts_are_all_there() -> None:
    assert {f"H{number}" for number in range(1, 18)} <= set(hazards())


def test_only_controls_that_need_the_site_wait_for_it() -> None:
    assert {name for name, one in hazards().items() if one.waits} == {"H7", "H8", "H9", "H15"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("severity: critical", "severity: huge"),
        ("status: waits for the site", "status: later"),
        ("    control: ", "    controll: "),
        ("tests/clinic/test_risk.py::test_an_ex", "tests/clinic/test_risk.py "),
        ("hazards:\n", "hazards: [\n"),
    ],
)
def test_an_entry_that_cannot_be_trusted_is_refused(old: str, new: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(DataError, match=r"hazards\.yaml"):
        read_register(text.replace(old, new, 1))


def test_every_row_is_traced_once_and_what_does_not_wait_is_embodied() -> None:
    found = trace(TESTS)
    assert [one.row.id for one in found] == list(rows())
    assert sum(counts(found).values()) == len(rows()) == 194
    for one in found:
        assert one.row.waits or one.row.embodied_by, one.row.id


def test_every_statement_of_the_rows_is_held_by_a_test() -> None:
    without = [one.row.id for one in trace(TESTS) if one.row.is_statement and one.status != "tested"]
    assert without == []


def test_a_folder_without_tests_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--tests FOLDER"):
        trace(tmp_path)
