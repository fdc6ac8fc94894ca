"""`endplate compare`: persons or treatments side by side, paired by seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from endplate.cli import complete, options
from endplate.cli.exam import DEFAULT_SEEDS
from endplate.cli.spec import Spec, parse_spec

if TYPE_CHECKING:
    from endplate.exam.examination import Examination
    from endplate.foundation.records import Finding

EPILOG: Final = (
    'Examples:\n\nendplate compare healthy lems mg\n\nendplate compare lems "lems+amifampridine:20mg,3/day,steady"\n\n'
    "endplate compare before.toml after.toml --protocol mg --muscle trapezius --out report\n\n"
    "Persons of one seed share their anatomy, so that a difference comes from what differs between them."
)
Key = tuple[str, str, str, str]  # study, kind, name, unit


@dataclass(frozen=True, slots=True)
class Difference:
    """One number of one examination against the first one; `interval` is over seeds, paired."""

    key: Key
    first: float
    other: float
    difference: float
    interval: tuple[float, float] | None


def compare(
    specs: Annotated[
        list[str],
        typer.Argument(
            metavar="SPEC...", autocompletion=complete.persons, show_default=False,
            help="Two or more: a person or TOML file, and what is given: lems+amifampridine:20mg,steady.",
        ),
    ],
    protocol: options.Protocol = "lems",
    muscle: options.Muscle = "adm",
    seed: options.Seed = None,
    seeds: Annotated[
        int, typer.Option("--seeds", metavar="N", help="Pairs of persons; above 1 differences carry an interval.")
    ] = DEFAULT_SEEDS,
    fibres: options.Fibres = None,
    reference_set: options.ReferenceSet = None,
    out: options.Out = None,
    overwrite: options.Overwrite = False,
    everything: options.Everything = False,
    as_json: options.Json = False,
) -> None:  # fmt: skip
    """Examine persons or treatments side by side and show the differences to the first one, paired by seed."""
    from endplate.cli import checks, outputs
    from endplate.cli.console import print_json, progress, say
    from endplate.foundation.errors import InputError, require_between

    if len(specs) < 2:
        raise InputError(f"a comparison needs at least two, got {len(specs)}: endplate compare {specs[0]} OTHER.")
    require_between("seeds", seeds, 1, 200)
    checks.check_out(out, overwrite=overwrite)
    checks.check_reference_set(reference_set)
    settings: dict[str, Any] = {
        "protocol": protocol, "muscle": muscle, "n_fibres": fibres, "reference_set": reference_set
    }  # fmt: skip
    with progress(f"Comparing {', '.join(specs)}: {muscle}, protocol {protocol}") as show:
        runs = examine_pairs([parse_spec(text) for text in specs], settings, seed=seed, seeds=seeds, show=show)
    merged = [over_seeds(own) for own in runs]
    if as_json:
        from endplate.report.machine import as_json as plain

        print_json({**plain(merged), "comparison": _plain(runs, everything=everything)})
    else:
        _show(merged, runs, everything=everything)
    if out is not None:
        with progress(f"Writing the report into {out}"):
            page, _ = outputs.write_report(merged, out, overwrite=overwrite, is_comparison=True)
        say(f"Open {page}")


def examine_pairs(
    specs: list[Spec], settings: dict[str, Any], *, seed: int | None, seeds: int, show: Any
) -> list[list[Examination]]:
    """Return for each spec its examinations, one per seed; the seeds are the same for all."""
    from endplate.change.presets import person as person_of
    from endplate.change.therapy import apply_treatments
    from endplate.cli.console import part
    from endplate.exam.examination import examine

    people = [person_of(spec.person) for spec in specs]
    for one, spec in zip(people, specs, strict=True):
        apply_treatments(one, spec.treatments)  # a misspelt drug is found before an hour of computing
    first = people[0].seed if seed is None else seed
    runs: list[list[Examination]] = [[] for _ in specs]
    total = seeds * len(specs)
    for number in range(seeds):
        for place, (one, spec) in enumerate(zip(people, specs, strict=True)):
            step = part(show, (number * len(specs) + place) / total, 1 / total)
            runs[place].append(examine(one, treatments=spec.treatments, seed=first + number, progress=step, **settings))
    return runs


def over_seeds(runs: list[Examination]) -> Examination:
    """Return the first examination with the intervals of its findings over all of them."""
    from endplate.exam.find import with_intervals

    if len(runs) == 1:
        return runs[0]
    studies = tuple(
        replace(study, findings=with_intervals([one.studies[place].findings for one in runs]))
        for place, study in enumerate(runs[0].studies)
    )
    first, last = (one.provenance["seed"] for one in (runs[0], runs[-1]))
    return replace(runs[0], studies=studies, provenance={**runs[0].provenance, "seed": f"{first} to {last}"})


def _numbers(one: Examination, *, everything: bool) -> dict[Key, Finding]:
    """Return the numbers of an examination, each once, in the order of its findings."""
    from endplate.report.gathering import gather, leading

    found: dict[Key, Finding] = {}
    for study in one.studies:
        for group in gather(study.findings.findings) if everything else leading(study):
            if group.first.value is not None:
                found[(study.title, group.kind, group.name, group.first.unit)] = group.first
    return found


def differences(first: list[Examination], other: list[Examination], *, everything: bool) -> list[Difference]:
    """Return the differences of the numbers that both have, paired by seed."""
    from endplate.exam.find import interval_of

    pairs = [
        (_numbers(mine, everything=everything), _numbers(theirs, everything=everything))
        for mine, theirs in zip(first, other, strict=True)
    ]
    rows = []
    for key, finding in pairs[0][0].items():
        match = pairs[0][1].get(key)
        if match is None:
            continue
        values = [(mine[key].value, theirs[key].value) for mine, theirs in pairs if key in mine and key in theirs]
        gaps = [b - a for a, b in values if a is not None and b is not None]
        one, two = finding.value, match.value
        assert one is not None
        assert two is not None
        rows.append(Difference(key, one, two, two - one, interval_of(gaps)))
    return rows


def _plain(runs: list[list[Examination]], *, everything: bool) -> list[dict[str, Any]]:
    """Return every difference as the published schema has it."""
    return [
        {
            "examination": place,
            **dict(zip(("study", "kind", "name", "unit"), row.key, strict=True)),
            "first": row.first,
            "other": row.other,
            "difference": row.difference,
            "interval": None if row.interval is None else list(row.interval),
            "seeds": len(own),
        }
        for place, own in enumerate(runs[1:], start=1)
        for row in differences(runs[0], own, everything=everything)
    ]


def _show(merged: list[Examination], runs: list[list[Examination]], *, everything: bool) -> None:
    from rich.text import Text

    from endplate.cli.console import noted, out, table
    from endplate.cli.tables import SIMULATED, summary
    from endplate.report.reading import headings
    from endplate.report.words import muscle_side, number

    console = out()
    console.print(
        Text(SIMULATED, style="black on yellow"), Text(f"{muscle_side(merged[0])}, protocol {merged[0].protocol}")
    )
    names = headings(merged)
    console.print(
        summary(
            [
                (name if len(one.studies) == 1 else f"{name}: {study.title}", one, study)
                for name, one in zip(names, merged, strict=True)
                for study in one.studies
            ]
        )
    )
    for name, own in zip(names[1:], runs[1:], strict=True):
        shown = table(
            "Number",
            names[0],
            name,
            "Difference",
            right=(names[0], name, "Difference"),
        )
        for row in differences(runs[0], own, everything=everything):
            study, kind, what, unit = row.key
            digits = 2 if unit == "mV" else 1
            unit = {"us": "µs"}.get(unit, unit)
            gap = ("+" if row.difference > 0 else "") + number(row.difference, digits)
            if row.interval is not None:
                gap += f" [{number(row.interval[0], digits)} to {number(row.interval[1], digits)}]"
            words = what if what.startswith(kind) else f"{kind}, {what}"
            shown.add_row(
                words if len(merged[0].studies) == 1 else f"{study}: {words}",
                f"{number(row.first, digits)} {unit}",
                f"{number(row.other, digits)} {unit}",
                gap + (" points" if unit == "%" else f" {unit}"),
            )
        many = len(runs[0])
        note = (
            f"Values of the first seed; in brackets the range over {many} seeds (central 95 % from 40 on), paired."
            if many > 1
            else ""
        )
        console.print()
        console.print(noted(shown, title=f"{name} against {names[0]}", note=note))
