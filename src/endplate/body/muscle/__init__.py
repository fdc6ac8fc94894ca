"""Muscle: motor units and fibres, what electrodes see of them, and force."""

from endplate.body.muscle.anatomy import Anatomy, arrival_at, build_anatomy, unit_shares
from endplate.body.muscle.basis import CompoundBasis, build_basis
from endplate.body.muscle.catalogue import MuscleDescription, describe, muscles
from endplate.body.muscle.compound import compound_potential, direct_sum

__all__ = [
    "Anatomy", "CompoundBasis", "MuscleDescription", "arrival_at", "build_anatomy", "build_basis", "compound_potential",
    "describe", "direct_sum", "muscles", "unit_shares",
]  # fmt: skip
