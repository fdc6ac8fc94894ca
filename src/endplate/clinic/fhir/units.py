"""Units of other systems: converted by exact decimals where the UCUM code says them, refused where they are guessed."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from endplate.foundation.errors import UnitError

_FILE: Final = Path(__file__).with_name("units.toml")
UCUM: Final = "http://unitsofmeasure.org"
_SIX_DIGITS: Final = 6  # of a quotient that has no end


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the vocabulary: its UCUM code, and the codes that are converted into it."""

    name: str
    ucum: str
    times: Mapping[str, Decimal]
    per: Mapping[str, Decimal]
    fahrenheit: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """Every UCUM code that may come in."""
        return (*self.times, *self.per, *((self.fahrenheit,) if self.fahrenheit else ()))


@functools.cache
def units() -> dict[str, Unit]:
    """Return the units by the name that the vocabulary uses.

    Examples
    --------
    >>> units()["kg"].codes
    ('kg', 'g', '[lb_av]')
    """
    return {
        name: Unit(
            name=name,
            ucum=table["ucum"],
            times={code: Decimal(factor) for code, factor in table["times"].items()},
            per={code: Decimal(factor) for code, factor in table.get("per", {}).items()},
            fahrenheit=table.get("fahrenheit", ""),
        )
        for name, table in tomllib.loads(_FILE.read_text(encoding="utf-8")).items()
    }


def code_of(quantity: Mapping[str, Any]) -> str:
    """Return the UCUM code of a Quantity.

    Raises
    ------
    UnitError
        If it has none, if it is of another system, or if code and written unit contradict each other.

    Examples
    --------
    >>> code_of({"value": 1600, "unit": "uV", "system": "http://unitsofmeasure.org", "code": "uV"})
    'uV'
    >>> code_of({"value": 154, "unit": "pounds"})
    Traceback (most recent call last):
    endplate.foundation.errors.UnitError: the unit 'pounds' has no UCUM code, and units are not guessed; write \
system "http://unitsofmeasure.org" and a code, as [lb_av] for pounds, kg, mV, uV, nmol/L or pmol/L.
    """
    code, written = quantity.get("code"), quantity.get("unit")
    if not isinstance(code, str) or quantity.get("system") != UCUM:
        known = {one for unit in units().values() for one in unit.codes}
        if isinstance(written, str) and written in known and code in (None, written):
            return written
        raise UnitError(
            f"the unit {written or code or 'missing'!r} has no UCUM code, and units are not guessed; write "
            f'system "{UCUM}" and a code, as [lb_av] for pounds, kg, mV, uV, nmol/L or pmol/L.'
        )
    if isinstance(written, str) and written != code and _are_different_known(written, code):
        raise UnitError(f"the unit is written {written!r} but coded {code!r}; one of the two is wrong.")
    return code


def _are_different_known(written: str, code: str) -> bool:
    """Return whether the written unit is itself a code, with another factor than the code."""
    for unit in units().values():
        if written in unit.times and code in unit.times:
            return unit.times[written] != unit.times[code]
    return any(written in unit.codes for unit in units().values())


def convert(value: Decimal, code: str, unit: str) -> Decimal:
    """Return a value in the unit of the vocabulary, exactly where a decimal can be exact.

    Raises
    ------
    UnitError
        If the code measures something else.

    Examples
    --------
    >>> convert(Decimal("1600"), "uV", "mV"), convert(Decimal("72.0"), "kg", "kg")
    (Decimal('1.600'), Decimal('72.0'))
    >>> convert(Decimal("154"), "[lb_av]", "kg"), convert(Decimal("98.6"), "[degF]", "degC")
    (Decimal('69.85322498'), Decimal('37'))
    >>> convert(Decimal("30"), "pmol/L", "kg")
    Traceback (most recent call last):
    endplate.foundation.errors.UnitError: 'pmol/L' cannot be read as kg; allowed: kg, g, [lb_av].
    """
    target = units()[unit]
    if code in target.times:
        factor = target.times[code]
        return value if factor == 1 else value * factor
    if code in target.per:
        return _rounded(value / target.per[code])
    if code and code == target.fahrenheit:
        return _rounded((value - 32) * 5 / 9)
    raise UnitError(f"{code!r} cannot be read as {unit}; allowed: {', '.join(target.codes)}.")


def _rounded(value: Decimal) -> Decimal:
    """Round a quotient to six digits, which is more than any of these is measured to."""
    if not value:
        return Decimal(0)
    kept = value.quantize(Decimal(1).scaleb(value.adjusted() - _SIX_DIGITS + 1)).normalize()
    return kept.quantize(Decimal(1)) if kept == kept.to_integral_value() else kept
