"""The official R4 examples, and an independent validator: what we read, and what we write."""

import collections
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from endplate.clinic import fhir
from endplate.clinic.fhir.bindings import allowed
from endplate.clinic.fhir.questionnaires import expressions
from endplate.clinic.fhir.reading import READ
from endplate.clinic.medicines import check_medicines
from endplate.clinic.record import example, examples, record_of
from endplate.clinic.review import Settings, review_of
from endplate.clinic.risk import score_deltap
from endplate.clinic.surveillance import surveillance_results
from endplate.clinic.treatment import treatment_results
from endplate.foundation.errors import EndplateError
from endplate.foundation.records.clinical import Medicine
from tools import fhir_bindings, node

ISSUED = datetime(2026, 11, 21, tzinfo=UTC)
TODAY = date(2026, 11, 21)
RELEVANT = (
    "Patient", "Condition", "Observation", "DiagnosticReport", "MedicationStatement", "MedicationRequest", "Procedure",
    "CarePlan", "ServiceRequest", "Questionnaire", "QuestionnaireResponse", "RiskAssessment", "Goal",
    "AllergyIntolerance", "Provenance", "AuditEvent", "Flag", "DetectedIssue", "Communication", "ActivityDefinition",
    "PlanDefinition", "Bundle",
)  # fmt: skip
# no fault of a reader: one example leaves out linkId, which R4 requires; one bundle extends a repeated element wrongly
NOT_VALID = {"Questionnaire-qs1.json", "Bundle-v2-valuesets.json"}


@pytest.fixture(scope="session")
def packages():
    """Install Node's packages where they are missing: these tests are never skipped."""
    return node.install()


def files(packages, kind):
    return sorted((packages / "hl7.fhir.r4.examples").glob(f"{kind}-*.json"))


@pytest.mark.parametrize("kinds", [RELEVANT[:-1], RELEVANT[-1:]], ids=["resources", "bundles"])
def test_all_official_examples_but_two_are_valid_and_lose_nothing(packages, kinds):
    refused = set()
    for kind in kinds:
        for path in files(packages, kind):
            document = fhir.parse(path.read_bytes(), name=path.name)
            if fhir.check(document):
                refused.add(path.name)
            if path.stat().st_size < 1_000_000:
                assert fhir.parse(fhir.write(document)) == document
    assert refused == {name for name in NOT_VALID if name.partition("-")[0] in kinds}


def test_the_examples_are_at_least_as_many_as_were_promised(packages):
    counted = collections.Counter({kind: len(files(packages, kind)) for kind in RELEVANT})
    assert counted.total() - len(NOT_VALID) >= 313


# refused on purpose: each speaks of more than one person, or of facts that cannot be true together
SENTENCES = ("persons", "before birth", "One of the two is wrong", "two values of", "after today")


def test_every_official_example_of_what_is_read_becomes_a_record_or_a_sentence(packages):
    understood, refused = 0, []
    for kind in READ:
        for path in files(packages, kind):
            try:
                found = fhir.read(path.read_bytes(), name=path.name, today=TODAY)
            except EndplateError as error:
                refused.append(str(error))
                continue
            record = found.record
            something = record.facts or record.medicines or record.scans or record.label
            understood += bool(something)
            assert something or found.not_understood, path.name
    assert understood >= 60
    assert all(any(words in one for words in SENTENCES) for one in refused), refused
    assert len(refused) <= 3


def test_the_body_weight_of_the_specification_is_read_in_pounds(packages):
    path = packages / "hl7.fhir.r4.examples" / "Observation-example.json"
    fact = fhir.read(path.read_bytes(), today=TODAY).record.facts["weight_kg"]
    assert fact.value == Decimal("185") * Decimal("0.45359237")
    assert fact.on == date(2016, 3, 28)


def test_the_table_of_required_bindings_is_what_the_definitions_say(packages):
    assert fhir_bindings.TABLE.read_text(encoding="utf-8") == fhir_bindings.written()
    assert allowed("Observation.status")[-1] == "unknown"


def plain(document):
    return json.loads(fhir.write(document))


def results_of_every_kind(record):
    risky = replace(record, medicines=(*record.medicines, Medicine("gentamicin"), Medicine("xyzzy")))
    return (
        *review_of(record, Settings(on=TODAY)).results,
        *surveillance_results(record, today=TODAY),
        *treatment_results(record, today=TODAY),
        *check_medicines(risky, pack="eu"),
    )


def test_an_independent_validator_finds_no_error_in_what_we_write(packages):
    given, kinds = [], set()
    scan = {"scan_date": "2026-01-10", "kind": "ct_chest", "result": "negative"}
    followed = record_of({"label": "synthetic", "lems_diagnosis": "yes", "scans": [scan]}, today=TODAY)
    for record in (*map(example, examples()), followed):
        bundle = fhir.write_bundle(
            record, results_of_every_kind(record), issued=ISSUED, questionnaires=fhir.questionnaires()
        )
        kinds |= {entry["resource"]["resourceType"] for entry in bundle["entry"]}
        given += [plain(bundle), *(plain(entry["resource"]) for entry in bundle["entry"])]
    told = node.run("validate.js", given)
    assert [errors for errors in told if errors] == []
    assert kinds >= {
        "DiagnosticReport", "RiskAssessment", "CarePlan", "ServiceRequest", "DetectedIssue", "Questionnaire",
        "Provenance", "Patient", "Condition", "Observation", "MedicationStatement",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["Observation", "RiskAssessment", "DetectedIssue"])
def test_the_independent_validator_refuses_the_banana_too(packages, kind):
    told = node.run("validate.js", [{"resourceType": kind, "status": "banana", "code": {"text": "x"}}])
    assert any("banana" in error for error in told[0])


ANSWERS = (
    {"sex": "male", "age_at_onset_years": 62, "smoker_current": "yes", "karnofsky": 60, "weight_loss_percent": 0,
     "bulbar_involvement": "no", "erectile_dysfunction": "no"},
    {"sex": "female", "age_at_onset_years": 50, "smoker_current": "yes", "karnofsky": 69, "weight_loss_percent": 5,
     "bulbar_involvement": "yes"},
    {"age_at_onset_years": 49, "karnofsky": 70},
    {},
)  # fmt: skip


@pytest.mark.parametrize("answers", ANSWERS)
def test_the_calculated_score_of_a_form_is_the_score_of_the_rule(packages, answers):
    kinds = {str: "valueBoolean", int: "valueDecimal"}
    items = [
        {
            "linkId": name,
            "answer": [
                {"valueCoding": {"system": "urn:endplate:choice:sex", "code": value}}
                if name == "sex"
                else {kinds[type(value)]: value == "yes" if isinstance(value, str) else value}
            ],
        }
        for name, value in answers.items()
    ]
    response = {"resourceType": "QuestionnaireResponse", "status": "completed", "item": items}
    response["questionnaire"] = "urn:endplate:questionnaire:deltap"
    told = node.run("evaluate.js", {"resource": response, "expressions": list(expressions("deltap").values())})
    score = score_deltap(record_of(dict(answers)))
    assert told == [[score.low], [score.high]]
    if answers:
        assert score_deltap(fhir.read(response, today=TODAY).record).low == score.low


def test_the_change_of_a_timed_test_is_calculated(packages):
    items = [
        {"linkId": name, "answer": [{"valueDecimal": value}]}
        for name, value in (("three_tug_s", 26), ("score-earlier-s", 20))
    ]
    response = {"resourceType": "QuestionnaireResponse", "status": "completed", "item": items}
    told = node.run("evaluate.js", {"resource": response, "expressions": list(expressions("three-tug").values())})
    assert told == [[30]]


def test_what_is_installed_is_what_the_lock_says_and_is_installed_once(packages):
    marker = packages / ".endplate-installed"
    assert marker.read_text(encoding="utf-8").strip() == node.lock_hash()
    assert node.is_installed()
    for name in ("fhir", "fhirpath", "hl7.fhir.r4.examples"):
        wanted = json.loads((node.FOLDER / "package.json").read_text(encoding="utf-8"))["devDependencies"][name]
        assert json.loads((packages / name / "package.json").read_text(encoding="utf-8"))["version"] == wanted


def test_the_lock_of_node_holds_hashes_and_no_address_of_a_registry():
    lock = json.loads((node.FOLDER / "package-lock.json").read_text(encoding="utf-8"))
    outside = {name: one for name, one in lock["packages"].items() if name and not one.get("inBundle")}
    assert all(one["integrity"].startswith("sha512-") for one in outside.values())
    assert not any("resolved" in one for one in outside.values())
