"""Requests: what a client sent, checked before a rule reads it; a bad one is refused with a status and a sentence."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from endplate.clinic.cds.discovery import Service, services, tables
from endplate.clinic.fhir.people import local
from endplate.foundation.errors import unknown_name

_BAD, _MISSING, _NOT_FOUND = 400, 412, 404
_LISTS: Final = ("selections",)
_OBJECTS: Final = ("draftOrders",)


class RequestError(Exception):
    """A request that cannot be answered: the HTTP status and the sentence for it."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class Request:
    """One checked request.

    `resources` are those of the prefetch and `drafts` the orders that are being written; both are about
    the person of the context, which the reader of FHIR checks again.
    """

    service: Service
    hook: str
    instance: str
    patient_id: str
    resources: tuple[Mapping[str, Any], ...]
    drafts: tuple[Mapping[str, Any], ...]


def service_named(name: str) -> Service:
    """Return one service.

    Raises
    ------
    RequestError
        404, with the nearest name.
    """
    if name not in services():
        raise RequestError(_NOT_FOUND, str(unknown_name("service", name, services())))
    return services()[name]


def checked(name: str, body: object) -> Request:
    """Check a request against CDS Hooks 2.0 and against its service.

    Raises
    ------
    RequestError
        404 for an unknown service, 400 for a body that breaks the specification, 412 where the prefetch is missing.
    """
    service = service_named(name)
    if not isinstance(body, Mapping):
        raise RequestError(_BAD, "the body must be a JSON object with hook, hookInstance and context.")
    hook, instance = _hook(service, body), _instance(body)
    context = _context(hook, body)
    patient_id = local(str(context["patientId"])).rpartition("/")[2]
    resources = tuple(_prefetched(service, body))
    patients = [one for one in resources if one.get("resourceType") == "Patient"]
    if not patients:
        raise RequestError(
            _MISSING, f"the prefetch holds no Patient; it must answer {service.prefetch['patient']!r} (see discovery)."
        )
    for patient in patients:
        if patient.get("id") != patient_id:
            raise RequestError(
                _BAD, f"the context is about Patient/{patient_id}, but the prefetch holds Patient/{patient.get('id')}."
            )
    return Request(service, hook, instance, patient_id, resources, tuple(_drafts(hook, context)))


def _hook(service: Service, body: Mapping[str, Any]) -> str:
    hook = body.get("hook")
    if not isinstance(hook, str) or hook not in service.hooks:
        raise RequestError(_BAD, f"{service.id} answers {' and '.join(service.hooks)}, got hook {str(hook)[:40]!r}.")
    return hook


def _instance(body: Mapping[str, Any]) -> str:
    try:
        return str(uuid.UUID(str(body.get("hookInstance"))))
    except ValueError:
        got = str(body.get("hookInstance"))[:40]
        raise RequestError(_BAD, f"hookInstance must be a UUID, got {got!r}.") from None


def _context(hook: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    context = body.get("context")
    if not isinstance(context, Mapping):
        raise RequestError(_BAD, "context must be an object.")
    for key in tables()["context"][hook]:
        value = context.get(key)
        kind = list if key in _LISTS else Mapping if key in _OBJECTS else str
        if not isinstance(value, kind) or not (value or key in _OBJECTS):
            said = {list: "a list", Mapping: "a FHIR Bundle", str: "text"}[kind]
            raise RequestError(_BAD, f"context.{key} is needed at {hook} and must be {said}, got {str(value)[:40]!r}.")
    return context


def _prefetched(service: Service, body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    prefetch = body.get("prefetch")
    if prefetch is not None and not isinstance(prefetch, Mapping):
        raise RequestError(_BAD, "prefetch must be an object.")
    for key, value in (prefetch or {}).items():
        if key not in service.prefetch:
            raise RequestError(_BAD, str(unknown_name("prefetch key", str(key), service.prefetch)))
        yield from _opened(value, f"prefetch.{key}")


def _opened(value: Any, where: str) -> Iterator[Mapping[str, Any]]:
    """Yield the resources of a Bundle, or the one resource; nothing where the client found nothing."""
    if value is None:
        return
    if not isinstance(value, Mapping) or not isinstance(value.get("resourceType"), str):
        raise RequestError(_BAD, f"{where} must be a FHIR resource or null.")
    if value["resourceType"] != "Bundle":
        if value["resourceType"] != "OperationOutcome":  # the client could not read it: unknown, no error of ours
            yield value
        return
    listed = value.get("entry", [])
    if not isinstance(listed, list):
        raise RequestError(_BAD, f"{where}.entry must be a list.")
    for entry in listed:
        resource = entry.get("resource") if isinstance(entry, Mapping) else None
        if isinstance(resource, Mapping) and resource.get("resourceType") != "OperationOutcome":
            yield resource


def _drafts(hook: str, context: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the orders that are being written; at order-select only the selected ones."""
    if "draftOrders" not in tables()["context"][hook]:
        return
    orders = list(_opened({**context["draftOrders"], "resourceType": "Bundle"}, "context.draftOrders"))
    if hook != "order-select":
        yield from orders
        return
    named = {f"{one.get('resourceType')}/{one.get('id')}": one for one in orders}
    for selection in context["selections"]:
        if not isinstance(selection, str) or selection not in named:
            raise RequestError(_BAD, f"context.selections names {str(selection)[:60]!r}, which is not in draftOrders.")
        yield named[selection]
