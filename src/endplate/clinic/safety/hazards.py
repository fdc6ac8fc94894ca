"""Hazards: the register, read and checked; a control without a test, and without waiting for the site, is refused."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from endplate.foundation.errors import DataError, InputError

FILE: Final = Path(__file__).with_name("hazards.yaml")
SEVERITIES: Final = ("minor", "serious", "critical")
PROBABILITIES: Final = ("rare", "possible", "likely")
WAITS: Final = "waits for the site"
_NEEDED: Final = ("title", "harm", "severity", "probability", "control")


@dataclass(frozen=True, slots=True)
class Hazard:
    """One hazard and what controls it; `tests` is empty only where the control waits for the site."""

    id: str
    title: str
    harm: str
    severity: str
    probability: str
    control: str
    tests: tuple[str, ...]

    @property
    def waits(self) -> bool:
        """Whether its control needs the site, which is not there yet."""
        return not self.tests


@functools.cache
def hazards() -> Mapping[str, Hazard]:
    """Return the register by id.

    Raises
    ------
    DataError
        If an entry cannot be trusted.
    InputError
        If the extra that reads YAML is not installed.

    Examples
    --------
    >>> hazards()["H2"].severity
    'serious'
    """
    return read_register(FILE.read_text(encoding="utf-8"))


def read_register(text: str) -> dict[str, Hazard]:
    """Read a register.

    Raises
    ------
    DataError
        If it is no YAML, or an entry lacks a field, has an unknown word or no test for its control.
    """
    loaded = _yaml(text)
    entries = loaded.get("hazards") if isinstance(loaded, Mapping) else None
    if not isinstance(entries, Mapping) or not entries:
        raise DataError("hazards.yaml: 'hazards' must map ids to hazards.")
    return {str(name): _hazard(str(name), entry) for name, entry in entries.items()}


def _yaml(text: str) -> Any:
    try:
        import yaml  # type: ignore[import-untyped]
    except ImportError as error:
        raise InputError(
            "the register of hazards is YAML, which needs pyyaml; install it with: pip install 'endplate[clinic]'."
        ) from error
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise DataError(f"hazards.yaml: not valid YAML: {error}.") from error


def _hazard(name: str, entry: Any) -> Hazard:
    here = f"hazards.yaml: {name}"
    if not isinstance(entry, Mapping):
        raise DataError(f"{here}: must be a table.")
    missing = [key for key in _NEEDED if not entry.get(key)]
    unknown = sorted(set(entry) - {*_NEEDED, "tests", "status"})
    if missing or unknown:
        raise DataError(f"{here}: missing {missing}, unknown {unknown}.")
    if entry["severity"] not in SEVERITIES or entry["probability"] not in PROBABILITIES:
        raise DataError(
            f"{here}: severity is one of {', '.join(SEVERITIES)} and probability one of {', '.join(PROBABILITIES)}."
        )
    tests = tuple(entry.get("tests", ()))
    if bool(tests) == (entry.get("status") == WAITS) or any("::test_" not in one for one in tests):
        raise DataError(f"{here}: name tests as tests/...py::test_name, or status: {WAITS}.")
    words = {key: str(entry[key]) for key in _NEEDED}
    return Hazard(id=name, tests=tests, **words)
