"""Treatment: the order, what speaks against an option, what is checked before, and monitoring."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from endplate.clinic.record import record_of
from endplate.clinic.result import Result
from endplate.clinic.treatment import catalogue, monitoring_results, next_days, treatment_results
from endplate.foundation.errors import UnknownNameError
from endplate.foundation.records.clinical import Record

TODAY = date(2026, 2, 1)


def _options(facts: dict[str, Any], pack: str | None = "eu") -> dict[str, Result]:
    results = treatment_results(record_of(facts, today=TODAY), today=TODAY, pack=pack)
    return {one.values["option"]: one for one in results}


def test_the_options_come_in_their_order_whatever_the_facts() -> None:
    assert list(_options({})) == [f"T{number}" for number in range(9)]
    assert [one.values["order"] for one in _options({"sclc": "yes"}).values()] == list(range(9))


def test_a_breathing_limit_puts_intensive_care_first() -> None:
    first = _options({"mip_cmh2o": 18})["T0"]
    assert (first.verdict, first.severity) == ("consider now", "critical")
    assert "18: at most 20 cmH2O" in first.because[0]
    assert _options({})["T0"].verdict == "cannot tell"


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"sclc": "yes"}, "consider now"),
        ({"other_cancer": "yes"}, "consider now"),
        ({"scans": [{"scan_date": "2026-01-10", "kind": "pet", "result": "positive"}]}, "consider now"),
        ({"sclc": "no", "lung_cancer": "no", "other_cancer": "no"}, "cannot tell"),
        (
            {
                "sclc": "no", "lung_cancer": "no", "other_cancer": "no",
                "scans": [{"scan_date": "2026-01-10", "kind": "ct_chest", "result": "negative"}],
            },
            "not on these facts",
        ),
    ],
)  # fmt: skip
def test_a_tumour_comes_before_symptoms_and_without_a_scan_nobody_can_tell(facts: Any, verdict: str) -> None:
    assert _options(facts)["T1"].verdict == verdict


EXCLUDED = {
    "sex": "female", "seizure_history": "no", "epilepsy": "no", "asthma_uncontrolled": "no", "pregnancy": "no",
    "congenital_long_qt": "no", "hypersensitivity_aminopyridine": "no", "no_other_medicines": "yes",
    "lems_diagnosis": "yes",
}  # fmt: skip
# fact | pack | verdict of amifampridine
CONTRAINDICATIONS = [
    ("seizure_history", "us", "conflict"),
    ("seizure_history", "eu", "conflict"),
    ("epilepsy", "eu", "conflict"),
    ("asthma_uncontrolled", "eu", "conflict"),
    ("asthma_uncontrolled", "us", "consider"),
    ("congenital_long_qt", "eu", "conflict"),
    ("congenital_long_qt", "us", "consider"),
    ("hypersensitivity_aminopyridine", "us", "conflict"),
    ("hypersensitivity_aminopyridine", "eu", "conflict"),
    ("pregnancy", "eu", "conflict"),
    ("pregnancy", "us", "consider"),
    ("lactation", "eu", "consider"),
]


@pytest.mark.parametrize(("fact", "pack", "verdict"), CONTRAINDICATIONS)
def test_contraindications_of_the_chosen_label_dominate(fact: str, pack: str, verdict: str) -> None:
    seizures = {"seizure_history": "unknown"} if fact == "epilepsy" else {}
    facts = {**EXCLUDED, **seizures, fact: "yes"}
    assert _options(facts, pack)["T2"].verdict == verdict


@pytest.mark.parametrize(
    "fact", ["seizure_history", "epilepsy", "hypersensitivity_aminopyridine", "no_other_medicines"]
)
def test_a_contraindication_that_nobody_excluded_leaves_the_option_open(fact: str) -> None:
    assert _options(EXCLUDED)["T2"].verdict == "consider"
    option = _options({**EXCLUDED, fact: "unknown"})["T2"]
    assert option.verdict == "cannot tell"
    assert "Not excluded yet" in option.statement


def test_a_seizure_history_reads_differently_in_the_two_labels() -> None:
    facts = {"seizure_history": "yes", "epilepsy": "no"}
    assert "contraindicates amifampridine (US label)" in _options(facts, "us")["T2"].statement
    assert "specialist review" in _options(facts, "eu")["T2"].statement


def test_a_qt_drug_conflicts_under_the_eu_label_only() -> None:
    facts = {**EXCLUDED, "medicines": [{"name": "citalopram"}]}
    assert _options(facts, "eu")["T2"].verdict == "conflict"
    assert _options(facts, "us")["T2"].verdict == "consider"


@pytest.mark.parametrize("name", ["allopurinol", "febuxostat", "Zyloric 300 mg"])
def test_azathioprine_beside_a_xanthine_oxidase_inhibitor_is_a_marrow_hazard(name: str) -> None:
    option = _options({"medicines": [{"name": name}]})["T4"]
    assert option.severity == "critical"
    assert any("marrow failure" in line for line in option.because)


def test_an_unknown_list_of_medicines_is_asked_for_and_not_taken_as_empty() -> None:
    conflicts = {one["id"]: one["known"] for one in _options({})["T4"].values["conflicts"]}
    assert conflicts["azathioprine-xanthine-oxidase"] == "unknown"
    assert "medicines" in _options({})["T4"].missing
    complete = _options({"no_other_medicines": "yes"})["T4"].values["conflicts"]
    assert "azathioprine-xanthine-oxidase" not in {one["id"] for one in complete}


def test_tpmt_and_nudt15_are_both_checked_before_azathioprine() -> None:
    def thiopurine(facts: dict[str, Any]) -> bool:
        checks = _options(facts)["T4"].values["checks"]
        return next(bool(one["done"]) for one in checks if "TPMT and NUDT15" in one["text"])

    assert not thiopurine({})
    assert not thiopurine({"tpmt_low": "no"})
    assert thiopurine({"tpmt_low": "no", "nudt15_low": "no"})
    assert any("destroy the marrow" in line for line in _options({"nudt15_low": "yes"})["T4"].because)


def test_mycophenolate_and_pregnancy_are_named_together() -> None:
    assert any("teratogenic" in line for line in _options({"sex": "female", "pregnancy": "yes"})["T4"].because)


@pytest.mark.parametrize("fact", ["thrombosis_history", "lung_cancer", "sclc", "other_cancer"])
def test_ivig_warns_of_thrombosis_with_cancer_or_a_clot_before(fact: str) -> None:
    option = _options({fact: "yes"})["T5"]
    assert any("thrombosis" in line for line in option.because)
    assert option.severity == "caution"


def test_immunosuppression_with_a_tumour_needs_oncology() -> None:
    assert any("consent of oncology" in line for line in _options({"sclc": "yes"})["T4"].because)


def test_vaccines_on_immunosuppression_are_inactivated_ones() -> None:
    assert any("No live vaccine" in line for line in _options({"immunosuppressed": "yes"})["T8"].because)


def test_a_checkpoint_inhibitor_is_a_decision_of_the_team() -> None:
    assert _options({"checkpoint_inhibitor": "yes"})["T7"].verdict == "consider now"
    assert _options({"checkpoint_inhibitor": "no", "sclc": "no"})["T7"].verdict == "not on these facts"


def test_what_has_no_source_says_that_it_is_unverified_or_ours() -> None:
    known = catalogue()
    for one in known.evidence.values():
        assert one.source or "unverified" in one.text
    for option in known.options:
        assert option.sources or option.support in ("unverified", "proposal")
        assert option.support != "unverified" or "unverified" in option.text
    for line in (*known.conflicts, *known.checks):
        assert line.sources or "unverified" in line.text or "vaccine" in line.text


def test_no_option_is_a_directive() -> None:
    for option in catalogue().options:
        assert not option.text.lower().startswith(("you must", "give ", "start ", "prescribe"))


def test_a_pack_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="no pack 'usa'"):
        treatment_results(Record(), today=TODAY, pack="usa")


def test_monitoring_is_dated_where_the_start_is_known() -> None:
    facts = {
        "medicines": [
            {"name": "amifampridine", "since": "2025-05-10"},
            {"name": "prednisolone", "since": "2025-05-10"},
            {"name": "azathioprine", "status": "stopped"},
        ]
    }
    record = record_of(facts, today=TODAY)
    eu = {one.values["id"]: one for one in monitoring_results(record, today=TODAY, pack="eu")}
    assert eu["amifampridine-ecg"].values["next"][0] == "2026-05-10"
    assert "amifampridine-seizures" not in eu
    assert "azathioprine-bloods" not in eu
    assert {"prednisone-glucose", "prednisone-bone"} <= set(eu)
    us = {one.values["id"] for one in monitoring_results(record, today=TODAY, pack="us")}
    assert "amifampridine-seizures" in us
    assert "amifampridine-ecg" not in us


def test_a_check_due_today_is_the_next_one() -> None:
    assert next_days(date(2026, 1, 31), every_months=1, today=date(2026, 2, 28), count=2) == (
        date(2026, 2, 28), date(2026, 3, 31),
    )  # fmt: skip
    assert next_days(date(2026, 3, 1), every_months=12, today=date(2026, 2, 1), count=1) == (date(2027, 3, 1),)


FOR_LEMS = ("T2", "T3", "T4", "T5", "T6")


def test_no_option_of_lems_is_offered_where_nobody_knows_whether_it_is_lems() -> None:
    options = _options({**EXCLUDED, "lems_diagnosis": "unknown", "respiratory_weakness": "yes"})
    for name in FOR_LEMS:
        assert options[name].verdict == "cannot tell", name
        assert any("Whether this is LEMS is not known" in line for line in options[name].because)
        assert "lems_diagnosis" in options[name].missing


def test_no_option_of_lems_is_offered_to_a_person_without_the_picture_of_it() -> None:
    facts = {
        **EXCLUDED, "lems_diagnosis": "no", "proximal_weakness": "no", "leg_weakness": "no", "arm_weakness": "no",
        "vgcc_pq_antibody": "yes",
    }  # fmt: skip
    options = _options(facts)
    assert {options[name].verdict for name in FOR_LEMS} == {"not on these facts"}


def test_options_that_wait_for_earlier_steps_to_fail_are_not_offered_now() -> None:
    options = _options(EXCLUDED)
    assert {name: options[name].verdict for name in ("T3", "T4", "T6")} == {
        "T3": "consider", "T4": "later, if needed", "T6": "later, if needed",
    }  # fmt: skip


def test_an_option_says_which_of_its_medicines_is_taken_already() -> None:
    option = _options({**EXCLUDED, "medicines": [{"name": "Mestinon"}]})["T3"]
    assert "On the list of medicines already: pyridostigmine." in option.because
