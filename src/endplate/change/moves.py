"""Moving levers and keeping the record of it: mechanism, source, and what was only assumed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from endplate.body.person import Change, Person
from endplate.foundation.parameters import parameters_of, references
from endplate.foundation.records import LEVERS, Levers

Move = Callable[[Levers], Levers]


def within_range(levers: Levers, **settings: float) -> Levers:
    """Return a copy with the named levers set, each held inside its range.

    Two causes that each stay in range can leave it together; the body then sits at the limit.

    Examples
    --------
    >>> within_range(Levers(), docked_vesicles=4.0).docked_vesicles
    2.5
    """
    return levers.moved(
        **{name: min(LEVERS[name].high, max(LEVERS[name].low, value)) for name, value in settings.items()}
    )


def alter(
    person: Person,
    move: Move,
    *,
    name: str,
    mechanism: str,
    source: str,
    drug: str | None = None,
    hours_since_dose: float | None = None,
) -> Person:
    """Apply `move` to every muscle and note it; where it moves nothing, return the person as they were."""
    moved = person.moved_by(move)
    if moved == person:
        return person
    before = person.levers.differences()
    after = moved.levers.differences()
    healthy = Levers()
    changed = {
        lever: after.get(lever, getattr(healthy, lever)) for lever in LEVERS if before.get(lever) != after.get(lever)
    }
    change = Change(name, mechanism, source, changed, drug, hours_since_dose)
    return person.moved_by(move, change)


def cite(key: str) -> str:
    """Return a reference in one line: who, when, where to find it.

    Examples
    --------
    >>> cite("Ojala2021")
    'Ojala 2021 (doi:10.1016/j.jbc.2021.100302)'
    """
    item = references()[key]
    authors = item.get("author", [])
    first = authors[0].get("family", authors[0].get("literal", "")) if authors else item["title"]
    year = item.get("issued", {}).get("date-parts", [["n.d."]])[0][0]
    printed = " ".join(filter(None, (item.get("container-title"), item.get("volume"), item.get("page"))))
    where = f"doi:{item['DOI']}" if "DOI" in item else item.get("URL") or printed or item["title"]
    return f"{first} {year} ({where})"


def basis(room: str, names: Iterable[str], *, also: Iterable[str] = ()) -> str:
    """Return the sources behind the named parameters, and which of them are fitted or assumed.

    Parameters
    ----------
    room
        Room of the parameters, as ``change/therapy``.
    names
        Parameters that the change uses.
    also
        Keys of references for the mechanism itself.
    """
    table = parameters_of(room)
    used = [table[name] for name in names]
    keys = dict.fromkeys([*also, *(p.source for p in used if p.source and p.status != "fitted")])
    parts = [cite(key) for key in keys]
    for status in ("fitted", "assumed"):
        listed = [p.name for p in used if p.status == status]
        if listed:
            parts.append(f"{status}: {', '.join(listed)}")
    return "; ".join(parts)
