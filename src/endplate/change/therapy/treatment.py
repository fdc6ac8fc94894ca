"""Treatment: one thing that can be given or done, with the doses it accepts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from endplate.body.person import Person
from endplate.foundation.errors import InputError, require_between, unknown_name


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a unit that a treatment takes: its argument's name, range and default.

    An `optional` one is used only with another word, and is left out of the example.
    """

    argument: str
    words: str
    unit: str
    default: float
    low: float
    high: float
    why: str = ""
    optional: bool = False

    def check(self, value: float) -> float:
        """Return the value as a float, or say which range it left and where that range is from."""
        hint = f"It is {self.words} in {self.unit}. {self.why}".rstrip()
        return require_between(self.argument, value, self.low, self.high, hint)


@dataclass(frozen=True, slots=True)
class Choice:
    """A word that a treatment takes: the argument that it sets, and to what."""

    argument: str
    words: str
    options: Mapping[str, Any]
    default: str

    def check(self, value: Any) -> Any:
        """Return the value, or say which are allowed."""
        if any(type(option) is type(value) and option == value for option in self.options.values()):
            return value
        if isinstance(value, str):
            raise unknown_name(self.words, value, self.options)
        raise InputError(
            f"{self.argument} must be one of {', '.join(map(repr, self.options.values()))}, got {value!r}."
        )


@dataclass(frozen=True, slots=True)
class Treatment:
    """One treatment or hazard: how it is called, what it does, what it takes.

    `apply` takes a person and the arguments of `quantities` and `choices`, all with defaults.
    """

    name: str
    kind: Literal["treatment", "test", "hazard", "condition"]
    mechanism: str
    apply: Callable[..., Person]
    quantities: tuple[Quantity, ...]
    choices: tuple[Choice, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def example(self) -> str:
        """The treatment with its defaults, as it is written on the command line."""
        parts = [f"{quantity.default:.3g}{quantity.unit}" for quantity in self.quantities if not quantity.optional]
        parts += [choice.default for choice in self.choices]
        return f"{self.name}:{','.join(parts)}"
