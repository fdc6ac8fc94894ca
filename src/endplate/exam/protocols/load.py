"""Read protocols: the built-in ones by name, a laboratory's own by path."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path
from typing import Any

from endplate.body.muscle import muscles
from endplate.exam.protocols.check import check_protocol, check_step, check_variant, require_list, require_text
from endplate.exam.protocols.protocol import Protocol, Step, Variant
from endplate.foundation.errors import FileFormatError, InputError, require_between, unknown_name

_HERE = Path(__file__).parent
_STEP_KEYS = {field.name for field in dataclasses.fields(Step)}
_VARIANT_KEYS = {field.name for field in dataclasses.fields(Variant)}
_PROTOCOL_KEYS = {field.name for field in dataclasses.fields(Protocol)} - {"steps", "variants"} | {"step", "variant"}


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
        If the protocol cannot be carried out: a negative rate, no step, no response read.
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
    name = require_text("name of a protocol", table.get("name", default_name))
    where = f"protocol {name!r}"
    _known(f"key of {where}", table, _PROTOCOL_KEYS)
    steps = tuple(_step(name, number, item) for number, item in enumerate(_tables(where, table, "step"), start=1))
    variants = tuple(_variant(name, item) for item in _tables(where, table, "variant"))
    rest: dict[str, Any] = {key: value for key, value in table.items() if key not in ("step", "variant", "name")}
    if "window_ms" in rest:
        rest["window_ms"] = _window(where, rest["window_ms"])
    if "muscles" in rest:
        named = require_list(f"{where}: muscles", rest["muscles"])
        rest["muscles"] = tuple(_muscle(require_text(f"{where}: a muscle", muscle)) for muscle in named)
    protocol = Protocol(
        name=name,
        title=rest.pop("title", name),
        purpose=rest.pop("purpose", ""),
        steps=steps,
        variants=variants,
        **rest,
    )
    check_protocol(protocol)
    return protocol


def _muscle(name: str) -> str:
    if name not in muscles():
        raise unknown_name("muscle", name, muscles())
    return name


def _tables(where: str, table: dict[str, Any], key: str) -> list[dict[str, Any]]:
    items = table.get(key, [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise InputError(f"{where}: every {key} is a table of its own; write [[{key}]], with two brackets.")
    return items


def _window(where: str, value: Any) -> tuple[float, float]:
    ends = require_list(f"{where}: window_ms", value)
    if len(ends) != 2:
        raise InputError(f"{where}: window_ms needs a beginning and an end, [-5.0, 35.0], got {value!r}.")
    low, high = (require_between(f"{where}: window_ms", end, -1000, 1000, "It is in milliseconds.") for end in ends)
    return low, high


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
    check_step(where, step)
    return step


def _variant(protocol: str, item: dict[str, Any]) -> Variant:
    where = f"a variant of protocol {protocol!r}"
    _known(f"key in {where}", item, _VARIANT_KEYS)
    if "name" not in item:
        raise InputError(f"{where} has no name. Every variant is shown under its own.")
    treatments = require_list(f"{where}: treatments", item.get("treatments", []))
    variant = Variant(**{**item, "treatments": tuple(treatments)})
    check_variant(where, variant)
    return variant
