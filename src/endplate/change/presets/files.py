"""A person from a TOML file: what is unknown or impossible is refused, with the likely mistake."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from endplate.body.person import Change, Person
from endplate.change.disease import DISEASES
from endplate.change.presets.people import preset_person
from endplate.change.therapy import apply_treatments
from endplate.foundation.errors import EndplateError, FileFormatError, InputError, unknown_name
from endplate.foundation.records import LEVERS, Levers

WHO: Final = ("name", "age_y", "sex", "height_cm", "weight_kg", "seed")
KEYS: Final = (*WHO, "preset", "disease", "levers", "muscles", "treatments")
LARGEST_BYTES: Final = 1_000_000
_BY_HAND: Final = "set by hand in the person's file"


def load_person(path: Path | str) -> Person:
    """Return the person that a TOML file describes.

    The order is: preset, diseases, levers, levers of single muscles, treatments. Levers set a
    value whatever the disease left; treatments act on top.

    Parameters
    ----------
    path
        A UTF-8 TOML file with the keys `name`, `age_y`, `sex`, `height_cm`, `weight_kg`, `seed`,
        `preset`, ``[disease.<name>]``, ``[levers]``, ``[muscles.<key>.levers]`` and `treatments`;
        all optional.

    Raises
    ------
    FileFormatError
        If there is no such file or it is not TOML.
    UnknownNameError, InputError
        If a key is unknown or a value impossible; the message begins with the file's name.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "hand.toml"
    ...     _ = file.write_text("preset = 'lems'" + chr(10) + "treatments = ['amifampridine:20mg']")
    ...     loaded = load_person(file)
    >>> loaded.name, [change.name for change in loaded.history]
    ('hand', ['Lambert-Eaton myasthenic syndrome', 'amifampridine'])
    """
    file = Path(path)
    table = _read(file)
    try:
        return person_from_table(table, name=file.stem, source=file.name)
    except EndplateError as error:
        raise type(error)(f"{file.name}: {error}") from error


def _read(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise FileFormatError(f"no person file {str(file)!r}. Check the path, or write one from the template.")
    if file.stat().st_size > LARGEST_BYTES:
        raise FileFormatError(
            f"{file.name} has {file.stat().st_size:,} bytes; a person's file has a few hundred. Is it a recording?"
        )
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FileFormatError(f"{file.name} is not UTF-8 text (byte {error.start}). Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise FileFormatError(f"{file.name} is not valid TOML: {error}. Text values need quotes.") from error


def _section(table: Mapping[str, Any], key: str, example: str) -> Mapping[str, Any]:
    section = table.get(key, {})
    if not isinstance(section, dict):
        raise InputError(f"{key} must be a table such as {example}, got {section!r}.")
    return section


def _only(section: Mapping[str, Any], allowed: Mapping[str, Any] | tuple[str, ...], kind: str) -> None:
    for key in section:
        if key not in allowed:
            raise unknown_name(kind, key, allowed)


def person_from_table(table: Mapping[str, Any], *, name: str, source: str) -> Person:
    """Return the person that a parsed table describes; `source` names it in the person's history."""
    _only(table, KEYS, "key of a person")
    who = {"name": name, **{key: table[key] for key in WHO if key in table}}
    if not isinstance(who["name"], str) or not who["name"].strip():
        raise InputError(f"name must be text, got {who['name']!r}.")
    person = Person(**who)
    preset = table.get("preset", "healthy")
    if not isinstance(preset, str):
        raise InputError(f"preset must be a name in quotes, got {preset!r}.")
    person = _diseased(preset_person(preset, person), _section(table, "disease", "[disease.lems]"))
    person = _by_hand(person, table, source)
    treatments = table.get("treatments", [])
    if not isinstance(treatments, list):
        raise InputError(f'treatments must be a list such as ["amifampridine:20mg"], got {treatments!r}.')
    return apply_treatments(person, treatments)


def _diseased(person: Person, diseases: Mapping[str, Any]) -> Person:
    _only(diseases, DISEASES, "disease")
    for name in diseases:
        disease = DISEASES[name]
        settings = _section(diseases, name, f"[disease.{name}] {disease.required} = ...")
        _only(settings, disease.settings, f"setting of {name}")
        if disease.required not in settings:
            raise InputError(
                f"disease.{name} needs {disease.required} ({disease.settings[disease.required]}); it has "
                f"{', '.join(settings) or 'nothing'}."
            )
        had = {change.name for change in person.history}
        ill = disease.apply(person, **settings)
        if had & {change.name for change in ill.history[len(person.history) :]}:
            raise InputError(
                f"the preset has {name} already, and [disease.{name}] would come on top of it. Leave one of them out."
            )
        person = ill
    return person


def _by_hand(person: Person, table: Mapping[str, Any], source: str) -> Person:
    levers = _section(table, "levers", "[levers] receptor_fraction = 0.5")
    if levers:
        moved = _move(person.levers, levers)
        person = person.with_levers(moved, Change("levers", _BY_HAND, source, moved=dict(levers)))
    muscles = _section(table, "muscles", "[muscles.adm.levers] receptor_fraction = 0.5")
    if muscles:
        from endplate.body.muscle.catalogue import muscles as known_muscles  # the muscle room is heavy to load

        _only(muscles, known_muscles(), "muscle")
    for muscle in muscles:
        settings = _section(muscles, muscle, f"[muscles.{muscle}.levers]")
        _only(settings, ("levers",), f"key of muscle {muscle}")
        moved = _move(person.levers_of(muscle), _section(settings, "levers", f"[muscles.{muscle}.levers]"))
        change = Change(f"levers of {muscle}", _BY_HAND, source, moved=dict(settings.get("levers", {})))
        person = person.with_levers(moved, change, muscle=muscle)
    return person


def _move(levers: Levers, settings: Mapping[str, Any]) -> Levers:
    _only(settings, LEVERS, "lever")
    return levers.moved(**settings)
