"""Examine a person: carry out a protocol, measure it with the instruments, state the findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from endplate import __version__
from endplate.body.muscle import describe
from endplate.body.person import Person
from endplate.change.presets import person as person_of
from endplate.change.therapy import apply_treatments
from endplate.exam.examination.session import Session, varied
from endplate.exam.examination.types import Effort, Examination, Study
from endplate.exam.find import find, with_intervals
from endplate.exam.measure import measure_all
from endplate.exam.protocols import Protocol, Variant, load_protocol
from endplate.foundation.errors import InputError, require_between
from endplate.foundation.parameters import fingerprint
from endplate.foundation.records import Findings, Recording

Progress = Callable[[str, float], None]
MOST_SEEDS = 200


def examine(
    person: Person | str | Path,
    *,
    protocol: Protocol | str | Path = "lems",
    muscle: str = "adm",
    treatments: tuple[str, ...] = (),
    seed: int | None = None,
    seeds: int = 1,
    n_fibres: int | None = None,
    reference_set: str | None = None,
    on: date | None = None,
    progress: Progress | None = None,
) -> Examination:
    """Examine one muscle of one simulated person.

    Parameters
    ----------
    person
        A `Person`, the name of a preset ("lems"), or a TOML file.
    protocol
        A `Protocol`, the name of a built-in one, or a TOML file.
    muscle
        Key of the muscle.
    treatments
        Given before the examination, as on the command line: ``"amifampridine:20mg,steady"``.
    seed
        Replaces the person's seed.
    seeds
        How many persons of the same kind are examined, with seeds of their own: above 1 the
        findings carry the interval over them. The page shows the first.
    n_fibres
        Fewer fibres for a quick look; the amplitude keeps its scale.
    reference_set
        Named limits for the findings; the instruments' default when not given.
    on
        Day whose rules count; today when not given.
    progress
        Called with what is being done and the share that is done.

    Returns
    -------
    Examination
        One study per variant of the protocol, usually one.

    Raises
    ------
    UnknownNameError, InputError
        If a name is unknown or a number impossible; see the message.

    Examples
    --------
    >>> result = examine("healthy", protocol="ncs", muscle="adm", n_fibres=2000)
    >>> result.studies[0].recording.simulated
    True
    """
    somebody = person if isinstance(person, Person) else person_of(person)
    plan = protocol if isinstance(protocol, Protocol) else load_protocol(protocol)
    require_between("seeds", seeds, 1, MOST_SEEDS)
    if n_fibres is not None:
        require_between("n_fibres", n_fibres, 50, 1_000_000)
    described = describe(muscle)
    if seed is not None:
        somebody = replace(somebody, seed=seed)
    somebody = apply_treatments(somebody, treatments)
    variants = plan.variants or (Variant("study"),)
    studies = []
    for number, variant in enumerate(variants):
        step = _part_of(progress, number / len(variants), 1.0 / len(variants), variant.name if plan.variants else "")
        studies.append(
            _study(
                _under(somebody, variant),
                varied(plan, variant),
                variant,
                muscle=muscle,
                seeds=seeds,
                n_fibres=n_fibres,
                reference_set=reference_set,
                on=on,
                progress=step,
            )
        )
    first = studies[0].recording
    return Examination(
        person=somebody.name,
        protocol=plan.name,
        muscle=muscle,
        studies=tuple(studies),
        simulated=True,
        conditions={"Protocol": plan.title, **conditions_of(first, label=described.label)},
        changes=tuple(f"{change.name}: {change.mechanism} ({change.source})" for change in somebody.history),
        provenance={
            "endplate": __version__,
            "seed": str(somebody.seed) if seeds == 1 else f"{somebody.seed} to {somebody.seed + seeds - 1}",
            "parameters": fingerprint(),
        },
        cautions=tuple(text for text in (plan.pain, *(v.note for v in plan.variants)) if text),
    )


def _part_of(progress: Progress | None, start: float, share: float, prefix: str) -> Progress | None:
    if progress is None:
        return None
    words = f"{prefix}: " if prefix else ""
    return lambda what, done: progress(words + what, start + share * done)


def _under(person: Person, variant: Variant) -> Person:
    if variant.temperature_degc is not None:
        warmth = variant.temperature_degc
        person = person.moved_by(lambda levers: levers.moved(temperature_degc=warmth))
    return apply_treatments(person, variant.treatments)


def _study(
    person: Person,
    protocol: Protocol,
    variant: Variant,
    *,
    muscle: str,
    seeds: int,
    n_fibres: int | None,
    reference_set: str | None,
    on: date | None,
    progress: Progress | None,
) -> Study:
    shown: Study | None = None
    found: list[Findings] = []
    for number in range(seeds):
        session = Session(replace(person, seed=person.seed + number), muscle, protocol, n_fibres=n_fibres)
        words = "" if seeds == 1 else f"seed {number + 1} of {seeds}"
        session.run(_part_of(progress, number / seeds, 1.0 / seeds, words))
        if not session.sheet.trains:
            raise InputError(f"protocol {protocol.name!r} read no response: set read = true in a step that stimulates.")
        recording = session.recording()
        study = read(
            recording,
            title=protocol.title if variant.name == "study" else variant.name,
            reference_set=reference_set,
            efforts=tuple(session.sheet.efforts),
            on=on,
        )
        study = replace(study, physiology=session.physiology())
        found.append(study.findings)
        shown = shown or study
    assert shown is not None
    return replace(shown, findings=with_intervals(found)) if seeds > 1 else shown


def read(
    recording: Recording,
    *,
    title: str | None = None,
    window_ms: tuple[float, float] | None = None,
    reference_set: str | None = None,
    cursors: str | Path | None = None,
    efforts: tuple[Effort, ...] = (),
    on: date | None = None,
) -> Study:
    """Measure a recording, real or simulated, and state what it shows."""
    measurements = measure_all(recording, window_ms=window_ms, cursors=cursors)
    findings = find(recording, measurements, reference_set=reference_set, on=on, efforts=efforts)
    return Study(title or recording.source or "recording", recording, measurements, findings, efforts=efforts)


def read_real(
    recording: Recording,
    *,
    window_ms: tuple[float, float] | None = None,
    reference_set: str | None = None,
    cursors: str | Path | None = None,
    on: date | None = None,
) -> Examination:
    """Put a real recording into the shape of an examination, so that one page shows both."""
    study = read(recording, window_ms=window_ms, reference_set=reference_set, cursors=cursors, on=on)
    return Examination(
        person=recording.source or "recording",
        protocol="as recorded",
        muscle=recording.muscle or "not stated",
        studies=(study,),
        simulated=recording.simulated,
        conditions=conditions_of(recording),
        provenance={
            "endplate": __version__,
            "checksum": recording.checksum or "none",
            "parameters": fingerprint(),
        },
        cautions=recording.notes,
    )


def conditions_of(recording: Recording, *, label: str | None = None) -> dict[str, str]:
    """Return the header of a page, in reading order; what nobody stated says so."""
    unknown = "not stated"

    def number(value: float | None, unit: str) -> str:
        return unknown if value is None else f"{value:g} {unit}"

    drug = recording.drug or unknown
    if recording.drug and recording.hours_since_dose is not None:
        drug = f"{recording.drug}, {recording.hours_since_dose:g} h since dose"
    filters = f"{number(recording.highpass_hz, 'Hz')} to {number(recording.lowpass_hz, 'Hz')}"
    return {
        "Muscle": label or recording.muscle or unknown,
        "Side": recording.side or unknown,
        "Temperature": number(recording.temperature_degc, "°C"),
        "Filters": unknown if recording.highpass_hz is None and recording.lowpass_hz is None else filters,
        "Sampling": f"{recording.sampling_hz / 1000:g} kHz",
        "Electrode": recording.electrode + (f", {recording.montage}" if recording.montage else ""),
        "Stimulation": recording.stimulation,
        "Drug": drug,
    }
