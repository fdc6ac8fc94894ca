"""Anaesthesia: the list follows the record, the train-of-four its own baseline, and a long block calls for LEMS."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.clinic.anaesthesia import PHASES, anaesthesia_checklist, judge_train_of_four, prolonged_block_card
from endplate.clinic.anaesthesia.checklist import items
from endplate.clinic.knowledge.references import references
from endplate.clinic.record import record_of, vocabulary
from endplate.clinic.result import Result
from endplate.foundation.errors import InputError
from endplate.foundation.records.clinical import Medicine, Record

COMPLETE = {"no_other_medicines": "yes"}


def _list(*medicines: str, **facts: str) -> dict[str, Result]:
    record = replace(record_of(facts), medicines=tuple(Medicine(name) for name in medicines))
    return {one.values["item"]: one for one in anaesthesia_checklist(record)}


def test_the_items_of_the_facts_are_all_there() -> None:
    texts = " ".join(one.text.lower() for one in items())
    for word in (
        "vital capacity", "swallowing", "autonomic", "continued until surgery", "intensive", "premedication",
        "regional",
        "rocuronium", "quantitative", "sugammadex", "neostigmine", "magnesium", "temperature", "0.9", "high-dependency",
        "restarted",
    ):  # fmt: skip
        assert word in texts


def test_no_fraction_of_a_usual_dose_is_given() -> None:
    for one in items():
        assert "25" not in one.text
        assert "%" not in one.text


def test_items_stand_in_the_order_of_the_day() -> None:
    phases = [one.values["phase"] for one in anaesthesia_checklist(Record())]
    assert phases == sorted(phases, key=PHASES.index)
    assert set(phases) == set(PHASES)


@pytest.mark.parametrize(
    ("medicines", "facts", "item", "verdict"),
    [
        (("Firdapse",), {}, "amifampridine-timing", "applies"),
        ((), {}, "amifampridine-timing", "cannot tell"),
        ((), COMPLETE, "amifampridine-timing", None),
        (("pyridostigmine",), COMPLETE, "amifampridine-timing", None),
        (("pyridostigmine",), {}, "cholinesterase-inhibitor", "applies"),
        (("prednisone",), {}, "steroid-cover", "applies"),
        (("amifampridine",), {}, "qt-antiemetic", "applies"),
        ((), {"respiratory_weakness": "yes"}, "strengthen", "applies"),
        ((), {"fvc_percent_predicted": "79"}, "strengthen", "applies"),
        ((), {"fvc_percent_predicted": "80"}, "strengthen", "cannot tell"),
        ((), {"sex": "female", "pregnancy": "yes"}, "pregnancy-magnesium", "applies"),
        ((), {"sex": "female"}, "pregnancy-magnesium", "cannot tell"),
        ((), {"sex": "male"}, "pregnancy-magnesium", None),
        ((), {}, "baseline", "applies"),
    ],
)
def test_an_item_follows_the_record_and_an_unknown_keeps_it(
    medicines: tuple[str, ...], facts: dict[str, str], item: str, verdict: str | None
) -> None:
    found = _list(*medicines, **facts).get(item)
    assert (found.verdict if found else None) == verdict


def test_an_item_asks_for_what_is_not_recorded() -> None:
    assert "fvc_percent_predicted" in _list()["breathing"].missing
    assert "fvc_percent_predicted" not in _list(fvc_percent_predicted="70")["breathing"].missing


@pytest.mark.parametrize("one", items(), ids=lambda one: one.id)
def test_every_item_has_source_reason_and_known_facts(one: Any) -> None:
    assert set(one.sources) <= set(references())
    assert one.why
    assert one.evidence
    assert one.rows
    read = {*one.reads, *(one.when.facts() if one.when else ())} - {"medicines"}
    assert read <= set(vocabulary())


def test_every_result_says_that_nobody_reviewed_it_and_what_is_unverified() -> None:
    for one in (*anaesthesia_checklist(Record()), prolonged_block_card()):
        assert one.reviewers == ()
        assert any("No clinician has reviewed" in limit for limit in one.limits)
        if one.severity == "critical":
            assert one.safety_class == "A"
        if one.support == "unverified":
            assert any("nverified" in limit for limit in one.limits)


RATIOS = st.decimals(0, 2, places=2)
KNOWN = st.sampled_from(["yes", "no", "unknown"])


@pytest.mark.parametrize(
    ("ratio", "baseline", "power", "first", "verdict"),
    [
        ("0.7", None, "yes", "yes", "not interpretable"),
        ("0.95", None, "yes", "yes", "not interpretable"),
        ("0.95", "0.7", "yes", "no", "not interpretable"),
        ("0.3", "0", "yes", "yes", "not interpretable"),
        ("0.62", "0.7", "yes", "yes", "not recovered"),
        ("0.63", "0.7", "yes", "yes", "recovered"),
        ("0.64", "0.7", "yes", "yes", "recovered"),
        ("0.63", "0.7", "no", "yes", "not recovered"),
        ("0.63", "0.7", "unknown", "yes", "cannot tell"),
        ("0.63", "0.7", "yes", "unknown", "cannot tell"),
        (None, "0.7", "yes", "yes", "cannot tell"),
        ("0.89", "1", "yes", "yes", "not recovered"),
        ("0.9", "1", "yes", "yes", "recovered"),
    ],
)
def test_the_train_of_four_is_read_against_its_own_baseline(
    ratio: str | None, baseline: str | None, power: Any, first: Any, verdict: str
) -> None:
    result = judge_train_of_four(
        ratio=None if ratio is None else Decimal(ratio), baseline=None if baseline is None else Decimal(baseline),
        clinical_power=power, is_baseline_before_blocker=first,
    )  # fmt: skip
    assert result.verdict == verdict
    assert result.safety_class == "A"


@given(st.none() | RATIOS, st.none() | RATIOS, KNOWN, KNOWN)
def test_recovery_needs_everything_to_be_known(ratio: Any, baseline: Any, power: Any, first: Any) -> None:
    result = judge_train_of_four(ratio=ratio, baseline=baseline, clinical_power=power, is_baseline_before_blocker=first)
    if result.verdict == "recovered":
        assert (power, first) == ("yes", "yes")
        assert ratio >= Decimal("0.9") * baseline > 0


@pytest.mark.parametrize("ratio", ["70", "-0.1", "NaN"])
def test_a_ratio_in_percent_is_refused(ratio: str) -> None:
    with pytest.raises(InputError, match="Divide percent by 100"):
        judge_train_of_four(ratio=Decimal(ratio), baseline=Decimal("0.7"))


def test_the_card_on_a_long_block_names_the_tests_and_the_other_causes() -> None:
    card = prolonged_block_card()
    steps = " ".join(card.values["steps"])
    assert "P/Q" in steps
    assert "10 s of effort" in steps
    assert "no magnesium" in steps
    assert any("Other causes" in limit for limit in card.limits)
    assert card.rows == ("M123",)
