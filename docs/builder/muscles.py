"""The muscles, side by side."""

from __future__ import annotations

from docs.builder.markdown import code, escaped, number, page, slug, table
from docs.builder.parameters import page_of
from endplate.body.muscle import describe, muscles


def muscles_page() -> str:
    """Return what differs between muscles."""
    described = [describe(key) for key in muscles()]
    names = (
        (f'<span id="muscle-{slug(d.key)}"></span>{code(d.key)}', d.label, d.nerve, d.stimulation) for d in described
    )
    words = table(
        ("Key", "Muscle", "Nerve", "Stimulated at"), ((key, *(escaped(text) for text in rest)) for key, *rest in names)
    )
    columns = ("Key", "Motor units", "Fibres", "Half lengths (mm)", "Thickness (mm)", "Fat (mm)", "Nerve (mm)",
               "Force (N)", "Healthy CMAP (mV)")  # fmt: skip
    numbers = table(
        columns,
        ((code(d.key), number(d.units), f"{d.total_fibres:,}", f"{number(d.half_length_proximal)} + "
          f"{number(d.half_length_distal)}", number(d.thickness), number(d.fat), number(d.nerve_length),
          number(d.force_highest), number(d.cmap)) for d in described),
        right=columns[1:],
    )  # fmt: skip
    return page(
        "Muscles",
        "What differs between muscles is data. Every number with its spread and source, or the reason why it is "
        f"assumed, stands in [the muscle's parameters]({page_of('body/muscle')}.md). "
        "A new muscle is a few tables more: "
        "[add a muscle](../../howto/add-a-muscle.md). In the terminal: `endplate muscles`.",
        words,
        "## What differs",
        numbers,
        "*Fibres* is units times fibres per unit. At most 50,000 are simulated; of a larger muscle each simulated "
        "fibre stands for several. *Healthy CMAP* is the amplitude that the electrode scale of the muscle is set to.",
    )
