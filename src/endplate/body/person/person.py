"""Person: everything about somebody that the simulation needs, and nothing that it computes."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from endplate.body.muscle import muscles
from endplate.foundation.errors import InputError, require_between, unknown_name
from endplate.foundation.records import Levers


@dataclass(frozen=True, slots=True)
class Change:
    """One thing done to a person: which levers it moved, by what mechanism, from which source.

    `moved` holds the levers that changed, with the value they were moved to in the muscles that
    have no levers of their own. `drug` is what was given, in words that fit a recording's header.
    """

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
        Age sets the number of motor units, height the length of nerves. Weight and sex are carried
        for the record: nothing in the body depends on them. [y, cm, kg]
    seed
        Fixes the anatomy and every random draw.
    history
        What was done, in order; pages print it.

    Raises
    ------
    InputError
        If age, height, weight, sex or seed is impossible.
    UnknownNameError
        If `muscle_levers` names a muscle that nobody has.

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
        require_between("height_cm", self.height_cm, 40, 230, "Height is in centimetres: 1.70 m is 170.")
        require_between("weight_kg", self.weight_kg, 2, 350, "Weight is in kilograms.")
        if self.sex not in ("female", "male"):
            raise InputError(f"sex must be female or male, got {self.sex!r}.")
        if isinstance(self.seed, bool) or not hasattr(self.seed, "__index__"):
            raise InputError(f"seed must be a whole number, got {self.seed!r}.")
        object.__setattr__(self, "seed", operator.index(self.seed))
        for muscle in self.muscle_levers:
            if muscle not in muscles():
                raise unknown_name("muscle", muscle, muscles())

    def levers_of(self, muscle: str) -> Levers:
        """Return the levers of one muscle."""
        return self.muscle_levers.get(muscle, self.levers)

    def with_levers(self, levers: Levers, change: Change | None = None, *, muscle: str | None = None) -> Person:
        """Return the person with other levers, and the change noted.

        Without `muscle` the levers of every muscle are set, but for those muscles that have their
        own; with `muscle` only that muscle is given levers of its own.

        Examples
        --------
        >>> weak_hand = Person().with_levers(Levers(receptor_fraction=0.3), muscle="adm")
        >>> weak_hand.levers_of("adm").receptor_fraction, weak_hand.levers_of("edb").receptor_fraction
        (0.3, 1.0)
        """
        history = (*self.history, change) if change else self.history
        if muscle is not None:
            return replace(self, muscle_levers={**self.muscle_levers, muscle: levers}, history=history)
        return replace(self, levers=levers, history=history)

    def moved_by(self, move: Callable[[Levers], Levers], change: Change | None = None) -> Person:
        """Return the person after `move` was applied to the levers of every muscle, and the change noted.

        Muscles with levers of their own keep their difference: the same move is applied to each.

        Examples
        --------
        >>> weak_hand = Person().with_levers(Levers(receptor_fraction=0.5), muscle="adm")
        >>> weaker = weak_hand.moved_by(lambda levers: levers.scaled(receptor_fraction=0.5))
        >>> weaker.levers_of("adm").receptor_fraction, weaker.levers_of("edb").receptor_fraction
        (0.25, 0.5)
        """
        return replace(
            self,
            levers=move(self.levers),
            muscle_levers={muscle: move(levers) for muscle, levers in self.muscle_levers.items()},
            history=(*self.history, change) if change else self.history,
        )
