"""Treatments as words: ``amifampridine:20mg,slow,steady,1h``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from endplate.body.person import Person
from endplate.change.therapy.catalogue import treatments
from endplate.change.therapy.treatment import Treatment
from endplate.foundation.errors import InputError, UnitError, nearest, unknown_name

# spelling -> (unit of the quantity that it fits, factor to that unit)
UNITS: Final[dict[str, tuple[str, float]]] = {
    "ug": ("ug", 1.0), "mcg": ("ug", 1.0), "mg": ("mg", 1.0), "g": ("g", 1.0),
    "mg/kg": ("mg/kg", 1.0), "ug/kg": ("ug/kg", 1.0), "g/kg": ("g/kg", 1.0), "ml": ("ml", 1.0),
    "h": ("h", 1.0), "hr": ("h", 1.0), "hour": ("h", 1.0), "hours": ("h", 1.0),
    "min": ("h", 1.0 / 60.0), "minute": ("h", 1.0 / 60.0), "minutes": ("h", 1.0 / 60.0),
    "/day": ("/day", 1.0), "/d": ("/day", 1.0), "x": ("/day", 1.0),
    "degc": ("degC", 1.0), "c": ("degC", 1.0), "f": ("degF", 1.0), "degf": ("degF", 1.0), "k": ("K", 1.0),
}  # fmt: skip
_GRAMS: Final = {
    "ug": ("mass", 1e-6), "mg": ("mass", 1e-3), "g": ("mass", 1.0),
    "ug/kg": ("per weight", 1e-6), "mg/kg": ("per weight", 1e-3), "g/kg": ("per weight", 1.0),
}  # fmt: skip
_NUMBER = re.compile(r"([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?)\s*(.*)")


def find_treatment(name: str) -> Treatment:
    """Return the treatment of that name or alias, or name the nearest one.

    Examples
    --------
    >>> find_treatment("3,4-DAP").name
    'amifampridine'
    """
    known = treatments()
    by_word = {word: treatment for treatment in known.values() for word in (treatment.name, *treatment.aliases)}
    wanted = name.strip().lower()
    if wanted in by_word:
        return by_word[wanted]
    hit = nearest(wanted, by_word)
    error = unknown_name("treatment", name.strip(), known)
    if hit and hit not in known:  # the nearest word is an alias: name the treatment behind it
        message = f"no treatment {name.strip()!r}; did you mean {hit} ({by_word[hit].name})? Known: {', '.join(known)}."
        raise type(error)(message)
    raise error


def _takes(treatment: Treatment) -> str:
    parts = [f"{q.words} in {q.unit} ({q.low:g} to {q.high:g})" for q in treatment.quantities]
    parts += [f"{' or '.join(choice.options)}" for choice in treatment.choices]
    return f"{treatment.name} takes {'; '.join(parts)}; for example {treatment.example}"


def _read_number(treatment: Treatment, word: str, number: str, unit: str) -> tuple[str, float]:
    spelled = unit.lower().replace("µ", "u").replace("μ", "u").replace("°", "deg").replace(" ", "")
    if not spelled:
        raise UnitError(f"{word!r} has no unit. {_takes(treatment)}.")
    if spelled not in UNITS:
        hit = nearest(spelled, UNITS)
        guess = f"; did you mean {hit}?" if hit else "."
        raise UnitError(f"no unit {unit!r} in {word!r}{guess} {_takes(treatment)}.")
    canonical, factor = UNITS[spelled]
    for quantity in treatment.quantities:
        if quantity.unit == canonical:
            return quantity.argument, quantity.check(float(number) * factor)
    likely = _likely_mistake(treatment, canonical, number)
    raise UnitError(f"{word!r} is in {unit}, which {treatment.name} does not take{likely} {_takes(treatment)}.")


def _likely_mistake(treatment: Treatment, unit: str, number: str) -> str:
    """Say what was probably meant; never convert silently, because the number may be wrong as well."""
    if unit not in _GRAMS:
        return "."
    for quantity in treatment.quantities:
        if quantity.unit in _GRAMS and _GRAMS[quantity.unit][0] == _GRAMS[unit][0]:
            converted = float(number) * _GRAMS[unit][1] / _GRAMS[quantity.unit][1]
            if quantity.low <= converted <= quantity.high:
                return f": write {converted:g}{quantity.unit}."
            return f"; did you mean {number}{quantity.unit}?"
        if quantity.unit == "mg/kg":
            return ": divide the dose by the body weight and write mg/kg."
    return "."


def _read_word(treatment: Treatment, word: str) -> tuple[str, Any]:
    options = {option: choice for choice in treatment.choices for option in choice.options}
    if word.lower() in options:
        choice = options[word.lower()]
        return choice.argument, choice.options[word.lower()]
    hit = nearest(word, options)
    guess = f"; did you mean {hit}?" if hit else "."
    raise InputError(f"{treatment.name} does not know {word!r}{guess} {_takes(treatment)}.")


def parse_treatment(text: str) -> tuple[Treatment, dict[str, Any]]:
    """Return the treatment and its arguments as they were written; what was not written keeps its default.

    Parameters
    ----------
    text
        ``name`` or ``name:word,word``: each word a number with its unit or a choice, in any order.

    Raises
    ------
    UnknownNameError
        If there is no such treatment; the nearest one is named.
    UnitError
        If a number has no unit, or one that the treatment does not take: units are never guessed.
    InputError
        If a word is unknown, given twice, or a number leaves its range.

    Examples
    --------
    >>> treatment, arguments = parse_treatment("amifampridine:20mg,slow,steady,30min")
    >>> arguments
    {'dose_mg': 20.0, 'acetylator': 'slow', 'steady': True, 'hours_since_dose': 0.5}
    """
    if not isinstance(text, str):
        raise InputError(
            f"a treatment is written in words such as {treatments()['amifampridine'].example!r}, got {text!r}."
        )
    name, colon, rest = text.partition(":")
    treatment = find_treatment(name)
    words = [word.strip() for word in rest.split(",")] if colon else []
    arguments: dict[str, Any] = {}
    for word in words:
        if not word:
            raise InputError(f"an empty word in {text!r}. {_takes(treatment)}.")
        match = _NUMBER.fullmatch(word)
        argument, value = _read_number(treatment, word, match[1], match[2]) if match else _read_word(treatment, word)
        if argument in arguments:
            raise InputError(f"{text!r} gives {argument} twice; keep one.")
        arguments[argument] = value
    return treatment, arguments


def apply_treatment(person: Person, text: str) -> Person:
    """Return the person after the treatment that is written in `text`; see `parse_treatment`.

    Examples
    --------
    >>> apply_treatment(Person(), "pyridostigmine:60mg").history[0].drug
    'pyridostigmine 60 mg'
    >>> apply_treatment(Person(), "amifampridine:20g")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    endplate.foundation.errors.UnitError: '20g' is in g, which amifampridine does not take; did you mean 20mg? ...
    """
    treatment, arguments = parse_treatment(text)
    return treatment.apply(person, **arguments)


def apply_treatments(person: Person, texts: Iterable[str]) -> Person:
    """Return the person after several treatments, in the order given.

    Raises
    ------
    InputError
        If one is named twice: two doses act together, not one after the other.

    Examples
    --------
    >>> len(apply_treatments(Person(), ["pyridostigmine", "cooling:28C"]).history)
    2
    """
    given: set[str] = set()
    for text in texts:
        treatment, arguments = parse_treatment(text)
        if treatment.name in given:
            raise InputError(f"{treatment.name} is named twice. Write it once, with the dose that acts.")
        given.add(treatment.name)
        person = treatment.apply(person, **arguments)
    return person
