"""The active zone: channels open, calcium diffuses and binds, vesicles fuse."""

from endplate.body.activezone.action_potential import (
    ActionPotential,
    read_action_potential,
    reference_action_potential,
)
from endplate.body.activezone.case import Case
from endplate.body.activezone.ensemble import Bindings, Ensemble, Openings, load_ensemble
from endplate.body.activezone.fusion import (
    ActiveSensors,
    DeterministicFusion,
    EnergyFusion,
    active_sensors,
    fusion_times,
    impulse_window,
)
from endplate.body.activezone.gating import MasterEquation, Schedule, build_schedule, master_equation
from endplate.body.activezone.kinds import ChannelKind, SensorKind, channel_kind, sensor_kind
from endplate.body.activezone.reading import case_names, evidence_of, read_case
from endplate.body.activezone.simulate import simulate

__all__ = [
    "ActionPotential",
    "ActiveSensors",
    "Bindings",
    "Case",
    "ChannelKind",
    "DeterministicFusion",
    "EnergyFusion",
    "Ensemble",
    "MasterEquation",
    "Openings",
    "Schedule",
    "SensorKind",
    "active_sensors",
    "build_schedule",
    "case_names",
    "channel_kind",
    "evidence_of",
    "fusion_times",
    "impulse_window",
    "load_ensemble",
    "master_equation",
    "read_action_potential",
    "read_case",
    "reference_action_potential",
    "sensor_kind",
    "simulate",
]
