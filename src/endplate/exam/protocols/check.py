"""What a protocol must be so that it can be carried out and read."""

from __future__ import annotations

from typing import Any

from endplate.exam.protocols.protocol import Protocol, Step, Variant
from endplate.foundation.errors import InputError, require_between, unknown_name
from endplate.foundation.parameters import values_of
from endplate.foundation.records import LEVERS
from endplate.foundation.records.recording import ROLES

_ELECTRODES = ("surface", "concentric needle", "single-fibre needle")
_STIMULATIONS = ("electrical", "magnetic", "voluntary")
_SECONDS = "Times are in seconds."
_INTENSITY = "1.2 is 120 % of the maximal stimulus."
_EFFORT = "1 is a maximal effort; 50 % is 0.5."
_LONGEST_S = 36_000.0
_LONGEST_EFFORT_S = 600.0
_SURFACE_WINDOW_MS = (10.0, 500.0)  # after the stimulus; a shorter one cuts a CMAP off


def require_text(name: str, value: Any) -> str:
    """Return the value, or say that it must be text."""
    if not isinstance(value, str):
        raise InputError(f"{name} must be text in quotes, got {value!r}.")
    return value


def require_list(name: str, value: Any) -> list[Any]:
    """Return the value, or say that it must be a list."""
    if not isinstance(value, list | tuple):
        raise InputError(f"{name} must be a list in square brackets, got {value!r}.")
    return list(value)


def require_whole(name: str, value: Any, low: int, high: int) -> None:
    """Say so if the value is no whole number in a range."""
    require_between(name, value, low, high)
    if not isinstance(value, int):
        raise InputError(f"{name} must be a whole number, got {value!r}.")


def _shortest_interval_ms(step: Step) -> float:
    assert step.rate_hz is not None
    scatter = values_of("exam/examination")["discharge_interval_shortest"] if step.jitter else 1.0
    return 1000.0 * scatter / step.rate_hz


def check_step(where: str, step: Step) -> None:
    """Refuse a step with impossible numbers."""
    require_text(f"{where}: name", step.name)
    if step.role not in ROLES:
        raise unknown_name(f"role in {where}", str(step.role), ROLES)
    if not isinstance(step.read, bool):
        raise InputError(f"{where}: read must be true or false, without quotes, got {step.read!r}.")
    require_between(f"{where}: delay_s", step.delay_s, 0, _LONGEST_S, _SECONDS)
    if step.do == "rest":
        require_between(f"{where}: seconds", step.seconds, 0, _LONGEST_S, _SECONDS)
    elif step.do == "effort":
        require_between(f"{where}: seconds", step.seconds, 0.1, _LONGEST_EFFORT_S, _SECONDS)
        require_between(f"{where}: fraction", step.fraction, 0.01, 1, _EFFORT)
    else:
        _check_train(where, step)


def _check_train(where: str, step: Step) -> None:
    require_whole(f"{where}: count", step.count, 1, 100_000)
    require_between(f"{where}: jitter", step.jitter, 0, 0.4)
    if step.intensity is not None:
        require_between(f"{where}: intensity", step.intensity, 0.1, 3, _INTENSITY)
    if step.rate_hz is None:
        if step.count > 1:
            raise InputError(f"{where}: {step.count} stimuli need a rate_hz.")
        return
    highest_hz = values_of("body/terminal")["highest_rate_hz"]
    require_between(f"{where}: rate_hz", step.rate_hz, 0.05, highest_hz, "Rates are in Hz: 3 for a slow train.")
    if _shortest_interval_ms(step) < 1000.0 / highest_hz:
        raise InputError(
            f"{where}: intervals that scatter about {1000.0 / step.rate_hz:.3g} ms come below "
            f"{1000.0 / highest_hz:g} ms, faster than a nerve ending can follow. Lower rate_hz."
        )


def check_variant(where: str, variant: Variant) -> None:
    """Refuse a variant with impossible numbers."""
    require_text(f"{where}: name", variant.name)
    require_text(f"{where}: note", variant.note)
    warm = LEVERS["temperature_degc"]
    for key, low, high, hint in (
        ("temperature_degc", warm.low, warm.high, "It is in degrees Celsius."),
        ("intensity", 0.1, 3, _INTENSITY),
        ("effort_fraction", 0.01, 1, _EFFORT),
        ("read_delay_s", 0, _LONGEST_S, _SECONDS),
    ):
        if getattr(variant, key) is not None:
            require_between(f"{where}: {key}", getattr(variant, key), low, high, hint)
    for treatment in variant.treatments:
        require_text(f"{where}: treatment", treatment)


def check_protocol(protocol: Protocol) -> None:
    """Refuse a protocol that has no steps, reads no response, or whose sweeps overlap.

    Raises
    ------
    InputError, UnknownNameError
        With what came in, what is allowed and the way out.
    """
    where = f"protocol {protocol.name!r}"
    for key in ("name", "title", "purpose", "pain", "source"):
        require_text(f"{where}: {key}", getattr(protocol, key))
    if not protocol.steps:
        raise InputError(f"{where} has no [[step]]. Add at least one that stimulates.")
    if not any(step.read and step.do == "stimulate" for step in protocol.steps):
        raise InputError(
            f"{where} never reads a response: set read = true in a step that stimulates. "
            "The force of an effort is shown beside responses, not alone."
        )
    _check_instruments(where, protocol)
    _check_sweeps(where, protocol)


def _check_instruments(where: str, protocol: Protocol) -> None:
    if protocol.electrode not in _ELECTRODES:
        raise unknown_name(f"electrode in {where}", str(protocol.electrode), _ELECTRODES)
    if protocol.stimulation not in _STIMULATIONS:
        raise unknown_name(f"stimulation in {where}", str(protocol.stimulation), _STIMULATIONS)
    require_between(f"{where}: sampling_hz", protocol.sampling_hz, 2_000, 200_000, "A CMAP needs at least 2 kHz.")
    require_between(f"{where}: intensity", protocol.intensity, 0.1, 3, _INTENSITY)
    require_whole(f"{where}: endplates", protocol.endplates, 0, 1000)
    if protocol.endplates and protocol.electrode == "surface":
        raise InputError(f"{where}: endplates are read with a needle; set electrode.")
    if not protocol.endplates and protocol.electrode != "surface":
        raise InputError(f"{where}: a needle reads single end-plates; set endplates, usually 20.")


def _check_sweeps(where: str, protocol: Protocol) -> None:
    """Refuse sweeps that begin after their stimulus or run into the next one."""
    low, high = protocol.window_ms
    if not low <= 0 < high <= 1000:
        raise InputError(
            f"{where}: window_ms must begin at or before the stimulus (0) and end after it, got {low}..{high}."
        )
    if protocol.electrode == "surface":
        require_between(f"{where}: end of window_ms", high, *_SURFACE_WINDOW_MS, "It is in milliseconds.")
    least_ms = 1000.0 / values_of("body/terminal")["highest_rate_hz"]
    since_s, before = 0.0, None  # since the latest stimulus, and the step that gave it
    for number, step in enumerate(protocol.steps, start=1):
        since_s += step.delay_s
        if step.do != "stimulate":
            since_s += step.seconds
            continue
        if before is not None and 1000.0 * since_s < (high if before.read else least_ms) - 1e-9:
            raise InputError(
                f"{where}: step {number} stimulates {1000.0 * since_s:g} ms after the stimulus before it. "
                "Set its delay_s, or put a rest between them."
            )
        if step.read and step.count > 1 and _shortest_interval_ms(step) < high - 1e-9:
            raise InputError(
                f"{where}: at {step.rate_hz:g} Hz stimuli are {_shortest_interval_ms(step):.0f} ms apart, but each "
                f"sweep reads {high:g} ms after its stimulus. Shorten window_ms."
            )
        since_s, before = 0.0, step
