"""The active zone: channels open, calcium diffuses and binds, vesicles fuse."""

from endplate.body.activezone.action_potential import (
    ActionPotential,
    read_action_potential,
    reference_action_potential,
)
from endplate.body.activezone.case import Case
from endplate.body.activezone.ensemble import Bindings, Ensemble, Openings, load_ensemble
from endplate.body.activezone.kinds import ChannelKind, SensorKind, channel_kind, sensor_kind
from endplate.body.activezone.reading import case_names, evidence_of, read_case
from endplate.body.activezone.simulate import simulate

__all__ = [
    "ActionPotential",
    "Bindings",
    "Case",
    "ChannelKind",
    "Ensemble",
    "Openings",
    "SensorKind",
    "case_names",
    "channel_kind",
    "evidence_of",
    "load_ensemble",
    "read_action_potential",
    "read_case",
    "reference_action_potential",
    "sensor_kind",
    "simulate",
]
