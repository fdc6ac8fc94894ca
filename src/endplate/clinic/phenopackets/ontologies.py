"""Ontologies that a phenopacket of ours declares, and the code systems that their prefixes stand for."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any, Final

_FILE: Final = Path(__file__).with_name("ontologies.toml")


@functools.cache
def tables() -> dict[str, Any]:
    """Return the tables of the file."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def diseases() -> dict[str, dict[str, str]]:
    """Return the term of each diagnosis, by the name of the fact."""
    return dict(tables()["diseases"])


def system_of(prefix: str) -> str:
    """Return the address of the code system that a prefix stands for; empty if it is none of ours.

    Examples
    --------
    >>> system_of("LOINC"), system_of("XYZ")
    ('http://loinc.org', '')
    """
    from endplate.clinic.fhir.codes import tables as code_tables

    table = tables().get(prefix, {})
    short = str(table.get("system", ""))
    return str(code_tables()["systems"].get(short, short))


def resource(prefix: str) -> dict[str, str]:
    """Return the entry of metaData.resources for one prefix.

    Examples
    --------
    >>> resource("HP")["version"]
    '2025-01-16'
    """
    table = tables()[prefix]
    return {
        "id": table["id"],
        "name": table["name"],
        "url": table["url"],
        "version": table["version"],
        "namespacePrefix": prefix,
        "iriPrefix": table["iri_prefix"],
    }
