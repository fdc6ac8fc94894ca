"""`endplate clinic`: one verb per task of a clinician; a verb is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup

_PERSON, _EXCHANGE, _BASIS = "One person", "Forms and other systems", "Knowledge and safety"
# verb -> panel; each stands in clinic_verbs/<verb>.py as a function of its name, or as a Typer of its own verbs
VERBS: Final = {
    "review": _PERSON,
    "diagnosis": _PERSON,
    "electrodiagnosis": _PERSON,
    "differential": _PERSON,
    "deltap": _PERSON,
    "schedule": _PERSON,
    "respiratory": _PERSON,
    "treatment": _PERSON,
    "dose": _PERSON,
    "medicines": _PERSON,
    "anaesthesia": _PERSON,
    "scale": _PERSON,
    "outlook": _PERSON,
    "letter": _PERSON,
    "audit": _PERSON,
    "form": _EXCHANGE,
    "examples": _EXCHANGE,
    "confirm": _EXCHANGE,
    "fhir": _EXCHANGE,
    "phenopacket": _EXCHANGE,
    "cds": _EXCHANGE,
    "hazards": _BASIS,
    "trace": _BASIS,
}


class _Lazy(MutableMapping[str, Any]):
    """Commands by name, each made when it is first asked for: the help of `endplate` needs none of them."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in VERBS:
            raise KeyError(name)
        if name not in self._made:
            self._made[name] = _command(name)
        return self._made[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(VERBS)

    def __len__(self) -> int:
        return len(VERBS)


def _command(name: str) -> Any:
    verb = import_module(f"endplate.cli.clinic_verbs.{name}")
    holder = typer.Typer(add_completion=False, rich_markup_mode="rich")
    holder.callback()(lambda: None)  # with a callback Typer keeps names, even of a single verb
    names = {"help_option_names": ["-h", "--help"]}
    if hasattr(verb, "app"):
        holder.add_typer(verb.app, name=name, rich_help_panel=VERBS[name], context_settings=names)
    else:
        register = holder.command(name, epilog=verb.EPILOG, rich_help_panel=VERBS[name], context_settings=names)
        register(getattr(verb, name))
    group: Any = typer.main.get_command(holder)
    return group.commands[name]


class ClinicGroup(TyperGroup):
    """A group whose commands are loaded when they are asked for."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**{**attributes, "commands": _Lazy()})

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  (the signature is Typer's)
        """Return the names of the verbs, in reading order."""
        return list(VERBS)


app = typer.Typer(
    cls=ClinicGroup,
    help=(
        "Review one person's facts line by line, each line with its basis, its source and what is missing: support "
        "for LEMS, what else it could be, tumour, treatment, medicines, anaesthesia, outlook. For clinicians who can "
        "review the basis; not a medical device."
    ),
    epilog=(
        "Examples:\n\nendplate clinic review mg-that-is-lems --out review\n\n"
        "endplate clinic form --out facts.toml  (an empty form)\n\n"
        "endplate clinic medicines ciprofloxacin --pack eu"
    ),
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
)


@app.callback()
def clinic() -> None:
    """Hold the verbs; there are no options of its own."""
