"""`endplate clinic examples`: the synthetic persons, to try every verb with."""

from __future__ import annotations

from typing import Final

from endplate.cli import options

EPILOG: Final = "Examples:\n\nendplate clinic examples\n\nendplate clinic review mg-that-is-lems"


def examples(as_json: options.ListJson = False) -> None:
    """List the synthetic persons; no real person stands behind any of them."""
    from endplate.cli.console import noted, out, print_json, table
    from endplate.clinic.record import example
    from endplate.clinic.record import examples as built_in

    rows = [(name, example(name).label, path.read_text("utf-8")) for name, path in built_in().items()]
    abouts = [(name, label, text.partition("\n")[0].lstrip("# ")) for name, label, text in rows]
    if as_json:
        print_json([{"name": name, "label": label, "about": about} for name, label, about in abouts])
        return
    listed = table("Name", "About")
    for name, _, about in abouts:
        listed.add_row(name, about)
    out().print(noted(listed, note="Invented persons. A form of one: endplate clinic form NAME --out facts.toml"))
