"""Spec: a person with treatments in one word, such as ``lems+amifampridine:20mg,steady``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from endplate.foundation.errors import InputError


@dataclass(frozen=True, slots=True)
class Spec:
    """Who is examined, and what was given before."""

    person: str
    treatments: tuple[str, ...] = ()


def parse_spec(text: str) -> Spec:
    """Return the person and the treatments of a spec; a file's name may hold a plus sign.

    Raises
    ------
    InputError
        If a part is empty.

    Examples
    --------
    >>> parse_spec("lems+amifampridine:20mg,steady+pyridostigmine:60mg").treatments
    ('amifampridine:20mg,steady', 'pyridostigmine:60mg')
    """
    if Path(text).is_file():
        return Spec(text)
    person, *treatments = (part.strip() for part in text.split("+"))
    if not person or not all(treatments):
        raise InputError(
            f"{text!r} has an empty part; write a person, then what is given: lems+amifampridine:20mg,steady."
        )
    return Spec(person, tuple(treatments))
