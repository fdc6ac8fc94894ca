"""`endplate clinic cds discovery|call`: the services of CDS Hooks 2.0, without a web server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from endplate.cli.clinic_verbs.review import On, Pack

if TYPE_CHECKING:
    from endplate.clinic.cds import Response

EPILOG: Final = (
    "Examples:\n\nendplate clinic cds discovery\n\n"
    "endplate clinic cds call lems-drug-check request.json --pack us\n\n"
    "endplate clinic cds feedback lems-drug-check feedback.json\n\n"
    "Prints the JSON body of the answer. Exit code 2 where the status would be 400, 404 or 412."
)
app = typer.Typer(help="Services of CDS Hooks 2.0.", epilog=EPILOG, no_args_is_help=True)
Service = Annotated[
    str, typer.Argument(metavar="SERVICE", help="Id of a service (see: endplate clinic cds discovery).")
]
HookFile = Annotated[Path, typer.Argument(metavar="HOOKFILE", help="The body of the request, as JSON.")]


@app.command("discovery", epilog=EPILOG)
def discovery() -> None:
    """Print what the discovery endpoint answers."""
    from endplate.cli.console import print_json
    from endplate.clinic import cds

    print_json(cds.discovery())


@app.command("call", epilog=EPILOG)
def call(service: Service, hookfile: HookFile, on: On = None, pack: Pack = "eu") -> None:
    """Answer one request with cards."""
    from endplate.cli.clinic_verbs.files import bytes_of
    from endplate.cli.clinic_verbs.inputs import day_given, pack_given
    from endplate.clinic import cds
    from endplate.clinic.fhir.text import parse_object

    body = parse_object(bytes_of(hookfile), name=str(hookfile))
    _answer(cds.call(service, body, today=day_given(on), pack=pack_given(pack)))


@app.command("feedback", epilog=EPILOG)
def feedback(service: Service, hookfile: HookFile) -> None:
    """Check what clinicians did with cards; print it plain, for whoever keeps it."""
    from endplate.cli.clinic_verbs.files import bytes_of
    from endplate.clinic import cds
    from endplate.clinic.fhir.text import parse_object

    _answer(cds.feedback(service, parse_object(bytes_of(hookfile), name=str(hookfile))))


def _answer(response: Response) -> None:
    from endplate.cli.console import print_json
    from endplate.foundation.errors import InputError

    if response.status != 200:
        raise InputError(f"{response.status}: {response.body['message']}")
    print_json(response.body)
