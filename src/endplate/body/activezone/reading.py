"""Read cases from TOML: those of the package by name, a user's own by path."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone.action_potential import (
    ActionPotential,
    read_action_potential,
    reference_action_potential,
)
from endplate.body.activezone.case import Case
from endplate.body.activezone.kinds import GATED, ChannelKind, SensorKind, cap_sites, channel_kind, sensor_kind
from endplate.foundation.errors import DataError, FileFormatError, InputError, unknown_name
from endplate.foundation.parameters import CHECKED, STATUSES, values_of

FOLDER: Final = Path(__file__).resolve().parent / "cases"
_TABLES: Final[dict[str, set[str]]] = {
    "box": {"x_nm", "y_nm", "z_nm", "absorbing"},
    "zones": {"centres_nm"},
    "vesicles": {"radius_nm", "offsets_nm"},
    "channels": {"offsets_nm", "kind"},
    "source": {"flux_per_ms", "open_from_ms", "open_until_ms"},
    "sensors": {"kinds"},
    "buffer": {"umolar", "k_on_per_molar_s", "k_off_per_s"},
    "calcium": {
        "diffusion_um2_per_s", "external_mmolar", "magnesium_mmolar", "resting_umolar", "clearance_per_ms",
    },
    "impulse": {"file", "onsets_ms"},
    "run": {"duration_ms", "step_ns"},
    "evidence": set(),  # one table for each part, checked on its own
}  # fmt: skip
_NEEDED: Final = ("box", "zones", "channels", "buffer", "calcium", "run", "evidence")


def case_names() -> tuple[str, ...]:
    """Return the names of the cases that travel with the package.

    Examples
    --------
    >>> "az4" in case_names()
    True
    """
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def read_case(name_or_path: str | Path) -> Case:
    """Read a case by its name in the package, or from a TOML file of the same form.

    Raises
    ------
    UnknownNameError
        If there is no case and no file of that name.
    FileFormatError, DataError
        If the file is no TOML, or a table or key is missing or unknown.
    InputError
        If what it describes is impossible.

    Examples
    --------
    >>> read_case("az4").n_buffer_sites
    11555
    """
    return _build(*_load(name_or_path))


def evidence_of(name_or_path: str | Path) -> dict[str, dict[str, str]]:
    """Return where the numbers of a case are from: table -> status, source, checked, note."""
    table, path = _load(name_or_path)
    _check_keys(table, path.name)
    found: dict[str, dict[str, str]] = table["evidence"]
    _check_evidence(found, path.name)
    return found


def _load(name_or_path: str | Path) -> tuple[dict[str, Any], Path]:
    text = str(name_or_path)
    path = Path(text)
    if text.lower() in case_names():
        path = FOLDER / f"{text.lower()}.toml"
    elif path.suffix != ".toml":
        raise unknown_name("case", text, case_names())
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise FileFormatError(f"the case {path.name} cannot be read: {error}.") from error
    except tomllib.TOMLDecodeError as error:
        raise FileFormatError(f"{path.name} is not valid TOML: {error}.") from error
    return table, path


def _check_keys(table: dict[str, Any], where: str) -> None:
    for key in table:
        if key != "name" and key not in _TABLES:
            raise DataError(f"{where}: {unknown_name('table', key, _TABLES)}")
    for key in _NEEDED:
        if key not in table:
            raise DataError(f"{where}: the table [{key}] is missing.")
    for key, allowed in _TABLES.items():
        part = table.get(key, {})
        if not isinstance(part, dict):
            raise DataError(f"{where}: {key} must be a table, got {part!r}.")
        for inner in part if allowed else ():
            if inner not in allowed:
                raise DataError(f"{where}: {unknown_name(f'key of [{key}]', inner, allowed)}")


def _check_evidence(evidence: dict[str, Any], where: str) -> None:
    for part, item in evidence.items():
        if not isinstance(item, dict) or item.get("status") not in STATUSES or item.get("checked") not in CHECKED:
            raise DataError(f"{where}: evidence of {part} needs status ({', '.join(STATUSES)}) and checked.")
        if item["status"] == "assumed" and not item.get("note"):
            raise DataError(f"{where}: evidence of {part} is assumed and needs a note that says why.")
        if item["status"] != "assumed" and not item.get("source"):
            raise DataError(f"{where}: evidence of {part} is {item['status']} and needs a source.")


def _numbers(table: dict[str, Any], key: str, where: str, width: int) -> NDArray[np.float64]:
    try:
        array = np.array(table[key], dtype=np.float64)
    except KeyError:
        raise DataError(f"{where}: {key} is missing.") from None
    except (TypeError, ValueError):
        raise DataError(f"{where}: {key} must be a list of {width} numbers each.") from None
    if not array.size:
        return np.empty((0, width))
    if array.ndim != 2 or array.shape[1] != width:
        raise DataError(f"{where}: {key} must be a list of {width} numbers each, got {table[key]!r}.")
    return array


def _span(table: dict[str, Any], key: str, where: str) -> tuple[float, float]:
    ends = _listed(table, key, where, [])
    if len(ends) != 2 or not all(_is_number(end) for end in ends):
        raise DataError(f"{where}: {key} must be two numbers, from and to, got {ends!r}.")
    return float(ends[0]), float(ends[1])


def _listed(table: dict[str, Any], key: str, where: str, default: list[Any]) -> list[Any]:
    found = table.get(key, default)
    if not isinstance(found, list):
        raise DataError(f"{where}: {key} must be a list in square brackets, got {found!r}.")
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _value(part: dict[str, Any], key: str, where: str, default: float | None = None) -> float:
    if key not in part and default is None:
        raise DataError(f"{where}: {key} is missing.")
    value = part.get(key, default)
    if not _is_number(value):
        raise DataError(f"{where}: {key} must be a number, got {value!r}.")
    return float(value)  # type: ignore[arg-type]


def _onsets(table: dict[str, Any], where: str) -> tuple[float, ...]:
    onsets = _listed(table.get("impulse", {}), "onsets_ms", f"{where} [impulse]", [0.0])
    for onset in onsets:
        if not _is_number(onset):
            raise DataError(f"{where} [impulse]: onsets_ms must be numbers, got {onset!r}.")
    return tuple(float(onset) for onset in onsets)


def _names(table: dict[str, Any], key: str, where: str) -> list[str]:
    return [str(name) for name in _listed(table, key, where, [])]


def _kinds(table: dict[str, Any], where: str) -> tuple[str, dict[str, ChannelKind]]:
    name = table["channels"].get("kind", "pq")
    if name == "source":
        part = table.get("source", {})
        kind = ChannelKind(
            name="source",
            is_stochastic=False,
            flux_per_ms=_value(part, "flux_per_ms", f"{where} [source]"),
            open_from_ms=_value(part, "open_from_ms", f"{where} [source]", 0.0),
            open_until_ms=_value(part, "open_until_ms", f"{where} [source]"),
        )
        if kind.flux_per_ms < 0.0 or kind.open_until_ms <= kind.open_from_ms:
            raise InputError(f"{where}: a source needs a flux of at least 0 and an end after its start.")
        return name, {name: kind}
    if name not in GATED:
        raise unknown_name("kind of channel", str(name), (*GATED, "source"))
    return name, {name: channel_kind(name)}


def _sites(sensors: tuple[SensorKind, ...], centres: NDArray[np.float64], radius_nm: float) -> tuple[Any, ...]:
    top = values_of("body/activezone")["sensor.cap_top_nm"]
    places = []
    for sensor in sensors:
        sites = np.empty((len(centres), sensor.sites_per_vesicle, 3))
        for i, centre in enumerate(centres):
            offsets = cap_sites(sensor.sites_per_vesicle, radius_nm=radius_nm, centre_z_nm=centre[2], top_nm=top)
            sites[i] = centre + offsets
        places.append(sites)
    return tuple(places)


def _impulse(table: dict[str, Any], path: Path) -> ActionPotential:
    name = table.get("impulse", {}).get("file")
    return reference_action_potential() if name is None else read_action_potential(path.parent / str(name))


def _build(table: dict[str, Any], path: Path) -> Case:
    where = path.name
    _check_keys(table, where)
    _check_evidence(table["evidence"], where)
    zones = _numbers(table["zones"], "centres_nm", f"{where} [zones]", 2)
    offsets = _numbers(table["channels"], "offsets_nm", f"{where} [channels]", 2)
    part = table.get("vesicles", {"offsets_nm": [], "radius_nm": 25.0})
    vesicles = _numbers(part, "offsets_nm", f"{where} [vesicles]", 3)
    radius = _value(part, "radius_nm", f"{where} [vesicles]")
    lifted = np.column_stack([zones, np.zeros(len(zones))])
    centres = (lifted[:, None, :] + vesicles[None, :, :]).reshape(-1, 3)
    kind, kinds = _kinds(table, where)
    named = _names(table.get("sensors", {}), "kinds", f"{where} [sensors]")
    sensors = tuple(sensor_kind(name) for name in named) if len(centres) else ()
    x_nm, y_nm, z_nm = (_span(table["box"], f"{axis}_nm", f"{where} [box]") for axis in "xyz")
    buffer, calcium, run = table["buffer"], table["calcium"], table["run"]
    return Case(
        name=str(table.get("name", path.stem)),
        box_nm=(x_nm, y_nm, z_nm),
        absorbing_faces=frozenset(_names(table["box"], "absorbing", f"{where} [box]")),
        vesicle_centres_nm=centres,
        vesicle_radius_nm=radius,
        channel_positions_nm=(zones[:, None, :] + offsets[None, :, :]).reshape(-1, 2),
        channel_kinds=(kind,) * (len(zones) * len(offsets)),
        zone_of_channel=np.repeat(np.arange(len(zones)), len(offsets)),
        zone_of_vesicle=np.repeat(np.arange(len(zones)), len(vesicles)),
        kinds=kinds,
        sensors=sensors,
        site_positions_nm=_sites(sensors, centres, radius),
        buffer_umolar=_value(buffer, "umolar", f"{where} [buffer]"),
        buffer_k_on_per_molar_s=_value(buffer, "k_on_per_molar_s", f"{where} [buffer]"),
        buffer_k_off_per_s=_value(buffer, "k_off_per_s", f"{where} [buffer]"),
        diffusion_um2_per_s=_value(calcium, "diffusion_um2_per_s", f"{where} [calcium]"),
        external_calcium_mmolar=_value(calcium, "external_mmolar", f"{where} [calcium]", 2.0),
        magnesium_mmolar=_value(calcium, "magnesium_mmolar", f"{where} [calcium]", 0.0),
        resting_calcium_umolar=_value(calcium, "resting_umolar", f"{where} [calcium]", 0.0),
        clearance_per_ms=_value(calcium, "clearance_per_ms", f"{where} [calcium]", 0.0),
        action_potential=_impulse(table, path),
        train=_onsets(table, where),
        duration_ms=_value(run, "duration_ms", f"{where} [run]"),
        step_ns=_value(run, "step_ns", f"{where} [run]", 10.0),
    )
