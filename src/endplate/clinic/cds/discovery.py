"""Discovery: which services there are, at which hooks, and what they want to read beforehand."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_FILE: Final = Path(__file__).with_name("services.toml")


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its hooks, its words, and the queries that it wants answered beforehand."""

    id: str
    hooks: tuple[str, ...]
    title: str
    description: str
    prefetch: dict[str, str]


@functools.cache
def tables() -> dict[str, Any]:
    """Return the tables of the file."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@functools.cache
def services() -> dict[str, Service]:
    """Return the services by id.

    Examples
    --------
    >>> [*services()]
    ['lems-suspect', 'lems-drug-check', 'lems-anaesthesia', 'lems-surveillance-due']
    """
    queries = tables()["prefetch"]
    return {
        name: Service(
            id=name,
            hooks=tuple(table["hooks"]),
            title=table["title"],
            description=table["description"],
            prefetch={key: queries[key] for key in table["prefetch"]},
        )
        for name, table in tables()["services"].items()
    }


def discovery() -> dict[str, Any]:
    """Return the body of ``GET /cds-services``: one entry for each service at each of its hooks.

    Examples
    --------
    >>> [(one["id"], one["hook"]) for one in discovery()["services"]][:2]
    [('lems-suspect', 'patient-view'), ('lems-drug-check', 'order-select')]
    """
    return {
        "services": [
            {
                "hook": hook,
                "title": one.title,
                "description": one.description,
                "id": one.id,
                "prefetch": dict(one.prefetch),
            }
            for one in services().values()
            for hook in one.hooks
        ]
    }
