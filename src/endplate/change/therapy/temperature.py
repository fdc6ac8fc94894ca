"""Cooling and warming of the muscle."""

from __future__ import annotations

from typing import Final

from endplate.body.person import Person
from endplate.change.moves import alter, basis
from endplate.change.therapy.treatment import Quantity
from endplate.foundation.errors import InputError

ROOM: Final = "change/therapy"
COOL_TO: Final = Quantity("to_degc", "the temperature of the muscle", "degC", 26.0, 15.0, 36.0)
WARM_TO: Final = Quantity("to_degc", "the temperature of the muscle", "degC", 37.0, 30.0, 41.0)


def cooling(person: Person, *, to_degc: float = COOL_TO.default) -> Person:
    """Return the person with every muscle cooled to a temperature; what is colder already stays.

    Parameters
    ----------
    to_degc
        Temperature of the muscle, which is about 3 degrees above that of cooled skin. [degC]

    Raises
    ------
    InputError
        If the temperature leaves its range or no muscle is warmer.

    References
    ----------
    .. [1] AdductorCooling1990: the skin is about 3 degC colder than the muscle while it is cooled.

    Examples
    --------
    >>> cooling(Person(), to_degc=26).levers.temperature_degc
    26.0
    """
    target = COOL_TO.check(to_degc)
    warmest = max(
        person.levers.temperature_degc, *(levers.temperature_degc for levers in person.muscle_levers.values()), -1.0
    )
    if target > warmest:
        raise InputError(f"cooling to {target:g} degC would warm: the muscle is at {warmest:g}. Use warming instead.")
    return alter(
        person,
        lambda levers: levers.moved(temperature_degc=min(levers.temperature_degc, target)),
        name="cooling",
        mechanism=f"the muscle is cooled to {target:g} degC: channels and conduction slow, less release fails",
        source=basis(ROOM, (), also=("AdductorCooling1990",)),
    )


def warming(person: Person, *, to_degc: float = WARM_TO.default) -> Person:
    """Return the person with every muscle warmed to a temperature; what is warmer already stays.

    Parameters
    ----------
    to_degc
        Temperature of the muscle. [degC]

    Raises
    ------
    InputError
        If the temperature leaves its range or no muscle is colder.

    Examples
    --------
    >>> warming(Person(), to_degc=37).levers.temperature_degc
    37.0
    """
    target = WARM_TO.check(to_degc)
    coldest = min(
        person.levers.temperature_degc, *(levers.temperature_degc for levers in person.muscle_levers.values()), 99.0
    )
    if target < coldest:
        raise InputError(f"warming to {target:g} degC would cool: the muscle is at {coldest:g}. Use cooling instead.")
    return alter(
        person,
        lambda levers: levers.moved(temperature_degc=max(levers.temperature_degc, target)),
        name="warming",
        mechanism=f"the muscle is warmed to {target:g} degC: channels and conduction speed up",
        source=basis(ROOM, (), also=("AdductorCooling1990",)),
    )
