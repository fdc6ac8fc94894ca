"""Diseases of the junction: each takes a person and returns the person with the lesion."""

from endplate.change.disease.catalogue import DISEASES, Disease
from endplate.change.disease.postsynaptic import mg
from endplate.change.disease.presynaptic import botulism, lems, magnesium_excess

__all__ = ["DISEASES", "Disease", "botulism", "lems", "magnesium_excess", "mg"]
