"""Inputs of a result: how each fact was given, from where and when."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from endplate.clinic.result import Input
from endplate.foundation.records.clinical import Fact, Record

_NAMES: Final = ("Karnofsky",)
_UNITS: Final = (
    ("_percent_predicted", "% of predicted"),
    ("_percent", "%"),
    ("_cmh2o", "cmH2O"),
    ("_litre", "L"),
    ("_l_min", "L/min"),
    ("_ml_min", "mL/min"),
    ("_mmhg", "mmHg"),
    ("_years", "years"),
    ("_degc", "°C"),
    ("_kg", "kg"),
    ("_cm", "cm"),
    ("_mvms", "mV ms"),
    ("_mv", "mV"),
    ("_hz", "Hz"),
    ("_ms", "ms"),
    ("_s", "s"),
)


def words_of(name: str) -> str:
    """Return the words of a fact inside a sentence.

    Examples
    --------
    >>> words_of("asthma_uncontrolled"), words_of("no_such_fact")
    ('uncontrolled asthma', 'no such fact')
    """
    from endplate.clinic.record.vocabulary import vocabulary

    entry = vocabulary().get(name)
    if entry is None:
        return name.replace("_", " ")
    first = entry.label.partition(" ")[0]
    is_name = first in _NAMES or first[1:] != first[1:].lower()  # abbreviations such as MuSK keep their capitals
    return entry.label if is_name else entry.label[:1].lower() + entry.label[1:]


def plain(number: Decimal) -> str:
    """Write a decimal as a person would: no exponent, no trailing zeros.

    Examples
    --------
    >>> plain(Decimal("60.00")), plain(Decimal("1E+2")), plain(Decimal("18.50"))
    ('60', '100', '18.5')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(fact: Fact | None) -> str:
    """Write one fact as it was given; what nobody confirmed says so.

    Examples
    --------
    >>> shown(Fact("mip_cmh2o", Decimal("-28"))), shown(None)
    ('-28 cmH2O', 'unknown')
    >>> shown(Fact("mip_cmh2o", Decimal("28"), is_confirmed=False))
    'unknown (28 cmH2O is not confirmed)'
    """
    if fact is None or fact.value is None:
        return "unknown"
    if isinstance(fact.value, Decimal):
        unit = next((words for suffix, words in _UNITS if fact.name.endswith(suffix)), "")
        text = f"{plain(fact.value)} {unit}".rstrip()
    else:
        text = fact.value.isoformat() if isinstance(fact.value, date) else fact.value
    return text if fact.is_confirmed else f"unknown ({text} is not confirmed)"


def inputs_of(record: Record, *names: str) -> tuple[Input, ...]:
    """Return the named facts as inputs of a result, unknown ones included, each name once.

    Examples
    --------
    >>> inputs_of(Record(facts={"fever": Fact("fever", "yes", source="letter")}), "fever", "pain")
    (Input(name='fever', shown='yes', source='letter', on=''), Input(name='pain', shown='unknown', source='', on=''))
    """
    found = []
    for name in dict.fromkeys(names):
        fact = record.facts.get(name)
        source = fact.source if fact is not None else ""
        on = fact.on.isoformat() if fact is not None and fact.on is not None else ""
        found.append(Input(name, shown(fact), source, on))
    return tuple(found)
