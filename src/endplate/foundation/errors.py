"""Errors that say what came in, what is allowed, the likely mistake and the way out.

Every error that a user can cause derives from :class:`EndplateError`; the command line
prints its text and leaves with its exit code, without a traceback.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class EndplateError(Exception):
    """Base of every error that bad input or the outside world can cause."""

    exit_code = 2


class InputError(EndplateError, ValueError):
    """A value that is impossible, out of range, or of the wrong kind."""


class UnknownNameError(EndplateError, LookupError):
    """A name that is not in the list it should come from."""


class UnitError(InputError):
    """A unit that is missing, unknown or of the wrong kind."""


class FileFormatError(InputError):
    """A file that cannot be read as what it claims to be."""


class DataError(InputError):
    """A parameter, rule or reference file of our own that breaks its schema."""


class OutputError(EndplateError, OSError):
    """A result that could not be written; nothing computed is lost."""


class StoppedError(EndplateError):
    """The user stopped a long job that had kept a part of its work; the sentence says where and how to go on."""

    exit_code = 130  # 128 + SIGINT


def nearest(name: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed name closest to `name`, or None when nothing is close.

    Examples
    --------
    >>> nearest("p_relase", ["p_release", "threshold_mv"])
    'p_release'
    """
    by_lower = {option.lower(): option for option in allowed}
    hits = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[hits[0]] if hits else None


def unknown_name(kind: str, name: str, allowed: Iterable[str]) -> UnknownNameError:
    """Build the error for a name outside its list, with the nearest name offered.

    Examples
    --------
    >>> print(unknown_name("muscle", "amd", ["adm", "fdi"]))
    no muscle 'amd'; did you mean adm? Known: adm, fdi.
    """
    options = sorted(allowed)
    hit = nearest(name, options)
    guess = f"; did you mean {hit}?" if hit else "."
    return UnknownNameError(f"no {kind} {name!r}{guess} Known: {', '.join(options)}.")


def require_between(name: str, value: float, low: float, high: float, hint: str = "") -> float:
    """Return `value` as a float, or say which range it left and why that is likely.

    Raises
    ------
    InputError
        If the value is not a finite number in [low, high].

    Examples
    --------
    >>> require_between("channel_fraction", 0.4, 0, 1)
    0.4
    """
    if isinstance(value, (bool, str)) or value is None:
        raise InputError(f"{name} must be a number in [{low:g}, {high:g}], got {value!r}. {hint}".rstrip())
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InputError(f"{name} must be a number in [{low:g}, {high:g}], got {value!r}. {hint}".rstrip()) from None
    if not low <= number <= high:  # also catches nan
        raise InputError(f"{name} must be in [{low:g}, {high:g}], got {number:.12g}. {hint}".rstrip())
    return number
