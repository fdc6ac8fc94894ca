"""Words of `endplate activezone`: values and ranges as people write them, and the examples of every verb."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from endplate.foundation.errors import InputError, StoppedError

if TYPE_CHECKING:
    from endplate.body.activezone.case import Case
    from endplate.body.activezone.fusion import FusionRule

RUN_EPILOG: Final = (
    "Examples:\n\nendplate activezone run az4\n\n"
    "endplate activezone run az4 --engine fast --trials 10000 --with calcium=1 --out zone\n\n"
    "endplate activezone run mouse_zone --train 10@50 --rule energy --resume trials.npz"
)
SCAN_EPILOG: Final = (
    "Examples:\n\nendplate activezone scan az4 --over channels=0..4 --over broadening=1..3 --out zone\n\n"
    "endplate activezone scan az4 --over calcium=0.5,1,2,4 --rule energy --engine fast\n\n"
    "endplate activezone scan az4 --over rate=20,50,100  (paired pulses)"
)
SHOW_EPILOG: Final = (
    "Examples:\n\nendplate activezone show  (the cases that ship)\n\nendplate activezone show az4\n\n"
    "endplate activezone show az4 --at 0.6 --at 0.9 --out zone --film"
)
EXPORT_EPILOG: Final = (
    "Examples:\n\nendplate activezone export az4 --to mcell --out model\n\n"
    "endplate activezone export az4 --to smoldyn --with channels=2 --out model\n\n"
    "endplate activezone export az4 --to vtk --every 20 --out film"
)
MOST_VALUES: Final = 200


def refuse(sentence: str) -> NoReturn:
    """Leave with one sentence and the exit code of bad input."""
    raise InputError(sentence)


def complete_cases(incomplete: str) -> list[tuple[str, str]]:
    """Return the cases that ship and begin so, each with its title; nothing heavy is loaded for a Tab.

    Examples
    --------
    >>> complete_cases("az")
    [('az4', 'AZ4')]
    """
    folder = resources.files("endplate").joinpath("body/activezone/cases")
    found = []
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        stem = file.name.removesuffix(".toml")
        if stem.startswith(incomplete) and stem != file.name:
            found.append((stem, str(tomllib.loads(file.read_text(encoding="utf-8")).get("name", stem))))
    return found


def require_trials(trials: int) -> None:
    """Refuse fewer trials than one."""
    if trials < 1:
        refuse(f"--trials must be a whole number of at least 1, got {trials}.")


def require_threads(threads: int | None) -> None:
    """Refuse fewer threads than one."""
    if threads is not None and threads < 1:
        refuse(f"--threads must be at least 1, got {threads}; leave it out for all cores.")


def settings(changes: Sequence[str] | None) -> dict[str, float]:
    """Return the values of ``NAME=VALUE`` words by name.

    Examples
    --------
    >>> settings(["channels=2", "calcium=0.5"])
    {'channels': 2.0, 'calcium': 0.5}
    """
    found: dict[str, float] = {}
    for text in changes or ():
        name, value = _split(text, "--with", "channels=2")
        if name in found:
            refuse(f"--with names {name} twice: give one value.")
        found[name] = _number(value, text, "--with", "channels=2")
    return found


def ranges(over: Sequence[str]) -> dict[str, list[float]]:
    """Return the values of ``NAME=FROM..TO``, ``NAME=FROM..TO:STEP`` and ``NAME=A,B,C`` by name.

    Examples
    --------
    >>> ranges(["channels=0..4", "broadening=1..3:0.5", "calcium=0.5,2"])
    {'channels': [0.0, 1.0, 2.0, 3.0, 4.0], 'broadening': [1.0, 1.5, 2.0, 2.5, 3.0], 'calcium': [0.5, 2.0]}
    """
    if not over:
        refuse("a scan needs something to vary: --over channels=0..4, for example.")
    found: dict[str, list[float]] = {}
    for text in over:
        name, values = _split(text, "--over", "channels=0..4")
        if name in found:
            refuse(f"--over names {name} twice: give all its values at once, such as {name}=1,2,3.")
        found[name] = _values(values, text)
        if len(set(found[name])) < len(found[name]):
            refuse(f"--over {text!r} has a value twice: give each once.")
    return found


def _split(text: str, option: str, example: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip() or not value.strip():
        refuse(f"{option} must be a name and its value such as {example}, got {text!r}.")
    return name.strip(), value.strip()


def _number(value: str, text: str, option: str, example: str) -> float:
    try:
        return float(value)
    except ValueError:
        hint = " Write a decimal point, not a comma." if "," in value and option == "--with" else ""
        refuse(f"{option} must be numbers such as {example}, got {text!r}.{hint}")


def _values(words: str, text: str) -> list[float]:
    example = "channels=0..4, broadening=1..3:0.5 or calcium=0.5,1,2"
    if ".." not in words:
        return [_number(word, text, "--over", example) for word in words.split(",")]
    span, _, step_word = words.partition(":")
    begin, end = (_number(word, text, "--over", example) for word in span.split("..", 1))
    step = _number(step_word, text, "--over", example) if step_word else 1.0
    if not (end >= begin and step > 0):  # also refuses nan
        refuse(f"--over {text!r} must rise by a step above 0, such as {example}.")
    if (end - begin) / step > MOST_VALUES:
        refuse(f"--over {text!r} has more than {MOST_VALUES} values: take a larger step.")
    return [round(begin + step * k, 12) for k in range(int((end - begin) / step + 1e-9) + 1)]


def require_once(over: Sequence[str], changes: Sequence[str] | None, train: str | None) -> None:
    """Refuse to set what is varied, and two trains at once."""
    fixed = settings(changes)
    for name in over:
        if name in fixed:
            refuse(f"{name} is set by --with and varied by --over: give it once.")
    if train is not None and "rate" in {*over, *fixed}:
        refuse("rate means two impulses at that rate, and --train gives another train: give one of them.")


def rule_of(text: str) -> FusionRule:
    """Return a rule of fusion from a number of synaptotagmins, or ``energy``.

    Examples
    --------
    >>> rule_of("3")
    DeterministicFusion(n_active=3)
    """
    from endplate.body.activezone.fusion import DeterministicFusion, EnergyFusion

    if text == "energy":
        return EnergyFusion()
    if not text.isdecimal() or int(text) < 1:
        refuse(f"--rule must be a number of active synaptotagmins from 1, or energy, got {text!r}.")
    return DeterministicFusion(int(text))


def require_rule(rule: FusionRule, case: Case) -> None:
    """Refuse a rule that no vesicle of the case can meet, before anything is run."""
    from endplate.body.activezone.fusion import DeterministicFusion, require_active

    if isinstance(rule, DeterministicFusion):
        require_active(rule.n_active, case)


def changed_case(name: str, changes: Sequence[str] | None, train: str | None, *, seed: int) -> Case:
    """Return the case by name or file, with what was changed; of several ways to lose channels the first."""
    from endplate.body.activezone.reading import read_case
    from endplate.body.activezone.scan import arrangements

    case = arrangements(read_case(name), settings(changes), seed=seed)[0]
    return case if train is None else _with_train(case, train)


def _with_train(case: Case, text: str) -> Case:
    count, sign, rate = text.partition("@")
    example = "10@50, ten impulses at 50 per second"
    if not sign or not count.strip().isdecimal():
        refuse(f"--train must be such as {example}, got {text!r}.")
    return case.with_train(_number(rate.removesuffix("Hz").removesuffix("hz"), text, "--train", example), int(count))


def about(case: Case, engine: str, seed: int, rule: FusionRule) -> dict[str, str]:
    """Return what made a result, in words."""
    from endplate.report.activezone.write import provenance, rule_words

    return provenance(case, seed=seed, engine=engine, rule=rule_words(rule))


def tell_what_is_kept(resume: Path | None) -> None:
    """Say where the trials of a stopped run are; nothing where none were kept.

    Raises
    ------
    StoppedError
        If they are in a file: the same command goes on from there.
    """
    if resume is not None and resume.exists():
        raise StoppedError(f"stopped; the trials so far are kept in {resume}. The same command goes on from there.")
