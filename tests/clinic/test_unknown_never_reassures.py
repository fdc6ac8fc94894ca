"""Property: replacing any known fact by unknown never raises certainty and never shortens surveillance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.clinic.conditions import Situation, holds
from endplate.clinic.record import conflicts
from endplate.clinic.respiratory import red_flag_results, respiratory_results
from endplate.clinic.risk import score_deltap, sox1_result
from endplate.clinic.surveillance import schedules
from endplate.clinic.treatment import catalogue, treatment_results
from endplate.foundation.records.clinical import Fact, Record

TODAY = date(2026, 9, 1)
YES_NO = (
    "bulbar_involvement", "dysphagia", "erectile_dysfunction", "smoker_current", "smoker_ever", "sox1_antibody",
    "new_chest_symptoms", "haemoptysis", "hla_8_1", "respiratory_weakness", "fever", "chemotherapy_now", "sclc",
    "lung_cancer", "epilepsy", "seizure_history", "pregnancy", "tpmt_low", "nudt15_low", "thrombosis_history",
)  # fmt: skip
NUMBERS = {
    "weight_loss_percent": (0, 20), "age_at_onset_years": (10, 80), "karnofsky": (10, 100), "weight_kg": (40, 120),
    "usual_weight_kg": (40, 120), "height_cm": (140, 200), "vital_capacity_litre": (1, 5), "mip_cmh2o": (10, 120),
    "mep_cmh2o": (10, 120), "snip_cmh2o": (10, 120), "fvc_percent_predicted": (20, 120), "paco2_mmhg": (30, 60),
    "single_breath_count": (5, 40),
}  # fmt: skip
KINDS = ("ct_chest", "pet", "x_ray", "mri")
RESULTS = ("negative", "positive", "indeterminate")


@st.composite
def records(draw: st.DrawFn) -> Record:
    """A record without contradictions, of any facts that these rules read."""
    facts = {name: draw(st.sampled_from(["yes", "no", None])) for name in YES_NO}
    values: dict[str, object] = {name: value for name, value in facts.items() if value is not None}
    values["sex"] = draw(st.sampled_from(["male", "female", "other"]))
    for name, (low, high) in NUMBERS.items():
        number = draw(st.none() | st.integers(low, high))
        if number is not None:
            values[name] = Decimal(number)
    if draw(st.booleans()):
        values["onset_date"] = date(2025, 6, 1)
    scans = []
    for _ in range(draw(st.integers(0, 3))):
        day = date(2025, 7, 1) + timedelta(days=draw(st.integers(0, 400)))
        row = {"scan_date": day, "kind": draw(st.sampled_from(KINDS)), "result": draw(st.sampled_from(RESULTS))}
        scans.append({name: Fact(name, value) for name, value in row.items()})
    made = {name: Fact(name, value) for name, value in values.items()}  # type: ignore[arg-type]
    return Record(facts=made, scans=tuple(scans))


def _consistent(record: Record) -> bool:
    told_apart = {"smoker_current", "smoker_ever"} <= record.facts.keys()
    if told_apart and record.known("smoker_current") == "yes" and record.known("smoker_ever") == "no":
        return False
    return not conflicts(record, today=TODAY)


def _forget(record: Record, name: str) -> Record:
    return replace(record, facts={key: fact for key, fact in record.facts.items() if key != name})


@st.composite
def forgotten(draw: st.DrawFn) -> tuple[Record, Record]:
    record = draw(records().filter(_consistent))
    name = draw(st.sampled_from(sorted(record.facts)))
    return record, _forget(record, name)


@settings(max_examples=150, deadline=None)
@given(forgotten())
def test_the_score_of_a_forgotten_fact_contains_the_score_before(pair: tuple[Record, Record]) -> None:
    before, after = score_deltap(pair[0]), score_deltap(pair[1])
    assert after.low <= before.low
    assert before.high <= after.high


@settings(max_examples=150, deadline=None)
@given(forgotten())
def test_forgetting_a_fact_never_shortens_surveillance(pair: tuple[Record, Record]) -> None:
    before, after = (schedules(record, today=TODAY) for record in pair)
    for one, other in zip(before, after, strict=True):
        assert one.base == other.base
        if one.base is None:
            continue
        assert len(other.steps) >= len(one.steps)
        assert other.steps[0].due <= one.steps[0].due
        assert other.steps[-1].due >= one.steps[-1].due
        assert not (one.may_stop is None and other.may_stop is not None)


@settings(max_examples=100, deadline=None)
@given(records().filter(_consistent), st.data())
def test_a_scan_that_becomes_unclear_never_ends_or_fulfils_anything(record: Record, data: st.DataObject) -> None:
    if not record.scans:
        return
    index = data.draw(st.integers(0, len(record.scans) - 1))
    name = data.draw(st.sampled_from(["scan_date", "kind", "result"]))
    rows = list(record.scans)
    rows[index] = {key: fact for key, fact in rows[index].items() if key != name}
    unclear = replace(record, scans=tuple(rows))
    for one, other in zip(schedules(record, today=TODAY), schedules(unclear, today=TODAY), strict=True):
        assert not (one.may_stop is None and other.may_stop is not None)
        assert other.base is None or one.base is None or other.base >= one.base


@settings(max_examples=100, deadline=None)
@given(forgotten())
def test_forgetting_a_fact_never_takes_a_breathing_flag_back_to_normal(pair: tuple[Record, Record]) -> None:
    before, after = (respiratory_results(record, today=TODAY) for record in pair)
    for one, other in zip(before, after, strict=True):
        assert not (other.verdict == "no flag" and one.verdict != "no flag")


@settings(max_examples=60, deadline=None)
@given(forgotten())
def test_forgetting_a_fact_never_decides_a_red_flag_or_an_option(pair: tuple[Record, Record]) -> None:
    for audience in ("patient", "clinician"):
        flags = [red_flag_results(record, audience=audience) for record in pair]  # type: ignore[arg-type]
        for one, other in zip(*flags, strict=True):
            assert one.verdict == other.verdict or other.verdict == "cannot tell"
    before, after = (treatment_results(record, today=TODAY) for record in pair)
    for one, other in zip(before, after, strict=True):
        assert other.verdict != "not on these facts" or one.verdict == "not on these facts"
        if one.verdict in ("conflict", "cannot tell"):
            assert other.verdict in (one.verdict, "cannot tell")


@given(st.floats(0, 1))
def test_an_unknown_sox_test_gives_no_post_test(prior: float) -> None:
    result = sox1_result(Record(), prior=prior)
    assert (result.verdict, result.values["post_test"]) == ("cannot tell", None)
    assert result.values["if_negative"] <= prior + 1e-12 <= result.values["if_positive"] + 2e-12


def test_a_conflict_about_which_nothing_is_known_is_unknown_and_not_absent() -> None:
    nothing = Situation(Record(), is_list_known=False)
    assert {holds(one.condition, nothing) for one in catalogue().conflicts} == {"unknown"}
