"""Reviewing: who approved a wording, and how many its safety class asks for; nobody is said, never left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from endplate.clinic.knowledge.claim import REVIEWERS_NEEDED


def review_limits(reviewers: Sequence[str], safety_class: Literal["A", "B", "C"]) -> tuple[str, ...]:
    """Return the limit that a missing reviewer is, or nothing where enough clinicians approved the wording.

    Examples
    --------
    >>> review_limits((), "A")
    ('No clinician has reviewed this wording yet; class A needs two.',)
    >>> review_limits(("first",), "A"), review_limits(("first",), "B")
    (('Reviewed by first; class A needs two, a second reviewer is still missing.',), ())
    """
    needed = REVIEWERS_NEEDED[safety_class]
    if len(set(reviewers)) >= needed:
        return ()
    if reviewers:
        return (f"Reviewed by {', '.join(reviewers)}; class A needs two, a second reviewer is still missing.",)
    also = "; class A needs two" if needed > 1 else ""
    return (f"No clinician has reviewed this wording yet{also}.",)
