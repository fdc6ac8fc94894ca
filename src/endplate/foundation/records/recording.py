"""Recording: what an electrode saw, real or simulated; the measuring code cannot tell which."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from endplate.foundation.errors import InputError, unknown_name

Role = Literal["rest", "immediate", "late", "low rate", "high rate", "recruitment", "single fibre", "unknown"]
ROLES: Final[tuple[str, ...]] = (
    "rest",  # one supramaximal response before any train
    "immediate",  # first response after an effort
    "late",  # single response later after an effort
    "low rate",  # a train at 2-5 Hz
    "high rate",  # a train at 20-50 Hz
    "recruitment",  # sweeps of rising intensity
    "single fibre",  # repeated discharges of one end-plate
    "unknown",
)


@dataclass(frozen=True, slots=True)
class Train:
    """Sweeps that belong together; None means that nobody said.

    `after_effort_s` runs from the end of the latest effort to the first stimulus of this train;
    `rest_before_s` is the time without stimulus or effort before it; `intensity` is the stimulus
    over the maximal one (1.2 = 120 %).

    Raises
    ------
    UnknownNameError
        If the role is not one of `ROLES`.

    Examples
    --------
    >>> Train("3 Hz at rest", "low rate", sweeps=(0, 1, 2, 3), rate_hz=3.0).sweeps
    (0, 1, 2, 3)
    """

    name: str
    role: Role
    sweeps: tuple[int, ...]
    rate_hz: float | None = None
    after_effort_s: float | None = None
    effort_s: float | None = None
    effort_fraction: float | None = None
    rest_before_s: float | None = None
    intensity: float | None = None

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise unknown_name("role of a train", self.role, ROLES)


@dataclass(frozen=True, eq=False)
class Recording:
    """Sweeps around stimuli, with all that is known of how they were made.

    Parameters
    ----------
    signal_mv
        (sweep, channel, time), float64, as recorded: a negative deflection is negative. [mV]
    sampling_hz
        Samples per second of each sweep.
    start_ms
        Time of the first sample after the stimulus; below 0 when the sweep begins before it. [ms]
    stimulus_s
        (sweep,), true time of each stimulus in the session. [s]
    negative_up
        Whether the file stored the negative phase as positive numbers (many EMG exports do).
    simulated
        True for a model's output; only reports and the clinic read it, never the instruments.

    Raises
    ------
    InputError
        If shapes disagree, the sampling rate is not above 0, or a train names a sweep that is not there.

    Examples
    --------
    >>> one = Recording(np.zeros((2, 1, 5)), sampling_hz=2000.0, start_ms=-1.0, stimulus_s=np.array([0.0, 0.5]))
    >>> one.n_sweeps, one.time_ms
    (2, array([-1. , -0.5,  0. ,  0.5,  1. ]))
    """

    signal_mv: NDArray[np.float64]
    sampling_hz: float
    start_ms: float
    stimulus_s: NDArray[np.float64]
    channels: tuple[str, ...] = ("1",)
    trains: tuple[Train, ...] = ()
    muscle: str | None = None
    side: Literal["left", "right"] | None = None
    temperature_degc: float | None = None
    highpass_hz: float | None = None
    lowpass_hz: float | None = None
    montage: str | None = None
    electrode: Literal["surface", "concentric needle", "single-fibre needle"] = "surface"
    stimulation: Literal["electrical", "magnetic", "voluntary"] = "electrical"
    stimulus_level: NDArray[np.float64] | None = None  # (sweep,) in the stimulator's own units
    negative_up: bool = False
    drug: str | None = None
    hours_since_dose: float | None = None
    simulated: bool = False
    source: str = ""
    seed: int | None = None
    checksum: str | None = None
    notes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        signal = np.ascontiguousarray(self.signal_mv, dtype=np.float64)
        if signal.ndim != 3:
            raise InputError(f"signal_mv needs dimensions (sweep, channel, time), got shape {signal.shape}.")
        if signal.shape[1] != len(self.channels):
            raise InputError(f"{signal.shape[1]} channels of data, but {len(self.channels)} channel names.")
        times = np.asarray(self.stimulus_s, dtype=np.float64)
        if times.shape != (signal.shape[0],):
            raise InputError(f"{signal.shape[0]} sweeps, but {times.size} stimulus times.")
        if not 0.0 < self.sampling_hz < np.inf:
            raise InputError(f"sampling_hz must be above 0, got {self.sampling_hz:g}. It is in samples per second.")
        if self.stimulus_level is not None and np.shape(self.stimulus_level) != times.shape:
            raise InputError(f"{times.size} sweeps, but {np.size(self.stimulus_level)} stimulus levels.")
        for train in self.trains:
            if any(not 0 <= sweep < signal.shape[0] for sweep in train.sweeps):
                raise InputError(f"train {train.name!r} names a sweep outside 0..{signal.shape[0] - 1}.")
        object.__setattr__(self, "signal_mv", signal)
        object.__setattr__(self, "stimulus_s", times)

    @property
    def n_sweeps(self) -> int:
        """Number of sweeps."""
        return int(self.signal_mv.shape[0])

    @property
    def time_ms(self) -> NDArray[np.float64]:
        """(time,), each sample's time after the stimulus. [ms]"""
        samples = np.arange(self.signal_mv.shape[2], dtype=np.float64)
        return np.asarray(self.start_ms + samples * (1000.0 / self.sampling_hz), dtype=np.float64)

    def train(self, name: str) -> Train:
        """Return the train of that name, or say which trains there are."""
        for train in self.trains:
            if train.name == name:
                return train
        raise unknown_name("train of this recording", name, [train.name for train in self.trains])
