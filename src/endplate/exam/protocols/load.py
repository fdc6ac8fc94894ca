"""Read protocols: the built-in ones by name, a laboratory's own by path."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path
from typing import Any

from endplate.exam.protocols.protocol import Protocol, Step, Variant
from endplate.foundation.errors import FileFormatError, InputError, require_between, unknown_name
from endplate.foundation.records.recording import ROLES

_HERE = Path(__file__).parent
_STEP_KEYS = {field.name for field in dataclasses.fields(Step)}
_VARIANT_KEYS = {field.name for field in dataclasses.fields(Variant)}
_PROTOCOL_KEYS = {field.name for field in dataclasses.fields(Protocol)} - {"steps", "variants"} | {"step", "variant"}
_ELECTRODES = ("surface", "concentric needle", "single-fibre needle")
_STIMULATIONS = ("electrical", "magnetic", "voluntary")


def protocols() -> tuple[str, ...]:
    """Return the names of the built-in protocols.

    Examples
    --------
    >>> "lems" in protocols()
    True
    """
    return tuple(sorted(path.stem for path in _HERE.glob("*.toml")))


def describe_protocols() -> dict[str, Protocol]:
    """Return every built-in protocol by name."""
    return {name: load_protocol(name) for name in protocols()}


def load_protocol(name_or_path: str | Path) -> Protocol:
    """Return a built-in protocol by its name, or one from a TOML file.

    Raises
    ------
    UnknownNameError
        If there is no such protocol; the nearest name is offered.
    InputError
        If the protocol cannot be carried out: a negative rate, no step, nothing read.
    """
    text = str(name_or_path)
    if text in protocols():
        path = _HERE / f"{text}.toml"
    elif text.endswith(".toml") or "/" in text:
        path = Path(name_or_path)
        if not path.is_file():
            raise InputError(f"there is no protocol file {path}. Give a file, or one of: {', '.join(protocols())}.")
    else:
        raise unknown_name("protocol", text, protocols())
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FileFormatError(f"protocol {path.name} is not valid TOML in UTF-8: {error}.") from error
    return parse_protocol(table, default_name=path.stem)


def parse_protocol(table: dict[str, Any], *, default_name: str = "protocol") -> Protocol:
    """Build and check a protocol from its table (the content of a TOML file).

    Examples
    --------
    >>> p = parse_protocol({"step": [{"do": "stimulate", "name": "rest", "role": "rest"}]})
    >>> p.n_stimuli
    1
    """
    name = str(table.get("name", default_name))
    _known(f"key of protocol {name!r}", table, _PROTOCOL_KEYS)
    steps = tuple(_step(name, number, item) for number, item in enumerate(table.get("step", ()), start=1))
    variants = tuple(_variant(name, item) for item in table.get("variant", ()))
    rest: dict[str, Any] = {key: value for key, value in table.items() if key not in ("step", "variant", "name")}
    for key in ("window_ms", "muscles"):
        if key in rest:
            rest[key] = tuple(rest[key])
    protocol = Protocol(
        name=name,
        title=str(rest.pop("title", name)),
        purpose=str(rest.pop("purpose", "")),
        steps=steps,
        variants=variants,
        **rest,
    )
    _check(protocol)
    return protocol


def _known(kind: str, table: dict[str, Any], allowed: set[str]) -> None:
    for key in table:
        if key not in allowed:
            raise unknown_name(kind, key, allowed)


def _step(protocol: str, number: int, item: dict[str, Any]) -> Step:
    where = f"step {number} of protocol {protocol!r}"
    _known(f"key in {where}", item, _STEP_KEYS)
    if item.get("do") not in ("stimulate", "rest", "effort"):
        raise InputError(f"{where}: do = {item.get('do')!r}; it must be stimulate, rest or effort.")
    step = Step(**item)
    if step.role not in ROLES:
        raise unknown_name(f"role in {where}", str(step.role), ROLES)
    if step.do == "stimulate":
        require_between(f"{where}: count", step.count, 1, 100_000)
        if step.rate_hz is not None:
            require_between(f"{where}: rate_hz", step.rate_hz, 0.05, 200, "Rates are in Hz: 3 for a slow train.")
        elif step.count > 1:
            raise InputError(f"{where}: {step.count} stimuli need a rate_hz.")
        if step.intensity is not None:
            require_between(f"{where}: intensity", step.intensity, 0.1, 3, "1.2 is 120 % of the maximal stimulus.")
        require_between(f"{where}: jitter", step.jitter, 0, 0.4)
    else:
        require_between(f"{where}: seconds", step.seconds, 0, 36_000, "Times are in seconds.")
        require_between(f"{where}: fraction", step.fraction, 0.01, 1, "1 is a maximal effort; 50 % is 0.5.")
    require_between(f"{where}: delay_s", step.delay_s, 0, 36_000, "Times are in seconds.")
    return step


def _variant(protocol: str, item: dict[str, Any]) -> Variant:
    _known(f"key in a variant of protocol {protocol!r}", item, _VARIANT_KEYS)
    return Variant(**{**item, "treatments": tuple(item.get("treatments", ()))})


def _check(protocol: Protocol) -> None:
    where = f"protocol {protocol.name!r}"
    if not protocol.steps:
        raise InputError(f"{where} has no [[step]]. Add at least one that stimulates.")
    if not any(step.read and step.do != "rest" for step in protocol.steps):
        raise InputError(f"{where} never reads: set read = true in a step that stimulates, or in an effort.")
    if protocol.electrode not in _ELECTRODES:
        raise unknown_name(f"electrode in {where}", protocol.electrode, _ELECTRODES)
    if protocol.stimulation not in _STIMULATIONS:
        raise unknown_name(f"stimulation in {where}", protocol.stimulation, _STIMULATIONS)
    require_between(f"{where}: sampling_hz", protocol.sampling_hz, 2_000, 200_000, "A CMAP needs at least 2 kHz.")
    require_between(f"{where}: intensity", protocol.intensity, 0.1, 3, "1.2 is 120 % of the maximal stimulus.")
    low, high = protocol.window_ms
    if not low <= 0 < high <= 1000:
        raise InputError(
            f"{where}: window_ms must begin at or before the stimulus (0) and end after it, got {low}..{high}."
        )
    for step in protocol.steps:
        shortest = 1000.0 / step.rate_hz if step.rate_hz else high
        if step.read and step.do == "stimulate" and step.count > 1 and shortest < high - 1e-9:
            raise InputError(
                f"{where}: at {step.rate_hz:g} Hz stimuli are {shortest:.0f} ms apart, but each sweep reads "
                f"{high:g} ms after its stimulus. Shorten window_ms."
            )
    if protocol.endplates and protocol.electrode == "surface":
        raise InputError(f"{where}: endplates are read with a needle; set electrode.")
