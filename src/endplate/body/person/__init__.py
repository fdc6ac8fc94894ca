"""Who: age, size, sex, muscles and their levers, and the seed that fixes the anatomy."""

from endplate.body.person.person import Change, Person

__all__ = ["Change", "Person"]
