"""Read a FHIR R4 document into a record, and say of everything else why it was left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from endplate.clinic.fhir.checking import check_resource, entries
from endplate.clinic.fhir.cycles import circles
from endplate.clinic.fhir.findings_in import read_observation
from endplate.clinic.fhir.gathering import Gathering, Left, NotUnderstood, words
from endplate.clinic.fhir.meaning import refused_meaning
from endplate.clinic.fhir.medicines_in import read_medicine
from endplate.clinic.fhir.names import SIMULATED, TAGS
from endplate.clinic.fhir.people import Directory, directory, one_person, subject
from endplate.clinic.fhir.problems import Problem, refuse
from endplate.clinic.fhir.resources_in import (
    read_answers,
    read_condition,
    read_patient,
    read_procedure,
    read_report,
)
from endplate.clinic.fhir.text import parse
from endplate.clinic.fhir.versions import other_version
from endplate.clinic.record.checks import require_consistent
from endplate.foundation.errors import InputError
from endplate.foundation.records.clinical import Record

READ: Final = (
    "Patient", "Condition", "Observation", "MedicationStatement", "MedicationRequest", "Procedure",
    "DiagnosticReport", "QuestionnaireResponse",
)  # fmt: skip
_CHECKED: Final = frozenset({*READ, "Medication"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document says: the record, what was left and why, and the document itself, of which nothing is lost.

    `document` holds every digit and every resource as they came in, those that were not understood among them.
    """

    record: Record
    not_understood: tuple[Left, ...]
    document: Mapping[str, Any]
    resource_count: int


def read(
    content: bytes | str | Mapping[str, Any],
    *,
    name: str = "the FHIR text",
    today: date | None = None,
    teaching: bool = False,
) -> Reading:
    """Read one FHIR R4 resource or a Bundle about one person.

    Parameters
    ----------
    content
        JSON as text or bytes, or already parsed.
    name
        How the document is called in messages.
    today
        The day after which nothing can have happened; None is the day of this machine.
    teaching
        Accept simulated findings, which are refused otherwise.

    Returns
    -------
    Reading
        Numbers of electrodiagnostic studies, of reports that are not final, and of codes that nobody looked up
        enter unconfirmed: rules read them as unknown until a named person confirms them.

    Raises
    ------
    FileFormatError
        If it is no JSON, not R4, breaks a required binding, or speaks of two persons.
    InputError
        If facts that cannot be true together are in it, or simulated findings without `teaching`.

    Notes
    -----
    Limit: profiles, terminology services and narrative text are not read. What a code of another system says is
    taken from a short list (codes.toml); a code that is not in it is left, never guessed from its words.

    Examples
    --------
    >>> found = read('{"resourceType": "Patient", "gender": "female", "birthDate": "1961-05-02"}')
    >>> found.record.word("sex"), found.record.day("birth_date")
    ('female', datetime.date(1961, 5, 2))
    """
    document = content if isinstance(content, Mapping) else parse(content, name=name)
    listed = entries(document)
    refuse(list(_problems(document, listed)), name=name)
    known = directory(listed)
    one_person(listed, known, name=name)
    into = Gathering(today=today or date.today())
    _tell_of_pages(document, into)
    for path, _, resource in sorted(listed, key=lambda one: one[2].get("resourceType") != "Patient"):
        _refuse_simulated(resource, path, teaching)
        _read_one(resource, path, into, known, is_alone=len(listed) == 1)
    for circle in circles(known):
        into.leave(circle[0], "circular references", f"{' -> '.join(circle)}; each was read once")
    into.drop_repeated_medicines()
    facts = into.merged(name=name)
    record = Record(
        facts=facts,
        medicines=tuple(medicine for _, medicine in into.medicines),
        studies=tuple(into.studies),
        scans=tuple(into.scans),
        label=into.label,
        is_synthetic=into.is_synthetic,
        provenance=into.provenance,
    )
    _refuse_simulated_facts(record, teaching)
    require_consistent(record, today=today)
    return Reading(record, tuple(into.left), document, len(listed))


def _problems(document: Mapping[str, Any], listed: list[tuple[str, str, Mapping[str, Any]]]) -> Iterator[Problem]:
    """Yield the problems of what is read; a resource that is not read is only asked for its version."""
    if document.get("resourceType") == "Bundle" and not isinstance(document.get("entry", []), list):
        yield Problem("Bundle.entry", "it must be a list.")
    if document.get("resourceType") == "Bundle" and document.get("type") == "history":
        yield Problem("Bundle.type", "a history holds old versions beside the newest; ask for the newest only.")
    for path, _, resource in listed:
        if str(resource.get("resourceType")) in _CHECKED:
            yield from check_resource(resource, path)
        else:
            wrong = other_version(resource, path)
            if wrong is not None:
                yield wrong


def _read_one(resource: Mapping[str, Any], path: str, into: Gathering, known: Directory, *, is_alone: bool) -> None:
    kind = str(resource.get("resourceType"))
    what = words(resource.get("code"))
    if kind not in READ:
        if kind != "Medication":  # read where a MedicationStatement or MedicationRequest refers to it
            into.leave(path, what, f"{kind} is not read")
        return
    about = subject(resource)
    if about is None and kind != "Patient" and not is_alone:
        into.leave(path, what, "it does not say whom it is about, so it was not taken over")
        return
    target = known.find(str(about.get("reference", "")), resource) if about else None
    if target is not None and target.get("resourceType") != "Patient":
        into.leave(path, what, f"it is about a {target.get('resourceType')}, not about the person")
        return
    against = refused_meaning(resource)
    if against:
        into.leave(path, what, against)
        return
    try:
        if kind in _READERS:
            _READERS[kind](resource, path, into)
        else:
            read_medicine(resource, path, into, known)
    except NotUnderstood as left:
        into.leave(path, what, str(left))


_READERS: Final = {
    "Patient": read_patient,
    "Condition": read_condition,
    "Observation": read_observation,
    "Procedure": read_procedure,
    "DiagnosticReport": read_report,
    "QuestionnaireResponse": read_answers,
}


def _tell_of_pages(document: Mapping[str, Any], into: Gathering) -> None:
    """Say where a search has more pages than the one that came."""
    links = document.get("link", ())
    for link in links if isinstance(links, list) else ():
        if isinstance(link, Mapping) and link.get("relation") == "next":
            into.leave("Bundle.link", "next", "this is one page of more; what stands on the others stays unknown")


def _refuse_simulated(resource: Mapping[str, Any], path: str, teaching: bool) -> None:
    meta = resource.get("meta")
    tags = meta.get("tag", ()) if isinstance(meta, Mapping) else ()
    if not teaching and any((tag.get("system"), tag.get("code")) == (TAGS, SIMULATED) for tag in tags):
        raise InputError(
            f"{path} is SIMULATED: no finding of a simulation enters a person's record. "
            "For a lesson read it with --teaching; everything made from it is then watermarked."
        )


def _refuse_simulated_facts(record: Record, teaching: bool) -> None:
    everything = [*record.facts.values(), *(fact for study in record.studies for fact in study.values())]
    for fact in everything:
        if fact.is_simulated and not teaching:
            raise InputError(
                f"{fact.name} is SIMULATED: no finding of a simulation enters a person's record. "
                "For a lesson read it with --teaching; everything made from it is then watermarked."
            )
