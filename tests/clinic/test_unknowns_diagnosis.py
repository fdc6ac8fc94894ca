"""Property: taking a known fact away never makes any rule of diagnosis, electrodiagnosis or differential surer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from endplate.clinic.diagnosis import diagnosis_results
from endplate.clinic.differential import mg_that_may_be_lems, other_diagnoses, pointers, rows
from endplate.clinic.electrodiagnosis import electrodiagnosis_results
from endplate.clinic.record import conflicts, groups
from endplate.foundation.records.clinical import Fact, Record

DAY = date(2026, 6, 1)
PICTURE = ("proximal_weakness", "reflexes_reduced", "dry_mouth", "autonomic_signs", "fluctuating_weakness")
CAUSES = ("botulism", "magnesium_excess", "aminoglycoside_exposure", "blocker_exposure")
RULES_READ = (
    "vgcc_pq_antibody",
    "sox1_antibody",
    "achr_antibody",
    "sclc",
    "lung_cancer",
    "mg_diagnosis",
    "lems_diagnosis",
)
OTHERS = [
    one for group in ("person", "onset", "clinical", "tumour", "serology", "history")
    for one in groups()[group].values()
    if one.kind in ("yes-no", "choice") and one.id not in (*PICTURE, *RULES_READ)
]  # fmt: skip
AMPLITUDES = ["0.2", "0.3", "1.0", "1.39", "1.4", "1.6", "1.61", "2.0", "2.5", "9"]
# the first of each list is of good technique: a study begins so, and a few of its facts are then changed or taken away
STUDY = {
    "before_mv": AMPLITUDES[2:], "after_mv": AMPLITUDES[2:][::-1], "first_mv": ["2.0", "0.2", "1.0"],
    "fourth_mv": ["1.8", "1.79", "1.81"], "low_rate_hz": ["3", "5", "9"], "high_rate_first_mv": ["1.0", "0.2"],
    "high_rate_largest_mv": ["1.61", "1.2", "2.5"], "high_rate_hz": ["30", "20", "50"], "effort_s": ["10", "60"],
    "delay_after_effort_s": ["3", "9"], "rest_before_s": ["150", "60"], "skin_degc": ["33", "31"],
    "lower_limit_mv": ["6", "0.5"], "before_area_mvms": ["6"], "after_area_mvms": ["12", "6.5"],
    "before_duration_ms": ["8"], "after_duration_ms": ["9", "7"], "amifampridine_hours_since": ["13", "4"],
    "supramaximal": ["yes", "no"], "intensity_equal": ["yes", "no"], "effort_maximal": ["yes", "no"],
    "on_amifampridine": ["no", "yes"], "on_pyridostigmine": ["no", "yes"], "after_immunotherapy": ["no", "yes"],
    "laboratory": ["ours", "czech-2014"], "muscle": ["adm", "apb"],
}  # fmt: skip
NUMBERS = {name for name, entry in groups()["study"].items() if entry.kind == "number"}
# what a verdict may become when less is known; what is not listed may only stay, or become "cannot tell"
WEAKER = {
    "endplate-grade": {"definite": {"probable", "possible"}, "probable": {"possible"}},
    "aaem-2001": {"supports": {"in between"}},
    "mg-that-may-be-lems": {"not applicable": {"no pointer"}},
    # the pointer goes with the fact; that the cause was ruled out was said beside it, and rests on another fact
    "other-diagnoses": {"pointer found": {"ruled out"}},
}


@st.composite
def studies(draw):
    found = {name: values[0] for name, values in STUDY.items()}
    for name in draw(st.lists(st.sampled_from(sorted(STUDY)), max_size=5, unique=True)):
        found[name] = draw(st.sampled_from([*STUDY[name], None]))
    return {
        name: Fact(name, Decimal(value) if name in NUMBERS else value)
        for name, value in found.items() if value is not None
    }  # fmt: skip


@st.composite
def records(draw):
    facts = {}
    for names, words in ((PICTURE, ("yes", "yes", None, "no")), (CAUSES, ("no", "no", "no", "yes", None)),
                         (RULES_READ, ("yes", "no", None))):  # fmt: skip
        for name in names:
            word = draw(st.sampled_from(words))
            if word is not None:
                facts[name] = Fact(name, word)
    for one in draw(st.lists(st.sampled_from(OTHERS), unique_by=lambda one: one.id, max_size=8)):
        facts[one.id] = Fact(one.id, draw(st.sampled_from(one.choices or ("yes", "no"))))
    if draw(st.booleans()):
        facts["onset_date"] = Fact("onset_date", draw(st.sampled_from([date(2023, 1, 1), date(2026, 1, 1)])))
    return Record(facts=facts, studies=tuple(draw(st.lists(studies(), max_size=2))))


def _without(record, draw):
    """Take one known fact away: of the person, or of one study."""
    places = [(None, name) for name in record.facts]
    places += [(number, name) for number, row in enumerate(record.studies) for name in row]
    number, name = draw(st.sampled_from(sorted(places, key=str)))
    if number is None:
        return name, replace(record, facts={key: fact for key, fact in record.facts.items() if key != name})
    rows_left = [dict(row) for row in record.studies]
    del rows_left[number][name]
    return name, replace(record, studies=tuple(rows_left))


def _verdicts(record):
    """Return every verdict by rule and place, and the single answers behind them."""
    found = {}
    for result in (*diagnosis_results(record, today=DAY), mg_that_may_be_lems(record)):
        found[result.rule, ""] = result.verdict
    for result in other_diagnoses(record):
        found[result.rule, result.values["id"]] = result.verdict
    for result in electrodiagnosis_results(record):
        found[result.rule, result.values.get("study", "")] = result.verdict
        for one in result.values.get("rules", ()):
            found[one["rule"], result.rule, result.values["study"]] = one["verdict"]
    for name, answer in pointers(record).items():
        found["pointer", name] = answer
    for row in rows(record):
        found["row", row.id] = row.seen
    return found


@settings(max_examples=300)
@given(data=st.data())
def test_taking_a_known_fact_away_never_makes_any_rule_surer(data):
    record = data.draw(records())
    assume(not conflicts(record, today=DAY))
    name, less = _without(record, data.draw)
    before, after = _verdicts(record), _verdicts(less)
    for key, verdict in after.items():
        if verdict in ("cannot tell", "unknown") or key not in before:
            # a row or a result that was not there must not appear with an answer
            assert key in before or key[0] == "row" or verdict in ("cannot tell", "unknown"), (name, key, verdict)
            continue
        allowed = {before[key]} | WEAKER.get(key[0], {}).get(before[key], set())
        assert verdict in allowed, (name, key, before[key], verdict)


@settings(max_examples=100)
@given(record=records())
def test_an_antibody_is_never_enough_for_lems(record):
    assume(not conflicts(record, today=DAY))
    alone = Record(
        facts={name: fact for name, fact in record.facts.items() if fact.name in ("vgcc_pq_antibody", "sex")}
    )
    verdicts = {key[0]: verdict for key, verdict in _verdicts(alone).items()}
    assert verdicts["endplate-grade"] == "cannot tell"
    assert "met" not in verdicts.values()


@settings(max_examples=100)
@given(record=records())
def test_a_fact_that_nobody_confirmed_counts_as_unknown(record):
    unconfirmed = Record(
        facts={name: replace(fact, is_confirmed=False) for name, fact in record.facts.items()},
        studies=tuple(
            {name: replace(fact, is_confirmed=False) for name, fact in row.items()} for row in record.studies
        ),
    )
    for key, verdict in _verdicts(unconfirmed).items():
        assert verdict in ("cannot tell", "unknown"), key
