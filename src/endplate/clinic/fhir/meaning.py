"""Meaning that a reader must not pass over: FHIR says that who does not know it must not read the resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def refused_meaning(resource: Mapping[str, Any]) -> str:
    """Return why a resource must not be read as it looks, or nothing.

    Examples
    --------
    >>> refused_meaning({"resourceType": "Observation", "focus": [{"reference": "RelatedPerson/1"}]})
    'it is about somebody or something else than the person (focus)'
    >>> refused_meaning({"resourceType": "Observation", "status": "final"})
    ''
    """
    if resource.get("implicitRules"):
        return f"it follows rules of its own ({resource['implicitRules']}), which are not known here"
    if resource.get("focus"):
        return "it is about somebody or something else than the person (focus)"
    waiting: list[Any] = [resource]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            if node.get("modifierExtension"):
                return "it carries a modifier extension, which can turn its meaning round and is not known here"
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
    return ""
