"""The command line, from the same declarations that make its help."""

from __future__ import annotations

import re
from typing import Any, Literal, get_args, get_origin

import typer

from docs.builder.markdown import code, escaped, page, slug, table


def _paragraphs(text: str | None) -> list[str]:
    return [part.strip().replace("\n", " ") for part in (text or "").split("\n\n") if part.strip()]


def _choices(parameter: Any) -> str:
    annotation = getattr(getattr(parameter, "type_descriptor", None), "annotation", None)
    return "|".join(map(str, get_args(annotation))) if get_origin(annotation) is Literal else ""


def _parameter_row(parameter: Any) -> tuple[str, str, str]:
    names = parameter.metavar or parameter.name.upper()
    if parameter.param_type_name == "option":
        taken = "" if parameter.is_flag else parameter.metavar or _choices(parameter)
        names = ", ".join([*parameter.opts, *parameter.secondary_opts]) + (f" {taken}" if taken else "")
    shown = "" if parameter.default in (None, False, (), []) else code(parameter.default)
    return code(names), escaped(parameter.help or ""), "must be given" if parameter.required else shown


def _app() -> typer.Typer:
    from endplate.cli.app import app

    return app


def _section(name: str, command: Any) -> str:
    words = [p.metavar or p.name.upper() for p in command.params if p.param_type_name == "argument"]
    if hasattr(command, "commands"):
        words.append("COMMAND")
    usage = " ".join(["[OPTIONS]", *words])
    parts = [f"(cli-{slug(name)})=\n## `endplate {name}`", f"```text\nendplate {name} {usage}\n```"]
    parts += [escaped(text) for text in _paragraphs(command.help)]
    rows = [_parameter_row(p) for p in command.params if p.name != "help" and not getattr(p, "hidden", False)]
    if rows:
        parts.append(table(("Word", "Meaning", "Default"), rows))
    examples = _paragraphs(command.epilog)
    commands = [text for text in examples if text.startswith("endplate")]
    others = [text for text in examples if text not in commands and not text.lower().startswith("example")]
    if commands:
        lines = (re.sub(r"\s\s+\((.*)\)$", r"  # \1", text) for text in commands)
        parts.append("```sh\n" + "\n".join(lines) + "\n```")
    parts += [escaped(text) for text in others]
    return "\n\n".join(parts)


def _sections(group: Any, before: str = "") -> list[str]:
    """Return every verb; a verb that has verbs of its own is followed by them."""
    found = []
    for name, command in group.commands.items():
        words = f"{before}{name}"
        found.append(_section(words, command))
        if hasattr(command, "commands"):
            found += _sections(command, f"{words} ")
    return found


def commandline_page() -> str:
    """Return every verb with its words."""
    group: Any = typer.main.get_command(_app())
    return page(
        "Command line",
        escaped(" ".join(_paragraphs(group.help))),
        "`endplate --install-completion` teaches your shell the names of persons, muscles, protocols and drugs. "
        "`--debug` shows the traceback of an error.",
        "| Exit code | Meaning |\n| ---: | --- |\n| 0 | done, also when a finding is *cannot tell* |\n"
        "| 1 | a checker found something |\n| 2 | bad input: one sentence on stderr says what came in, what is allowed "
        "and the way out |\n| 70 | a fault of ours; please report it |\n| 130 | stopped by you |\n"
        "| 141 | the program that read the output went away |",
        *_sections(group),
    )
