"""`endplate clinic phenopacket read|write|check`: phenopackets v2, with both tiers of validation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from endplate.cli import options
from endplate.cli.clinic_verbs.files import OutFile
from endplate.cli.clinic_verbs.review import Facts, On

EPILOG: Final = (
    "Examples:\n\nendplate clinic phenopacket check person.json\n\n"
    "endplate clinic phenopacket read person.json --out facts.toml\n\n"
    "endplate clinic phenopacket write facts.toml --id P1 --out person.json"
)
app = typer.Typer(help="Read and write phenopackets (version 2).", epilog=EPILOG, no_args_is_help=True)
Packet = Annotated[Path, typer.Argument(metavar="FILE", help="A phenopacket of one person, as JSON.")]


@app.command("read", epilog=EPILOG)
def read(
    packet: Packet, on: On = None, out: OutFile = None, as_json: options.ListJson = False,
    overwrite: options.Overwrite = False,
) -> None:  # fmt: skip
    """Read a phenopacket into a form of facts, and say of everything else why it was left."""
    from endplate.cli.clinic_verbs.files import bytes_of, put, told
    from endplate.cli.clinic_verbs.inputs import day_given
    from endplate.clinic import phenopackets
    from endplate.clinic.record import write_record

    found = phenopackets.read(bytes_of(packet), name=str(packet), today=day_given(on))
    if as_json:
        from endplate.cli.console import print_json

        left = [{"path": one.path, "what": one.what, "why": one.why} for one in found.not_understood]
        print_json({"form": write_record(found.record), "not_understood": left})
        return
    put(write_record(found.record), out, overwrite=overwrite)
    told(found.not_understood, title="Not taken over")


@app.command("write", epilog=EPILOG)
def write(
    facts: Facts,
    key: Annotated[str, typer.Option("--id", metavar="ID", help="Id of the person in the packet; no name.")],
    on: On = None,
    out: OutFile = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Write facts as a phenopacket, and say what it has no place for."""
    import json

    from endplate.cli.clinic_verbs.files import put, told
    from endplate.cli.clinic_verbs.inputs import day_given, record_given
    from endplate.clinic import phenopackets

    day = day_given(on)
    made = phenopackets.write(record_given(facts, today=day), key=key, created=f"{day.isoformat()}T00:00:00Z")
    put(json.dumps(made.document, ensure_ascii=False, indent=1) + "\n", out, overwrite=overwrite)
    told(made.left_out, title="Left out")


@app.command("check", epilog=EPILOG)
def check(packet: Packet, as_json: options.ListJson = False) -> None:
    """Check syntax, then meaning: declared ontologies, obsolete terms, contradictions; exit code 1 if found."""
    import json

    from endplate.cli.clinic_verbs.files import bytes_of
    from endplate.cli.console import out, print_json
    from endplate.clinic import phenopackets
    from endplate.clinic.fhir.text import parse_object

    content = bytes_of(packet)
    parse_object(content, name=str(packet))  # encoding, depth, doubled keys
    problems = phenopackets.check(json.loads(content))
    if as_json:
        print_json([{"tier": one.tier, "path": one.path, "says": one.says} for one in problems])
    else:
        for one in problems:
            out().print(f"{one.tier}: {one}", markup=False, soft_wrap=True)
        out().print(f"{packet}: {len(problems)} problems." if problems else f"{packet}: nothing found.", markup=False)
    if problems:
        raise typer.Exit(1)
