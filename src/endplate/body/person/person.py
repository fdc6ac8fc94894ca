"""Person: everything about somebody that the simulation needs, and nothing that it computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from endplate.foundation.errors import InputError, require_between
from endplate.foundation.records import Levers


@dataclass(frozen=True, slots=True)
class Change:
    """One thing done to a person: which levers it moved, by what mechanism, from which source."""

    name: str
    mechanism: str
    source: str
    moved: Mapping[str, float] = field(default_factory=dict)
    drug: str | None = None
    hours_since_dose: float | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """One person; two persons with one seed and different levers share their anatomy.

    Parameters
    ----------
    levers
        The levers of every muscle.
    muscle_levers
        Levers of single muscles where they differ, by muscle key.
    age_y, height_cm, weight_kg, sex
        Size and age; they set nerve length and the number of motor units. [y, cm, kg]
    history
        What was done, in order; pages print it.

    Examples
    --------
    >>> somebody = Person(seed=3)
    >>> somebody.with_levers(somebody.levers.moved(receptor_fraction=0.4)).levers_of("adm").receptor_fraction
    0.4
    """

    name: str = "healthy"
    age_y: float = 45.0
    sex: Literal["female", "male"] = "female"
    height_cm: float = 170.0
    weight_kg: float = 70.0
    seed: int = 1
    levers: Levers = field(default_factory=Levers)
    muscle_levers: Mapping[str, Levers] = field(default_factory=dict)
    history: tuple[Change, ...] = ()

    def __post_init__(self) -> None:
        require_between("age_y", self.age_y, 0, 110, "Age is in years.")
        require_between("height_cm", self.height_cm, 40, 230, "Height is in centimetres.")
        require_between("weight_kg", self.weight_kg, 2, 350, "Weight is in kilograms.")
        if self.sex not in ("female", "male"):
            raise InputError(f"sex must be female or male, got {self.sex!r}.")

    def levers_of(self, muscle: str) -> Levers:
        """Return the levers of one muscle."""
        return self.muscle_levers.get(muscle, self.levers)

    def with_levers(self, levers: Levers, change: Change | None = None) -> Person:
        """Return the person with other levers in every muscle, and the change noted."""
        history = (*self.history, change) if change else self.history
        return replace(self, levers=levers, muscle_levers={}, history=history)
