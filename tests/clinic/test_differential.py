"""LEMS against myasthenia gravis, other explanations, and the audit of one record and of lists."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from endplate.clinic.differential import (
    audit_list,
    differential_results,
    mg_or_lems,
    mg_that_may_be_lems,
    other_diagnoses,
    others,
    pointers,
    rows,
)
from endplate.clinic.record import example, examples, record_of
from endplate.foundation.errors import FileFormatError, InputError, OutputError
from tests.clinic.study import with_study

TODAY = date(2026, 6, 1)
MG = {"mg_diagnosis": "yes"}


def _row(name, record):
    return next(row for row in rows(record) if row.id == name)


# what is known, the row, seen, favours, likelihood ratio for LEMS
TABLE = [
    ({"first_weakness": "limbs"}, "first-limbs", "yes", "LEMS", 7.97),
    ({"first_weakness": "ocular"}, "first-ocular", "yes", "MG", 0.022),
    ({"first_weakness": "bulbar"}, "first-bulbar", "yes", "MG", 0.183),
    ({"first_weakness": "other"}, "first-limbs", "no", "neither", None),
    ({"worst_weakness": "limbs and oculobulbar"}, "worst-without-limbs", "no", "LEMS", 1.40),
    ({"worst_weakness": "oculobulbar"}, "worst-without-limbs", "yes", "MG", 0.043),
    ({"limbs_at_worst": "arms only"}, "arms-only", "yes", "MG", None),
    ({"spread": "upward"}, "spread", "yes", "LEMS", None),
    ({"spread": "downward"}, "spread", "no", "MG", None),
    ({"spread": "other"}, "spread", "no", "neither", None),
    ({"reflexes_reduced": "yes"}, "reflexes", "yes", "LEMS", None),
    ({"dry_mouth": "yes"}, "autonomic", "yes", "LEMS", None),
    ({"achr_antibody": "yes"}, "receptor-antibody", "yes", "MG", None),
    ({"achr_antibody": "no", "musk_antibody": "no"}, "receptor-antibody", "no", "neither", None),
]


@pytest.mark.parametrize(("facts", "name", "seen", "favours", "ratio"), TABLE)
def test_each_finding_favours_one_disease_by_a_ratio_of_one_source(facts, name, seen, favours, ratio):
    row = _row(name, record_of(facts))
    assert (row.seen, row.favours) == (seen, favours)
    assert (row.ratio is None) == (ratio is None)
    if ratio is not None:
        assert row.ratio.value == pytest.approx(ratio, rel=0.02)
        assert row.source == "Wirtz2002"


def test_the_increment_row_takes_the_ratio_against_myasthenia_and_not_that_against_others():
    record = with_study(before_mv="1.0", after_mv="2.5")
    assert _row("increment", record).ratio.value == pytest.approx(130.5, abs=0.1)
    assert _row("increment", record_of({})).ratio is None


def test_a_first_weakness_is_one_finding_and_counts_once():
    found = [row.id for row in rows(record_of({"first_weakness": "limbs"})) if row.id.startswith("first-")]
    assert found == ["first-limbs"]


def test_the_table_gives_no_probability_and_multiplies_nothing():
    result = mg_or_lems(example("mg-that-is-lems"))
    assert result.verdict == "see the table"
    assert "probability" not in result.values
    assert any("not multiplied" in limit for limit in result.limits)
    assert mg_or_lems(record_of({})).verdict == "cannot tell"


def test_rows_without_a_source_are_marked_unverified():
    for row in rows(record_of({})):
        assert row.source or row.support == "unverified"


# pointers, one at a time, and what the audit says of a person with MG
POINTERS = [
    ("legs first", {"first_weakness": "limbs", "first_limb": "legs"}),
    ("reduced reflexes", {"reflexes_reduced": "yes"}),
    ("autonomic signs", {"constipation": "yes"}),
    ("lung cancer", {"lung_cancer": "yes"}),
    ("lung cancer", {"sclc": "yes"}),
]


@pytest.mark.parametrize(("pointer", "facts"), POINTERS)
def test_any_one_pointer_is_enough_for_a_second_look(pointer, facts):
    result = mg_that_may_be_lems(record_of({**MG, **facts}))
    assert (result.verdict, result.values["carried"]) == ("look again", [pointer])
    assert mg_that_may_be_lems(record_of(facts)).verdict == "cannot tell"
    assert mg_that_may_be_lems(record_of({"mg_diagnosis": "no", **facts})).verdict == "not applicable"


@pytest.mark.parametrize(("after", "answer"), [("1.24", "unknown"), ("1.25", "yes"), ("1.26", "yes")])
def test_an_increment_of_25_per_cent_is_a_pointer(after, answer):
    assert pointers(with_study(MG, before_mv="1.00", after_mv=after))["increment of 25 % or more"] == answer


def test_a_receptor_antibody_does_not_exclude():
    result = mg_that_may_be_lems(record_of({**MG, "achr_antibody": "yes", "reflexes_reduced": "yes"}))
    assert result.verdict == "look again"
    assert any("does not exclude LEMS" in line for line in result.because)


def test_no_pointer_needs_every_pointer_to_be_known():
    facts = {"first_weakness": "ocular", "reflexes_reduced": "no", "autonomic_signs": "no", "lung_cancer": "no"}
    assert mg_that_may_be_lems(record_of({**MG, **facts})).verdict == "cannot tell"
    study = {
        "before_mv": "9.0", "after_mv": "9.1", "high_rate_first_mv": "9.0", "high_rate_largest_mv": "9.1",
        "high_rate_hz": "50", "lower_limit_mv": "6", "laboratory": "ours",
    }  # fmt: skip
    assert mg_that_may_be_lems(with_study(MG, facts, **study)).verdict == "no pointer"


def test_every_other_explanation_has_a_pivot_and_is_marked_unverified():
    assert {
        "botulism", "congenital-myasthenic-syndrome", "myositis", "polymyalgia-or-statin", "neuropathy",
        "motor-neuron-disease", "magnesium", "thyroid", "overlap", "checkpoint-inhibitor", "lumbar-stenosis",
        "deconditioning", "medicine-effect", "aminopyridine-tingling",
    } <= set(others())  # fmt: skip
    for result in other_diagnoses(record_of({})):
        assert result.support == "unverified"
        assert "unverified" in result.statement
        assert len(result.values["pivot"]) > 20


# synthetic person, explanation that must be among those with a pointer
THINK = [
    ("child", "congenital-myasthenic-syndrome"),
    ("intensive-care-after-blocker", "medicine-effect"),
    ("intensive-care-after-blocker", "magnesium"),
    ("checkpoint-inhibitor", "checkpoint-inhibitor"),
    ("cerebellar-degeneration", "cerebellar-degeneration"),
    ("achr-and-pq-positive", "overlap"),
    ("antibody-only", "deconditioning"),
]


@pytest.mark.parametrize(("name", "explanation"), THINK)
def test_a_synthetic_person_points_to_what_its_story_tells(name, explanation):
    found = {one.values["id"]: one.verdict for one in other_diagnoses(example(name))}
    assert found[explanation] == "pointer found"


def test_a_cause_that_was_ruled_out_is_said_beside_its_pointer():
    result = next(
        one for one in other_diagnoses(record_of({"onset_gradual": "no", "botulism": "no"}))
        if one.values["id"] == "botulism"
    )  # fmt: skip
    assert "ruled out by what was given" in result.statement


@pytest.mark.parametrize(("onset", "verdict"), [("2017-12-31", "pointer found"), ("2018-01-01", "cannot tell")])
def test_a_child_is_found_by_its_dates_of_birth_and_onset(onset, verdict):
    record = record_of({"birth_date": "2000-01-01", "onset_date": onset})
    found = {one.values["id"]: one.verdict for one in other_diagnoses(record)}
    assert found["congenital-myasthenic-syndrome"] == verdict


@pytest.mark.parametrize("name", sorted(examples()))
def test_every_result_of_the_differential_names_rows_and_limits(name):
    for result in differential_results(example(name)):
        assert result.rows
        assert result.limits


LIST = """id,mg_diagnosis,first_weakness,first_limb,reflexes_reduced,before_mv,after_mv
A1,yes,limbs,legs,,,
A2,yes,ocular,,no,,
A3,no,limbs,legs,yes,,
A4,yes,,,,1.0,1.3
A5,yes,arms,,,,

A6,yes,,,maybe,,
A7,yes,limbs
=cmd(),yes,,,yes,,
"""


def _audited(tmp_path, text, **options):
    source, out = tmp_path / "list.csv", tmp_path / "out.csv"
    source.write_text(text, encoding="utf-8")
    counts = audit_list(source, out, today=TODAY, **options)
    with out.open(encoding="utf-8", newline="") as stream:
        return counts, list(csv.DictReader(stream))


def test_the_audit_of_a_list_loses_no_row_and_goes_on_after_a_bad_one(tmp_path):
    counts, found = _audited(tmp_path, LIST)
    assert [row["verdict"] for row in found] == [
        "look again", "cannot tell", "not applicable", "look again", "unreadable", "unreadable", "unreadable",
        "look again",
    ]  # fmt: skip
    assert [row["id"] for row in found][:7] == ["A1", "A2", "A3", "A4", "A5", "A6", "A7"]
    assert (counts.rows, counts.unreadable) == (8, 3)
    assert "did you mean" in found[4]["note"].lower() or "must be one of" in found[4]["note"]
    assert "3 cells, the header 7" in found[6]["note"]
    assert found[3]["pointers"] == "increment of 25 % or more"
    assert "lung cancer" in found[1]["not_known"]


def test_no_cell_of_the_result_is_a_formula(tmp_path):
    assert _audited(tmp_path, LIST)[1][-1]["id"] == "'=cmd()"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_lists_with_other_delimiters_and_a_byte_order_mark_are_read(tmp_path, delimiter):
    counts, found = _audited(tmp_path, "\ufeff" + LIST.replace(",", delimiter))
    assert (counts.rows, found[0]["verdict"]) == (8, "look again")


def test_a_contradiction_in_a_row_is_told_in_its_note(tmp_path):
    text = "id,mg_diagnosis,sclc,lung_cancer\nA,yes,yes,no\n"
    assert "sclc is yes and lung_cancer is no" in _audited(tmp_path, text)[1][0]["note"]


HEADERS = [
    ("mg_diagnosis\nyes\n", "no column 'id'"),
    ("id,mg_diagnosi\nA,yes\n", "did you mean mg_diagnosis"),
    ("id,ptosis,ptosis\nA,yes,no\n", "stands twice"),
    ("id,scan_date\nA,2020-01-01\n", "no fact 'scan_date'"),
    ("", "is empty"),
]


@pytest.mark.parametrize(("text", "says"), HEADERS)
def test_a_header_that_cannot_be_right_is_refused_and_nothing_is_written(tmp_path, text, says):
    with pytest.raises(InputError, match=says):
        _audited(tmp_path, text)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["list.csv"]


def test_a_column_can_be_left_aside_by_name(tmp_path):
    counts, _ = _audited(tmp_path, "id,ward,reflexes_reduced,mg_diagnosis\nA,7,yes,yes\n", ignore=["ward"])
    assert counts.verdicts == {"look again": 1}


def test_a_list_in_another_encoding_is_refused_in_a_sentence(tmp_path):
    file = tmp_path / "list.csv"
    file.write_bytes("id,country\nMüller,DE\n".encode("latin-1"))
    with pytest.raises(FileFormatError, match="not UTF-8"):
        audit_list(file, tmp_path / "out.csv", ignore=["country"])
    assert not (tmp_path / "out.csv").exists()


def test_the_list_that_is_read_is_never_written(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="utf-8")
    with pytest.raises(OutputError, match="Choose another name"):
        audit_list(file, file)
    assert file.read_text(encoding="utf-8") == LIST


def test_a_quotation_mark_left_open_is_refused(tmp_path):
    text = 'id,mg_diagnosis\n"A,yes\n' + "x" * 200_000
    with pytest.raises(FileFormatError, match="quotation mark"):
        _audited(tmp_path, text)


def test_a_list_is_read_row_by_row_and_never_held_whole(tmp_path):
    import tracemalloc

    file = tmp_path / "list.csv"
    with file.open("w", encoding="utf-8") as stream:
        stream.write("id,mg_diagnosis,reflexes_reduced\n")
        stream.writelines(f"P{number},yes,no\n" for number in range(3000))
    audit_list(file, tmp_path / "warm.csv", today=TODAY)
    tracemalloc.start()
    audit_list(file, tmp_path / "out.csv", today=TODAY)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000  # three thousand results of some kB each would be ten times that


def test_a_cause_that_was_ruled_out_is_not_told_as_open():
    facts = {"magnesium_excess": "no"}
    (found,) = [one for one in other_diagnoses(record_of(facts)) if one.values["id"] == "magnesium"]
    assert (found.verdict, found.missing) == ("ruled out", ())
    (asked,) = [one for one in other_diagnoses(record_of({})) if one.values["id"] == "magnesium"]
    assert asked.verdict == "cannot tell"
