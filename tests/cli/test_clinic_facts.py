"""The verbs of one person's facts: form, diagnosis, electrodiagnosis, differential and audit."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from endplate.clinic.record import examples, read_record, schema, write_form
from tests.cli.conftest import Command, one_sentence

VERBS = ("diagnosis", "electrodiagnosis", "differential", "audit")


def test_the_empty_form_is_printed_or_written_and_never_replaced_unasked(command: Command, tmp_path: Path) -> None:
    assert command("clinic", "form").out == write_form()
    file = tmp_path / "facts.toml"
    assert command("clinic", "form", "--out", file).code == 0
    assert read_record(file).facts == {}
    assert "exists already" in one_sentence(command("clinic", "form", "--out", file))
    assert command("clinic", "form", "--out", file, "--overwrite").code == 0


def test_the_schema_is_a_schema_and_is_the_same_for_all(command: Command) -> None:
    printed = json.loads(command("clinic", "form", "--schema").out)
    jsonschema.Draft202012Validator.check_schema(printed)
    assert printed == json.loads(json.dumps(schema()))
    assert "Leave out the name" in one_sentence(command("clinic", "form", "child", "--schema"))


def test_a_synthetic_person_can_begin_a_form(command: Command) -> None:
    assert command("clinic", "form", "mg-that-is-lems").out == examples()["mg-that-is-lems"].read_text("utf-8")
    assert "did you mean mg-that-is-lems" in one_sentence(command("clinic", "form", "mg-that-is-lem"))


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", ["mg-that-is-lems", "antibody-only"])
def test_every_verb_reads_a_synthetic_person_in_words_and_in_json(command: Command, verb: str, name: str) -> None:
    told, plain = command("clinic", verb, name), command("clinic", verb, name, "--json")
    assert (told.code, plain.code, told.err, plain.err) == (0, 0, "", "")
    found = plain.json()
    assert found
    assert all({"rule", "verdict", "statement", "sources", "support"} <= set(one) for one in found)
    assert "not a medical device" in told.out


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_refuses_a_bad_form_in_one_sentence(command: Command, verb: str, tmp_path: Path) -> None:
    file = tmp_path / "facts.toml"
    file.write_text("[clinical]\ndry_moth = 'yes'\n", encoding="utf-8")
    assert "did you mean dry_mouth" in one_sentence(command("clinic", verb, file))


def test_the_grade_is_marked_as_ours(command: Command) -> None:
    told = command("clinic", "diagnosis", "seronegative-diagnostic-edx").out
    assert "[our proposal]" in told
    assert "seronegative with diagnostic electrodiagnosis is LEMS" in told


def test_two_amplitudes_can_be_read_without_a_form(command: Command) -> None:
    told = command("clinic", "electrodiagnosis", "--before", "1.0", "--after", "1.6").out
    assert "60 % is at least 60 %" in told
    assert "60 % is not above 60 %" in told
    assert "cannot tell" in told  # the technique is not known


def test_a_prior_is_shown_with_the_probability_it_leads_to(command: Command) -> None:
    told = command("clinic", "electrodiagnosis", "typical-sclc-lems", "--prior", "0.5").out
    assert "from a prior of 50.0% to 98.6%" in told
    assert "probability" not in command("clinic", "electrodiagnosis", "typical-sclc-lems").out.split("Limit")[0]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "name either a form"),
        (("child", "--before", "1", "--after", "2"), "name either a form"),
        (("--before", "1"), "name either a form"),
        (("--before", "0", "--after", "2"), "no percentage can be taken of 0"),
        (("--before", "1000", "--after", "1600"), "uV divided by 1000"),
        (("typical-sclc-lems", "--prior", "50"), "Divide a percentage by 100"),
    ],
)
def test_amplitudes_and_priors_that_cannot_be_are_refused(command: Command, words, says: str) -> None:
    assert says in one_sentence(command("clinic", "electrodiagnosis", *words))


def test_a_list_is_audited_into_another_list(command: Command, tmp_path: Path) -> None:
    source, out = tmp_path / "list.csv", tmp_path / "out.csv"
    source.write_text("id,mg_diagnosis,reflexes_reduced\nA,yes,yes\nB,yes,no\n", encoding="utf-8")
    told = command("clinic", "audit", source, "--out", out)
    assert told.code == 0
    assert "look again" in told.out
    assert out.read_text(encoding="utf-8").splitlines()[1].startswith("A,look again,reduced reflexes")
    assert "exists already" in one_sentence(command("clinic", "audit", source, "--out", out))
    again = command("clinic", "audit", source, "--out", out, "--overwrite", "--json")
    assert again.json()["verdicts"] == {"look again": 1, "cannot tell": 1}


def test_unreadable_rows_are_told_after_the_others_are_done(command: Command, tmp_path: Path) -> None:
    source, out = tmp_path / "list.csv", tmp_path / "out.csv"
    source.write_text("id,mg_diagnosis,reflexes_reduced\nA,yes,yes\nB,perhaps,no\n", encoding="utf-8")
    told = command("clinic", "audit", source, "--out", out)
    assert "1 of 2 rows could not be read" in one_sentence(told)
    assert "row 3" in told.err
    assert len(out.read_text(encoding="utf-8").splitlines()) == 3


def test_a_list_needs_the_name_of_its_result(command: Command, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("id\nA\n", encoding="utf-8")
    assert "--out" in one_sentence(command("clinic", "audit", tmp_path / "list.csv"))
