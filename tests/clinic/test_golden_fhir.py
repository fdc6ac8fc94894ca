"""Golden vectors of the FHIR part: the risk round trip, the banana, and no model of R5 anywhere."""

import ast
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from endplate.clinic import fhir
from endplate.clinic.fhir.bindings import allowed
from endplate.clinic.fhir.models import model
from endplate.clinic.record import record_of
from endplate.clinic.risk import risk_results
from endplate.foundation.errors import FileFormatError

ROOT = Path(__file__).resolve().parents[2]
ISSUED = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 21)


def resources(bundle, kind):
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def test_a_risk_assessment_survives_text_and_model_unchanged():
    record = record_of(
        {
            "sex": "male",
            "age_at_onset_years": 62,
            "smoker_current": "yes",
            "karnofsky": 60,
            "weight_loss_percent": 2,
            "bulbar_involvement": "no",
            "erectile_dysfunction": "no",
        }
    )
    bundle = fhir.write_bundle(record, risk_results(record), issued=ISSUED)
    written = resources(bundle, "RiskAssessment")
    assert [one["method"]["coding"][0]["code"] for one in written] == ["deltap-2011", "deltap-2020"]
    prediction = written[1]["prediction"][0]["probabilityRange"]
    assert (prediction["low"]["value"], prediction["high"]["value"]) == (55.5, 55.5)
    assert len(written[1]["basis"]) == 7  # every fact that the score read and that was known
    again = fhir.parse(fhir.text_of(bundle))
    for one, back in zip(written, resources(again, "RiskAssessment"), strict=True):
        assert fhir.write(back) == fhir.write(one)
        through_model = model("RiskAssessment").model_validate(back).model_dump(mode="json", exclude_none=True)
        assert {key: through_model[key] for key in ("status", "subject", "note", "method")} == {
            key: one[key] for key in ("status", "subject", "note", "method")
        }


@pytest.mark.parametrize(
    ("resource", "path"),
    [
        ({"resourceType": "RiskAssessment", "status": "banana", "subject": {"reference": "Patient/1"}}, "status"),
        ({"resourceType": "Observation", "status": "banana", "code": {"text": "x"}}, "status"),
        ({"resourceType": "Patient", "gender": "banana"}, "gender"),
        ({"resourceType": "Patient", "name": [{"use": "banana", "family": "x"}]}, "name[0].use"),
        ({"resourceType": "DetectedIssue", "status": "final", "severity": "banana"}, "severity"),
        (
            {
                "resourceType": "Observation",
                "status": "final",
                "code": {"text": "x"},
                "component": [{"code": {"text": "y"}, "valueQuantity": {"value": 1, "comparator": "banana"}}],
            },
            "component[0].valueQuantity.comparator",
        ),
    ],
)
def test_banana_is_refused_with_the_allowed_values(resource, path):
    problem = next(one for one in fhir.check(resource) if one.kind == "code")
    kind = resource["resourceType"]
    assert problem.path == f"{kind}.{path}"
    assert "'banana' is not allowed" in problem.says
    element = path.replace("[0]", "")
    owners = {"name.use": "HumanName.use", "component.valueQuantity.comparator": "Quantity.comparator"}
    for code in allowed(owners.get(element, f"{kind}.{element}")):
        assert code in problem.says


def test_a_status_that_is_a_concept_is_checked_with_its_system():
    coding = {"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "banana"}
    condition = {
        "resourceType": "Condition",
        "subject": {"reference": "Patient/1"},
        "clinicalStatus": {"coding": [coding]},
    }
    assert [one.path for one in fhir.check(condition)] == ["Condition.clinicalStatus"]
    coding["code"] = "active"
    assert fhir.check(condition) == ()


def test_a_bundle_with_a_banana_is_not_read_at_all():
    patient = {"resourceType": "Patient", "id": "a", "gender": "banana"}
    with pytest.raises(FileFormatError, match=r"gender: 'banana' is not allowed.*male, female"):
        fhir.read({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": patient}]})


def _imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("fhir.resources"):
            yield node.value


def test_nothing_but_the_r4b_models_of_fhir_resources_is_ever_imported():
    named = []
    for folder in ("src", "tools", "tests", "studies", "benchmarks"):
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if path == Path(__file__) or "fhir.resources" not in text:
                continue
            for name in _imported(ast.parse(text)):
                if name.startswith("fhir.resources"):
                    named.append(name)
                    assert name.startswith("fhir.resources.R4B"), f"{path}: {name} is a model of R5"
    assert named  # the search found the one place that does import it


def test_the_rooms_of_exchange_load_nothing_heavy_until_they_are_used():
    code = (
        "import sys, endplate.clinic.fhir, endplate.clinic.cds, endplate.clinic.phenopackets; "
        "print([one for one in ('numpy', 'pydantic', 'fhir', 'google', 'phenopackets', 'numba') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_digits_of_an_amplitude_are_kept():
    text = '{"resourceType": "Observation", "status": "final", "valueQuantity": {"value": 1.60}}'
    assert fhir.parse(text)["valueQuantity"]["value"].as_tuple() == Decimal("1.60").as_tuple()
    assert '"value": 1.60' in fhir.write(fhir.parse(text))
