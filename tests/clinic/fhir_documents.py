"""FHIR documents of one invented person, as small as a test needs them."""

from datetime import date

from endplate.clinic import fhir

TODAY = date(2026, 11, 21)
UCUM = "http://unitsofmeasure.org"
PATIENT = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1961-05-02"}


def coded(system, code):
    return {"coding": [{"system": system, "code": code}]}


def own(name):
    return coded("urn:endplate:vocabulary", name)


def quantity(value, code, unit=None):
    return {"value": value, "unit": unit or code, "system": UCUM, "code": code}


def observation(code, *, number=None, patient="Patient/p", **more):
    found = {"resourceType": "Observation", "status": "final", "code": code, "subject": {"reference": patient}}
    return {**found, **({"valueQuantity": number} if number else {}), **more}


def bundle(*resources, patient=PATIENT):
    listed = [patient, *resources] if patient else list(resources)
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": f"urn:uuid:{place}", "resource": one} for place, one in enumerate(listed)],
    }


def read(*resources, **more):
    return fhir.read(bundle(*resources, **more), today=TODAY)


def why(found):
    return " | ".join(map(str, found.not_understood))


WEIGHT = coded("http://loinc.org", "29463-7")
