"""The verbs medicines, dose, anaesthesia and scale, as functions of the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from endplate.cli.clinic_verbs import anaesthesia, dose, medicines, scale
from endplate.cli.main import main
from endplate.foundation.errors import EndplateError

DAY = "2026-11-21"
WELL = [
    "age_years=60", "sex=male", "seizure_history=no", "hypersensitivity_aminopyridine=no", "asthma_uncontrolled=no",
    "congenital_long_qt=no", "liver_impairment=none", "crcl_ml_min=100", "no_other_medicines=yes",
]  # fmt: skip
Said = Callable[[], str]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    return lambda: capsys.readouterr().out


@pytest.mark.parametrize("verb", [medicines, dose, anaesthesia, scale])
def test_each_verb_has_a_function_of_its_name_and_examples_that_name_it(verb: Any) -> None:
    name = verb.__name__.rpartition(".")[2]
    assert callable(getattr(verb, name))
    assert f"endplate clinic {name}" in verb.EPILOG


def test_medicines_are_checked_for_people_and_for_machines(said: Said) -> None:
    names = ["Firdapse", "ondansetron", "gentamicine"]
    medicines.medicines(names, pack="eu", on=DAY)
    text = said()
    assert "contraindicated" in text
    assert "Did you mean gentamicin" in text
    assert "for a clinician to review" in text
    medicines.medicines(names, pack="us", on=DAY, as_json=True)
    found = {one["rule"]: one["verdict"] for one in json.loads(said())}
    assert found["amifampridine-qt"] == "not in this label"


def test_a_code_and_an_indication_can_be_named(said: Said) -> None:
    medicines.medicines(["J01GB03"], on=DAY, as_json=True)
    assert json.loads(said())[0]["values"]["substance"] == "gentamicin"
    medicines.medicines(["magnesium sulfate iv"], indication="proven deficiency", on=DAY, as_json=True)
    assert json.loads(said())[0]["verdict"] == "B"


def test_the_whole_list_can_be_shown(said: Said) -> None:
    medicines.medicines(is_listing=True)
    assert "rocuronium" in said()
    medicines.medicines(is_listing=True, as_json=True)
    assert len(json.loads(said())) >= 120


def test_medicines_of_a_form_are_checked(said: Said) -> None:
    medicines.medicines(facts="mg-that-is-lems", on=DAY, as_json=True)
    assert "pyridostigmine" in [one["values"].get("substance") for one in json.loads(said())]


def test_a_dose_is_planned_checked_stepped_and_dated(said: Said) -> None:
    dose.dose("us", given=WELL, on=DAY, as_json=True)
    assert json.loads(said())[0]["verdict"] == "within the label"
    dose.dose("us", given=WELL, regimen="4x25", on=DAY)
    assert "rejected" in said()
    dose.dose("eu", given=WELL, before="3x5", regimen="10+5+5", days=3, on=DAY)
    assert "waits at least 4" in said()
    dose.dose("eu", given=WELL, start="2026-12-01", target="25", on=DAY)
    text = said()
    assert "2026-12-06" in text
    assert "10 + 10 + 5 mg" in text


def test_a_contraindication_is_said_before_any_amount(said: Said) -> None:
    dose.dose("us", given=[*WELL[:2], "seizure_history=yes"], start="2026-12-01", on=DAY)
    text = said()
    assert "contraindicated" in text
    assert "mg a day on" not in text


def test_the_checklist_the_ratio_and_the_card(said: Said) -> None:
    anaesthesia.anaesthesia(facts="typical-sclc-lems", on=DAY)
    text = said()
    assert text.index("Before") < text.index("Induction") < text.index("After")
    assert "our proposal" in text
    anaesthesia.anaesthesia(ratio="0.63", baseline="0.7", power="yes", is_first="yes", on=DAY)
    assert "recovered" in said()
    anaesthesia.anaesthesia(ratio="0.95", on=DAY, as_json=True)
    assert json.loads(said())[0]["verdict"] == "not interpretable"
    anaesthesia.anaesthesia(is_prolonged=True)
    assert "P/Q" in said()
    anaesthesia.anaesthesia(on=DAY, as_json=True)
    assert {"applies", "cannot tell"} == {one["verdict"] for one in json.loads(said())}


def test_scales_are_listed_shown_scored_and_compared(said: Said) -> None:
    scale.scale()
    assert "MG Composite" in said()
    scale.scale(as_json=True)
    assert "qmg" in [one["name"] for one in json.loads(said())]
    scale.scale("qmg", is_showing=True)
    assert "unverified" in said()
    scale.scale("mgc", is_showing=True, as_json=True)
    assert len(json.loads(said())) == 10
    scale.scale("karnofsky", ["status=60"])
    assert "60 of 100" in said()
    scale.scale("3tug", before="10", after="13.5", as_json=True)
    assert json.loads(said())[0]["verdict"] == "worse by the trial's rule"


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: medicines.medicines(on=DAY), "no medicine was named"),
        (lambda: medicines.medicines(["x"], pack="usa", on=DAY), "did you mean us"),
        (lambda: medicines.medicines(["x"], given=["egfr"], on=DAY), "NAME=VALUE"),
        (lambda: medicines.medicines(["x"], given=["egfr_ml_mn=30"], on=DAY), "egfr_ml_min"),
        (lambda: dose.dose("us", given=WELL, regimen="0.3 mg/kg", on=DAY), "mg per kg"),
        (lambda: dose.dose("us", given=["age_years=60 months"], on=DAY), "age_years"),
        (lambda: dose.dose("us", given=WELL, regimen="3x5", days=3, on=DAY), "together"),
        (lambda: dose.dose("us", given=WELL, target="40", on=DAY), "add --start"),
        (lambda: dose.dose("us", given=WELL, start="soon", on=DAY), "YYYY-MM-DD"),
        (lambda: dose.dose("us", given=WELL, start="2026-12-01", regimen="3x5", on=DAY), "one of the two"),
        (lambda: dose.dose("us", given=["sex=male", "pregnancy=yes"], on=DAY), "pregnan"),
        (lambda: anaesthesia.anaesthesia(ratio="70 %"), "0.7"),
        (lambda: anaesthesia.anaesthesia(ratio="70"), "Divide percent"),
        (lambda: anaesthesia.anaesthesia(ratio="0.7", power="good"), "yes, no or unknown"),
        (lambda: scale.scale("qmg", ["head"]), "ITEM=VALUE"),
        (lambda: scale.scale("qmg", ["head=1", "head=2"]), "twice"),
        (lambda: scale.scale("mgc", before="3"), "together"),
        (lambda: scale.scale("mgc", before="3", after="x"), "numbers"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(call: Callable[[], None], says: str) -> None:
    with pytest.raises(EndplateError, match=says):
        call()


def test_a_fact_of_the_line_stands_above_the_form(tmp_path: Path, said: Said) -> None:
    form = tmp_path / "facts.toml"
    form.write_text('[history]\nseizure_history = "no"\n', encoding="utf-8")
    dose.dose("us", facts=str(form), given=["seizure_history=yes"], on=DAY, as_json=True)
    assert json.loads(said())[0]["verdict"] == "contraindicated"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ("medicines Firdapse ondansetron --pack eu", 0, "contraindicated"),
        ("medicines gentamicine", 0, "unknown is not safe"),
        ("medicines", 2, "no medicine was named"),
        ("dose typical-sclc-lems --pack us", 0, "US label"),
        ("dose typical-sclc-lems", 2, "--pack"),
        ("dose --pack eu --regimen 0.3mg/kg", 2, "mg per kg"),
        ("anaesthesia mg-that-is-lems", 0, "[ ]"),
        ("anaesthesia --ratio 70", 2, "Divide percent by 100"),
        ("scale mgc hip=mild", 0, "between 2 and 47"),
        ("scale qgm", 2, "did you mean"),
    ],
)
def test_the_verbs_are_there_with_their_exit_codes(
    words: str, code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["clinic", *words.split()]) == code
    seen = capsys.readouterr()
    assert says in seen.out + seen.err
