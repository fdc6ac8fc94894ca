"""References as one line of text."""

from __future__ import annotations

from typing import Any

from endplate.foundation.parameters import references


def cited(key: str) -> str:
    """Return the reference behind a key as one line; of an unknown key, the key alone.

    Examples
    --------
    >>> cited("nobody2099")
    'nobody2099'
    """
    item = references().get(key)
    if item is None:
        return key
    place = item.get("container-title") or item.get("publisher") or ""
    where = " ".join(str(part) for part in (place, item.get("volume", ""), item.get("page", "")) if part)
    doi = f"doi:{item['DOI']}" if item.get("DOI") else str(item.get("URL", ""))
    parts = [_authors(item), _year(item), str(item.get("title", "")).rstrip("."), where, doi]
    return f"{key}: {'. '.join(part for part in parts if part)}"


def _authors(item: dict[str, Any]) -> str:
    names = [str(one.get("family") or one.get("literal") or "") for one in item.get("author", [])]
    return ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")


def _year(item: dict[str, Any]) -> str:
    dates = item.get("issued", {}).get("date-parts", [[]])
    return str(dates[0][0]) if dates and dates[0] else ""
