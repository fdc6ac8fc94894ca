"""The persons that ship: a name, a sentence, and the lesion that makes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from endplate.body.person import Person
from endplate.change.disease import botulism, lems, magnesium_excess, mg
from endplate.foundation.errors import InputError, nearest, unknown_name
from endplate.foundation.parameters import values_of

ROOM: Final = "change/disease"


@dataclass(frozen=True, slots=True)
class Preset:
    """One person that ships: what a list says of them, and the lesion."""

    sentence: str
    apply: Callable[[Person], Person]


def _lems(severity: str) -> Callable[[Person], Person]:
    # the value is read when the person is made, so that a refit is used at once
    return lambda person: lems(person, channel_fraction=values_of(ROOM)[f"lems_{severity}_channel_fraction"])


def _mg(severity: str) -> Callable[[Person], Person]:
    def apply(person: Person) -> Person:
        left = values_of(ROOM)[f"mg_{severity}_receptor_fraction"]
        return mg(person, receptor_fraction=left, homeostatic_release=True)

    return apply


PRESETS: Final[dict[str, Preset]] = {
    "healthy": Preset("No disease: every lever at health.", lambda person: person),
    "lems": Preset("Lambert-Eaton syndrome, typical: about half of the calcium channels left.", _lems("typical")),
    "lems-subclinical": Preset("Lambert-Eaton antibody without weakness: most channels left.", _lems("subclinical")),
    "lems-mild": Preset("Lambert-Eaton syndrome, mild or treated.", _lems("mild")),
    "lems-severe": Preset("Lambert-Eaton syndrome, severe: few channels left.", _lems("severe")),
    "mg": Preset("Myasthenia gravis with receptor antibody, typical, release raised in answer.", _mg("typical")),
    "mg-mild": Preset("Myasthenia gravis with receptor antibody, mild.", _mg("mild")),
    "mg-severe": Preset("Myasthenia gravis with receptor antibody, severe.", _mg("severe")),
    "botulism": Preset(
        "Botulism: the release machinery of most docked vesicles is cut.",
        lambda person: botulism(person, release_machinery=values_of(ROOM)["botulism_release_machinery"]),
    ),
    "magnesium": Preset(
        "Magnesium excess, as in kidney failure or after too much magnesium into a vein.",
        lambda person: magnesium_excess(person, serum_mmolar=values_of(ROOM)["magnesium_excess_mmolar"]),
    ),
}


def presets() -> dict[str, str]:
    """Return a sentence for each person that ships, by name.

    Examples
    --------
    >>> presets()["healthy"]
    'No disease: every lever at health.'
    """
    return {name: preset.sentence for name, preset in PRESETS.items()}


def preset_person(name: str, base: Person) -> Person:
    """Return `base` with the lesion of a preset, or name the nearest preset.

    Examples
    --------
    >>> preset_person("lems", Person(age_y=60)).levers.pq_channel_fraction < 1
    True
    """
    if name not in PRESETS:
        raise unknown_name("preset", name, PRESETS)
    return PRESETS[name].apply(base)


def person(name_or_path: str | Path, *, seed: int | None = None) -> Person:
    """Return a person by preset name or from a TOML file.

    Parameters
    ----------
    name_or_path
        A name of :func:`presets`, or the path of a file as
        :func:`~endplate.change.presets.write_person_template` writes it.
    seed
        Fixes the anatomy and every draw; stands above the seed of a file. Two presets with one
        seed share their anatomy.

    Raises
    ------
    UnknownNameError
        If it is no preset; the nearest one is named.
    FileFormatError, InputError
        If a file cannot be read or holds something that does not belong there.

    Examples
    --------
    >>> person("lems").name
    'lems'
    """
    word = str(name_or_path)
    if word in PRESETS:
        return preset_person(word, Person(name=word) if seed is None else Person(name=word, seed=seed))
    path = Path(name_or_path)
    if path.suffix.lower() == ".toml" or path.is_file():
        from endplate.change.presets.files import load_person  # files builds on this module

        found = load_person(path)
        return found if seed is None else replace(found, seed=seed)
    if path.is_dir():
        raise InputError(f"{word!r} is a folder; name a preset ({', '.join(PRESETS)}) or a .toml file.")
    hit = nearest(word, PRESETS)
    guess = f"; did you mean {hit}?" if hit else "."
    error = unknown_name("person", word, PRESETS)
    raise type(error)(f"no person {word!r}{guess} Known: {', '.join(PRESETS)}, or the path of a .toml file.")
