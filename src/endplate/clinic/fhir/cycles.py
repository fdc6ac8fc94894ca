"""Circular references: found without following them for ever, and told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from endplate.clinic.fhir.people import Directory

_LINKS: Final = ("hasMember", "derivedFrom", "partOf", "basedOn", "result", "replaces", "reasonReference", "evidence")


def _linked(resource: Mapping[str, Any]) -> Iterator[str]:
    """Yield the references of the links that can run in a circle."""
    open_nodes: list[Any] = [resource.get(key) for key in _LINKS]
    while open_nodes:
        node = open_nodes.pop()
        if isinstance(node, list):
            open_nodes.extend(node)
        elif isinstance(node, Mapping):
            if isinstance(node.get("reference"), str):
                yield node["reference"]
            open_nodes.extend(value for value in node.values() if isinstance(value, (list, Mapping)))


def circles(known: Directory) -> list[tuple[str, ...]]:
    """Return each circle of references as the names along it, the first once more at the end.

    Examples
    --------
    >>> from endplate.clinic.fhir.people import directory
    >>> a = {"resourceType": "Observation", "id": "a", "hasMember": [{"reference": "Observation/b"}]}
    >>> b = {"resourceType": "Observation", "id": "b", "derivedFrom": [{"reference": "Observation/a"}]}
    >>> circles(directory([("", "", a), ("", "", b)]))
    [('Observation/a', 'Observation/b', 'Observation/a')]
    """
    resources: dict[int, tuple[str, Mapping[str, Any]]] = {}
    for url, one in known.by_url.items():
        resources[id(one)] = (url, one)
    for name, several in known.by_name.items():
        for _, one in several:
            resources[id(one)] = (name, one)
    done: set[int] = set()
    found: list[tuple[str, ...]] = []
    for start in resources:
        if start not in done:
            found.extend(_from(start, resources, known, done))
    return found


def _from(
    start: int, resources: Mapping[int, tuple[str, Mapping[str, Any]]], known: Directory, done: set[int]
) -> Iterator[tuple[str, ...]]:
    """Walk in depth from one resource with a stack of our own: a long chain must not end in a recursion error."""
    way = [start]
    on_way = {start}
    open_links = [_linked(resources[start][1])]
    while way:
        reference = next(open_links[-1], None)
        if reference is None:
            done.add(way[-1])
            on_way.discard(way.pop())
            open_links.pop()
            continue
        target = known.find(reference, resources[way[-1]][1])
        if target is None or id(target) not in resources:
            continue
        if id(target) in on_way:
            circle = [*way[way.index(id(target)) :], id(target)]
            yield tuple(resources[one][0] for one in circle)
        elif id(target) not in done:
            way.append(id(target))
            on_way.add(id(target))
            open_links.append(_linked(resources[id(target)][1]))
