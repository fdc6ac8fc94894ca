"""Reading FHIR: whose facts these are, and what the person takes."""

import pytest

from endplate.clinic import fhir
from endplate.foundation.errors import FileFormatError
from tests.clinic.fhir_documents import TODAY, WEIGHT, bundle, observation, quantity, read, why


def test_two_patients_in_one_bundle_are_refused():
    with pytest.raises(FileFormatError, match=r"two persons: Patient/p .* and Patient/q"):
        read({"resourceType": "Patient", "id": "q"})


@pytest.mark.parametrize(
    "other",
    ["Patient/q", "https://other.example/fhir/Patient/q", "urn:uuid:3fae49d5-0000-4000-8000-000000000000"],
)
def test_an_observation_of_somebody_else_is_refused(other):
    with pytest.raises(FileFormatError, match="two persons"):
        read(observation(WEIGHT, number=quantity(70, "kg"), patient=other))


def test_the_same_id_on_two_servers_is_two_persons():
    with pytest.raises(FileFormatError, match="two persons"):
        read(
            observation(WEIGHT, patient="https://a.example/fhir/Patient/1", number=quantity(70, "kg")),
            observation(WEIGHT, patient="https://b.example/fhir/Patient/1", number=quantity(90, "kg")),
            patient=None,
        )


def test_the_same_id_on_another_server_than_the_patients_is_another_person():
    given = bundle(observation(WEIGHT, patient="https://b.example/fhir/Patient/p", number=quantity(70, "kg")))
    given["entry"][0]["fullUrl"] = "https://a.example/fhir/Patient/p"
    with pytest.raises(FileFormatError, match="two persons"):
        fhir.read(given, today=TODAY)
    given["entry"][1]["resource"]["subject"]["reference"] = "https://a.example/fhir/Patient/p/_history/3"
    assert fhir.read(given, today=TODAY).record.number("weight_kg") == 70


def test_a_relative_and_an_absolute_reference_to_one_person_are_one():
    found = read(observation(WEIGHT, patient="https://a.example/fhir/Patient/p", number=quantity(70, "kg")))
    assert found.record.number("weight_kg") == 70


def test_a_resource_without_subject_is_not_taken_over_in_a_bundle():
    one = observation(WEIGHT, number=quantity(70, "kg"))
    del one["subject"]
    found = read(one)
    assert "weight_kg" not in found.record.facts
    assert "does not say whom it is about" in why(found)


@pytest.mark.parametrize(
    ("resource", "status"),
    [
        ({"resourceType": "MedicationStatement", "status": "active"}, "taken"),
        ({"resourceType": "MedicationStatement", "status": "intended"}, "proposed"),
        ({"resourceType": "MedicationStatement", "status": "stopped"}, "stopped"),
        ({"resourceType": "MedicationStatement", "status": "on-hold"}, "taken"),
        ({"resourceType": "MedicationRequest", "status": "draft", "intent": "order"}, "proposed"),
        ({"resourceType": "MedicationRequest", "status": "active", "intent": "plan"}, "proposed"),
        ({"resourceType": "MedicationRequest", "status": "active", "intent": "order"}, "taken"),
    ],
)
def test_a_medicine_is_taken_proposed_or_stopped(resource, status):
    concept = {"coding": [{"system": "http://www.whocc.no/atc", "code": "N07XX05", "display": "amifampridine"}]}
    found = read({**resource, "medicationCodeableConcept": concept, "subject": {"reference": "Patient/p"}})
    medicine = found.record.medicines[0]
    assert (medicine.name, medicine.atc, medicine.status) == ("amifampridine", "N07XX05", status)
    if resource["status"] == "on-hold":
        assert "checked as if it were taken" in why(found)


def test_doses_a_day_are_multiplied_only_where_they_are_plain():
    dosage = {
        "timing": {"repeat": {"frequency": 1, "period": 6, "periodUnit": "h"}},
        "doseAndRate": [{"doseQuantity": quantity(10, "mg")}],
    }
    statement = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationCodeableConcept": {"text": "amifampridine"},
        "subject": {"reference": "Patient/p"},
        "dosage": [dosage],
    }
    one = read(statement).record.medicines[0]
    assert (one.single_dose_mg, one.doses_per_day, one.daily_dose_mg) == (10, 4, 40)
    dosage["doseAndRate"][0]["doseQuantity"] = {"value": 1, "unit": "tablet"}
    found = read(statement)
    assert found.record.medicines[0].daily_dose_mg is None
    assert "units are not guessed" in why(found)


def test_a_medicine_by_reference_is_found_in_the_bundle():
    medication = {"resourceType": "Medication", "id": "m", "code": {"text": "ciprofloxacin"}}
    request = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationReference": {"reference": "Medication/m"},
        "subject": {"reference": "Patient/p"},
    }
    assert read(medication, request).record.medicines[0].name == "ciprofloxacin"
    assert "names no medicine" in why(read(request))


def test_a_medicine_that_is_stated_and_ordered_counts_once():
    shared = {
        "status": "active",
        "medicationCodeableConcept": {"text": "Amifampridine"},
        "subject": {"reference": "Patient/p"},
    }
    statement = {"resourceType": "MedicationStatement", **shared}
    request = {"resourceType": "MedicationRequest", "intent": "order", **shared}
    found = read(statement, request)
    assert len(found.record.medicines) == 1
    assert "counts once" in why(found)
    other = {**request, "medicationCodeableConcept": {"text": "fampridine"}}
    assert len(read(statement, other).record.medicines) == 2


def test_a_medicine_whose_period_is_over_but_that_is_active_is_told():
    statement = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationCodeableConcept": {"text": "azathioprine"},
        "subject": {"reference": "Patient/p"},
        "effectivePeriod": {"start": "2020-01-01", "end": "2021-01-01"},
    }
    found = read(statement)
    assert found.record.medicines[0].status == "taken"
    assert "ended on 2021-01-01" in why(found)
