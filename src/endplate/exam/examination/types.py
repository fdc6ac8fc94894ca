"""Examination: what was done to one muscle of one person, what was recorded, measured and found."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.records import Findings, Measurements, Recording

Column = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Physiology:
    """What only a simulation knows, per sweep: never read by the instruments."""

    fired_fraction: Column  # (sweep,) of all fibres of the muscle
    quantal_content: Column  # (sweep,) mean over the junctions that the stimulus reached
    endplate_potential_mv: Column  # (sweep,) the same, as if no fibre fired


@dataclass(frozen=True, eq=False)
class Effort:
    """Force during one voluntary effort, where the protocol read it."""

    name: str
    start_s: float
    time_s: Column  # from the start of the effort
    force_newton: Column
    fired_fraction: Column  # (time,) share of impulses that fibres followed, by tenth of a second; nan without any


@dataclass(frozen=True, eq=False)
class Study:
    """One recording with all that was read from it.

    A surface recording has one entry in `measurements`; a single-fibre recording has one per
    end-plate (channel).
    """

    title: str
    recording: Recording
    measurements: tuple[Measurements, ...]
    findings: Findings
    physiology: Physiology | None = None
    efforts: tuple[Effort, ...] = ()


@dataclass(frozen=True, eq=False)
class Examination:
    """One person, one muscle, one protocol (or one real file).

    `conditions` holds the header of the page in reading order (muscle, side, temperature,
    filters, drug and hours since dose...); `provenance` its footer (version, seed or checksum,
    parameter and rule versions). `changes` are sentences of what was done to the person, each
    with mechanism and source. `studies` has one entry, or one per variant where a protocol makes
    several of the same muscle (`pitfalls`); its title names the variant.
    """

    person: str
    protocol: str
    muscle: str
    studies: tuple[Study, ...]
    simulated: bool
    conditions: dict[str, str] = field(default_factory=dict)
    changes: tuple[str, ...] = ()
    provenance: dict[str, str] = field(default_factory=dict)
    cautions: tuple[str, ...] = ()  # pain of a protocol, what would be missed
