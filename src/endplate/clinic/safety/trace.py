"""Trace: from each row of what the product must say and do, to what embodies it, to the tests that hold that.

A test file holds a thing when it names it: it imports the room that the thing stands in, or names the row
itself. That is weaker than a test written for the row alone, and the table says which of the two it found.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from endplate.clinic.knowledge.rows import Row, rows
from endplate.foundation.errors import InputError

_ROOM_OF_KIND: Final[Mapping[str, str]] = {
    "claim": "endplate.clinic.knowledge.claims",
    "data": "endplate.clinic.knowledge",
    "simulator": "endplate.change",
}


@dataclass(frozen=True, slots=True)
class Traced:
    """One row, what embodies it, and the test files that hold that."""

    row: Row
    rules: tuple[str, ...]
    tests: tuple[str, ...]
    tests_of_the_row: tuple[str, ...]

    @property
    def status(self) -> str:
        """Return tested, embodied without a test, or waits for the site."""
        if self.row.waits:
            return "waits for the site"
        return "tested" if self.tests or self.tests_of_the_row else "embodied, no test found"


def trace(tests: Path) -> tuple[Traced, ...]:
    """Return every row with its tests.

    Parameters
    ----------
    tests
        The folder ``tests`` of the repository; an installed package does not carry it.

    Raises
    ------
    InputError
        If there is no such folder.
    """
    if not (tests / "clinic").is_dir():
        raise InputError(f"{tests} is not the folder of tests of the repository. Name it with --tests FOLDER.")
    imports, texts = _read(tests)
    return tuple(_traced(row, imports, texts) for row in rows().values())


def counts(found: tuple[Traced, ...]) -> dict[str, int]:
    """Return how many rows have each status."""
    statuses = [one.status for one in found]
    return {status: statuses.count(status) for status in dict.fromkeys(sorted(statuses))}


def _read(tests: Path) -> tuple[dict[str, frozenset[str]], dict[str, str]]:
    """Return what each test file imports, and its text, by its name inside the repository."""
    imports, texts = {}, {}
    for file in sorted(tests.rglob("test_*.py")):
        if "node_modules" in file.parts:
            continue
        name, text = f"tests/{file.relative_to(tests).as_posix()}", file.read_text(encoding="utf-8")
        texts[name], imports[name] = text, _imported(text)
    return imports, texts


def _imported(text: str) -> frozenset[str]:
    """Return every module that a file imports, with the names taken out of it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(found)


def _traced(row: Row, imports: Mapping[str, frozenset[str]], texts: Mapping[str, str]) -> Traced:
    wanted = {module for one in row.embodied_by for module in (_module(one),) if module}
    held = tuple(
        name
        for name, modules in imports.items()
        if any(one == module or one.startswith(f"{module}.") for one in modules for module in wanted)
    )
    named = tuple(name for name, text in texts.items() if f'"{row.id}"' in text)
    return Traced(row, row.named("rule"), held, named)


def _module(embodied: str) -> str:
    kind, _, name = embodied.partition(":")
    if kind == "rule":
        return f"endplate.clinic.{name.partition('/')[0]}"
    if kind == "verb":
        return {"lint-page": "endplate.clinic.lint_page"}.get(name, f"endplate.cli.clinic_verbs.{name}")
    return _ROOM_OF_KIND.get(kind, "")
