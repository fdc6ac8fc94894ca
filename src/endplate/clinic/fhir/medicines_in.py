"""MedicationStatement and MedicationRequest -> medicines, as they were written."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, Literal

from endplate.clinic.fhir.codes import system
from endplate.clinic.fhir.findings_in import with_details
from endplate.clinic.fhir.gathering import Gathering, NotUnderstood, day, extension, words
from endplate.clinic.fhir.names import DAILY_DOSE, DETAILS
from endplate.clinic.fhir.people import Directory
from endplate.clinic.fhir.units import code_of, convert
from endplate.foundation.errors import InputError
from endplate.foundation.records.clinical import Fact, Medicine

Status = Literal["taken", "proposed", "stopped"]
_STATEMENT: Final[Mapping[str, Status]] = {
    "active": "taken", "on-hold": "taken", "unknown": "taken", "intended": "proposed",
    "stopped": "stopped", "completed": "stopped", "not-taken": "stopped",
}  # fmt: skip
_REQUEST: Final[Mapping[str, Status]] = {
    "active": "taken", "on-hold": "taken", "unknown": "taken", "draft": "proposed",
    "stopped": "stopped", "completed": "stopped", "cancelled": "stopped",
}  # fmt: skip
_UNSURE: Final = ("on-hold", "unknown")
_IDEAS: Final = ("proposal", "plan", "option")
_PER_DAY: Final = {"d": Decimal(1), "h": Decimal(24)}


def read_medicine(resource: Mapping[str, Any], path: str, into: Gathering, known: Directory) -> None:
    """Read one MedicationStatement or MedicationRequest.

    Raises
    ------
    NotUnderstood
        If it names no medicine, or was entered in error.
    """
    kind, status = str(resource["resourceType"]), str(resource.get("status"))
    table = _STATEMENT if kind == "MedicationStatement" else _REQUEST
    if status not in table:
        raise NotUnderstood(f"its status is {status}")
    state = "proposed" if resource.get("intent") in _IDEAS and table[status] == "taken" else table[status]
    if resource.get("doNotPerform") is True:
        raise NotUnderstood("it asks not to give this medicine")
    concept = _concept(resource, known)
    name = words(concept)
    if not name:
        raise NotUnderstood("it names no medicine; a reference to one leads out of this document")
    if status in _UNSURE:
        into.leave(path, name, f"its status is {status}: it is checked as if it were taken")
    dosages = resource.get("dosage" if kind == "MedicationStatement" else "dosageInstruction", ())
    single, often, route = _dosage(dosages, path, name, into)
    period = resource.get("effectivePeriod")
    since = period.get("start") if isinstance(period, Mapping) else resource.get("effectiveDateTime")
    own = extension(resource, DETAILS)
    end = day(period.get("end")) if isinstance(period, Mapping) else None
    if state == "taken" and end is not None and end < into.today:
        into.leave(path, name, f"its period ended on {end}, but it is {status}: it is checked as if it were taken")
    medicine = Medicine(
        name=name,
        status=state,
        atc=_coded(concept, "atc"),
        rxnorm=_coded(concept, "rxnorm"),
        route=route,
        single_dose_mg=single,
        doses_per_day=often,
        daily_dose_mg=_daily(resource) if own or single is None or often is None else single * often,
        since=day(since if since is not None else resource.get("authoredOn")),
        indication=_reasons(resource),
        source=with_details(Fact(name, None), own).source if own else f"FHIR {path.split(' ')[-1]}",
    )
    into.medicines.append((path, medicine))


def _reasons(resource: Mapping[str, Any]) -> str:
    """Return what a medicine is given for, in words."""
    return "; ".join(said for said in map(words, resource.get("reasonCode", ())) if said)


def _daily(resource: Mapping[str, Any]) -> Decimal | None:
    own = extension(resource, DAILY_DOSE)
    return Decimal(str(own["valueDecimal"])) if own and own.get("valueDecimal") is not None else None


def _concept(resource: Mapping[str, Any], known: Directory) -> Any:
    if "medicationCodeableConcept" in resource:
        return resource["medicationCodeableConcept"]
    reference = resource.get("medicationReference")
    if not isinstance(reference, Mapping):
        return None
    target = known.find(str(reference.get("reference", "")), resource)
    if target is not None and target.get("resourceType") == "Medication":
        return target.get("code")
    return {"text": reference["display"]} if reference.get("display") else None


def _coded(concept: Any, name: str) -> str:
    listed = concept.get("coding", ()) if isinstance(concept, Mapping) else ()
    return next((str(one["code"]) for one in listed if one.get("system") == system(name) and one.get("code")), "")


def _dosage(dosages: Any, path: str, name: str, into: Gathering) -> tuple[Decimal | None, int | None, str]:
    """Return single dose in mg, doses a day and route; what is not that simple is left, never added up."""
    if not isinstance(dosages, (list, tuple)) or not dosages:
        return None, None, ""
    if len(dosages) > 1:
        into.leave(path, name, f"{len(dosages)} dosages stand beside each other; the amounts stay unknown")
        return None, None, words(dosages[0].get("route"))
    dosage = dosages[0]
    return _single(dosage, path, name, into), _often(dosage), words(dosage.get("route"))


def _single(dosage: Mapping[str, Any], path: str, name: str, into: Gathering) -> Decimal | None:
    rates = dosage.get("doseAndRate", ())
    quantity = rates[0].get("doseQuantity") if len(rates) == 1 else None
    if not isinstance(quantity, Mapping) or quantity.get("value") is None:
        return None
    try:
        return convert(Decimal(str(quantity["value"])), code_of(quantity), "mg")
    except InputError as error:
        into.leave(path, f"dose of {name}", str(error))
        return None


def _often(dosage: Mapping[str, Any]) -> int | None:
    timing = dosage.get("timing")
    repeat = timing.get("repeat", {}) if isinstance(timing, Mapping) else {}
    frequency, period = repeat.get("frequency", 1), repeat.get("period")
    per_day = _PER_DAY.get(str(repeat.get("periodUnit")))
    if per_day is None or period is None or repeat.get("frequencyMax") or not period:
        return None
    often = Decimal(str(frequency)) * per_day / Decimal(str(period))
    return int(often) if often == often.to_integral_value() else None
