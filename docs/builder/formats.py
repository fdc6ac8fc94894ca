"""Lists of the instruments: settings of a recording, quality flags, registered arrays."""

from __future__ import annotations

from docs.builder.markdown import code, escaped, number, page, shown_unit, table
from endplate.exam.measure import FLAGS
from endplate.exam.recording import KEYS
from endplate.foundation.arrays import COORDINATES, REGISTRY


def sidecar_table() -> str:
    """Return every key of a sidecar."""
    rows = []
    for name, key in KEYS.items():
        allowed = ", ".join(code(repr(c)) for c in key.choices)
        if key.kind in ("number", "count", "pair"):
            allowed = f"{number(key.low)} to {number(key.high)}"
        rows.append((code(name), key.kind, escaped(key.meaning), allowed))
    return table(("Key", "Kind", "Meaning", "Allowed"), rows)


def flags_page() -> str:
    """Return every quality flag."""
    rows = (
        (escaped(name), escaped(f.meaning), escaped(f.rule), ", ".join(f.spoils) or "nothing", escaped(f.needed))
        for name, f in FLAGS.items()
    )
    return page(
        "Quality flags",
        "The instruments look at quality before a rule reads a number. A flag that spoils a verdict turns it into "
        "*cannot tell*, and the finding says what would settle it. What nobody recorded is not taken as normal.",
        table(("Flag", "Meaning", "Set when", "Spoils", "What would help"), rows),
    )


def arrays_table() -> str:
    """Return the registered arrays and their coordinates."""
    rows = [
        (code(name), ", ".join(entry.dims), shown_unit(entry.units), escaped(entry.meaning))
        for name, entry in REGISTRY.items()
    ]
    rows += [(code(name), "coordinate", shown_unit(unit), "") for name, unit in COORDINATES.items()]
    return table(("Array", "Dimensions", "Unit", "Meaning"), rows)
