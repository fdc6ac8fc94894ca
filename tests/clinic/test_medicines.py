"""Medicines: names and codes are recognised or not at all, unknown is not safe, and the data are what they claim."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.clinic.knowledge.references import references
from endplate.clinic.medicines import check_medicines, find_substance, nearest_name, recognise, substances
from endplate.clinic.medicines.catalogue import GRADES, read_substances
from endplate.clinic.medicines.interactions import LABELS, interactions, named_lists, read_interactions
from endplate.clinic.record import record_of, vocabulary
from endplate.foundation.errors import DataError, UnknownNameError
from endplate.foundation.records.clinical import Fact, Medicine, Record

NAMES = [one.name for one in substances()]
CONDITIONAL = [one.name for one in substances() if one.group.gradings]
READ = sorted(
    {name for one in substances() for grading in one.group.gradings for name in grading.when.facts()}
    - {"route", "indication", "status", "medicines"}
)


def _check(*names: str, pack: str | None = None, **facts: str) -> Any:
    record = replace(record_of(facts), medicines=tuple(Medicine(name) for name in names))
    return check_medicines(record, pack=pack)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Gentamicin", "gentamicin"),
        ("gentamicin sulphate 80 mg i.v.", "gentamicin"),
        ("GARAMYCIN", "gentamicin"),
        ("Firdapse 10 mg tablets", "amifampridine"),
        ("3,4-DAP", "amifampridine"),
        ("dalfampridine", "fampridine"),
        ("3,4-diaminopyridine 10 mg", "amifampridine"),
        ("4-aminopyridine 10mg twice daily", "fampridine"),
        ("Amifampridine phosphate (Firdapse)", "amifampridine"),
        ("gentamicin (verapamil)", None),
        ("Paracetamol, 500 mg", "paracetamol"),
        ("polymyxin B 500,000 units", "polymyxin b"),
        ("acetaminophen 500mg", "paracetamol"),
        ("succinylcholine", "suxamethonium"),
        ("sodium valproate 500 mg bd", "valproate"),
        ("Magnesium sulfate 2 g iv", "magnesium sulfate"),
        ("  Mestinon  ", "pyridostigmine"),
        ("ciclosporin", "ciclosporin"),
        ("cyclosporine", "ciclosporin"),
        ("cortisol", None),
        ("", None),
    ],
)
def test_a_name_is_recognised_as_people_write_it(written: str, name: str | None) -> None:
    found = find_substance(written)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("medicine", "name", "how"),
    [
        (Medicine("an antibiotic", atc="J01GB03"), "gentamicin", "ATC"),
        (Medicine("something", rxnorm="2551"), "ciprofloxacin", "RxNorm"),
        (Medicine("dibekacin", atc="J01GB09"), "dibekacin", "class by ATC"),
        (Medicine("Gentamicin", atc="J01GB03"), "gentamicin", "name"),
    ],
)
def test_a_code_is_recognised_where_the_name_is_not(medicine: Medicine, name: str, how: str) -> None:
    found = recognise(medicine)
    assert found.substance is not None
    assert (found.substance.name, found.how) == (name, how)


def test_a_member_of_a_class_that_is_not_listed_takes_the_grade_of_its_class() -> None:
    (found,) = check_medicines(Record(medicines=(Medicine("dibekacin", atc="J01GB09"),)))
    assert found.verdict == "B"
    assert any("its name is not listed" in line for line in found.because)


def test_a_name_and_a_code_that_disagree_are_both_judged() -> None:
    record = Record(medicines=(Medicine("paracetamol", atc="M03AX01"),))
    found = check_medicines(record)
    assert {one.values["substance"] for one in found} == {"paracetamol", "botulinum toxin"}
    assert found[0].severity == "critical"
    assert all(any("both are judged" in line for line in one.because) for one in found)


@pytest.mark.parametrize(
    ("written", "offered"),
    [("gentamicine", "gentamicin"), ("amifampridin", "amifampridine"), ("verapamill", "verapamil")],
)
def test_a_misspelt_medicine_is_offered_and_never_taken_for_the_right_one(written: str, offered: str) -> None:
    (found,) = _check(written)
    assert (found.verdict, found.severity) == ("unknown", "warning")
    assert f"Did you mean {offered}" in found.statement
    assert "unknown is not safe" in found.statement


def test_an_unknown_medicine_says_so_without_a_guess() -> None:
    (found,) = _check("xyzzy")
    assert found.verdict == "unknown"
    assert "Did you mean" not in found.statement
    assert nearest_name("xyzzy") == ""


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_the_check_and_each_gets_one_answer_at_least(text: str) -> None:
    found = check_medicines(Record(medicines=(Medicine(text),)))
    assert found
    assert all(one.statement and one.limits for one in found)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(CONDITIONAL), min_size=1, max_size=4, unique=True),
    st.dictionaries(st.sampled_from(READ), st.sampled_from(["yes", "no", "20", "95"]), min_size=1),
    st.sampled_from([None, "us", "eu"]),
    st.data(),
)
def test_forgetting_a_fact_never_takes_a_grade_away(
    names: list[str], answers: dict[str, str], pack: str | None, data: st.DataObject
) -> None:
    known = vocabulary()
    facts = {}
    for name, answer in answers.items():
        is_number = known[name].kind == "number"
        if is_number == answer.isdigit() and name != "sex":
            facts[name] = answer
    record = replace(record_of(facts), medicines=tuple(Medicine(name) for name in names))
    if not record.facts:
        return
    gone = data.draw(st.sampled_from(sorted(record.facts)))
    less = replace(record, facts={name: fact for name, fact in record.facts.items() if name != gone})
    before, after = (
        {
            one.values["substance"]: set(one.values["possible_grades"])
            for one in check_medicines(each, pack=pack)
            if one.values["kind"] == "hazard"
        }
        for each in (record, less)
    )
    for name, grades in before.items():
        assert GRADES.index(min(after[name], key=GRADES.index)) <= GRADES.index(min(grades, key=GRADES.index))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5), st.randoms())
def test_the_order_of_the_list_changes_nothing(names: list[str], random: Any) -> None:
    shuffled = list(names)
    random.shuffle(shuffled)
    one, other = (_check(*each, pack="eu") for each in (names, shuffled))
    assert sorted((r.rule, r.verdict) for r in one) == sorted((r.rule, r.verdict) for r in other)


def test_the_most_serious_comes_first() -> None:
    order = ["critical", "warning", "caution", "info"]
    found = [order.index(one.severity) for one in _check("paracetamol", "amlodipine", "gentamicin", "botox")]
    assert found == sorted(found)


def test_every_label_is_shown_when_no_pack_is_chosen() -> None:
    found = [one for one in _check("amifampridine", "ondansetron") if one.rule == "amifampridine-qt"]
    assert len(found) == 1
    assert set(found[0].values["packs"]) == set(LABELS)
    assert found[0].jurisdiction == "EU/UK/CH"


def test_a_pack_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="did you mean"):
        check_medicines(Record(), pack="eur")


@pytest.mark.parametrize("one", substances(), ids=lambda one: one.name)
def test_every_substance_has_its_minimum_information(one: Any) -> None:
    group = one.group
    for text in (group.consequence, group.seriousness, group.mechanism, group.action, one.evidence, group.where):
        assert text
    assert group.rows
    assert set(group.sources) <= set(references())
    assert all(row.startswith("M") and row[1:].isdigit() for row in group.rows)
    (found,) = [r for r in _check(one.name) if r.values["substance"] == one.name]
    assert found.values["consequence"]
    assert found.reviewers == ()
    assert any("No clinician has reviewed" in limit for limit in found.limits)
    if found.support == "unverified":
        assert "unverified" in found.statement.lower()
    if "A" in found.values["possible_grades"]:
        assert found.safety_class == "A"


def test_about_two_hundred_substances_with_the_classes_of_the_facts_are_known() -> None:
    named = (
        "botulinum toxin", "telithromycin", "suxamethonium", "rocuronium", "magnesium sulfate", "penicillamine",
        "fampridine", "gentamicin", "ciprofloxacin", "erythromycin", "colistin", "clindamycin", "quinine", "quinidine",
        "procainamide", "verapamil", "propranolol", "timolol", "nivolumab", "lithium", "iodinated contrast", "morphine",
        "diazepam", "phenobarbital", "prednisone", "simvastatin", "phenytoin", "gabapentin", "diphenhydramine",
        "furosemide", "lidocaine", "chloroquine", "bupropion", "tramadol", "amitriptyline", "clozapine",
        "theophylline", "donepezil", "pyridostigmine", "pilocarpine", "paracetamol", "sugammadex", "azathioprine",
        "allopurinol", "febuxostat", "mycophenolate", "ondansetron", "citalopram", "digoxin", "ciclosporin",
    )  # fmt: skip
    assert [name for name in named if find_substance(name) is None] == []
    assert len(substances()) >= 120


def test_a_code_that_nobody_checked_says_unverified() -> None:
    checked = {one.name for one in substances() if one.atc_verified_on}
    assert "amifampridine" in checked
    (found,) = _check("gentamicin")
    assert found.values["atc_verified_on"] == ""
    assert "The ATC code shown is unverified." in found.limits


@pytest.mark.parametrize("one", interactions(), ids=lambda one: one.id)
def test_every_interaction_has_its_minimum_information(one: Any) -> None:
    for text in (one.consequence, one.seriousness, one.mechanism, one.action, one.evidence, one.where, one.version):
        assert text
    assert set(one.sources) <= set(references())
    assert set(one.elsewhere) <= set(LABELS) - set(one.packs)


def test_the_named_lists_are_dated_and_say_where_each_name_comes_from() -> None:
    for named in named_lists().values():
        assert named.version
        assert named.valid_from
        assert set(named.members.values()) <= {"leaflet", "review", "general"}
    (found,) = [one for one in _check("amifampridine", "warfarin", pack="eu") if one.rule.endswith("narrow-window")]
    assert found.support == "unverified"
    assert "unverified" in found.statement


GROUP = """
[group]
name = "a group"
grade = "B"
consequence = "x"
seriousness = "serious"
mechanism = "x"
action = "x"
evidence = "LEMS"
sources = ["Known"]
where = "x"
checked = "none"
support = "published"
rows = ["M001"]
substances = [{ name = "one" }]
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('sources = ["Known"]', "sources = []", "names no source"),
        ('sources = ["Known"]', 'sources = ["Other"]', "not in references.json"),
        ('grade = "B"', 'grade = "D"', "grade 'D' is not one of"),
        ('evidence = "LEMS"', 'evidence = "hearsay"', "evidence 'hearsay'"),
        ('name = "a group"', 'nme = "a group"', "missing name; unknown nme"),
        ('{ name = "one" }', '{ name = "one" }, { name = "two", also = ["one"] }', "stands for one and for two"),
        ("[group]", "[group", "not valid TOML"),
        (
            "substances = [{ name",
            'grades = [{ grade = "A", when = { fct = "x" }, reason = "y" }]\nsubstances = [{ name',
            "no condition",
        ),
    ],
)
def test_data_that_cannot_be_trusted_are_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    (tmp_path / "one.toml").write_text(GROUP.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=says):
        read_substances(tmp_path, known=frozenset({"Known"}))


def test_an_interaction_of_an_unknown_tag_is_refused() -> None:
    with pytest.raises(DataError, match="missing"):
        read_interactions("[one]\ntitle = 'x'", known=frozenset())


def test_a_simulated_or_unconfirmed_number_lowers_no_grade() -> None:
    fact = Fact("fvc_percent_predicted", None, is_confirmed=False)
    facts = {**record_of({"respiratory_weakness": "no"}).facts, "fvc_percent_predicted": fact}
    (found,) = check_medicines(Record(facts=facts, medicines=(Medicine("morphine"),)))
    assert found.verdict == "B"


@pytest.mark.parametrize(("group", "member"), [("aminoglycosides", "gentamicin"), ("beta blocker", "propranolol")])
def test_a_group_is_asked_for_its_medicine_and_stays_unknown(group: str, member: str) -> None:
    (found,) = check_medicines(Record(medicines=(Medicine(group),)), pack="eu")
    assert found.verdict == "unknown"
    assert member in found.statement


@pytest.mark.parametrize("other", ["calcium", "vancomycin"])
def test_another_medicine_is_not_mistaken_for_a_near_name_or_a_group(other: str) -> None:
    (found,) = check_medicines(Record(medicines=(Medicine(other),)), pack="eu")
    assert found.statement.endswith("unknown is not safe.")
