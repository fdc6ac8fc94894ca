"""Record -> Patient, Condition, Observation, MedicationStatement: read back, it is the same record."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from endplate.clinic.fhir.codes import system, written_code
from endplate.clinic.fhir.names import (
    ABSENT,
    CHOICE,
    CLINICAL,
    DAILY_DOSE,
    DETAILS,
    PROVENANCE,
    SIMULATED,
    SYNTHETIC,
    TAGS,
    VERIFICATION,
    VOCABULARY,
)
from endplate.clinic.fhir.units import UCUM, units
from endplate.clinic.record.vocabulary import SCAN, STUDY, Entry, groups, vocabulary
from endplate.foundation.records.clinical import Fact, Medicine, Record

Resource = dict[str, Any]
_SPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:endplate")
_IN_PATIENT: Final = ("birth_date", "sex")
_STATUS: Final = {"taken": "active", "proposed": "intended", "stopped": "stopped"}


def identifier(*what: object) -> str:
    """Return an id that depends on nothing but its arguments, so that the same review is the same bundle.

    Examples
    --------
    >>> identifier("Patient", "a") == identifier("Patient", "a")
    True
    """
    return str(uuid.uuid5(_SPACE, "\n".join(str(one) for one in what)))


def reference(resource: Mapping[str, Any]) -> dict[str, str]:
    """Return a reference to a resource of the same bundle."""
    return {"reference": f"urn:uuid:{resource['id']}"}


def patient(record: Record, *, key: str) -> Resource:
    """Return the person: name, sex, day of birth; marked as test data if invented."""
    found: Resource = {"resourceType": "Patient", "id": identifier("Patient", key)}
    if record.is_synthetic:
        mark = {"system": SYNTHETIC[0], "code": SYNTHETIC[1], "display": "test health data"}
        found["meta"] = {"security": [mark]}
    if record.provenance:
        pairs = [{"url": "pair", "valueString": f"{name}\n{said}"} for name, said in record.provenance.items()]
        found["extension"] = [{"url": PROVENANCE, "extension": pairs}]
    if record.label:
        found["name"] = [{"text": record.label}]
    for name, place in (("sex", "gender"), ("birth_date", "birthDate")):
        fact = record.facts.get(name)
        if fact is not None and fact.value is not None and fact.is_confirmed:
            found[place] = str(fact.value)
    return found


def facts(record: Record, about: Resource) -> Iterator[Resource]:
    """Yield one resource for each fact, study, scan and medicine of the record."""
    for name, fact in record.facts.items():
        entry = vocabulary()[name]
        coded = written_code(name) if fact.value in ("yes", "no") else None
        yield _condition(fact, coded, about) if coded else _observation(fact, entry, record, about)
    for place, study in enumerate(record.studies):
        yield _study(study, place, about)
    for place, scan in enumerate(record.scans):
        yield _scan(scan, place, about)
    for place, medicine in enumerate(record.medicines):
        yield _medicine(medicine, place, about)


def _details(fact: Fact) -> dict[str, Any]:
    """Return the extension that keeps what FHIR has no place for; written always, as absence means another system."""
    inner: list[dict[str, Any]] = [{"url": "isConfirmed", "valueBoolean": fact.is_confirmed}]
    if fact.is_simulated:
        inner.append({"url": "isSimulated", "valueBoolean": True})
    if fact.on is not None:
        inner.append({"url": "on", "valueDate": fact.on.isoformat()})
    inner += [{"url": url, "valueString": text} for url, text in (("source", fact.source), ("note", fact.note)) if text]
    return {"url": DETAILS, "extension": inner}


def _meta(*told: Fact) -> dict[str, Any]:
    if not any(fact.is_simulated for fact in told):
        return {}
    return {"meta": {"tag": [{"system": TAGS, "code": SIMULATED, "display": "SIMULATED"}]}}


def _concept(entry: Entry) -> dict[str, Any]:
    codings = [{"system": VOCABULARY, "code": entry.id, "display": entry.label}]
    codings += [
        {"system": system(name), "code": code} for name, code in (("loinc", entry.loinc), ("hpo", entry.hpo)) if code
    ]
    return {"coding": codings, "text": entry.label}


def value(fact: Fact, entry: Entry, *, titre_unit: str | None = None) -> dict[str, Any]:
    """Return the value[x] of one fact, or why there is none.

    Examples
    --------
    >>> from endplate.clinic.record.vocabulary import entry
    >>> value(Fact("dry_mouth", "yes"), entry("dry_mouth"))
    {'valueBoolean': True}
    """
    given = fact.value
    if given is None:
        return {"dataAbsentReason": {"coding": [{"system": ABSENT, "code": "unknown"}]}}
    if isinstance(given, Decimal):
        code = units()[titre_unit or entry.unit].ucum
        return {"valueQuantity": {"value": given, "unit": code, "system": UCUM, "code": code}}
    if isinstance(given, date):
        return {"valueDateTime": given.isoformat()}
    if entry.kind == "yes-no":
        return {"valueBoolean": given == "yes"}
    if entry.kind == "choice":
        return {"valueCodeableConcept": {"coding": [{"system": f"{CHOICE}:{entry.id}", "code": given}], "text": given}}
    return {"valueString": given}


def _titre_unit(entry: Entry, record: Record) -> str | None:
    """Return the unit of an antibody titre: the one number whose unit is a fact of its own."""
    said = record.facts.get("vgcc_pq_titre_unit")
    if entry.unit in units():
        return None
    return str(said.value) if said is not None and said.value else "1"


def _observation(fact: Fact, entry: Entry, record: Record, about: Resource) -> Resource:
    found: Resource = {
        "resourceType": "Observation",
        "id": identifier(about["id"], "Observation", fact.name),
        **_meta(fact),
        "extension": [_details(fact)],
        "status": "final" if fact.is_confirmed else "preliminary",
        "code": _concept(entry),
        "subject": reference(about),
    }
    if fact.on is not None:
        found["effectiveDateTime"] = fact.on.isoformat()
    return {**found, **value(fact, entry, titre_unit=_titre_unit(entry, record))}


def _condition(fact: Fact, coded: tuple[str, str, str], about: Resource) -> Resource:
    """Return a diagnosis that was made, or that was considered and ruled out."""
    url, code, name = coded
    is_made = fact.value == "yes"
    found: Resource = {
        "resourceType": "Condition",
        "id": identifier(about["id"], "Condition", fact.name),
        **_meta(fact),
        "extension": [_details(fact)],
    }
    if is_made:
        found["clinicalStatus"] = {"coding": [{"system": CLINICAL, "code": "active"}]}
    verified = "confirmed" if is_made else "refuted"
    found["verificationStatus"] = {"coding": [{"system": VERIFICATION, "code": verified}]}
    own = {"system": VOCABULARY, "code": fact.name}
    found["code"] = {"coding": [own, {"system": url, "code": code, "display": name}], "text": name}
    found["subject"] = reference(about)
    if fact.on is not None:
        found["recordedDate"] = fact.on.isoformat()
    return found


def _study(study: Mapping[str, Fact], place: int, about: Resource) -> Resource:
    """Return one electrodiagnostic study: a panel with a component for each fact."""
    code = {"coding": [{"system": VOCABULARY, "code": STUDY}], "text": "Electrodiagnostic study of one muscle"}
    found: Resource = {
        "resourceType": "Observation",
        "id": identifier(about["id"], "study", place),
        **_meta(*study.values()),
        "status": "final" if all(fact.is_confirmed for fact in study.values()) else "preliminary",
        "code": code,
        "subject": reference(about),
    }
    on = study["study_date"].value if "study_date" in study else None
    if isinstance(on, date):
        found["effectiveDateTime"] = on.isoformat()
    found["component"] = [
        {"extension": [_details(fact)], "code": _concept(entry), **value(fact, entry)}
        for fact, entry in ((fact, groups()[STUDY][name]) for name, fact in study.items())
    ]
    return found


def _scan(scan: Mapping[str, Fact], place: int, about: Resource) -> Resource:
    """Return one scan for a tumour as the report of an imaging service."""
    inner = []
    for name, fact in scan.items():
        told = _details(fact)["extension"]
        if fact.value is not None:
            told = [{"url": "value", "valueString": str(fact.value)}, *told]
        inner.append({"url": name, "extension": told})
    kind = str(scan["kind"].value) if "kind" in scan else ""
    found: Resource = {
        "resourceType": "DiagnosticReport",
        "id": identifier(about["id"], SCAN, place),
        **_meta(*scan.values()),
        "extension": [{"url": DETAILS, "extension": inner}],
        "status": "final" if all(fact.is_confirmed for fact in scan.values()) else "preliminary",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "IMG"}]}],
        "code": {"coding": [{"system": VOCABULARY, "code": SCAN}], "text": f"Scan for a tumour: {kind}".rstrip(": ")},
        "subject": reference(about),
    }
    on = scan["scan_date"].value if "scan_date" in scan else None
    if isinstance(on, date):
        found["effectiveDateTime"] = on.isoformat()
    if "result" in scan and scan["result"].value:
        found["conclusion"] = str(scan["result"].value)
    return found


def _medicine(medicine: Medicine, place: int, about: Resource) -> Resource:
    codings = [
        {"system": system(name), "code": code}
        for name, code in (("atc", medicine.atc), ("rxnorm", medicine.rxnorm))
        if code
    ]
    told: list[dict[str, Any]] = [_details(Fact(medicine.name, None, source=medicine.source))]
    if medicine.daily_dose_mg is not None:
        told.append({"url": DAILY_DOSE, "valueDecimal": medicine.daily_dose_mg})
    concept: dict[str, Any] = {"text": medicine.name}
    found: Resource = {
        "resourceType": "MedicationStatement",
        "id": identifier(about["id"], "MedicationStatement", place),
        "extension": told,
        "status": _STATUS[medicine.status],
        "medicationCodeableConcept": {**({"coding": codings} if codings else {}), **concept},
        "subject": reference(about),
    }
    if medicine.since is not None:
        found["effectivePeriod"] = {"start": medicine.since.isoformat()}
    if medicine.indication:
        found["reasonCode"] = [{"text": medicine.indication}]
    dosage = _dosage(medicine)
    return {**found, "dosage": [dosage]} if dosage else found


def _dosage(medicine: Medicine) -> dict[str, Any]:
    dosage: dict[str, Any] = {}
    if medicine.doses_per_day is not None:
        dosage["timing"] = {"repeat": {"frequency": medicine.doses_per_day, "period": 1, "periodUnit": "d"}}
    if medicine.route:
        dosage["route"] = {"text": medicine.route}
    if medicine.single_dose_mg is not None:
        amount = {"value": medicine.single_dose_mg, "unit": "mg", "system": UCUM, "code": "mg"}
        dosage["doseAndRate"] = [{"doseQuantity": amount}]
    return dosage
