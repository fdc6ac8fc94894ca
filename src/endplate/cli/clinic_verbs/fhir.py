"""`endplate clinic fhir read|write|check|questionnaire`: facts of other systems, and the review as a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from endplate.cli import options
from endplate.cli.clinic_verbs.files import OutFile
from endplate.cli.clinic_verbs.review import Facts, On, Pack

EPILOG: Final = (
    "Examples:\n\nendplate clinic fhir check bundle.json\n\n"
    "endplate clinic fhir read bundle.json --out facts.toml\n\n"
    "endplate clinic fhir write facts.toml --out bundle.json\n\n"
    "endplate clinic fhir questionnaire deltap --out deltap.json\n\n"
    "Only FHIR R4 as JSON. Exit codes: 0 done, 1 findings of check, 2 bad input."
)
app = typer.Typer(help="Read and write FHIR R4.", epilog=EPILOG, no_args_is_help=True)
Bundle = Annotated[Path, typer.Argument(metavar="FILE", help="One resource or a Bundle about one person, as JSON.")]
Teaching = Annotated[bool, typer.Option("--teaching", help="Let simulated findings in, for a lesson.")]


@app.command("read", epilog=EPILOG)
def read(
    bundle: Bundle,
    on: On = None,
    out: OutFile = None,
    is_teaching: Teaching = False,
    as_json: options.ListJson = False,
    overwrite: options.Overwrite = False,
) -> None:
    """Read a bundle into a form of facts, and say of everything else why it was left."""
    from endplate.cli.clinic_verbs.files import bytes_of, put, told
    from endplate.cli.clinic_verbs.inputs import day_given
    from endplate.clinic import fhir
    from endplate.clinic.record import write_record

    found = fhir.read(bytes_of(bundle), name=str(bundle), today=day_given(on), teaching=is_teaching)
    if as_json:
        from endplate.cli.console import print_json

        left = [{"path": one.path, "what": one.what, "why": one.why} for one in found.not_understood]
        print_json({"form": write_record(found.record), "not_understood": left, "resources": found.resource_count})
        return
    put(write_record(found.record), out, overwrite=overwrite)
    told(found.not_understood, title="Not taken over")
    tables = (found.record.facts, *found.record.studies)
    unconfirmed = [name for table in tables for name, fact in table.items() if not fact.is_confirmed]
    told(unconfirmed, title="Unknown to every rule until a named person confirms them (endplate clinic confirm)")


@app.command("write", epilog=EPILOG)
def write(
    facts: Facts,
    pack: Pack = "eu",
    on: On = None,
    only_facts: Annotated[bool, typer.Option("--only-facts", help="Leave out what the rules say.")] = False,
    forms: Annotated[
        list[str] | None, typer.Option("--questionnaire", metavar="NAME", help="Put a questionnaire beside (repeat).")
    ] = None,
    out: OutFile = None,
    is_teaching: Teaching = False,
    overwrite: options.Overwrite = False,
) -> None:
    """Write facts, and what the rules say of them, as a Bundle of drafts."""
    from datetime import UTC, datetime, time

    from endplate.cli.clinic_verbs.files import put
    from endplate.cli.clinic_verbs.inputs import day_given, pack_given, record_given
    from endplate.clinic import fhir
    from endplate.clinic.review import Settings, review_of

    day = day_given(on)
    record = record_given(facts, today=day, is_teaching=is_teaching)
    settings = Settings(on=day, pack=pack_given(pack), is_teaching=is_teaching)
    results = () if only_facts else review_of(record, settings).results
    issued = datetime.combine(day, time(), tzinfo=UTC)
    bundle = fhir.write_bundle(record, results, issued=issued, questionnaires=forms or ())
    put(fhir.text_of(bundle), out, overwrite=overwrite)


@app.command("check", epilog=EPILOG)
def check(bundle: Bundle, as_json: options.ListJson = False) -> None:
    """Check version, structure and required codes; exit code 1 if anything is found."""
    from endplate.cli.clinic_verbs.files import bytes_of
    from endplate.cli.console import out, print_json
    from endplate.clinic import fhir

    problems = fhir.check(fhir.parse(bytes_of(bundle), name=str(bundle)))
    if as_json:
        print_json([{"path": one.path, "kind": one.kind, "says": one.says} for one in problems])
    else:
        for one in problems:
            out().print(str(one), markup=False, soft_wrap=True)
        out().print(f"{bundle}: {len(problems)} problems." if problems else f"{bundle}: nothing found.", markup=False)
    if problems:
        raise typer.Exit(1)


@app.command("questionnaire", epilog=EPILOG)
def questionnaire(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Print one; without it, list them.")] = None,
    out: OutFile = None,
    overwrite: options.Overwrite = False,
) -> None:
    """Print a questionnaire of ours, its score calculated by any form filler that knows FHIRPath."""
    from endplate.cli.clinic_verbs.files import put
    from endplate.clinic import fhir

    if name is None:
        listed = [f"{one}: {fhir.questionnaire(one)['title']}" for one in fhir.questionnaires()]
        put("\n".join(listed) + "\n", out, overwrite=overwrite)
        return
    put(fhir.text_of(fhir.questionnaire(name)), out, overwrite=overwrite)
