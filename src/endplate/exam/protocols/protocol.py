"""Protocol: steps of stimulation, rest and effort, and which of them are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from endplate.foundation.records.recording import Role

Electrode = Literal["surface", "concentric needle", "single-fibre needle"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: stimulate, rest or effort.

    Parameters
    ----------
    do
        What happens.
    name, role
        How the train is called, and what it is for (see `foundation.records.recording`).
    count, rate_hz
        Stimuli and their rate; one stimulus needs no rate. [1, Hz]
    intensity
        Stimulus over the maximal one; None takes the protocol's. [1]
    seconds, fraction
        Length of a rest or an effort; effort over the maximal one. [s, 1]
    read
        Whether the responses (or the force of an effort) are recorded.
    delay_s
        Time from the end of the step before to the first stimulus. [s]
    jitter
        Coefficient of variation of the intervals, as in a voluntary discharge. [1]
    """

    do: Literal["stimulate", "rest", "effort"]
    name: str = ""
    role: Role = "unknown"
    count: int = 1
    rate_hz: float | None = None
    intensity: float | None = None
    seconds: float = 0.0
    fraction: float = 1.0
    read: bool = True
    delay_s: float = 0.0
    jitter: float = 0.0


@dataclass(frozen=True, slots=True)
class Variant:
    """The same protocol under one other condition: what a laboratory may get wrong, or a drug on board."""

    name: str
    note: str = ""
    temperature_degc: float | None = None
    intensity: float | None = None
    effort_fraction: float | None = None
    read_delay_s: float | None = None
    treatments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Protocol:
    """What is done to one muscle, in order.

    `stimuli` and `duration_s` tell a laboratory what it asks of a person; `pain` says how much it hurts.
    """

    name: str
    title: str
    purpose: str
    steps: tuple[Step, ...]
    pain: str = ""
    source: str = ""
    intensity: float = 1.2
    electrode: Electrode = "surface"
    stimulation: Literal["electrical", "magnetic", "voluntary"] = "electrical"
    endplates: int = 0
    highpass_hz: float = 2.0
    lowpass_hz: float = 10_000.0
    sampling_hz: float = 20_000.0
    window_ms: tuple[float, float] = (-5.0, 35.0)
    muscles: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = field(default=())

    @property
    def samples_before(self) -> int:
        """Samples of a sweep before its stimulus."""
        return round(-self.window_ms[0] * self.sampling_hz / 1000.0)

    @property
    def start_ms(self) -> float:
        """Time of a sweep's first sample: the beginning of the window, on the grid of samples. [ms]"""
        return -self.samples_before * 1000.0 / self.sampling_hz

    @property
    def n_stimuli(self) -> int:
        """Electrical stimuli, read or not."""
        return sum(step.count for step in self.steps if step.do == "stimulate")

    @property
    def duration_s(self) -> float:
        """Length of the whole protocol. [s]"""
        total = 0.0
        for step in self.steps:
            total += step.delay_s
            if step.do == "stimulate":
                total += (step.count - 1) / step.rate_hz if step.rate_hz else 0.0
            else:
                total += step.seconds
        return total
