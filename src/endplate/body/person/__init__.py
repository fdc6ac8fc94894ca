"""Who: age, size, sex, muscles and their levers, and the seed that fixes the anatomy."""

from endplate.body.person.person import Change, Person
from endplate.body.person.size import motor_unit_fraction, nerve_length_scale

__all__ = ["Change", "Person", "motor_unit_fraction", "nerve_length_scale"]
