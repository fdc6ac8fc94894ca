"""Complete: names for the shell, found without loading a simulator."""

from __future__ import annotations

import tomllib

from endplate.foundation.parameters import PACKAGE


def persons(incomplete: str) -> list[tuple[str, str]]:
    """Return the presets that begin so, each with its sentence.

    Examples
    --------
    >>> [name for name, _ in persons("lems-m")]
    ['lems-mild']
    """
    from endplate.change.presets import presets

    return [(name, words) for name, words in presets().items() if name.startswith(incomplete)]


def muscles(incomplete: str) -> list[tuple[str, str]]:
    """Return the keys of muscles that begin so, each with its name.

    Examples
    --------
    >>> muscles("ad")
    [('adm', 'abductor digiti minimi (ADM)')]
    """
    # the file itself: its room loads the simulator, for which nobody waits at a Tab
    names = tomllib.loads((PACKAGE / "body" / "muscle" / "names.toml").read_text(encoding="utf-8"))
    return [(key, item["label"]) for key, item in names.items() if key.startswith(incomplete)]


def protocols(incomplete: str) -> list[tuple[str, str]]:
    """Return the built-in protocols that begin so, each with its title.

    Examples
    --------
    >>> [name for name, _ in protocols("sfemg-s")]
    ['sfemg-stimulated']
    """
    from endplate.exam.protocols import describe_protocols

    return [(name, one.title) for name, one in describe_protocols().items() if name.startswith(incomplete)]


def drugs(incomplete: str) -> list[tuple[str, str]]:
    """Return the treatments that begin so, written with their usual dose.

    Examples
    --------
    >>> [words for words, _ in drugs("cool")]
    ['cooling:26degC']
    """
    from endplate.change.therapy.catalogue import treatments

    return [(one.example, one.mechanism) for name, one in treatments().items() if name.startswith(incomplete)]


def reference_sets(incomplete: str) -> list[tuple[str, str]]:
    """Return the reference sets that begin so, each with its title.

    Examples
    --------
    >>> [name for name, _ in reference_sets("st")]
    ['stalberg-2016']
    """
    from endplate.foundation.rules import reference_sets as built_in

    return [(name, one.title) for name, one in built_in().items() if name.startswith(incomplete)]


def parameters(incomplete: str) -> list[tuple[str, str]]:
    """Return the parameters that begin so, each with its room."""
    from endplate.foundation.parameters import parameters_of, rooms

    return [(name, room) for room in rooms() for name in parameters_of(room) if name.startswith(incomplete)]
