"""References: every references.json under clinic/, merged; two rooms may share an id only word for word."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Final

from endplate.foundation.errors import unknown_name
from endplate.foundation.parameters import merge_references

CLINIC: Final = Path(__file__).resolve().parents[1]


def merged_references(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the CSL-JSON entries of every references.json under a folder, by id.

    Raises
    ------
    DataError
        If a file is no list of entries with an id each, or two files tell differently of one id.
    """
    merged: dict[str, tuple[dict[str, Any], str]] = {}
    for path in sorted(folder.rglob("references.json")):
        merge_references(merged, path)
    return {key: item for key, (item, _) in merged.items()}


@functools.cache
def references() -> dict[str, dict[str, Any]]:
    """Return every reference of the clinic by its id.

    Examples
    --------
    >>> references()["Lipka2020"]["container-title"]
    'Neurology'
    """
    return merged_references(CLINIC)


def cited(key: str) -> str:
    """Return one reference as a line: authors, year, title, journal, DOI or address.

    Raises
    ------
    UnknownNameError
        If there is no such reference, with the nearest id.

    Examples
    --------
    >>> cited("Wirtz2002")[:25]
    'Wirtz, Sotodeh, Nijnuis a'
    """
    known = references()
    if key not in known:
        raise unknown_name("reference", key, known)
    item = known[key]
    place = [str(item.get(part, "")) for part in ("container-title", "volume", "page")]
    doi = f"doi:{item['DOI']}" if item.get("DOI") else str(item.get("URL", ""))
    parts = (_authors(item), _year(item), str(item["title"]).rstrip("."), " ".join(part for part in place if part), doi)
    return ". ".join(part for part in parts if part)


def _authors(item: dict[str, Any]) -> str:
    names = [str(one.get("family") or one.get("literal") or "") for one in item.get("author", [])]
    return ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")


def _year(item: dict[str, Any]) -> str:
    days = item.get("issued", {}).get("date-parts", [[]])
    return str(days[0][0]) if days and days[0] else ""
