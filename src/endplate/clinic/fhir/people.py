"""Whose resources these are: one person only, since a merge of two would be read as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from endplate.foundation.errors import FileFormatError

_SUBJECT: Final = ("subject", "patient")
Entries = Iterable[tuple[str, str, Mapping[str, Any]]]


def local(reference: str) -> str:
    """Return type and id of a reference, without server and history.

    Examples
    --------
    >>> local("https://example.org/fhir/Patient/7/_history/2"), local("urn:uuid:1")
    ('Patient/7', 'urn:uuid:1')
    """
    if reference.startswith(("urn:", "#")):
        return reference
    steps = reference.split("/_history/")[0].split("/")
    return "/".join(steps[-2:])


@dataclass(frozen=True, slots=True)
class Directory:
    """Every resource of a document, found by full URL or by type and id; with a name stands its full URL."""

    by_url: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    by_name: dict[str, tuple[tuple[str, Mapping[str, Any]], ...]] = field(default_factory=dict)

    def find(self, reference: str, within: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return what a reference points to, or None if it is not here or more than one resource answers."""
        if reference.startswith("#"):
            inside = [one for one in within.get("contained", ()) if f"#{one.get('id')}" == reference]
            return inside[0] if len(inside) == 1 else None
        if reference in self.by_url:
            return self.by_url[reference]
        named = self.by_name.get(local(reference), ())
        if "://" in reference:  # the same id on another server is another resource
            named = tuple((url, one) for url, one in named if "://" not in url)
        return named[0][1] if len(named) == 1 else None


def directory(entries: Entries) -> Directory:
    """Return the directory of a document's resources."""
    found = Directory()
    for _, url, resource in entries:
        if url:
            found.by_url[url] = resource
        if resource.get("id"):
            name = f"{resource.get('resourceType')}/{resource['id']}"
            found.by_name[name] = (*found.by_name.get(name, ()), (url, resource))
    return found


def subject(resource: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the reference that says whom a resource is about, or None."""
    for key in _SUBJECT:
        value = resource.get(key)
        if isinstance(value, Mapping):
            return value
    return None


def _keys(entries: Entries, known: Directory) -> Iterator[tuple[str, str]]:
    """Yield one key for each person that the document speaks of, and the place where it does."""
    urls = {id(one): url for url, one in known.by_url.items()}
    for path, url, resource in entries:
        if resource.get("resourceType") == "Patient":
            yield _own_key(resource, url), path
            continue
        about = subject(resource)
        if about is None:
            continue
        reference = about.get("reference")
        if not isinstance(reference, str):
            identifier = about.get("identifier")
            if isinstance(identifier, Mapping):
                yield f"identifier {identifier.get('system', '')}|{identifier.get('value', '')}", path
            continue
        found = known.find(reference, resource)
        if found is None:
            yield reference.split("/_history/")[0], path
        elif found.get("resourceType") == "Patient":
            yield _own_key(found, urls.get(id(found), "")), path


def _own_key(patient: Mapping[str, Any], url: str) -> str:
    if "://" in url:
        return url
    return f"Patient/{patient['id']}" if patient.get("id") else url or f"Patient without id {id(patient)}"


def _same(key: str, other: str) -> bool:
    """Return whether two keys can be one person: a relative reference and the absolute one that ends like it."""
    return key == other or (local(key) == local(other) and ("://" not in key or "://" not in other))


def one_person(entries: list[tuple[str, str, Mapping[str, Any]]], known: Directory, *, name: str) -> None:
    """Refuse a document that speaks of more than one person.

    Raises
    ------
    FileFormatError
        Naming both, and where.

    Examples
    --------
    >>> two = [("entry[0]", "", {"resourceType": "Patient", "id": i}) for i in "ab"]
    >>> one_person(two, directory(two), name="the bundle")
    Traceback (most recent call last):
    endplate.foundation.errors.FileFormatError: the bundle speaks of two persons: Patient/a (entry[0]) and \
Patient/b (entry[0]). Their facts would be merged into one; export each person alone.
    """
    patients = [resource for _, _, resource in entries if resource.get("resourceType") == "Patient"]
    aliases = {
        f"identifier {one.get('system', '')}|{one.get('value', '')}"
        for patient in patients
        for one in patient.get("identifier", ())
    }
    first: tuple[str, str] | None = None
    for key, path in _keys(entries, known):
        if key in aliases or not _is_person(key):
            continue
        if first is None:
            first = key, path
        elif not _same(first[0], key):
            raise FileFormatError(
                f"{name} speaks of two persons: {first[0]} ({first[1]}) and {key} ({path}). "
                "Their facts would be merged into one; export each person alone."
            )
        elif "://" in key:  # the fuller of the two names is kept, so that a third is compared with it
            first = key, first[1]


def _is_person(key: str) -> bool:
    """Return whether a key names a person, and not a group, a device or a place."""
    kind = local(key).partition("/")[0]
    return kind not in ("Group", "Device", "Location")
