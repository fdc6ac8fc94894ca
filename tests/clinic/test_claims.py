"""Claims: what the loader refuses, what the shipped ones keep, and what the check tells."""

import json
import re
import tomllib
from copy import deepcopy
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from endplate.change.presets import presets
from endplate.change.therapy import find_treatment
from endplate.clinic.knowledge.checking import defects_of
from endplate.clinic.knowledge.claim import (
    EVIDENCE,
    JURISDICTIONS,
    NO_REVIEWER,
    SAFETY_CLASSES,
    STANCES,
    parse_claim,
)
from endplate.clinic.knowledge.claims import FOLDER, claims, find_claim, parse_claims, read_claims
from endplate.clinic.knowledge.readability import grade
from endplate.clinic.knowledge.references import CLINIC, references
from endplate.clinic.knowledge.rows import rows
from endplate.foundation.errors import DataError, UnknownNameError

DAY = date(2026, 11, 21)
SCHEMA = json.loads((FOLDER.parent / "claim.schema.json").read_text(encoding="utf-8"))
REFUTED = {
    "M046": "sweat",
    "M072": "enetic testing",
    "M109": "alcium-channel blockers",
    "M117": "uscle relaxants",
    "M120": "ntiarrhythmic",
    "M121": "otulinum",
}


def _table(name="M001", section="mechanism"):
    return deepcopy(tomllib.loads((FOLDER / f"{section}.toml").read_text(encoding="utf-8"))[name])


def _is_valid_by_schema(table):
    plain = json.loads(json.dumps({"M001": table}, default=str))
    return jsonschema.Draft202012Validator(SCHEMA).is_valid(plain)


def _is_valid_by_loader(table):
    try:
        parse_claim("M001", table, section="draft")
    except DataError:
        return False
    return True


def test_every_row_that_is_a_statement_has_one_claim_and_no_other_row_has():
    assert {row.id for row in rows().values() if row.is_statement} == set(claims())


def test_the_shipped_claims_have_no_defect_on_the_day_they_were_stated():
    assert defects_of(claims(), on=DAY, references=references()) == []


def test_every_shipped_file_keeps_the_json_schema():
    for path in FOLDER.glob("*.toml"):
        plain = json.loads(json.dumps(tomllib.loads(path.read_text(encoding="utf-8")), default=str))
        jsonschema.Draft202012Validator(SCHEMA).validate(plain)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (lambda t: t.pop("sources"), "no source; name one"),
        (lambda t: t.update(sources=[]), "no source; name one"),
        (lambda t: t["sources"][0].pop("says"), "missing or empty: says"),
        (lambda t: t["sources"][0].update(checked="maybe"), "no checked 'maybe'"),
        (lambda t: t.update(stance="likely"), "no stance 'likely'"),
        (lambda t: t.update(stanse="supported"), "did you mean stance?"),
        (lambda t: t.update(patient=" "), "patient"),
        (lambda t: t.update(evidence="opinion"), "no evidence 'opinion'"),
        (lambda t: t.update(stance="refuted"), "'refutes'"),
        (lambda t: t.update(refutes="It is not so."), "'refutes'"),
        (lambda t: t.update(stance="contested"), "other_view"),
        (lambda t: t.update(review_due="soon"), "must be a date"),
        (lambda t: t.update(safety_class="D"), "no safety_class 'D'"),
        (lambda t: t.update(reviewers="nobody"), "must be a list of texts"),
        (lambda t: t.update(rules=["diagnosis/x", "diagnosis/x"]), "twice"),
    ],
)
def test_loader_and_schema_refuse_the_same_defects(change, part):
    table = _table()
    assert _is_valid_by_loader(table)
    assert _is_valid_by_schema(table)
    change(table)
    if part == "patient":  # spaces alone: empty for both
        assert not _is_valid_by_schema(table)
        table["patient"] = ""
    assert not _is_valid_by_schema(table)
    with pytest.raises(DataError, match=re.escape(part)):
        parse_claim("M001", table, section="draft")


def test_a_review_that_is_due_before_the_statement_is_refused():
    table = _table()
    table["review_due"] = table["stated"]
    with pytest.raises(DataError, match=r"review_due 2026-11-21 is not after stated"):
        parse_claim("M001", table, section="draft")


def test_a_source_that_is_named_twice_is_refused():
    table = _table()
    table["sources"] *= 2
    with pytest.raises(DataError, match="a source is named twice"):
        parse_claim("M001", table, section="draft")


def test_a_claim_in_two_files_is_refused(tmp_path):
    text = (FOLDER / "signs.toml").read_text(encoding="utf-8")
    for name in ("one.toml", "two.toml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="stands in one and in two; keep one"):
        read_claims(tmp_path)


def test_text_that_is_no_toml_is_refused_with_its_section():
    with pytest.raises(DataError, match="draft: not valid TOML"):
        parse_claims("[M001", section="draft")


def test_an_unknown_claim_offers_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean M109"):
        find_claim("M1O9")
    assert find_claim("m109").id == "M109"


@pytest.mark.parametrize(("name", "word"), REFUTED.items())
def test_what_the_literature_refutes_is_stored_as_refuted_and_never_as_advice(name, word):
    claim = claims()[name]
    assert claim.stance == "refuted"
    assert word in claim.refutes
    assert claim.refutes not in claim.clinician + claim.patient
    assert re.search(r"\b(?:not|No|never|less)\b", claim.patient)


def test_no_other_claim_is_refuted():
    assert {claim.id for claim in claims().values() if claim.stance == "refuted"} == set(REFUTED)


def test_the_stances_that_the_clinical_review_set():
    assert claims()["M022"].stance == "unknown"
    assert "rarely first (0 of 38; upper 95 % limit 9 %)" in claims()["M035"].clinician
    assert "gradual" in claims()["M193"].clinician
    assert "Not everyone responds" in claims()["M194"].clinician


def test_texts_for_patients_are_plain_english_and_speak_to_the_reader():
    grades = {claim.id: grade(claim.patient) for claim in claims().values()}
    assert max(grades.values()) <= 8
    assert sum(grades.values()) / len(grades) <= 6
    speaking = sum(
        bool(re.search(r"\b[Yy]ou\b|\b[Yy]ours?\b|\b[Aa]sk\b", claim.patient)) for claim in claims().values()
    )
    assert speaking / len(grades) > 0.75


def test_a_patient_is_told_no_dose_and_no_number_to_act_on():
    for claim in claims().values():
        assert not re.search(r"\d+ ?(?:mg|ml|g|tablets?)\b", claim.patient), claim.id


def test_nobody_has_reviewed_a_claim_and_each_says_so():
    assert {claim.review_note for claim in claims().values()} == {NO_REVIEWER}


def test_a_claim_of_class_a_needs_two_reviewers():
    table = _table("M049", "symptoms")
    table["reviewers"] = ["Example Name"]
    one = parse_claim("M049", table, section="draft")
    assert not one.is_reviewed
    assert "a second reviewer is still missing" in one.review_note
    table["reviewers"].append("Other Name")
    assert parse_claim("M049", table, section="draft").is_reviewed


def test_a_claim_whose_sources_nobody_has_read_says_unverified():
    assert claims()["M007"].is_unverified
    assert not claims()["M086"].is_unverified


def test_red_flags_doses_and_contraindications_are_class_a_and_read_again_within_a_year():
    class_a = [claim for claim in claims().values() if claim.safety_class == "A"]
    assert {"M049", "M086", "M099", "M109", "M117", "M121", "M122", "M134"} <= {claim.id for claim in class_a}
    assert all((claim.review_due - claim.stated).days <= 366 for claim in class_a)


def test_a_claim_on_an_emergency_sends_patients_for_help():
    flags = tomllib.loads((CLINIC / "respiratory" / "red_flags.toml").read_text(encoding="utf-8"))["patient"]
    emergencies = {f"respiratory/{name}" for name, flag in flags.items() if flag["level"] == "emergency"}
    linked = [claim for claim in claims().values() if emergencies & set(claim.rules)]
    assert len(linked) >= 7
    for claim in linked:
        assert re.search(r"emergency help|get help right away", claim.patient, re.IGNORECASE), claim.id


def test_the_words_of_the_schema_are_those_of_the_loader():
    properties = SCHEMA["$defs"]["claim"]["properties"]
    assert tuple(properties["stance"]["enum"]) == STANCES
    assert tuple(properties["evidence"]["enum"]) == EVIDENCE
    assert tuple(properties["jurisdiction"]["enum"]) == JURISDICTIONS
    assert tuple(properties["safety_class"]["enum"]) == SAFETY_CLASSES


def test_the_warning_of_a_pressed_spinal_cord_is_among_the_reasons_to_call():
    text = claims()["M134"].patient
    assert "back pain with weaker legs, numbness, or bladder or bowel trouble" in text


def test_scenarios_are_persons_and_treatments_of_the_simulator():
    for claim in claims().values():
        if claim.scenario:
            person, *given = claim.scenario.split("+")
            assert person in presets(), claim.id
            for treatment in given:
                find_treatment(treatment)


def _names_in(room):
    files = [path for path in (CLINIC / room).rglob("*") if path.suffix in (".py", ".toml")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_linked_rules_exist_in_the_rooms_that_exist():
    for claim in claims().values():
        for rule in claim.rules:
            room, _, name = rule.partition("/")
            assert re.fullmatch(r"[a-z_]+/[A-Za-z0-9-]+", rule), rule
            if any((CLINIC / room).glob("*.py")):
                assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", _names_in(room)), f"{claim.id}: {rule}"


def test_the_check_names_each_kind_of_defect():
    table = _table()
    table.update(subject="ORPHA:43394", rules=["diagnosis/endplate-grad"])
    table["sources"][0]["id"] = "Lipka2021"
    table["patient"] = (
        "Presynaptic autoimmune neuromuscular transmission disorders characteristically demonstrate considerable "
        "heterogeneity regarding electrophysiological abnormalities, autonomic manifestations, serological findings, "
        "therapeutic responsiveness, oncological associations and longitudinal prognostication."
    )
    table["review_due"] = date(2027, 1, 1)
    claim = parse_claim("M001", table, section="draft")
    rules = {"diagnosis/endplate-grade"}
    defects = defects_of({"M001": claim}, on=date(2027, 1, 2), references=references(), rules=rules)
    assert [one.kind for one in defects] == ["subject", "source", "rule", "readability", "sentences", "overdue"]
    assert "did you mean ORPHA:43393?" in defects[0].text
    assert "did you mean Lipka2020?" in defects[1].text
    assert "did you mean diagnosis/endplate-grade?" in defects[2].text


def test_a_review_is_overdue_on_the_day_after_it_was_due_and_not_before():
    claim = claims()["M001"]
    on_the_day = defects_of({"M001": claim}, on=claim.review_due, references=references())
    after = defects_of({"M001": claim}, on=date.fromordinal(claim.review_due.toordinal() + 1), references=references())
    assert on_the_day == []
    assert [one.kind for one in after] == ["overdue"]


def test_rows_agree_with_the_list_of_rows_where_it_can_be_read():
    path = Path(__file__).resolve().parents[3] / "shared" / "clinic" / "rows.md"
    verdicts = {name: row.verdict for name, row in rows().items()}
    if path.is_file():
        told = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            cells = [cell.strip().strip("*") for cell in line.strip().strip("|").split("|")]
            if re.fullmatch(r"M\d{3}", cells[0]):
                told[cells[0]] = next(
                    cell for cell in cells if cell in ("ok", "part", "contest", "wrong", "ui", "junk")
                )
        assert verdicts == told
    assert list(verdicts) == [f"M{number:03d}" for number in range(1, 195)]
