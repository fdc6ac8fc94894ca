"""Bad forms: each is refused in one sentence that says what came in, what is allowed and the way out."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.clinic.record import conflicts, read_record, record_of
from endplate.clinic.record.reader import LARGEST_BYTES
from endplate.foundation.errors import EndplateError, FileFormatError, InputError, UnitError
from endplate.foundation.records.clinical import Fact, Record

TODAY = date(2026, 6, 1)
FORMS = [
    ("unknown field", "[clinical]\ndry_moth = 'yes'", "did you mean dry_mouth"),
    ("unknown group", "[clinic]\ndry_mouth = 'yes'", "did you mean clinical"),
    ("a group's fact in another group", "[person]\ndry_mouth = 'yes'", "belongs into [clinical]"),
    ("a fact without its heading", "dry_mouth = 'yes'", "below [clinical]"),
    ("a fact of a study for the person", "[measures]\nbefore_mv = 1", "no fact 'before_mv'"),
    ("perhaps", "[clinical]\nptosis = 'maybe'", 'must be "yes", "no" or "unknown"'),
    ("one for yes", "[clinical]\nptosis = 1", 'must be "yes", "no" or "unknown"'),
    ("unknown choice", "[onset]\nfirst_weakness = 'limb'", "Did you mean limbs"),
    ("30 February", "[onset]\nonset_date = '2026-02-30'", "not a day of the calendar"),
    ("30 February, bare", "[onset]\nonset_date = 2026-02-30", "not valid TOML"),
    ("a date in another order", "[onset]\nonset_date = '10.01.2026'", "year-month-day"),
    ("a date of the future", "[onset]\nonset_date = 2026-06-02", "after today (2026-06-01)"),
    ("a date before 1900", "[person]\nbirth_date = 1826-01-01", "before 1900"),
    ("an impossible age", "[person]\nage_years = 190", "between 0 and 120 years"),
    ("a year for an age", "[person]\nage_years = 1965", "belongs into birth_date"),
    ("diagnosis before birth", "[person]\nbirth_date = 1980-01-01\n[onset]\ndiagnosis_date = 1979-01-01",
     "before birth"),
    ("diagnosis before onset", "[onset]\nonset_date = 2020-01-01\ndiagnosis_date = 2019-01-01",
     "before the first weakness"),
    ("scan before birth", "[person]\nbirth_date = 1980-01-01\n[[scans]]\nscan_date = 1970-01-01", "scans 1: scan_date"),
    ("age against date of birth", "[person]\nbirth_date = 1980-01-01\nage_years = 30", "makes it 46"),
    ("pounds, said", "[person]\nweight_kg = '154 lb'", "That is 69.85 kg"),
    ("pounds, not said", "[person]\nweight_kg = 154\nheight_cm = 170", "Is it in pounds (69.9 kg)"),
    ("one weight in pounds", "[person]\nweight_kg = 154\nusual_weight_kg = 72", "Is one in pounds"),
    ("metres for cm", "[person]\nheight_cm = 1.7", "Metres times 100"),
    ("a comma for a point", "[person]\nweight_kg = '70,5'", "Write a point, not a comma"),
    ("not a number", "[person]\nweight_kg = nan", "finite number"),
    ("pressure beyond 200", "[measures]\nmip_cmh2o = 280", "between -200 and 200 cmH2O"),
    ("a fraction of oxygen", "[measures]\nspo2_percent = 0.97", "A fraction times 100"),
    ("a man who is pregnant", "[person]\nsex = 'male'\npregnancy = 'yes'", "sex is male and pregnancy is yes"),
    ("two onset dates", "[onset]\nonset_date = 2020-01-01\nonset_date = 2021-01-01", "stands twice"),
    ("two onsets by age",
     "[person]\nbirth_date = 1960-01-01\n[onset]\nonset_date = 2020-02-01\nage_at_onset_years = 40",
     "two different onset dates"),
    ("cancer and no cancer", "[tumour]\nsclc = 'yes'\nlung_cancer = 'no'", "sclc is yes and lung_cancer is no"),
    ("smokes but never did", "[tumour]\nsmoker_current = 'yes'\nsmoker_ever = 'no'", "One of the two is wrong"),
    ("a titre without a unit", "[serology]\nvgcc_pq_titre = 45", "differ 1000-fold"),
    ("a titre against the antibody",
     "[serology]\nvgcc_pq_antibody = 'no'\nvgcc_pq_titre = 45\nvgcc_pq_upper_limit = 30\nvgcc_pq_titre_unit = 'pmol/L'",
     "means yes"),
    ("kidneys at odds", "[measures]\negfr_ml_min = 12\n[history]\nkidney_impairment = 'none'", "egfr_ml_min is 12"),
    ("nothing before effort", "[[studies]]\nbefore_mv = 0", "no percentage can be taken of 0"),
    ("microvolts for millivolts", "[[studies]]\nbefore_mv = 1600", "uV divided by 1000"),
    ("Fahrenheit", "[[studies]]\nskin_degc = 91", "Fahrenheit"),
    ("a study's unknown field", "[[studies]]\nbefor_mv = 1", "studies 1: no fact 'befor_mv'; did you mean before_mv"),
    ("a table for a list", "[studies]\nbefore_mv = 1", "must be a list of tables"),
    ("mg for mg per kg", "[[medicines]]\nname = 'x'\ndaily_dose_mg = '1 mg/kg'", "Multiply by the weight in kg"),
    ("grams for mg", "[[medicines]]\nname = 'x'\ndaily_dose_mg = '1 g'", "is in mg, got 1 'g'"),
    ("half a dose", "[[medicines]]\nname = 'x'\ndoses_per_day = 2.5", "whole number"),
    ("a medicine without a name", "[[medicines]]\natc = 'N07XX05'", "needs its name"),
    ("a medicine's unknown status", "[[medicines]]\nname = 'x'\nstatus = 'given'", "taken, proposed, stopped"),
    ("a fact's unknown key", "[clinical]\nptosis = { value = 'yes', form = 'letter' }", "no key 'form'"),
    ("a fact without a value", "[clinical]\nptosis = { on = 2026-01-01 }", "a table without a value"),
    ("from a simulation", "[measures]\nmip_cmh2o = { value = 28, simulated = true }", "came from a simulation"),
    ("hidden characters", "label = 'a\u202eb'", "invisible character U+202E"),
    ("control characters", '{"label": "a\\u0000b"}', "invisible character U+0000"),
    ("a very long label", f"label = '{'x' * 5000}'", "holds 5000 characters"),
    ("JSON, a fact twice", '{"onset": {"onset_date": "2020-01-01", "onset_date": "2021-01-01"}}',
     "two values for onset_date"),
    ("JSON, infinity", '{"person": {"weight_kg": Infinity}}', "not a number that a form can hold"),
    ("JSON, cut off", '{"person": {"weight_kg": 70', "not valid JSON"),
    ("JSON, nested without end", '{"a":' * 100_000, "nested too deeply"),
    ("a list instead of a form", "[1, 2]", "not valid TOML"),
    ("a number of ten thousand digits", f"[person]\nweight_kg = {'9' * 10_000}", "weight_kg|TOML"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "form", "says"), FORMS, ids=[case[0] for case in FORMS])
def test_a_bad_form_is_refused_with_the_way_out(case, form, says):
    with pytest.raises(InputError) as refused:
        read_record(form + "\n", today=TODAY)
    sentence = str(refused.value)
    assert any(part in sentence for part in says.split("|")), sentence
    assert "\n" not in sentence
    assert len(sentence) < 600
    assert sentence.endswith((".", "?")), sentence


def test_a_unit_of_another_kind_is_an_error_of_units():
    with pytest.raises(UnitError, match="Convert it to kg first"):
        record_of({"weight_kg": "70 stone"})


def test_a_weight_that_is_right_can_be_said_to_be_right():
    record = record_of({"height_cm": 170, "weight_kg": {"value": 154, "note": "weighed twice"}})
    assert record.number("weight_kg") == 154


def test_every_contradiction_is_named_at_once():
    with pytest.raises(InputError) as refused:
        record_of({"sex": "male", "pregnancy": "yes", "sclc": "yes", "lung_cancer": "no"})
    assert "pregnancy" in str(refused.value)
    assert "lung_cancer" in str(refused.value)


def test_the_checks_work_on_a_record_that_came_from_elsewhere():
    record = Record(facts={"sex": Fact("sex", "male"), "lactation": Fact("lactation", "yes")})
    assert conflicts(record, today=TODAY) == ("sex is male and lactation is yes. One of the two is wrong.",)


def test_simulated_facts_are_read_for_teaching_and_stay_marked():
    form = "[measures]\nmip_cmh2o = { value = 28, simulated = true }\n"
    assert read_record(form, today=TODAY, is_teaching=True).facts["mip_cmh2o"].is_simulated


FILES = [
    ("Latin-1", "label = 'Müller'".encode("latin-1"), "not UTF-8: byte 10 is 0xfc"),
    ("UTF-16", "label = 'x'".encode("utf-16"), "UTF-16"),
    ("far too large", b"#" * (LARGEST_BYTES + 1), "endplate clinic audit"),
    ("a picture", b"\x89PNG\r\n\x1a\n\x00\x00", "not UTF-8"),
]


@pytest.mark.parametrize(("case", "data", "says"), FILES, ids=[case[0] for case in FILES])
def test_a_file_that_is_no_form_is_refused(tmp_path, case, data, says):
    file = tmp_path / "facts.toml"
    file.write_bytes(data)
    with pytest.raises(FileFormatError, match=says):
        read_record(file, today=TODAY)


def test_a_file_that_is_not_there_and_a_folder_are_said(tmp_path):
    with pytest.raises(FileFormatError, match="No such file"):
        read_record(tmp_path / "none.toml", today=TODAY)
    with pytest.raises(FileFormatError, match="is a folder"):
        read_record(tmp_path, today=TODAY)


@settings(max_examples=150)
@given(text=st.text(max_size=200))
def test_no_text_makes_the_reader_fail_in_another_way(text):
    with contextlib.suppress(EndplateError):
        read_record(text + "\n", today=TODAY)


@settings(max_examples=150)
@given(
    name=st.sampled_from(["weight_kg", "onset_date", "sex", "ptosis", "country"]),
    value=st.one_of(
        st.text(max_size=30), st.integers(), st.floats(), st.booleans(), st.none(), st.lists(st.integers(), max_size=2),
        st.dictionaries(st.sampled_from(["value", "on", "source", "x"]), st.text(max_size=5), max_size=3),
    ),
)  # fmt: skip
def test_no_value_makes_a_fact_fail_in_another_way(name, value):
    with contextlib.suppress(EndplateError):
        record_of({name: value}, today=TODAY)


@pytest.mark.parametrize(
    ("text", "verb"),
    [('{"resourceType": "Bundle", "entry": []}', "fhir read"), ('{"phenotypicFeatures": []}', "phenopacket read")],
)
def test_what_another_system_exported_is_refused_with_the_verb_that_reads_it(text, verb):
    with pytest.raises(InputError, match=f"endplate clinic {verb}"):
        read_record(text + "\n", today=TODAY)


def test_a_day_that_no_calendar_has_is_named_as_such():
    with pytest.raises(InputError, match="not in the calendar"):
        read_record("[person]\nbirth_date = 1960-02-30\n", today=TODAY)
