"""`endplate protocols`: what is done to a muscle, and templates for a laboratory's own."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from endplate.cli import complete, options

if TYPE_CHECKING:
    from endplate.exam.protocols import Protocol, Step

EPILOG: Final = (
    "Examples:\n\nendplate protocols\n\nendplate protocols lems\n\n"
    "endplate protocols lems --write ours.toml  (change it, then: endplate exam lems --protocol ours.toml)"
)


def protocols(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME|FILE]", autocompletion=complete.protocols, help="Show the steps of one protocol."
        ),
    ] = None,
    write: Annotated[
        Path | None, typer.Option("--write", metavar="FILE", help="Copy a built-in protocol as a template.")
    ] = None,
    overwrite: options.Overwrite = False,
    as_json: options.ListJson = False,
) -> None:
    """List the protocols with what they ask of a person, show the steps of one, or copy one as a template."""
    from endplate.cli.console import out, print_json
    from endplate.exam.protocols import describe_protocols, load_protocol

    if write is not None:
        _copy(name, write, overwrite=overwrite)
        return
    chosen = [load_protocol(name)] if name is not None else list(describe_protocols().values())
    if as_json:
        print_json([_plain(one) for one in chosen])
        return
    console = out()
    console.print(_list(chosen) if name is None else _steps(chosen[0]))


def _copy(name: str | None, file: Path, *, overwrite: bool) -> None:
    from endplate.cli.console import say
    from endplate.cli.outputs import write_text
    from endplate.exam.protocols import protocols as built_in
    from endplate.foundation.errors import InputError, unknown_name
    from endplate.foundation.parameters import PACKAGE

    if name is None:
        raise InputError(f"name the protocol to copy: endplate protocols NAME --write {file}. See: endplate protocols.")
    if name not in built_in():
        raise unknown_name("protocol", name, built_in())
    if not file.name:
        raise InputError(f"{file} is a folder; give the name of a file: endplate protocols {name} --write ours.toml.")
    target = file if file.suffix.lower() == ".toml" else file.with_name(f"{file.name}.toml")
    text = (PACKAGE / "exam" / "protocols" / f"{name}.toml").read_text(encoding="utf-8")
    write_text(target, text, overwrite=overwrite)
    say(f"wrote {target}; change it, then: endplate exam PERSON --protocol {target}")


def minutes(seconds: float) -> str:
    """Return a duration as a person would say it.

    Examples
    --------
    >>> minutes(45), minutes(847.2)
    ('45 s', '14 min')
    """
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def _list(chosen: list[Protocol]) -> Any:
    from endplate.cli.console import noted, table

    listed = table(
        "Name", "What it is", "Stimuli", "Duration", "What it asks of a person", right=("Stimuli", "Duration")
    )
    for one in chosen:
        listed.add_row(one.name, one.title, str(one.n_stimuli), minutes(one.duration_s), one.pain)
    note = "endplate protocols NAME shows the steps; with --write FILE it copies them as a template."
    return noted(listed, note=note)


def _steps(one: Protocol) -> Any:
    from rich.console import Group
    from rich.text import Text

    from endplate.cli.console import table

    numbers = ("Stimuli", "Rate", "Wait before")
    steps = table("", "Do", "Name", "For", *numbers, "Details", "Read", right=("", *numbers))
    for number, step in enumerate(one.steps, start=1):
        is_stimulus = step.do == "stimulate"
        steps.add_row(
            str(number), step.do, step.name, step.role if is_stimulus else "", str(step.count) if is_stimulus else "",
            f"{step.rate_hz:g} Hz" if step.rate_hz else "", f"{step.delay_s:g} s" if step.delay_s else "",
            _details(step), "yes" if step.read and step.do != "rest" else "no",
        )  # fmt: skip
    about = [f"{one.name}: {one.title}", one.purpose, one.pain, f"Source: {one.source}" if one.source else ""]
    low, high = one.window_ms
    about.append(
        f"{one.electrode}; {one.stimulation} stimulation at {100 * one.intensity:g} % of maximal; {one.highpass_hz:g} "
        f"to {one.lowpass_hz:g} Hz; sampled at {one.sampling_hz:g} Hz, {low:g} to {high:g} ms; "
        f"{one.n_stimuli} stimuli in {minutes(one.duration_s)}"
    )
    if one.muscles:
        about.append(f"Usual muscles: {', '.join(one.muscles)}")
    variants = [f"Variant {variant.name}: {variant.note}" for variant in one.variants]
    return Group(*(Text(line) for line in about if line), Text(""), steps, *(Text(line) for line in variants))


def _details(step: Step) -> str:
    if step.do == "rest":
        return f"{step.seconds:g} s"
    if step.do == "effort":
        return f"{step.seconds:g} s at {100 * step.fraction:g} % of maximal"
    parts = [f"{100 * step.intensity:g} % of maximal" if step.intensity is not None else ""]
    parts.append(f"intervals vary by {100 * step.jitter:g} %" if step.jitter else "")
    return ", ".join(part for part in parts if part)


def _plain(one: Protocol) -> dict[str, Any]:
    return {**asdict(one), "n_stimuli": one.n_stimuli, "duration_s": one.duration_s}
