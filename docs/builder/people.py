"""Who can be examined: presets, diseases, treatments, and the levers that they move."""

from __future__ import annotations

from docs.builder.markdown import code, escaped, number, page, shown_unit, slug, table
from endplate.body.person import Person
from endplate.change.disease import DISEASES
from endplate.change.presets import PRESETS, person
from endplate.change.therapy import apply_treatment, describe_treatments, treatments
from endplate.foundation.records import LEVERS, Levers


def _moved(levers: Levers, before: Levers) -> str:
    changed = [name for name in LEVERS if getattr(levers, name) != getattr(before, name)]
    return (
        ", ".join(f"{code(n)} {number(getattr(before, n))} → {number(getattr(levers, n))}" for n in changed) or "none"
    )


def persons_page() -> str:
    """Return presets and diseases."""
    rows = [
        (
            f'<span id="preset-{slug(name)}"></span>{code(name)}',
            escaped(preset.sentence),
            _moved(person(name).levers, Levers()),
        )
        for name, preset in PRESETS.items()
    ]
    parts = [table(("Preset", "Who", "Levers moved"), rows), "## Diseases"]
    parts.append(
        "A disease is a function that takes a person and returns the person with the lesion: "
        "{py:mod}`endplate.change.disease`. In a [person's file](../../howto/describe-a-person.md) it is a table "
        "`[disease.NAME]`."
    )
    for name, disease in DISEASES.items():
        settings = table(
            ("Setting", "Meaning", ""),
            (
                (code(k), escaped(m), "must be given" if k == disease.required else "")
                for k, m in disease.settings.items()
            ),
        )
        parts.append(f"### {code(name)}\n\n{settings}")
    parts.append("## What was done to each preset, and on what basis")
    for name in PRESETS:
        parts += [
            f"**{code(name)}**: {escaped(change.mechanism)}.\n*Basis:* {escaped(change.source)}.\n"
            for change in person(name).history
        ]
    return page(
        "Persons",
        "A preset is a person that ships. Severity is one fraction only: channels or receptors that are left. "
        "In the terminal: `endplate persons`.",
        *parts,
    )


def treatments_page() -> str:
    """Return treatments and hazards, each with what it does to a typical LEMS muscle."""
    parts = []
    patient = person("lems")
    for name, treatment in treatments().items():
        takes = [
            (code(q.unit), escaped(q.words), f"{number(q.low)} to {number(q.high)}", number(q.default), escaped(q.why))
            for q in treatment.quantities
        ]
        takes += [
            (" or ".join(code(o) for o in c.options), escaped(c.words), "", code(c.default), "")
            for c in treatment.choices
        ]
        try:
            treated = apply_treatment(patient, treatment.name)
            change = treated.history[len(patient.history) :]
            effect = _moved(treated.levers, patient.levers)
            basis = " ".join(f"*Basis:* {escaped(one.source)}." for one in change)
            done = f"On the preset `lems`, as written here without further words: {effect}. {basis}"
        except ValueError as error:  # a treatment may refuse this person; its own words say why
            done = f"On the preset `lems` it is refused: {escaped(error)}"
        also = f" Also written: {', '.join(code(a) for a in treatment.aliases)}." if treatment.aliases else ""
        parts.append(
            f"(treatment-{slug(name)})=\n## {code(name)}\n\n*{treatment.kind}*: {escaped(treatment.mechanism)}.{also} "
            f"For example {code(treatment.example)}.\n\n"
            + table(("Unit or word", "What", "Range", "Default", "Range from"), takes)
            + f"\n{done}"
        )
    assert set(describe_treatments()) == set(treatments())
    return page(
        "Treatments and hazards",
        "A treatment is written as its name and what belongs to it: `amifampridine:20mg,slow,steady,1h`. The order of "
        "the words is free, what is left out keeps its default, and a unit is never guessed. It moves "
        "[levers](levers.md) of the person and is noted in the person's history. This is a model of mechanisms, not "
        "advice on doses. In the terminal: `endplate drugs`.",
        *parts,
    )


def levers_page() -> str:
    """Return the levers with their ranges."""
    healthy = Levers()
    rows = (
        (code(name), escaped(lever.meaning), shown_unit(lever.unit), number(getattr(healthy, name)),
         f"{number(lever.low)} to {number(lever.high)}")
        for name, lever in LEVERS.items()
    )  # fmt: skip
    assert Person().levers == healthy
    return page(
        "Levers",
        "Everything that alters a person moves these numbers and nothing else. Scales know mechanisms, never causes: "
        "below the person no code knows a disease or a drug.",
        table(("Lever", "Meaning", "Unit", "In health", "Range"), rows, right=("In health",)),
    )
