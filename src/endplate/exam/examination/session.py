"""One session: a protocol carried out on a preparation, step by step, as a recording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from endplate.body.muscle import CompoundBasis, add_noise_and_filters, build_basis, compound_potential
from endplate.body.person import Person
from endplate.body.person.preparation import Preparation, Response, n_threads
from endplate.exam.examination.needle import Picked, needle_signal, pick_fibres
from endplate.exam.examination.types import Effort, Physiology
from endplate.exam.protocols import Protocol, Step, Variant
from endplate.foundation.parameters import values_of
from endplate.foundation.random import _kernels as random
from endplate.foundation.random import stream
from endplate.foundation.records import Recording, Train

Array = NDArray[np.float64]
Progress = Callable[[str, float], None]  # what is being done, and the share that is done


@dataclass(slots=True)
class Clock:
    """Where a session stands: everything a train's header needs to know of what came before."""

    now_s: float = 0.0
    last_activity_s: float | None = None  # end of the latest stimulus or effort
    effort_end_s: float | None = None
    effort_s: float | None = None
    effort_fraction: float | None = None
    efforts: int = 0
    trains: int = 0  # read or not


@dataclass(slots=True)
class Sheet:
    """What a session has recorded so far."""

    signal: list[Array] = field(default_factory=list)  # (sweep, channel, time) each
    stimulus_s: list[Array] = field(default_factory=list)
    trains: list[Train] = field(default_factory=list)
    fired: list[Array] = field(default_factory=list)
    quanta: list[Array] = field(default_factory=list)
    potential: list[Array] = field(default_factory=list)
    efforts: list[Effort] = field(default_factory=list)
    n_sweeps: int = 0


def varied(protocol: Protocol, variant: Variant) -> Protocol:
    """Return the protocol with a variant's intensity, effort and reading time."""
    steps = []
    for step in protocol.steps:
        if step.do == "effort" and variant.effort_fraction is not None:
            step = replace(step, fraction=variant.effort_fraction)
        if step.role == "immediate" and variant.read_delay_s is not None:
            step = replace(step, delay_s=variant.read_delay_s)
        steps.append(step)
    return replace(
        protocol,
        steps=tuple(steps),
        intensity=protocol.intensity if variant.intensity is None else variant.intensity,
        variants=(),
    )


class Session:
    """Carry out one protocol on one muscle of one person.

    Parameters
    ----------
    person, muscle, protocol
        Who, where and what; a protocol's variants are applied by the caller.
    n_fibres
        Fewer fibres for a quick look.
    noise_mv
        Standard deviation of the amplifier's noise in one sample before the filters; 0 for none, the
        parameter of the electrode when not given. [mV]
    """

    def __init__(
        self,
        person: Person,
        muscle: str,
        protocol: Protocol,
        *,
        n_fibres: int | None = None,
        noise_mv: float | None = None,
    ) -> None:
        self.person, self.muscle, self.protocol = person, muscle, protocol
        electrode = "surface" if protocol.electrode == "surface" else "needle"
        self.noise_mv = values_of("exam/examination")[f"{electrode}_noise_mv"] if noise_mv is None else noise_mv
        self.preparation = Preparation(person, muscle, n_fibres=n_fibres)
        self.clock, self.sheet = Clock(), Sheet()
        self._basis: CompoundBasis | None = None
        self._picked: Picked | None = None
        if protocol.endplates:
            self._picked = pick_fibres(self.preparation.anatomy, protocol, seed=person.seed)
        else:
            self._basis = build_basis(
                self.preparation.anatomy,
                temperature_degc=self.preparation.levers.temperature_degc,
                sampling_hz=protocol.sampling_hz,
                window_ms=protocol.window_ms[1],
            )

    def run(self, progress: Progress | None = None) -> None:
        """Carry out every step."""
        total = len(self.protocol.steps)
        for number, step in enumerate(self.protocol.steps):
            if progress:
                progress(step.name or step.do, number / total)
            if step.do == "rest":
                self.clock.now_s += step.delay_s + step.seconds
            elif step.do == "effort":
                self._effort(step)
            else:
                self._stimulate(step)
        if progress:
            progress("done", 1.0)

    def _effort(self, step: Step) -> None:
        clock = self.clock
        start_s = clock.now_s + step.delay_s
        force = self.preparation.effort(
            start_ms=1000.0 * start_s,
            duration_s=step.seconds,
            fraction=step.fraction,
            effort=clock.efforts,
            read=step.read,
        )
        if force is not None:
            self.sheet.efforts.append(
                Effort(step.name or "effort", start_s, force.time_s, force.force_newton, force.fired_fraction)
            )
        clock.now_s = start_s + step.seconds
        clock.last_activity_s = clock.effort_end_s = clock.now_s
        clock.effort_s, clock.effort_fraction, clock.efforts = step.seconds, step.fraction, clock.efforts + 1

    def _stimulate(self, step: Step) -> None:
        clock = self.clock
        times_s = clock.now_s + step.delay_s + self._intervals(step)
        intensity = self.protocol.intensity if step.intensity is None else step.intensity
        response = self.preparation.stimulate(
            1000.0 * times_s, is_read=np.full(times_s.size, int(step.read), np.uint8), intensity=intensity
        )
        if step.read:
            self._note(step, times_s, intensity, response)
        clock.now_s = clock.last_activity_s = float(times_s[-1])
        clock.trains += 1

    def _intervals(self, step: Step) -> Array:
        """Return (stimulus,), times from the first one; voluntary intervals scatter. [s]"""
        if step.count == 1 or step.rate_hz is None:
            return np.zeros(step.count)
        scatter = np.zeros(step.count - 1)
        if step.jitter:
            key = stream(self.person.seed, "discharge", self.muscle, self.clock.trains)
            random.normal_row(key, 0, 0, scatter)
        shortest = values_of("exam/examination")["discharge_interval_shortest"]
        gaps = np.maximum(1.0 + step.jitter * scatter, shortest) / step.rate_hz
        return np.concatenate([[0.0], np.cumsum(gaps)])

    def _note(self, step: Step, times_s: Array, intensity: float, response: Response) -> None:
        sheet, clock = self.sheet, self.clock
        count = times_s.size
        sheet.trains.append(
            Train(
                name=step.name or f"train {len(sheet.trains) + 1}",
                role=step.role,
                sweeps=tuple(range(sheet.n_sweeps, sheet.n_sweeps + count)),
                rate_hz=step.rate_hz if count > 1 else None,
                after_effort_s=None if clock.effort_end_s is None else float(times_s[0]) - clock.effort_end_s,
                effort_s=clock.effort_s,
                effort_fraction=clock.effort_fraction,
                # a session begins with a rested muscle: its first train has rested since the session began
                rest_before_s=float(times_s[0]) - (clock.last_activity_s or 0.0),
                intensity=None if self.protocol.stimulation == "voluntary" else intensity,
            )
        )
        sheet.signal.append(self._signal(response))
        sheet.stimulus_s.append(times_s)
        sheet.fired.append(response.fired_fraction)
        sheet.quanta.append(response.quantal_content)
        sheet.potential.append(response.endplate_potential_mv)
        sheet.n_sweeps += count

    def _signal(self, response: Response) -> Array:
        """Return (sweep, channel, time) without noise: the stretch before the stimulus is silent."""
        if self._picked is not None:
            return needle_signal(self.preparation, self.protocol, self._picked, response.firing)
        assert self._basis is not None
        after = compound_potential(
            self._basis, response.firing.fired, response.firing.arrival_ms, n_threads=n_threads()
        )
        silent = np.zeros((after.shape[0], self.protocol.samples_before))
        return np.concatenate([silent, after], axis=1)[:, None, :]

    def recording(self) -> Recording:
        """Return everything that was read, through the amplifier."""
        protocol, sheet = self.protocol, self.sheet
        drug, hours_since_dose = drugs_on_board(self.person)
        quiet = np.concatenate(sheet.signal)
        signal = add_noise_and_filters(
            quiet.reshape(-1, quiet.shape[2]),
            sampling_hz=protocol.sampling_hz,
            highpass_hz=protocol.highpass_hz,
            lowpass_hz=protocol.lowpass_hz,
            noise_mv=self.noise_mv,
            key=stream(self.person.seed, "amplifier", self.muscle, protocol.name),
        ).reshape(quiet.shape)
        return Recording(
            signal_mv=signal,
            sampling_hz=protocol.sampling_hz,
            start_ms=protocol.start_ms,
            stimulus_s=np.concatenate(sheet.stimulus_s),
            channels=self._picked.channels if self._picked else ("1",),
            trains=tuple(sheet.trains),
            muscle=self.muscle,
            side="right",
            temperature_degc=self.preparation.levers.temperature_degc,
            highpass_hz=protocol.highpass_hz,
            lowpass_hz=protocol.lowpass_hz,
            montage=None if protocol.endplates else "belly-tendon",
            electrode=protocol.electrode,
            stimulation=protocol.stimulation,
            drug=drug,
            hours_since_dose=hours_since_dose,
            simulated=True,
            source=f"{self.person.name}, {protocol.name}",
            seed=self.person.seed,
        )

    def physiology(self) -> Physiology:
        """Return what only the simulation knows, per sweep."""
        sheet = self.sheet
        return Physiology(
            fired_fraction=np.concatenate(sheet.fired),
            quantal_content=np.concatenate(sheet.quanta),
            endplate_potential_mv=np.concatenate(sheet.potential),
        )


def drugs_on_board(person: Person) -> tuple[str, float | None]:
    """Return every drug of a person's history, in words for the header, and hours since the dose of a single one.

    Examples
    --------
    >>> from endplate.change.therapy import apply_treatments
    >>> drugs_on_board(apply_treatments(Person(), ["pyridostigmine:60mg,1h"]))
    ('pyridostigmine 60 mg', 1.0)
    >>> drugs_on_board(apply_treatments(Person(), ["pyridostigmine:60mg,1h", "verapamil:80mg,2h"]))[0]
    'pyridostigmine 60 mg, 1 h since dose; verapamil 80 mg, 2 h since dose'
    """
    given = [change for change in person.history if change.drug]
    if not given:
        return "none", None
    if len(given) == 1:
        return str(given[0].drug), given[0].hours_since_dose
    hours = ["" if one.hours_since_dose is None else f", {one.hours_since_dose:g} h since dose" for one in given]
    return "; ".join(f"{one.drug}{since}" for one, since in zip(given, hours, strict=True)), None
