"""Feedback: what a clinician did with a card, checked and made plain for whoever keeps it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from endplate.clinic.cds.calling import Response
from endplate.clinic.cds.requests import RequestError, service_named

_OUTCOMES: Final = ("accepted", "overridden")
_LONGEST_COMMENT: Final = 2000


def feedback(service: str, body: object) -> Response:
    """Check the body of ``POST /cds-services/{id}/feedback``.

    Returns
    -------
    Response
        200 with the checked entries under ``kept``, for the caller to store; or 400, 404 with a sentence. Nothing is
        kept here.

    Examples
    --------
    >>> feedback("lems-suspect", {"feedback": []}).status
    400
    """
    try:
        service_named(service)
        listed = body.get("feedback") if isinstance(body, Mapping) else None
        if not isinstance(listed, list) or not listed:
            raise RequestError(400, 'the body must be {"feedback": [...]} with at least one entry.')
        kept = [_entry(service, one, f"feedback[{place}]") for place, one in enumerate(listed)]
    except RequestError as error:
        return Response(error.status, {"message": str(error)})
    return Response(200, {"kept": kept})


def _entry(service: str, given: object, where: str) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise RequestError(400, f"{where} must be an object.")
    outcome = given.get("outcome")
    if outcome not in _OUTCOMES:
        raise RequestError(400, f"{where}.outcome must be {' or '.join(_OUTCOMES)}, got {str(outcome)[:40]!r}.")
    kept: dict[str, Any] = {
        "service": service,
        "card": _uuid(given.get("card"), f"{where}.card"),
        "outcome": outcome,
        "outcomeTimestamp": _moment(given.get("outcomeTimestamp"), f"{where}.outcomeTimestamp"),
    }
    if outcome == "accepted":
        kept["acceptedSuggestions"] = _accepted(given.get("acceptedSuggestions"), where)
        if "overrideReason" in given:
            raise RequestError(400, f"{where} has an overrideReason, but its outcome is accepted.")
    elif "overrideReason" in given:
        kept["overrideReason"] = _reason(given["overrideReason"], f"{where}.overrideReason")
    return kept


def _uuid(given: object, where: str) -> str:
    try:
        return str(uuid.UUID(str(given)))
    except ValueError:
        raise RequestError(400, f"{where} must be the UUID of a card, got {str(given)[:40]!r}.") from None


def _moment(given: object, where: str) -> str:
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise RequestError(
            400, f"{where} must be a time with its zone, as 2026-01-10T09:30:00Z, got {str(given)[:40]!r}."
        )
    return moment.isoformat()


def _accepted(given: object, where: str) -> list[dict[str, str]]:
    if not isinstance(given, list) or not given or not all(isinstance(one, Mapping) and one.get("id") for one in given):
        raise RequestError(400, f"{where}.acceptedSuggestions must list the ids of what was accepted.")
    return [{"id": _uuid(one["id"], f"{where}.acceptedSuggestions")} for one in given]


def _reason(given: object, where: str) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise RequestError(400, f"{where} must be an object with reason or userComment.")
    kept: dict[str, Any] = {}
    reason, comment = given.get("reason"), given.get("userComment")
    if reason is not None:
        if not isinstance(reason, Mapping) or not isinstance(reason.get("code"), str):
            raise RequestError(400, f"{where}.reason must be a coding with a code.")
        kept["reason"] = {key: str(reason[key])[:200] for key in ("code", "system", "display") if key in reason}
    if comment is not None:
        if not isinstance(comment, str) or len(comment) > _LONGEST_COMMENT:
            raise RequestError(400, f"{where}.userComment must be text of at most {_LONGEST_COMMENT} characters.")
        kept["userComment"] = comment
    return kept
