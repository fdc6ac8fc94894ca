"""Golden vectors of the drug check, as changed by the clinical review."""

from __future__ import annotations

import pytest

from endplate.clinic.medicines import check_medicines
from endplate.clinic.result import Result
from endplate.foundation.records.clinical import Medicine, Record
from tests.clinic.dose_person import person


def _of(results: tuple[Result, ...], substance: str) -> Result:
    (found,) = [one for one in results if one.values.get("substance") == substance]
    return found


def _pair(results: tuple[Result, ...], rule: str) -> Result:
    (found,) = [one for one in results if one.rule == rule]
    return found


def _one(name: str, route: str = "", indication: str = "", **facts: str) -> Result:
    medicine = Medicine(name, route=route, indication=indication)
    record = Record(facts=person(**facts).facts, medicines=(medicine,))
    (found,) = check_medicines(record)
    return found


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("gentamicin", "B"),
        ("botulinum toxin", "A"),
        ("ciprofloxacin", "B"),
        ("telithromycin", "A"),
        ("penicillamine", "A"),
        ("verapamil", "B"),
        ("diltiazem", "B"),
        ("amlodipine", "C"),
        ("nifedipine", "C"),
        ("timolol", "B"),
        ("iohexol", "C"),
        ("simvastatin", "C"),
        ("pembrolizumab", "B"),
        ("lithium", "B"),
        ("rocuronium", "A"),
        ("suxamethonium", "A"),
        ("paracetamol", "no LEMS hazard known"),
        ("sugammadex", "no LEMS hazard known"),
        ("inactivated influenza vaccine", "no LEMS hazard known"),
    ],
)
def test_the_grade_of_one_medicine(name: str, verdict: str) -> None:
    assert _one(name).verdict == verdict


def test_ciprofloxacin_carries_the_note_on_seizures() -> None:
    (found,) = check_medicines(person("ciprofloxacin"), pack="us")
    assert found.verdict == "B"
    assert any("seizure threshold" in line for line in found.because)


def test_two_aminopyridines_are_contraindicated_in_every_pack() -> None:
    for pack in (None, "us", "eu", "uk", "ch"):
        found = _pair(check_medicines(person("fampridine", "amifampridine"), pack=pack), "aminopyridine-duplication")
        assert (found.verdict, found.severity, found.safety_class) == ("contraindicated", "critical", "A")


def test_the_same_medicine_under_two_names_is_a_duplication() -> None:
    found = check_medicines(person("Firdapse", "3,4-diaminopyridine"))
    assert _pair(found, "aminopyridine-duplication").verdict == "contraindicated"


def test_paracetamol_beside_amifampridine_is_for_information() -> None:
    found = _pair(check_medicines(person("paracetamol", "amifampridine"), pack="us"), "amifampridine-paracetamol")
    assert (found.verdict, found.severity) == ("info", "info")


def test_sugammadex_names_its_limits() -> None:
    limits = " ".join(_one("sugammadex").limits)
    assert "xtrapolated from other neuromuscular disease" in limits
    for not_reversed in ("suxamethonium", "atracurium", "mivacurium"):
        assert not_reversed in limits


@pytest.mark.parametrize("pack", ["eu", "uk", "ch"])
@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("ondansetron", "amifampridine-qt"),
        ("citalopram", "amifampridine-qt"),
        ("ciprofloxacin", "amifampridine-qt"),
        ("erythromycin", "amifampridine-qt"),
        ("sultopride", "amifampridine-qt"),
        ("digoxin", "amifampridine-narrow-window"),
        ("lithium", "amifampridine-narrow-window"),
        ("phenytoin", "amifampridine-narrow-window"),
        ("theophylline", "amifampridine-narrow-window"),
        ("ciclosporin", "amifampridine-narrow-window"),
        ("gentamicin", "amifampridine-narrow-window"),
    ],
)
@pytest.mark.parametrize("status", ["taken", "proposed"])
def test_qt_and_narrow_window_are_contraindicated_under_the_eu_label(
    pack: str, name: str, rule: str, status: str
) -> None:
    record = Record(medicines=(Medicine("amifampridine", status=status), Medicine(name)))  # type: ignore[arg-type]
    found = _pair(check_medicines(record, pack=pack), rule)
    assert (found.verdict, found.severity, found.jurisdiction) == ("contraindicated", "critical", pack.upper())
    assert any("US label" in view for view in found.other_views)


def test_the_us_label_has_no_qt_rule_and_the_eu_one_stands_beside_it() -> None:
    found = _pair(check_medicines(person("amifampridine", "ondansetron"), pack="us"), "amifampridine-qt")
    assert found.verdict == "not in this label"
    assert "no QT rule" in found.statement
    assert "contraindicated" in found.other_views[0]
    assert found.values["packs"]["EU"] == "contraindicated"
    assert "no QT rule" in found.values["packs"]["US"]


def test_a_stopped_medicine_meets_nobody() -> None:
    record = Record(medicines=(Medicine("amifampridine", status="stopped"), Medicine("ondansetron")))
    assert [one.rule for one in check_medicines(record, pack="eu")] == ["medicine-hazard"]


@pytest.mark.parametrize(
    ("route", "indication", "facts", "grade"),
    [
        ("iv", "pre-eclampsia", {}, "A"),
        ("intravenous", "analgesia", {}, "A"),
        ("iv", "hydration", {}, "A"),
        ("iv", "", {}, "A"),
        ("", "", {}, "A"),
        ("iv", "proven deficiency", {}, "B"),
        ("oral", "", {"egfr_ml_min": "30"}, "C"),
        ("oral", "", {"egfr_ml_min": "29.9", "crcl_ml_min": None}, "A"),
        ("oral", "", {"egfr_ml_min": None}, "C"),
    ],
)
def test_magnesium_by_route_indication_and_kidney(
    route: str, indication: str, facts: dict[str, str], grade: str
) -> None:
    found = _one("magnesium sulfate", route, indication, **facts)
    assert found.verdict == grade
    if facts.get("egfr_ml_min", "") is None:
        assert found.values["possible_grades"] == ["A", "C"]
        assert found.severity == "warning"
        assert "egfr_ml_min" in found.missing


@pytest.mark.parametrize(
    ("facts", "grade"),
    [
        ({"fvc_percent_predicted": "79.9", "respiratory_weakness": "no"}, "B"),
        ({"fvc_percent_predicted": "80", "respiratory_weakness": "no"}, "C"),
        ({"fvc_percent_predicted": "95", "respiratory_weakness": "yes"}, "B"),
        ({"fvc_percent_predicted": "95"}, "B"),
        ({}, "B"),
    ],
)
def test_opioids_and_benzodiazepines_follow_vital_capacity(facts: dict[str, str], grade: str) -> None:
    for name in ("morphine", "diazepam", "phenobarbital"):
        assert _one(name, **facts).verdict == grade


@pytest.mark.parametrize("other", ["allopurinol", "febuxostat"])
def test_azathioprine_with_a_xanthine_oxidase_inhibitor_is_a(other: str) -> None:
    found = _pair(check_medicines(person("azathioprine", other)), "azathioprine-xanthine-oxidase")
    assert (found.verdict, found.severity) == ("A", "critical")
    assert "unverified" in found.statement


def test_before_azathioprine_both_tests_are_asked() -> None:
    assert _one("azathioprine").missing == ("tpmt_low", "nudt15_low")
    assert _one("azathioprine", tpmt_low="no").missing == ("nudt15_low",)
    assert _one("azathioprine", tpmt_low="no", nudt15_low="no").verdict == "info"
    assert _one("azathioprine", nudt15_low="yes").verdict == "B"


@pytest.mark.parametrize(
    ("facts", "others", "verdict"),
    [
        ({"immunosuppressed": "yes"}, (), "A"),
        ({"immunosuppressed": "no", "chemotherapy_now": "no"}, ("prednisone",), "A"),
        ({"immunosuppressed": "no", "chemotherapy_now": "no"}, (), "no LEMS hazard known"),
        ({"immunosuppressed": "no", "chemotherapy_now": "no", "no_other_medicines": None}, (), "A"),
        ({}, (), "A"),
    ],
)
def test_live_vaccines_on_immune_suppression(facts: dict[str, str], others: tuple[str, ...], verdict: str) -> None:
    assert _of(check_medicines(person("MMR", *others, **facts)), "measles mumps rubella vaccine").verdict == verdict


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"sex": "female", "pregnancy": "yes"}, "A"),
        ({"sex": "female", "pregnancy": None}, "A"),
        ({"sex": None}, "A"),
        ({"sex": "female", "pregnancy": "no"}, "info"),
        ({"sex": "male"}, "info"),
    ],
)
def test_mycophenolate_and_pregnancy(facts: dict[str, str], verdict: str) -> None:
    assert _one("mycophenolate", **facts).verdict == verdict


@pytest.mark.parametrize("pack", ["us", "eu", "uk", "ch"])
@pytest.mark.parametrize(
    "name", ["bupropion", "tramadol", "amitriptyline", "clozapine", "theophylline", "ciprofloxacin", "mefloquine"]
)
def test_medicines_that_lower_the_seizure_threshold_are_c_beside_amifampridine(name: str, pack: str) -> None:
    found = _pair(check_medicines(person("amifampridine", name), pack=pack), "amifampridine-seizure")
    assert (found.verdict, found.severity) == ("C", "caution")


@pytest.mark.parametrize("pack", ["us", "eu"])
@pytest.mark.parametrize("name", ["donepezil", "pyridostigmine", "pilocarpine"])
def test_cholinergic_medicines_add_up(name: str, pack: str) -> None:
    assert _pair(check_medicines(person("amifampridine", name), pack=pack), "amifampridine-cholinergic").verdict == "C"


def test_a_blocker_within_monitored_anaesthesia_is_b_and_alone_a() -> None:
    for name in ("rocuronium", "suxamethonium", "atracurium"):
        assert _one(name).verdict == "A"
        assert _one(name, indication="anaesthesia").verdict == "B"
        assert _one(name, indication="rigidity").verdict == "A"


def test_a_steroid_is_b_at_its_start_and_for_information_later() -> None:
    for status, verdict in (("proposed", "B"), ("taken", "info")):
        record = Record(medicines=(Medicine("prednisone", status=status),))  # type: ignore[arg-type]
        assert [one.verdict for one in check_medicines(record)] == [verdict]
