"""Write a record as a phenopacket v2, and say what a phenopacket has no place for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import endplate
from endplate.clinic.fhir.units import units
from endplate.clinic.phenopackets.checks import SCHEMA_VERSION, check, terms
from endplate.clinic.phenopackets.ontologies import diseases, resource
from endplate.clinic.record.vocabulary import Entry, vocabulary
from endplate.foundation.errors import DataError
from endplate.foundation.records.clinical import Fact, Medicine, Record

_SEX: Final = {"male": "MALE", "female": "FEMALE", "other": "OTHER_SEX"}
_IN_SUBJECT: Final = ("sex", "birth_date", "age_years")
_IN_DISEASE: Final = ("onset_date", "age_at_onset_years")
_TITRE: Final = ("vgcc_pq_titre", "vgcc_pq_upper_limit")
_ELSEWHERE: Final = (*_IN_SUBJECT, *_IN_DISEASE, "vgcc_pq_titre_unit")  # written with another fact


@dataclass(frozen=True, slots=True)
class Written:
    """A phenopacket, and what was not written into it and why."""

    document: dict[str, Any]
    left_out: tuple[str, ...]


def write(record: Record, *, key: str, created: str) -> Written:
    """Return a record as a phenopacket v2 that passes both tiers of validation.

    Parameters
    ----------
    record
        Confirmed facts are written; a phenopacket has no mark for a number that nobody confirmed.
    key
        Id of the phenopacket and of its subject; no name of a person.
    created
        When, as 2026-01-10T09:30:00Z.

    Raises
    ------
    DataError
        If what was written is not valid: an error of ours, found before the file leaves.

    Examples
    --------
    >>> write(Record(facts={"ptosis": Fact("ptosis", "no")}), key="a", created="2026-01-10T00:00:00Z").document[
    ...     "phenotypicFeatures"
    ... ]
    [{'type': {'id': 'HP:0000508', 'label': 'Ptosis'}, 'excluded': True}]
    """
    known = {name: fact for name, fact in record.facts.items() if fact.value is not None and fact.is_confirmed}
    known = {name: fact for name, fact in known.items() if not fact.is_simulated}
    told = [name for name in known if name not in (*_IN_SUBJECT, *diseases())]
    body: dict[str, Any] = {"id": key, "subject": _subject(known, key)}
    body["phenotypicFeatures"] = [_feature(known[name]) for name in told if vocabulary()[name].kind == "yes-no"]
    numbers = [name for name in told if vocabulary()[name].kind == "number" and name not in _IN_DISEASE]
    body["measurements"] = [_measurement(known[name], record) for name in numbers]
    body["diseases"] = [_disease(known[name], term, known) for name, term in diseases().items() if name in known]
    body["medicalActions"] = [_action(one) for one in record.medicines if one.status != "proposed"]
    body = {name: part for name, part in body.items() if part}
    prefixes = sorted({curie.partition(":")[0] for _, curie, _ in terms(body)} | {"HP"})
    body["metaData"] = {
        "created": created,
        "createdBy": f"Endplate {endplate.__version__}",
        "resources": [resource(prefix) for prefix in prefixes],
        "phenopacketSchemaVersion": SCHEMA_VERSION,
    }
    problems = check(body)
    if problems:
        raise DataError(f"the phenopacket that was written is not valid, which is an error of ours: {problems[0]}")
    return Written(body, tuple(_left_out(record, known)))


def _subject(known: dict[str, Fact], key: str) -> dict[str, Any]:
    subject: dict[str, Any] = {"id": key}
    if "sex" in known:
        subject["sex"] = _SEX[str(known["sex"].value)]
    if "birth_date" in known:
        subject["dateOfBirth"] = f"{known['birth_date'].value}T00:00:00Z"
    if "age_years" in known:
        subject["timeAtLastEncounter"] = _age(known["age_years"])
    return subject


def _age(fact: Fact) -> dict[str, Any]:
    """Return completed years; a fraction of a year is not an age that anybody asks for."""
    years = fact.value if isinstance(fact.value, Decimal) else Decimal(0)
    return {"age": {"iso8601duration": f"P{int(years)}Y"}}


def _curie(entry: Entry) -> str:
    if entry.hpo and entry.kind == "yes-no":
        return entry.hpo
    return f"LOINC:{entry.loinc}" if entry.loinc and entry.kind == "number" else f"ENDPLATE:{entry.id}"


def _feature(fact: Fact) -> dict[str, Any]:
    entry = vocabulary()[fact.name]
    found: dict[str, Any] = {"type": {"id": _curie(entry), "label": entry.label}}
    return {**found, "excluded": True} if fact.value == "no" else found


def _measurement(fact: Fact, record: Record) -> dict[str, Any]:
    entry = vocabulary()[fact.name]
    unit = str(record.word("vgcc_pq_titre_unit") or "1") if entry.id in _TITRE else entry.unit
    code = units()[unit].ucum
    number = float(fact.value) if isinstance(fact.value, Decimal) else 0.0
    found: dict[str, Any] = {
        "assay": {"id": _curie(entry), "label": entry.label},
        "value": {"quantity": {"unit": {"id": f"UCUM:{code}", "label": unit}, "value": number}},
    }
    return {**found, "timeObserved": _moment(fact.on)} if fact.on is not None else found


def _moment(on: date) -> dict[str, str]:
    return {"timestamp": f"{on.isoformat()}T00:00:00Z"}


def _disease(fact: Fact, term: dict[str, str], known: dict[str, Fact]) -> dict[str, Any]:
    found: dict[str, Any] = {"term": {"id": term["id"], "label": term["label"]}}
    if fact.value == "no":
        return {**found, "excluded": True}
    onset, age = known.get("onset_date"), known.get("age_at_onset_years")
    if fact.name == "lems_diagnosis" and onset is not None and isinstance(onset.value, date):
        found["onset"] = _moment(onset.value)
    elif fact.name == "lems_diagnosis" and age is not None:
        found["onset"] = _age(age)
    return found


def _action(medicine: Medicine) -> dict[str, Any]:
    curie = (
        f"ATC:{medicine.atc}"
        if medicine.atc
        else f"RXNORM:{medicine.rxnorm}"
        if medicine.rxnorm
        else f"ENDPLATE:{'-'.join(medicine.name.split())}"
    )
    found: dict[str, Any] = {"treatment": {"agent": {"id": curie, "label": medicine.name}}}
    if medicine.status == "stopped":
        found["treatmentTerminationReason"] = {"id": "ENDPLATE:stopped", "label": "stopped"}
    return found


def _left_out(record: Record, known: dict[str, Fact]) -> Iterator[str]:
    """Yield one sentence for each thing that a phenopacket cannot carry."""
    for name, fact in record.facts.items():
        entry = vocabulary()[name]
        if name not in known and fact.value is not None:
            yield f"{name}: a phenopacket has no mark for a value that is simulated or that nobody confirmed."
        elif name in known and entry.kind in ("date", "choice", "text") and name not in _ELSEWHERE:
            yield f"{name}: a phenopacket has no place for a {entry.kind}."
    is_lems = record.known("lems_diagnosis") == "yes"
    for name in _IN_DISEASE:
        if name in known and (not is_lems or (name == "age_at_onset_years" and "onset_date" in known)):
            yield f"{name}: it is written as the onset of the diagnosed disease only, and once."
    yield from (
        f"{one.name}: a proposed medicine is no treatment." for one in record.medicines if one.status == "proposed"
    )
    for what, rows in (("electrodiagnostic studies", record.studies), ("scans", record.scans)):
        if rows:
            yield f"{len(rows)} {what}: a phenopacket has no place for them; write FHIR."
