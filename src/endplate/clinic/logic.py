"""Three-valued logic: unknown is not no, and an unknown never raises certainty (Kleene)."""

from __future__ import annotations

from collections.abc import Iterable

from endplate.foundation.records.clinical import Known


def all_of(values: Iterable[Known]) -> Known:
    """Return no if any is no, else unknown if any is unknown, else yes.

    Examples
    --------
    >>> all_of(["yes", "unknown"]), all_of(["no", "unknown"]), all_of([])
    ('unknown', 'no', 'yes')
    """
    found = set(values)
    return "no" if "no" in found else "unknown" if "unknown" in found else "yes"


def any_of(values: Iterable[Known]) -> Known:
    """Return yes if any is yes, else unknown if any is unknown, else no.

    Examples
    --------
    >>> any_of(["no", "unknown"]), any_of(["yes", "unknown"]), any_of([])
    ('unknown', 'yes', 'no')
    """
    found = set(values)
    return "yes" if "yes" in found else "unknown" if "unknown" in found else "no"


def negation(value: Known) -> Known:
    """Return the opposite; the opposite of unknown is unknown.

    Examples
    --------
    >>> negation("yes"), negation("unknown")
    ('no', 'unknown')
    """
    return {"yes": "no", "no": "yes", "unknown": "unknown"}[value]  # type: ignore[return-value]


def known_of(truth: bool | None) -> Known:
    """Return yes or no of a comparison, unknown of None.

    Examples
    --------
    >>> known_of(None), known_of(2 > 1)
    ('unknown', 'yes')
    """
    return "unknown" if truth is None else "yes" if truth else "no"
