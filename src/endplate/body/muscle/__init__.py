"""Muscle: motor units and fibres, what electrodes see of them, and force."""

from endplate.body.muscle.amplifier import add_noise_and_filters
from endplate.body.muscle.amplitude import fit_amplitude_scale, healthy_amplitude
from endplate.body.muscle.anatomy import Anatomy, arrival_at, build_anatomy, unit_shares
from endplate.body.muscle.basis import CompoundBasis, build_basis
from endplate.body.muscle.catalogue import MuscleDescription, describe, muscles
from endplate.body.muscle.compound import compound_potential, direct_sum
from endplate.body.muscle.force import force_of, highest_force, rested_units
from endplate.body.muscle.lead_field import Layer, lead_field_gradient
from endplate.body.muscle.needle import FibrePotential, single_fibre_potential
from endplate.body.muscle.recruitment import Impulses, rates_for, stimulated_impulses, voluntary_impulses
from endplate.body.muscle.wave import stretch_factor, velocity_factor

__all__ = [
    "Anatomy", "CompoundBasis", "FibrePotential", "Impulses", "Layer", "MuscleDescription", "add_noise_and_filters",
    "arrival_at", "build_anatomy", "build_basis", "compound_potential", "describe", "direct_sum", "fit_amplitude_scale",
    "force_of", "healthy_amplitude", "highest_force", "lead_field_gradient", "muscles", "rates_for", "rested_units",
    "single_fibre_potential", "stimulated_impulses", "stretch_factor", "unit_shares", "velocity_factor",
    "voluntary_impulses",
]  # fmt: skip
