"""Clinical rules: dated versions with operator, threshold, unit and source, read from TOML data."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from endplate.foundation.errors import DataError, unknown_name
from endplate.foundation.parameters import CHECKED

OPERATORS: Final = (">=", ">", "<=", "<", "between")
_FILE: Final = Path(__file__).with_name("rules.toml")
_RULE_KEYS: Final = frozenset({"kind", "reads", "unit", "claim", "rates_hz", "after_effort", "reviewer", "versions"})
_VERSION_KEYS: Final = frozenset(
    {"version", "valid_from", "operator", "threshold", "upper", "source", "where", "checked", "note"}
)


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """What a rule said from one day on; `upper` is the far end of "between", both ends included."""

    version: str
    valid_from: date
    operator: str
    threshold: Decimal
    upper: Decimal | None
    source: str
    where: str
    checked: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One published reading of one number.

    `rates_hz` are the stimulus rates that the rule reads, where it names them; `after_effort` says
    whether it also reads a response after effort. An empty `reviewer` means that no clinician has
    approved the wording yet.
    """

    id: str
    kind: str
    reads: str
    unit: str
    claim: str
    versions: tuple[RuleVersion, ...]
    rates_hz: tuple[float, float] | None = None
    after_effort: bool = True
    reviewer: str = ""

    def in_force(self, on: date | None = None) -> RuleVersion | None:
        """Return the version in force on a day (None: the newest), or None before the first.

        Examples
        --------
        >>> rule("increment-oh").in_force(date(2006, 1, 1)).source
        'Oh2005'
        """
        begun = [version for version in self.versions if on is None or version.valid_from <= on]
        return begun[-1] if begun else None


def _decimal(text: object, where: str) -> Decimal:
    if not isinstance(text, str):
        raise DataError(f"{where}: thresholds are written as text, such as '60', got {text!r}.")
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise DataError(f"{where}: {text!r} is not a decimal number.") from error


def _check_keys(table: dict[str, Any], allowed: frozenset[str], needed: tuple[str, ...], where: str) -> None:
    extra, missing = set(table) - allowed, [key for key in needed if key not in table]
    if extra:
        raise DataError(f"{where}: unknown key {sorted(extra)}; allowed: {', '.join(sorted(allowed))}.")
    if missing:
        raise DataError(f"{where}: missing {', '.join(missing)}.")


def _version(table: dict[str, Any], where: str) -> RuleVersion:
    needed = ("version", "valid_from", "operator", "threshold", "source", "where", "checked")
    _check_keys(table, _VERSION_KEYS, needed, where)
    operator = str(table["operator"])
    if operator not in OPERATORS:
        raise DataError(f"{where}: operator {operator!r} is not one of {', '.join(OPERATORS)}.")
    if table["checked"] not in CHECKED:
        raise DataError(f"{where}: checked {table['checked']!r} is not one of {', '.join(CHECKED)}.")
    if (operator == "between") != ("upper" in table):
        raise DataError(f"{where}: 'between', and only it, needs an upper end.")
    threshold = _decimal(table["threshold"], where)
    upper = _decimal(table["upper"], where) if "upper" in table else None
    if upper is not None and upper <= threshold:
        raise DataError(f"{where}: the upper end {upper} is not above {threshold}.")
    return RuleVersion(
        str(table["version"]), table["valid_from"], operator, threshold, upper,
        str(table["source"]), str(table["where"]), str(table["checked"]), str(table.get("note", "")),
    )  # fmt: skip


def parse_rules(text: str, *, where: str = "rules") -> dict[str, Rule]:
    r"""Read rules from TOML text.

    Raises
    ------
    DataError
        If a key is missing or unknown, an operator is not one of `OPERATORS`, a threshold is not
        text, or versions are not in the order of their days.

    Examples
    --------
    >>> parse_rules("[a]\nkind = 'x'")
    Traceback (most recent call last):
    endplate.foundation.errors.DataError: rules: rule 'a': missing reads, unit, claim, versions.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{where}: not valid TOML: {error}.") from error
    found = {}
    for name, table in tables.items():
        here = f"{where}: rule {name!r}"
        _check_keys(table, _RULE_KEYS, ("kind", "reads", "unit", "claim", "versions"), here)
        versions = tuple(_version(one, here) for one in table["versions"])
        days = [version.valid_from for version in versions]
        if not days or days != sorted(set(days)):
            raise DataError(f"{here}: versions must stand in the order of valid_from, one a day.")
        rates = table.get("rates_hz")
        found[name] = Rule(
            id=name, kind=table["kind"], reads=table["reads"], unit=table["unit"], claim=table["claim"],
            versions=versions, rates_hz=(float(rates[0]), float(rates[1])) if rates else None,
            after_effort=bool(table.get("after_effort", True)), reviewer=str(table.get("reviewer", "")),
        )  # fmt: skip
    return found


@functools.cache
def rules() -> dict[str, Rule]:
    """Return every built-in rule by its id."""
    return parse_rules(_FILE.read_text(encoding="utf-8"), where=_FILE.name)


def rule(name: str) -> Rule:
    """Return one rule by its id.

    Raises
    ------
    UnknownNameError
        With the nearest name, if there is no such rule.
    """
    known = rules()
    if name not in known:
        raise unknown_name("rule", name, known)
    return known[name]
