"""Reading FHIR: what becomes a fact, what is refused, and what is told as left."""

from datetime import date
from decimal import Decimal

import pytest

from endplate.clinic import fhir
from endplate.foundation.errors import FileFormatError, InputError
from tests.clinic.fhir_documents import (
    PATIENT,
    TODAY,
    WEIGHT,
    bundle,
    coded,
    observation,
    own,
    quantity,
    read,
    why,
)


@pytest.mark.parametrize(
    ("name", "number", "expected"),
    [
        ("weight_kg", quantity(Decimal("70.5"), "kg"), "70.5"),
        ("weight_kg", quantity(154, "[lb_av]", "lb"), "69.85322498"),
        ("height_cm", quantity(Decimal("1.75"), "m"), "175"),
        ("before_mv", quantity(1600, "uV"), "1.6"),
        ("fvc_litre", quantity(2900, "mL"), "2.9"),
        ("temperature_degc", quantity(Decimal("98.6"), "[degF]"), "37"),
        ("paco2_mmhg", quantity(6, "kPa"), "45.0038"),
        ("qtc_ms", quantity(Decimal("0.42"), "s"), "420"),
    ],
)
def test_a_number_with_a_ucum_code_is_converted_exactly(name, number, expected):
    fact = read(observation(own(name), number=number)).record.facts[name]
    assert fact.value == Decimal(expected)


@pytest.mark.parametrize(
    ("name", "number", "says"),
    [
        ("weight_kg", {"value": 154, "unit": "pounds"}, "'pounds' has no UCUM code, and units are not guessed"),
        ("weight_kg", {"value": 154, "unit": "lb", "system": "http://example.org", "code": "lb"}, "no UCUM code"),
        ("weight_kg", {"value": 70}, "'missing' has no UCUM code"),
        ("weight_kg", quantity(70, "mV"), "'mV' cannot be read as kg; allowed: kg"),
        ("weight_kg", quantity(70, "kg", "g"), "written 'g' but coded 'kg'"),
        ("before_mv", quantity(4, "mV", "uV"), "written 'uV' but coded 'mV'"),
        ("vgcc_pq_titre", quantity(30, "mg/dL"), "cannot be read as nmol/L"),
        ("weight_kg", quantity(700, "kg"), "between 2 and 350 kg, got 700. Pounds"),
        ("weight_kg", {**quantity(70, "kg"), "comparator": "<"}, "is a bound, not a number"),
        ("crcl_ml_min", quantity(60, "mL/min/{1.73_m2}"), "cannot be read as mL/min"),
    ],
)
def test_a_number_whose_unit_is_wrong_or_guessed_stays_unknown_and_is_told(name, number, says):
    found = read(observation(own(name), number=number))
    assert name not in found.record.facts
    assert says in why(found)


def test_the_unit_of_a_titre_is_kept_and_a_thousandfold_mix_is_refused():
    titre, limit = own("vgcc_pq_titre"), own("vgcc_pq_upper_limit")
    record = read(
        observation(titre, number=quantity(120, "pmol/L")), observation(limit, number=quantity(45, "pmol/L"))
    ).record
    assert (record.number("vgcc_pq_titre"), record.word("vgcc_pq_titre_unit")) == (120, "pmol/L")
    with pytest.raises(InputError, match="1000-fold"):
        read(
            observation(titre, number=quantity(120, "pmol/L")),
            observation(limit, number=quantity(Decimal("0.045"), "nmol/L")),
        )


def test_measured_amplitudes_wait_for_a_named_person():
    component = [
        {"code": own("before_mv"), "valueQuantity": quantity(Decimal("1.10"), "mV")},
        {"code": own("muscle"), "valueString": "adm"},
        {"code": own("supramaximal"), "valueBoolean": True},
    ]
    record = read(observation(own("study"), component=component)).record
    study = record.studies[0]
    assert (study["before_mv"].value, study["before_mv"].is_confirmed) == (Decimal("1.10"), False)
    assert study["muscle"].is_confirmed
    assert study["supramaximal"].is_confirmed


@pytest.mark.parametrize(
    ("status", "expected"),
    [("final", 70), ("amended", 70), ("preliminary", None), ("registered", None), ("entered-in-error", "left")],
)
def test_only_a_final_observation_counts(status, expected):
    found = read(observation(WEIGHT, number=quantity(70, "kg"), status=status))
    if expected == "left":
        assert "was entered in error" in why(found)
        assert "weight_kg" not in found.record.facts
    else:
        assert found.record.number("weight_kg") == expected
        assert found.record.facts["weight_kg"].value == 70


@pytest.mark.parametrize(
    ("system", "code"),
    [
        ("http://snomed.info/sct", "56989000"),
        ("http://hl7.org/fhir/sid/icd-10-cm", "G70.80"),
        ("http://hl7.org/fhir/sid/icd-10", "G73.1"),
        ("http://www.orpha.net", "43393"),
        ("http://purl.obolibrary.org/obo/mondo.owl", "MONDO:0018556"),
    ],
)
@pytest.mark.parametrize(("verified", "expected"), [("confirmed", "yes"), ("refuted", "no")])
def test_a_diagnosis_of_lems_is_read_from_each_code(system, code, verified, expected):
    status = coded("http://terminology.hl7.org/CodeSystem/condition-ver-status", verified)
    condition = {
        "resourceType": "Condition",
        "code": coded(system, code),
        "verificationStatus": status,
        "subject": {"reference": "Patient/p"},
        "onsetDateTime": "2024-03-01",
    }
    record = read(condition).record
    assert record.known("lems_diagnosis") == expected
    assert record.day("onset_date") == (date(2024, 3, 1) if expected == "yes" else None)


@pytest.mark.parametrize(
    ("system", "code", "says"),
    [
        ("http://hl7.org/fhir/sid/icd-10", "G70.8", "covers other disorders"),
        ("http://purl.obolibrary.org/obo/mondo.owl", "MONDO:0000287", "obsolete twin"),
        ("http://example.org", "LEMS", "not one that is read"),
    ],
)
def test_a_code_that_says_too_little_is_told_and_not_read(system, code, says):
    found = read({"resourceType": "Condition", "code": coded(system, code), "subject": {"reference": "Patient/p"}})
    assert found.record.known("lems_diagnosis") == "unknown"
    assert says in why(found)


@pytest.mark.parametrize("status", ["provisional", "differential", "unconfirmed"])
def test_a_provisional_diagnosis_is_neither_yes_nor_no(status):
    verified = coded("http://terminology.hl7.org/CodeSystem/condition-ver-status", status)
    code = coded("http://snomed.info/sct", "56989000")
    found = read(
        {
            "resourceType": "Condition",
            "code": code,
            "verificationStatus": verified,
            "subject": {"reference": "Patient/p"},
        }
    )
    assert found.record.known("lems_diagnosis") == "unknown"
    assert "neither yes nor no" in why(found)


def test_a_code_that_nobody_looked_up_enters_unconfirmed():
    verified = coded("http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed")
    code = coded("http://snomed.info/sct", "254632001")
    record = read(
        {
            "resourceType": "Condition",
            "code": code,
            "verificationStatus": verified,
            "subject": {"reference": "Patient/p"},
        }
    ).record
    assert record.facts["sclc"].value == "yes"
    assert record.known("sclc") == "unknown"


@pytest.mark.parametrize(
    ("resource", "version"),
    [
        ({"resourceType": "MedicationStatement", "status": "recorded", "medication": {"concept": {}}}, "R5"),
        ({"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "triggeredBy": []}, "R5"),
        ({"resourceType": "Condition", "clinicalStatus": "active", "subject": {"reference": "Patient/p"}}, "STU3"),
        ({"resourceType": "MedicationStatement", "status": "active", "taken": "y"}, "STU3"),
        ({"resourceType": "MedicationOrder", "status": "active"}, "DSTU2"),
        ({"resourceType": "Patient", "meta": {"profile": ["http://hl7.org/fhir/5.0/StructureDefinition/x"]}}, "R5"),
    ],
)
def test_another_version_of_fhir_is_refused_and_says_why(resource, version):
    with pytest.raises(FileFormatError, match=rf"looks like FHIR {version} .*lose fields"):
        fhir.read(resource, today=TODAY)


@pytest.mark.parametrize(
    "profile",
    ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient|5.0.0", "http://example.org/fhir/3.0/x"],
)
def test_the_version_of_a_guide_is_not_taken_for_the_version_of_fhir(profile):
    assert read(patient={**PATIENT, "meta": {"profile": [profile]}}).record.word("sex") == "female"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"modifierExtension": [{"url": "http://example.org/not", "valueBoolean": True}]}, "turn its meaning round"),
        ({"implicitRules": "http://example.org/rules"}, "rules of its own"),
        ({"focus": [{"reference": "RelatedPerson/1"}]}, "somebody or something else"),
    ],
)
def test_a_resource_whose_meaning_is_modified_is_not_read(more, says):
    found = read(observation(WEIGHT, number=quantity(70, "kg"), **more))
    assert "weight_kg" not in found.record.facts
    assert says in why(found)


def test_a_modifier_deep_inside_counts_too():
    component = [{"code": WEIGHT, "valueQuantity": quantity(70, "kg"), "modifierExtension": [{"url": "urn:not"}]}]
    component[0]["modifierExtension"][0]["valueBoolean"] = True
    assert "weight_kg" not in read(observation(own("study"), component=component)).record.facts


def test_a_history_is_refused_and_a_page_of_more_is_told():
    with pytest.raises(FileFormatError, match="old versions beside the newest"):
        fhir.read({**bundle(), "type": "history"}, today=TODAY)
    page = {**bundle(), "type": "searchset", "link": [{"relation": "next", "url": "https://a.example/next"}]}
    assert "one page of more" in why(fhir.read(page, today=TODAY))


def test_circular_references_are_read_once_and_told():
    ids = ["a", "b", "c"]
    ring = [
        observation(WEIGHT, id=one, number=quantity(70, "kg"), hasMember=[{"reference": f"Observation/{after}"}])
        for one, after in zip(ids, [*ids[1:], ids[0]], strict=True)
    ]
    found = read(*ring)
    assert found.record.number("weight_kg") == 70
    assert "circular references" in why(found)


def test_a_long_chain_of_references_ends_in_no_recursion():
    chain = [
        observation(WEIGHT, id=f"o{n}", number=quantity(70, "kg"), derivedFrom=[{"reference": f"Observation/o{n + 1}"}])
        for n in range(1500)
    ]
    assert read(*chain).record.number("weight_kg") == 70


def test_a_bundle_of_ten_thousand_entries_is_read_and_its_newest_value_stands():
    many = [
        observation(
            WEIGHT,
            id=f"o{n}",
            number=quantity(60 + n % 20, "kg"),
            effectiveDateTime=f"{2000 + n % 25}-{1 + n % 12:02d}-{1 + n % 28:02d}T08:00:00Z",
        )
        for n in range(9_998)
    ]
    newest = observation(WEIGHT, number=quantity(Decimal("71.5"), "kg"), effectiveDateTime="2026-11-20")
    found = read(*many, newest)
    assert found.resource_count == 10_000
    assert found.record.number("weight_kg") == Decimal("71.5")


def test_two_values_of_one_day_leave_the_fact_unknown_and_name_both():
    days = {"effectiveDateTime": "2026-01-10"}
    found = read(
        observation(WEIGHT, number=quantity(70, "kg"), **days), observation(WEIGHT, number=quantity(80, "kg"), **days)
    )
    assert found.record.number("weight_kg") is None
    assert "80 contradicts 70" in why(found)


def test_two_days_of_birth_are_refused():
    with pytest.raises(InputError, match="two values of birth_date"):
        read(observation(own("birth_date"), valueDateTime="1962-05-02"))


def test_facts_that_cannot_be_true_together_are_refused():
    with pytest.raises(InputError, match="before birth"):
        read(observation(own("onset_date"), valueDateTime="1950-01-01"))


def test_simulated_findings_are_refused_except_for_teaching():
    tag = {"tag": [{"system": "urn:endplate:tag", "code": "simulated"}]}
    one = observation(WEIGHT, number=quantity(70, "kg"), meta=tag)
    with pytest.raises(InputError, match="SIMULATED"):
        read(one)
    assert fhir.read(bundle(one), today=TODAY, teaching=True).record.facts["weight_kg"].value == 70


def test_a_scan_is_kept_with_its_day_and_an_unread_result():
    report = {
        "resourceType": "DiagnosticReport",
        "status": "final",
        "code": coded("http://loinc.org", "24627-2"),
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2026-01-10",
        "conclusion": "No mass seen.",
    }
    found = read(report)
    scan = found.record.scans[0]
    assert (scan["kind"].value, scan["scan_date"].value, scan["result"].value) == ("ct_chest", date(2026, 1, 10), None)
    assert "for a person to read" in why(found)


def test_answers_count_only_for_a_questionnaire_of_ours():
    answers = {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "subject": {"reference": "Patient/p"},
        "questionnaire": "urn:endplate:questionnaire:deltap",
        "authored": "2026-05-01",
        "item": [
            {"linkId": "smoker_current", "answer": [{"valueBoolean": True}]},
            {"linkId": "karnofsky", "answer": [{"valueDecimal": 60}]},
            {"linkId": "score-low", "answer": [{"valueInteger": 2}]},
        ],
    }
    record = read(answers).record
    assert (record.known("smoker_current"), record.number("karnofsky")) == ("yes", 60)
    answers["questionnaire"] = "http://example.org/pain"
    found = read(answers)
    assert found.record.known("smoker_current") == "unknown"
    assert "not ours" in why(found)


def test_smoking_status_says_two_facts():
    smoked = observation(
        coded("http://loinc.org", "72166-2"), valueCodeableConcept=coded("http://snomed.info/sct", "8517006")
    )
    record = read(smoked).record
    assert (record.known("smoker_current"), record.known("smoker_ever")) == ("no", "yes")


def test_the_document_itself_is_kept_whole():
    strange = {"resourceType": "Goal", "lifecycleStatus": "active", "description": {"text": "walk"}, "subject": {}}
    given = bundle(strange)
    found = fhir.read(given, today=TODAY)
    assert found.document == given
    assert "Goal is not read" in why(found)
