"""Codes and their traps, symptoms, glossary, references, rows, reading grade and schema.org."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.clinic.knowledge import codes as codes_room
from endplate.clinic.knowledge import symptoms as symptoms_room
from endplate.clinic.knowledge.claims import claims
from endplate.clinic.knowledge.codes import codes, codes_of, refuse_trap, systems, traps
from endplate.clinic.knowledge.glossary import glossary, parse_glossary
from endplate.clinic.knowledge.jsonld import claim_page, condition_page
from endplate.clinic.knowledge.readability import LIMIT, grade, sentences, syllables
from endplate.clinic.knowledge.references import CLINIC, cited, merged_references, references
from endplate.clinic.knowledge.rows import KINDS, WAITS, rows
from endplate.clinic.knowledge.symptoms import symptoms
from endplate.clinic.knowledge.tables import parse_tables
from endplate.clinic.record.vocabulary import vocabulary
from endplate.foundation.errors import DataError, InputError, UnknownNameError

VERBS = Path(CLINIC).parent / "cli"
SCHEMA_ORG = tomllib.loads((Path(__file__).parent / "schema_org.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("code", ["MONDO:0000287", "HP:0002355", "OMIM:245550"])
def test_an_obsolete_or_misleading_code_is_refused_with_the_right_one(code):
    with pytest.raises(InputError, match=rf"{code} must not be used: .*Write .*:\d"):
        refuse_trap(code)


def test_no_trap_stands_in_any_data_of_the_clinic():
    own = {codes_room._FILE}
    for path in CLINIC.rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        for code in traps():
            assert path in own or not re.search(rf'^\s*"?{code}"?\s*=|hpo\s*=.*"{code}"', text, re.MULTILINE), path


def test_a_trap_in_the_symptoms_is_refused_when_they_are_read(tmp_path, monkeypatch):
    path = tmp_path / "symptoms.toml"
    path.write_text('[walking]\nlabel = "W"\nplain = "w"\nhpo = ["HP:0002355"]\n', encoding="utf-8")
    monkeypatch.setattr(symptoms_room, "_FILE", path)
    with pytest.raises(InputError, match="obsolete in HPO"):
        symptoms.__wrapped__()


def test_every_code_names_its_system_and_a_verified_one_where_and_when():
    for code in codes().values():
        assert systems()[code.system].version
        assert (code.check == "verified") == bool(code.verified_in and code.verified_on)
        assert code.id.count(":") == 1


def test_lems_has_the_verified_codes_of_each_system():
    found = {code.id for code in codes_of("lems") if code.check == "verified"}
    assert {"ORPHA:43393", "ICD11:8C62", "ICD10:G73.1", "ICD10:G70.8", "ICD10CM:G70.80", "MONDO:0018556"} <= found
    assert not any(name.startswith("OMIM") for name in codes())
    with pytest.raises(UnknownNameError, match="did you mean lems"):
        codes_of("lemss")


def test_symptoms_use_facts_of_the_record_and_rows_that_exist():
    for symptom in symptoms().values():
        assert not symptom.fact or symptom.fact in vocabulary(), symptom.id
        assert set(symptom.rows) <= set(rows())
        entry = vocabulary().get(symptom.fact)
        assert entry is None or not entry.hpo or symptom.hpo, symptom.id


def test_every_row_of_a_symptom_in_the_claims_is_coded():
    coded = {code for symptom in symptoms().values() for code in symptom.hpo}
    for number in range(24, 51):
        assert claims()[f"M{number:03d}"].subject in coded


def test_terms_of_the_glossary_are_plain():
    assert len(glossary()) >= 40
    for term in glossary().values():
        assert grade(term.plain) <= LIMIT, term.id


def test_a_term_that_sends_readers_to_a_missing_one_is_refused():
    with pytest.raises(DataError, match="names b, which is no term"):
        parse_glossary({"a": {"term": "A", "plain": "A thing.", "see": ["b"]}}, "glossary")


def test_references_of_all_rooms_merge_and_each_says_what_it_is():
    for key, item in references().items():
        assert item["title"], key
        assert item["type"], key
        assert item.get("DOI", "10.1/x").startswith("10."), key


def test_two_entries_that_differ_under_one_id_are_refused(tmp_path):
    for room, year in (("one", 2001), ("two", 2002)):
        (tmp_path / room).mkdir()
        item = {"id": "Same", "title": "T", "issued": {"date-parts": [[year]]}}
        (tmp_path / room / "references.json").write_text(json.dumps([item]), encoding="utf-8")
    with pytest.raises(DataError, match="reference 'Same' differs between one and two in: issued"):
        merged_references(tmp_path)


@pytest.mark.parametrize("number", ["DOI", "PMID"])
def test_one_work_has_one_id_in_all_rooms(number):
    found = {}
    for key, item in references().items():
        if item.get(number):
            assert found.setdefault(str(item[number]).lower(), key) == key


def test_an_unknown_reference_offers_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean Lipka2020"):
        cited("Lipka2021")


def test_rows_name_what_exists():
    for row in rows().values():
        for one in row.embodied_by:
            kind, _, name = one.partition(":")
            assert one == WAITS or kind in KINDS
            if kind == "claim":
                assert name in claims()
            if kind == "verb":
                assert any(VERBS.rglob(f"{name.replace('-', '_')}.py")), one
        if row.is_statement:
            assert row.named("claim") == (row.id,)
            assert row.named("rule") == claims()[row.id].rules


def test_titles_of_rows_are_our_own_and_differ():
    titles = [row.title for row in rows().values()]
    assert len(set(titles)) == len(titles) == 194


def test_a_row_that_names_an_unknown_kind_is_refused():
    from endplate.clinic.knowledge.rows import _row

    with pytest.raises(DataError, match="neither 'waits for the site' nor one of claim, rule"):
        _row("M001", {"verdict": "ok", "title": "T", "embodied_by": ["page:x"]})


@pytest.mark.parametrize(
    ("word", "count"),
    [("strength", 1), ("muscle", 2), ("weak", 1), ("doctor", 2), ("antibody", 4), ("acetylcholine", 5), ("people", 2)],
)
def test_syllables_of_common_words(word, count):
    assert syllables(word) == count


def test_the_grade_of_a_textbook_sentence_is_far_above_that_of_a_plain_one():
    plain = "Your legs feel weak. Take a rest. Then try once more."
    learned = (
        "Presynaptic voltage-gated calcium channel autoimmunity characteristically compromises quantal "
        "acetylcholine liberation at cholinergic neuromuscular synapses."
    )
    assert grade(plain) < 2 < 20 < grade(learned)


def test_the_grade_follows_its_formula():
    text = "The cat sat. The dog ran."
    assert grade(text) == pytest.approx(0.39 * 3 + 11.8 * 1 - 15.59)


@given(st.lists(st.sampled_from(["legs", "weak", "muscle", "doctor", "you", "rest"]), min_size=1, max_size=30))
def test_a_text_that_is_said_twice_reads_the_same(words):
    text = f"{' '.join(words)}."
    assert grade(f"{text} {text}") == pytest.approx(grade(text))
    assert len(sentences(f"{text} {text}")) == 2 * len(sentences(text))


@pytest.mark.parametrize("text", ["", " ", "123 456.", "…"])
def test_a_text_without_words_has_no_grade(text):
    with pytest.raises(InputError, match="no word to read"):
        grade(text)


def test_a_missing_hyphenation_dictionary_is_said(monkeypatch):
    from endplate.clinic.knowledge import readability

    monkeypatch.setitem(sys.modules, "pyphen", None)
    with pytest.raises(InputError, match="install it with the extra clinic"):
        readability._dictionary.__wrapped__()


def _check_words(value):
    """Walk a JSON-LD value: every type and every property stands in the stored list."""
    if isinstance(value, list):
        for one in value:
            _check_words(one)
    elif isinstance(value, dict):
        kind = value["@type"]
        allowed = {*SCHEMA_ORG["properties"]["Thing"], *SCHEMA_ORG["properties"].get(kind, [])}
        for parent in SCHEMA_ORG["parents"].get(kind, []):
            allowed |= set(SCHEMA_ORG["properties"][parent])
        assert kind in SCHEMA_ORG["properties"], kind
        for key, inner in value.items():
            assert key in ("@type", "@context") or key in allowed, f"{kind}.{key}"
            _check_words(inner)


def test_schema_org_pages_use_only_words_of_schema_org():
    for claim in claims().values():
        _check_words(claim_page(claim))
    _check_words(condition_page())


def test_a_page_without_reviewers_claims_no_review():
    for claim in claims().values():
        page = claim_page(claim)
        assert "reviewedBy" not in page
        assert "lastReviewed" not in page
        assert page["creativeWorkStatus"] == "No clinician has reviewed this text yet."


def test_a_refuted_statement_leaves_only_inside_a_review_that_refutes_it():
    for claim in claims().values():
        page = claim_page(claim)
        if claim.refutes:
            assert page["mainEntity"]["claimReviewed"] == claim.refutes
            assert page["mainEntity"]["reviewRating"]["ratingValue"] == 1
            del page["mainEntity"]
            assert claim.refutes not in json.dumps(page, ensure_ascii=False)
        else:
            assert "mainEntity" not in page


def test_the_condition_carries_only_verified_codes():
    values = {code["codeValue"] for code in condition_page()["code"]}
    assert "43393" in values
    assert "6851" not in values  # GARD, from memory


def test_toml_that_is_broken_names_its_file():
    with pytest.raises(DataError, match=r"claims\.toml: not valid TOML"):
        parse_tables("a = ", "claims.toml")


def test_knowledge_is_light_to_import():
    code = (
        "import sys, endplate.clinic.knowledge.claims as c, endplate.clinic.lint_page.lint; c.claims();"
        "heavy = {'numpy', 'numba', 'xarray', 'django', 'pydantic', 'pyphen', 'jsonschema'} & set(sys.modules);"
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
