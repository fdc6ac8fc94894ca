"""The verbs that bring the clinic together: review, letter, confirm, examples, hazards, trace, and the way to them."""

from __future__ import annotations

import builtins
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from endplate.cli.clinic import VERBS
from endplate.clinic.record import read_record
from endplate.clinic.record.examples import examples
from tests.cli.conftest import Command, one_sentence

DAY = ("--date", "2026-11-21")
PERSON = "mg-that-is-lems"
# one good and one bad call of every verb; the bad ones are mistakes that people make
GOOD: dict[str, tuple[str, ...]] = {
    "review": (PERSON,),
    "diagnosis": (PERSON,),
    "electrodiagnosis": (PERSON,),
    "differential": (PERSON,),
    "deltap": (PERSON,),
    "schedule": (PERSON,),
    "respiratory": (PERSON,),
    "treatment": (PERSON,),
    "dose": (PERSON, "--pack", "eu"),
    "medicines": ("gentamicin",),
    "anaesthesia": (PERSON,),
    "scale": ("karnofsky", "status=60"),
    "outlook": (PERSON,),
    "letter": ("oncologist", PERSON),
    "audit": (PERSON,),
    "examples": (),
    "hazards": (),
}
BAD: dict[str, tuple[str, ...]] = {
    **{verb: ("mg-that-is-lem",) for verb, words in GOOD.items() if words == (PERSON,)},
    "dose": (PERSON, "--pack", "eu", "--regimen", "5 tablets"),
    "medicines": ("gentamicin", "--pack", "france"),
    "anaesthesia": ("--ratio", "70 %"),
    "scale": ("karnofski",),
    "letter": ("oncologyst", PERSON),
    "form": ("mg-that-is-lem",),
    "confirm": ("no-such-file.toml", "--by", "A. Reader"),
    "fhir": ("check", "no-such-file.json"),
    "phenopacket": ("check", "no-such-file.json"),
    "cds": ("call", "lems-suspected", "no-such-file.json"),
    "trace": ("--tests", "no-such-folder"),
    "hazards": ("--jsn",),
    "examples": ("--jsn",),
}


@pytest.mark.parametrize("verb", GOOD)
def test_every_verb_answers_in_words_and_in_json(command: Command, verb: str) -> None:
    told, plain = command("clinic", verb, *GOOD[verb]), command("clinic", verb, *GOOD[verb], "--json")
    assert (told.code, plain.code, plain.err) == (0, 0, "")
    assert told.out
    assert plain.json()


@pytest.mark.parametrize("verb", VERBS)
def test_bad_input_to_every_verb_is_one_sentence_and_code_2(command: Command, verb: str) -> None:
    one_sentence(command("clinic", verb, *BAD[verb]))


def test_every_verb_has_help_with_an_example_of_itself(command: Command) -> None:
    for verb in VERBS:
        shown = command("clinic", verb, "--help")
        assert shown.code == 0
        assert f"endplate clinic {verb}" in " ".join(shown.out.split())


def test_a_misspelt_verb_offers_the_right_one(command: Command) -> None:
    assert "Did you mean 'review'?" in one_sentence(command("clinic", "revew", PERSON))


def test_a_review_tells_the_sections_first_and_every_line_when_asked(command: Command) -> None:
    short, long = command("clinic", "review", PERSON, *DAY).out, command("clinic", "review", PERSON, *DAY, "--all").out
    assert "LEMS definite (our proposal)" in short
    assert "not a medical device" in " ".join(short.split())
    assert len(long.splitlines()) > 3 * len(short.splitlines())


def test_a_review_writes_page_json_bundle_and_calendar(command: Command, tmp_path: Path) -> None:
    told = command("clinic", "review", PERSON, *DAY, "--out", tmp_path / "review")
    names = {file.name for file in (tmp_path / "review").iterdir()}
    assert names == {"index.html", "review.json", "bundle.json", "surveillance.ics", "manifest.json"}
    assert "index.html" in told.err
    kept = json.loads((tmp_path / "review" / "review.json").read_text())
    assert kept["on"] == "2026-11-21"
    bundle = command("clinic", "fhir", "check", tmp_path / "review" / "bundle.json")
    assert bundle.code == 0, bundle.out


def test_what_cannot_be_written_without_an_extra_is_said(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("endplate.clinic.review.files.find_spec", lambda name: None)
    told = command("clinic", "review", PERSON, *DAY, "--out", tmp_path / "review")
    assert told.code == 0
    assert told.err.count("is not installed. Install the extra: pip install 'endplate[clinic]'") == 2
    assert {file.name for file in (tmp_path / "review").iterdir()} == {"index.html", "review.json", "manifest.json"}


def test_what_changed_since_an_earlier_review_is_shown(command: Command, tmp_path: Path) -> None:
    text = examples()[PERSON].read_text(encoding="utf-8")
    facts = tmp_path / "facts.toml"
    facts.write_text(text, encoding="utf-8")
    assert command("clinic", "review", facts, *DAY, "--out", tmp_path / "first").code == 0
    assert "Nothing changed" in command(
        "clinic", "review", facts, *DAY, "--against", tmp_path / "first" / "review.json"
    ).out  # fmt: skip
    facts.write_text(text.replace('smoker_current = "no"', 'smoker_current = "yes"'), encoding="utf-8")
    told = command("clinic", "review", facts, *DAY, "--against", tmp_path / "first" / "review.json").out
    assert "fact: smoker_current" in told
    assert "line: deltap" in told


def test_a_letter_is_printed_or_written_and_never_replaced_unasked(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "letter.html"
    assert "Medicines, checked" in command("clinic", "letter", "anaesthetist", PERSON, *DAY).out
    assert command("clinic", "letter", "anaesthetist", PERSON, *DAY, "--out", file).code == 0
    assert "pyridostigmine" in file.read_text()
    assert "exists already" in one_sentence(command("clinic", "letter", "anaesthetist", PERSON, "--out", file))


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated recording as a file that does not look different from a real one."""
    from endplate.cli.main import main

    folder = tmp_path_factory.mktemp("simulated")
    words = ["exam", "lems", "--protocol", "lems", "--fibres", "200", "--seed", "1", "--recording", "nc"]
    assert main([*words, "--out", str(folder / "report")]) == 0
    return next((folder / "report").glob("*.nc"))


def _answers(monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    """Answer questions as a person at a keyboard; afterwards the keyboard is silent."""
    questions: list[str] = []
    given: Iterator[str] = iter(words)

    def ask(question: str = "") -> str:
        questions.append(question)
        try:
            return next(given)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr(builtins, "input", ask)
    return questions


def test_a_simulated_recording_enters_only_a_lesson_and_every_output_says_so(
    command: Command, simulated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = tmp_path / "facts.toml"
    assert command("measure", simulated, "--to-facts", facts).code == 0
    for words in (("review", facts), ("confirm", facts, "--by", "A. Reader"), ("letter", "referral", facts)):
        assert "came from a simulation" in one_sentence(command("clinic", *words))
    questions = _answers(monkeypatch, *(["y"] * 40))
    assert command("clinic", "confirm", facts, "--by", "A. Reader", "--teaching").code == 0
    assert all("SIMULATED" in question for question in questions)
    told = command("clinic", "review", facts, *DAY, "--teaching", "--out", tmp_path / "review")
    assert "[SIMULATED]" in told.out
    for name in ("index.html", "bundle.json"):
        assert "SIMULATED" in (tmp_path / "review" / name).read_text()
    assert json.loads((tmp_path / "review" / "review.json").read_text())["is_simulated"] is True
    assert "[SIMULATED]" in command("clinic", "letter", "referral", facts, "--teaching").out


def _measured_form(path: Path, *, before_mv: str = "1.00", after_mv: str = "1.60") -> Path:
    """A form as `measure --to-facts` leaves it, of a recording that is not simulated."""
    waiting = 'source = "measured from study.edf", confirmed = false'
    path.write_text(
        f'# kept by hand\n[clinical]\nproximal_weakness = "yes"\n\n[[studies]]\n'
        f"before_mv = {{ value = {before_mv}, {waiting} }}\nafter_mv = {{ value = {after_mv}, {waiting} }}\n",
        encoding="utf-8",
    )
    return path


def test_only_numbers_that_a_named_person_accepted_enter_a_review(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = _measured_form(tmp_path / "facts.toml")

    def increment() -> Any:
        found = command("clinic", "review", facts, *DAY, "--json").json()
        lines = [line for section in found["sections"] for line in section["results"]]
        return [line["values"].get("percent") for line in lines if line["rule"] == "edx-increment"]

    assert [one["fact"] for one in command("clinic", "confirm", facts, "--json").json()] == ["before_mv", "after_mv"]
    assert increment() in ([], [None])
    _answers(monkeypatch, "y", "maybe", "n")
    told = command("clinic", "confirm", facts, "--by", "A. Reader", *DAY)
    assert "1 confirmed by A. Reader, 1 left unconfirmed" in told.out
    assert increment() in ([], [None])
    _answers(monkeypatch, "yes")
    assert command("clinic", "confirm", facts, "--by", "A. Reader", *DAY).code == 0
    assert increment() == [60.0]
    study = read_record(facts).studies[0]
    assert study["before_mv"].note == "confirmed by A. Reader on 2026-11-21"
    assert "every number is confirmed" in command("clinic", "confirm", facts, "--by", "A. Reader").out


def test_all_at_once_and_nobody_are_refused(command: Command, tmp_path: Path) -> None:
    facts = _measured_form(tmp_path / "facts.toml")
    before = facts.read_text()
    assert "each number is accepted by itself" in one_sentence(
        command("clinic", "confirm", facts, "--by", "A. Reader", "--accept-all")
    )
    for name in ((), ("--by", ""), ("--by", "7")):
        assert "name of the person" in one_sentence(command("clinic", "confirm", facts, *name))
    assert facts.read_text() == before


def test_answers_that_end_too_early_change_nothing(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = _measured_form(tmp_path / "facts.toml")
    before = facts.read_text()
    _answers(monkeypatch, "y")
    assert "nothing was changed" in one_sentence(command("clinic", "confirm", facts, "--by", "A. Reader"))
    assert facts.read_text() == before
    _answers(monkeypatch, "y", "q")
    assert command("clinic", "confirm", facts, "--by", "A. Reader").code == 0
    assert facts.with_name("facts.toml.before").read_text() == before


def test_measured_numbers_are_added_below_what_a_person_wrote(
    command: Command, simulated: Path, tmp_path: Path
) -> None:
    facts = _measured_form(tmp_path / "facts.toml")
    before = facts.read_text()
    assert command("measure", simulated, "--to-facts", facts).code == 0
    assert facts.read_text().startswith(before.rstrip())
    record = read_record(facts, is_teaching=True)
    assert len(record.studies) == 2
    assert all(fact.is_simulated and not fact.is_confirmed for fact in record.studies[1].values())
    assert "ends in .toml" in one_sentence(command("measure", simulated, "--to-facts", tmp_path / "facts.json"))


def test_the_trace_counts_every_row_once(command: Command) -> None:
    found = command("clinic", "trace", "--tests", Path(__file__).parents[1], "--json").json()
    assert len(found["rows"]) == 194
    assert sum(found["counts"].values()) == 194
    assert {one["status"] for one in found["rows"]} <= {"tested", "waits for the site", "embodied, no test found"}
