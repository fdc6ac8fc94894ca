"""Call a service: one request in, one response out; no clock, no network, nothing kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from endplate.clinic.cds.answers import ANSWERS, Asked, Said
from endplate.clinic.cds.cards import INDICATORS, card
from endplate.clinic.cds.requests import Request, RequestError, checked
from endplate.clinic.fhir.reading import read
from endplate.foundation.errors import EndplateError
from endplate.foundation.records.clinical import Record

MOST_CARDS: Final = 10  # a clinician who sees more closes all of them
_ORDER: Final = ("critical", "warning", "info")


@dataclass(frozen=True, slots=True)
class Response:
    """The HTTP status and the JSON body of an answer."""

    status: int
    body: dict[str, Any]


def call(service: str, body: object, *, today: date, pack: str = "eu") -> Response:
    """Answer one request of CDS Hooks 2.0.

    Parameters
    ----------
    service
        Id of the service, as discovery names it.
    body
        The parsed JSON of the request.
    today
        The day on which the rules are read.
    pack
        Whose label of amifampridine counts: "us", "eu", "uk" or "ch".

    Returns
    -------
    Response
        200 with cards, the most serious first; or 400, 404, 412 with one sentence under ``message``.

    Notes
    -----
    Limit: only what the prefetch brings is read; a missing query leaves its facts unknown.

    Examples
    --------
    >>> call("lems-suspekt", {}, today=date(2026, 1, 1)).body["message"][:50]
    "no service 'lems-suspekt'; did you mean lems-suspe"
    """
    try:
        request = checked(service, body)
        record = record_of(request, today=today)
        said = list(ANSWERS[service](Asked(record, request.drafts, today, pack)))
    except RequestError as error:
        return Response(error.status, {"message": str(error)})
    except EndplateError as error:
        return Response(400, {"message": str(error)})
    return Response(200, {"cards": _cards(said, request)})


def record_of(request: Request, *, today: date) -> Record:
    """Return the facts of the prefetch and of the orders that are being written.

    Raises
    ------
    EndplateError
        If they are not FHIR R4, or are about two persons.
    """
    entries = [{"resource": one} for one in (*request.resources, *request.drafts)]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return read(bundle, name="the prefetch", today=today).record


def _cards(said: list[Said], request: Request) -> list[dict[str, Any]]:
    cards = [card(one.result, instance=request.instance, summary=one.summary) for one in said]
    unique = list({one["uuid"]: one for one in cards}.values())
    ordered = sorted(unique, key=lambda one: _ORDER.index(one["indicator"]))
    left = ordered[MOST_CARDS - 1 :] if len(ordered) > MOST_CARDS else []
    if not left:
        return ordered
    return [*ordered[: MOST_CARDS - 1], _rest(left, request)]


def _rest(left: list[dict[str, Any]], request: Request) -> dict[str, Any]:
    """Return one card that names what did not find a place of its own: nothing is dropped without a word."""
    from endplate.clinic.result import Result

    loudest = left[0]["indicator"]
    severity = next(name for name, indicator in INDICATORS.items() if indicator == loudest and name != "caution")
    rest = Result(
        rule="cds-rest",
        version="2026-11-21",
        title=f"{len(left)} more",
        verdict="see the basis",
        statement=f"{len(left)} more findings, each with its own line below.",
        because=tuple(one["summary"] for one in left),
        support="proposal",
        severity=severity,  # type: ignore[arg-type]
    )
    return card(rest, instance=request.instance)
