"""The verbs that exchange with other systems, as a person runs them."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from endplate.cli.main import main
from endplate.clinic.record import example, read_record


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


@pytest.fixture
def clinic(capsys):
    """Run one verb of the clinic through the boundary of the command line."""

    def call(*words):
        capsys.readouterr()
        code = main(["clinic", *(str(word) for word in words)])
        seen = capsys.readouterr()
        return Result(code, seen.out, seen.err)

    return call


DAY = ("--date", "2026-11-21")


def test_facts_go_out_as_a_bundle_and_come_back_as_the_same_form(clinic, tmp_path):
    bundle, form = tmp_path / "bundle.json", tmp_path / "facts.toml"
    assert clinic("fhir", "write", "mg-that-is-lems", *DAY, "--questionnaire", "deltap", "--out", bundle).code == 0
    assert clinic("fhir", "check", bundle).out.endswith("nothing found.\n")
    done = clinic("fhir", "read", bundle, *DAY, "--out", form)
    assert done.code == 0
    assert "Not taken over" in done.err
    back, there = read_record(form, today=date(2026, 11, 21)), example("mg-that-is-lems")
    assert (back.facts, back.medicines, back.studies) == (there.facts, there.medicines, there.studies)


def test_a_file_that_is_there_is_not_overwritten(clinic, tmp_path):
    bundle = tmp_path / "bundle.json"
    bundle.write_text("mine", encoding="utf-8")
    assert clinic("fhir", "write", "antibody-only", *DAY, "--out", bundle).code == 2
    assert bundle.read_text(encoding="utf-8") == "mine"


def test_check_lists_every_problem_and_leaves_with_code_1(clinic, tmp_path):
    bundle = tmp_path / "bundle.json"
    bundle.write_text('{"resourceType": "Patient", "gender": "banana", "colour": "red"}', encoding="utf-8")
    done = clinic("fhir", "check", bundle)
    assert done.code == 1
    assert "'banana' is not allowed" in done.out
    assert "Patient.colour" in done.out
    assert {one["kind"] for one in json.loads(clinic("fhir", "check", bundle, "--json").out)} == {"code", "structure"}


def test_a_bundle_that_is_not_valid_is_not_read(clinic, tmp_path):
    bundle = tmp_path / "bundle.json"
    bundle.write_text("<Patient/>", encoding="utf-8")
    done = clinic("fhir", "read", bundle)
    assert (done.code, done.out) == (2, "")
    assert "is XML" in done.err
    assert clinic("fhir", "read", tmp_path / "nothing.json").code == 2


def test_reading_as_json_holds_the_form_and_what_was_left(clinic, tmp_path):
    bundle = tmp_path / "bundle.json"
    clinic("fhir", "write", "antibody-only", *DAY, "--only-facts", "--out", bundle)
    found = json.loads(clinic("fhir", "read", bundle, *DAY, "--json").out)
    assert "vgcc_pq_antibody" in found["form"]
    assert [one["why"] for one in found["not_understood"]] == ["Provenance is not read"]


def test_a_phenopacket_goes_out_and_in(clinic, tmp_path):
    packet = tmp_path / "packet.json"
    done = clinic("phenopacket", "write", "mg-that-is-lems", "--id", "P1", *DAY, "--out", packet)
    assert done.code == 0
    assert "electrodiagnostic studies" in done.err
    assert clinic("phenopacket", "check", packet).code == 0
    assert 'dry_mouth = { value = "yes"' in clinic("phenopacket", "read", packet, *DAY).out
    broken = json.loads(packet.read_text(encoding="utf-8"))
    broken["metaData"]["resources"] = broken["metaData"]["resources"][:1]
    packet.write_text(json.dumps(broken), encoding="utf-8")
    done = clinic("phenopacket", "check", packet)
    assert done.code == 1
    assert "declares the prefix" in done.out


def test_the_services_are_discovered_and_called(clinic, tmp_path):
    assert len(json.loads(clinic("cds", "discovery").out)["services"]) == 6
    hook = tmp_path / "hook.json"
    patient = {"resourceType": "Patient", "id": "p"}
    body = {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/1", "patientId": "p"},
        "prefetch": {"patient": patient},
    }
    hook.write_text(json.dumps(body), encoding="utf-8")
    assert json.loads(clinic("cds", "call", "lems-suspect", hook, *DAY).out) == {"cards": []}
    done = clinic("cds", "call", "lems-suspekt", hook)
    assert (done.code, done.out) == (2, "")
    assert "did you mean lems-suspect" in done.err
    hook.write_text('{"feedback": []}', encoding="utf-8")
    assert clinic("cds", "feedback", "lems-suspect", hook).code == 2


def test_the_example_of_a_request_is_answered_with_the_most_serious_card_first(clinic):
    example = Path(__file__).resolve().parents[2] / "examples" / "clinic" / "lems-drug-check.json"
    cards = json.loads(clinic("cds", "call", "lems-drug-check", example, *DAY).out)["cards"]
    assert cards[0]["indicator"] == "critical"
    assert "ciprofloxacin" in cards[0]["summary"]


def test_a_questionnaire_is_printed_by_its_name(clinic):
    assert "deltap: " in clinic("fhir", "questionnaire").out
    assert json.loads(clinic("fhir", "questionnaire", "deltap").out)["resourceType"] == "Questionnaire"
    assert "did you mean deltap" in clinic("fhir", "questionnaire", "detlap").err
