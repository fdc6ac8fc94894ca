"""Named reference sets of normal limits; a set is used whole or not at all."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final, Literal

from endplate.foundation.errors import DataError, InputError, unknown_name
from endplate.foundation.parameters import CHECKED
from endplate.foundation.rules.rule import Rule, RuleVersion

Activation = Literal["voluntary", "stimulated"]
QUANTITIES: Final = {
    "cmap amplitude": ("mV", ("mean", "sd", "lower")),
    "jitter": ("us", ("voluntary_mean", "voluntary", "stimulated_mean", "stimulated")),
}
_FILE: Final = Path(__file__).with_name("reference_sets.toml")
_NEEDED: Final = ("title", "quantity", "unit", "electrode", "valid_from", "source", "where", "checked", "limits")


@dataclass(frozen=True, slots=True)
class ReferenceSet:
    """Normal limits of one quantity by muscle, from one source.

    `limits` maps a muscle in lower case to its numbers: ``lower`` for an amplitude;
    ``voluntary``, ``voluntary_mean``, ``stimulated`` and ``stimulated_mean`` for jitter.
    """

    name: str
    title: str
    quantity: str
    unit: str
    electrode: str
    valid_from: date
    source: str
    where: str
    checked: str
    limits: dict[str, dict[str, Decimal]]
    note: str = ""

    def limit(self, muscle: str | None, key: str) -> Decimal | None:
        """Return one limit of one muscle, or None where the set has none.

        Examples
        --------
        >>> reference_set("czech-2014").limit("ADM", "lower")
        Decimal('5.0')
        """
        return None if muscle is None else self.limits.get(muscle_key(muscle), {}).get(key)

    def _rule(self, *, muscle: str | None, key: str, operator: str, kind: str, claim: str) -> Rule | None:
        limit = self.limit(muscle, key)
        if limit is None:
            return None
        version = RuleVersion(
            str(self.valid_from.year), self.valid_from, operator, limit, None, self.source, self.where, self.checked
        )
        return Rule(
            f"{self.name}: {key} of {muscle}", kind, f"{self.quantity} of {muscle}", self.unit, claim, (version,)
        )

    def low_amplitude_rule(self, muscle: str | None) -> Rule | None:
        """Return the rule "below the lower limit of this muscle", or None where there is no limit."""
        return self._rule(
            muscle=muscle, key="lower", operator="<", kind="low amplitude", claim="a low amplitude at rest"
        )

    def jitter_rule(self, muscle: str | None, activation: Activation, *, of_the_mean: bool) -> Rule | None:
        """Return the rule "above the limit", of one end-plate or of the mean of a study."""
        key = f"{activation}_mean" if of_the_mean else activation
        claim = "raised mean jitter" if of_the_mean else "raised jitter of this end-plate"
        return self._rule(muscle=muscle, key=key, operator=">", kind="jitter", claim=claim)


def _build(name: str, table: dict[str, Any], where: str) -> ReferenceSet:
    here = f"{where}: set {name!r}"
    missing = [key for key in _NEEDED if key not in table]
    extra = set(table) - {*_NEEDED, "note"}
    if missing or extra:
        raise DataError(f"{here}: missing {missing or 'nothing'}, unknown {sorted(extra) or 'nothing'}.")
    if table["quantity"] not in QUANTITIES:
        raise DataError(f"{here}: quantity {table['quantity']!r} is not one of {', '.join(QUANTITIES)}.")
    unit, keys = QUANTITIES[table["quantity"]]
    if table["unit"] != unit:
        raise DataError(f"{here}: {table['quantity']} is in {unit}, got {table['unit']!r}.")
    if table["checked"] not in CHECKED:
        raise DataError(f"{here}: checked {table['checked']!r} is not one of {', '.join(CHECKED)}.")
    limits: dict[str, dict[str, Decimal]] = {}
    for muscle, numbers in table["limits"].items():
        wrong = set(numbers) - set(keys)
        if wrong:
            raise DataError(f"{here}: {muscle}: unknown limit {sorted(wrong)}; allowed: {', '.join(keys)}.")
        try:
            limits[muscle_key(muscle)] = {key: Decimal(str(number)) for key, number in numbers.items()}
        except InvalidOperation as error:
            raise DataError(f"{here}: {muscle}: a limit is not a number: {numbers}.") from error
    return ReferenceSet(
        name=name,
        title=table["title"],
        quantity=table["quantity"],
        unit=unit,
        electrode=table["electrode"],
        valid_from=table["valid_from"],
        source=table["source"],
        where=table["where"],
        checked=table["checked"],
        limits=limits,
        note=str(table.get("note", "")),
    )


@functools.cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def muscle_key(muscle: str) -> str:
    """Return the one spelling under which reference sets keep a muscle.

    Examples
    --------
    >>> muscle_key("Extensor_digitorum-communis")
    'extensor digitorum'
    """
    plain = " ".join(muscle.lower().replace("_", " ").replace("-", " ").split())
    aliases: dict[str, str] = _data()["aliases"]
    return aliases.get(plain, plain)


@functools.cache
def reference_sets() -> dict[str, ReferenceSet]:
    """Return every built-in reference set by its name."""
    return {name: _build(name, table, _FILE.name) for name, table in _data()["sets"].items()}


def read_reference_set(path: Path | str) -> ReferenceSet:
    """Read a laboratory's own reference set: a TOML file with one ``[sets.NAME]`` table.

    Raises
    ------
    InputError
        If the file is not there or is not TOML.
    DataError
        If it does not hold exactly one well-formed set.
    """
    file = Path(path)
    try:
        sets = tomllib.loads(file.read_text(encoding="utf-8")).get("sets", {})
    except OSError as error:
        raise InputError(f"no reference set could be read from {file}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{file} is not a TOML file: {error}.") from error
    if len(sets) != 1:
        raise DataError(f"{file} must hold one table [sets.NAME], found {len(sets)}.")
    name, table = next(iter(sets.items()))
    return _build(name, table, file.name)


def reference_set(name: str) -> ReferenceSet:
    """Return a built-in set by name, or a laboratory's own from the path of a ``.toml`` file.

    Raises
    ------
    UnknownNameError
        With the nearest name, if there is no such set.
    """
    if name.endswith(".toml"):
        return read_reference_set(name)
    known = reference_sets()
    if name not in known:
        raise unknown_name("reference set", name, [*known, "the path of your own .toml file"])
    return known[name]
