"""Parameter tables, one page per room."""

from __future__ import annotations

from collections import Counter

from docs.builder.markdown import code, escaped, number, page, slug, table, with_unit
from docs.builder.references import link
from endplate.foundation.parameters import STATUSES, Parameter, parameters_of, rooms

_SUBJECTS = {
    "body/activezone": "The active zone",
    "body/terminal": "The nerve terminal",
    "body/junction": "The junction",
    "body/fibre": "The fibre",
    "body/muscle": "The muscle",
    "body/person": "The person",
    "change": "Changes in general",
    "change/disease": "Diseases",
    "change/therapy": "Treatments and hazards",
    "exam/examination": "Simulated recording",
    "exam/measure": "Measurement",
    "exam/recording": "Recording",
    "foundation/records": "The levers' healthy values",
}
_COLUMNS = ("Parameter", "Value", "Spread", "Status", "Source, place, note")


def subject(room: str) -> str:
    """Return what the parameters of a room are about."""
    return _SUBJECTS.get(room, room)


def page_of(room: str) -> str:
    """Return the name of the page of one room, below the folder of generated pages."""
    return f"parameters-{slug(room)}"


def anchor(room: str, name: str) -> str:
    """Return the address of one parameter on its page."""
    return f"param-{slug(room)}-{slug(name)}"


def _why(parameter: Parameter) -> str:
    parts = []
    if parameter.source:
        parts.append(link(parameter.source) + (f", {escaped(parameter.where)}" if parameter.where else ""))
        if parameter.status in ("measured", "derived"):
            parts.append(f"(read: {parameter.checked})")
    if parameter.note:
        parts.append(f"— {escaped(parameter.note)}" if parts else escaped(parameter.note))
    return " ".join(parts)


def _row(room: str, parameter: Parameter) -> tuple[str, ...]:
    place = f'<span id="{anchor(room, parameter.name)}"></span>'
    return (
        place + code(parameter.name),
        with_unit(parameter.value, parameter.unit),
        f"{number(parameter.low)} to {number(parameter.high)}, {parameter.spread}",
        parameter.status,
        _why(parameter),
    )


def room_page(room: str) -> str:
    """Return the page of one room."""
    found = parameters_of(room)
    groups: dict[str, list[Parameter]] = {}
    for parameter in found.values():
        groups.setdefault(parameter.name.rpartition(".")[0], []).append(parameter)
    parts = []
    for group, members in groups.items():
        if group:
            parts.append(f"## {code(group)}\n")
        parts.append(table(_COLUMNS, (_row(room, one) for one in members), right=("Value",)))
    count = Counter(parameter.status for parameter in found.values())
    told = ", ".join(f"{count[status]} {status}" for status in STATUSES if count[status])
    return page(
        f"{subject(room)}: parameters",
        f"Room `{room}`, {len(found)} parameters: {told}. In the terminal: `endplate parameters`.",
        *parts,
    )


def index_page() -> str:
    """Return the list of rooms and what the columns mean."""
    rows = []
    total: Counter[str] = Counter()
    for room in rooms():
        count = Counter(parameter.status for parameter in parameters_of(room).values())
        total += count
        rows.append((f"[{subject(room)}]({page_of(room)}.md)", code(room), *(str(count[s] or "–") for s in STATUSES)))
    rows.append(("**all**", "", *(f"**{total[s]}**" for s in STATUSES)))
    entries = "\n".join(page_of(room) for room in rooms())
    return page(
        "Parameters",
        "Every constant of science has a value, a unit, a spread and a source, or says why it is assumed. The loader "
        "refuses a file that breaks this. These tables are made from the files themselves.",
        table(("Subject", "Room", *STATUSES), rows, right=STATUSES),
        "**Status.** *measured*: read in the source. *derived*: computed from measured values. *fitted*: found by the "
        "calibration within the bounds that stand as its spread. *assumed*: chosen, and the note says why.\n\n"
        "**Spread.** The central 95 %, and over what: reports of different laboratories, persons, "
        "muscles, or junctions of one muscle.\n\n"
        "**Read.** How the source was read: the paper, its abstract, or *none* (general knowledge of the literature).",
        f"```{{toctree}}\n:hidden:\n\n{entries}\n```",
    )
