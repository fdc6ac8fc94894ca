"""The review of one person: every rule's answer, in the order a clinician reads."""

from endplate.clinic.review.assemble import review_of
from endplate.clinic.review.review import INTENDED_USE, NO_REVIEWER, Review, Section, Settings

__all__ = ["INTENDED_USE", "NO_REVIEWER", "Review", "Section", "Settings", "review_of"]
