"""The vocabulary, the form in its three shapes, and what follows from facts."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from datetime import date
from decimal import Decimal

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.clinic.record import (
    age_at_onset_years,
    autonomic_signs,
    bulbar_involvement,
    completed_years,
    entry,
    example,
    examples,
    groups,
    read_record,
    record_of,
    schema,
    vocabulary,
    write_form,
    write_record,
)
from endplate.clinic.record.examples import DAY
from endplate.foundation.errors import UnknownNameError
from endplate.foundation.records.clinical import Fact, Record

NEEDED = """
birth_date age_years sex height_cm weight_kg usual_weight_kg pregnancy lactation country onset_date age_at_onset_years
onset_gradual diagnosis_date first_weakness first_limb spread proximal_weakness leg_weakness arm_weakness hand_weakness
fluctuating_weakness fatigable_weakness reflexes_reduced reflexes_return_after_effort muscle_wasting ptosis diplopia
ophthalmoparesis dysarthria dysphagia chewing_weakness neck_weakness bulbar_involvement respiratory_weakness dry_mouth
dry_eyes constipation erectile_dysfunction orthostatic_dizziness sweating_reduced sweating_increased sluggish_pupils
autonomic_signs paresthesia ataxia upper_motor_neuron_signs sensory_loss pain fever lung_cancer sclc other_cancer
cancer_treatment_now weight_loss_percent smoker_current smoker_ever karnofsky hla_8_1 new_chest_symptoms haemoptysis
vgcc_pq_antibody vgcc_n_antibody sox1_antibody achr_antibody musk_antibody vgcc_pq_titre vgcc_pq_titre_unit
vgcc_pq_upper_limit botulism magnesium_excess aminoglycoside_exposure blocker_exposure fvc_litre vital_capacity_litre
fvc_percent_predicted mip_cmh2o mep_cmh2o snip_cmh2o peak_cough_flow_l_min paco2_mmhg spo2_percent single_breath_count
egfr_ml_min crcl_ml_min qtc_ms systolic_lying_mmhg systolic_standing_mmhg diastolic_lying_mmhg diastolic_standing_mmhg
temperature_degc three_tug_s seizure_history epilepsy asthma_uncontrolled congenital_long_qt liver_impairment
kidney_impairment nat2_status tpmt_low nudt15_low thrombosis_history diabetes osteoporosis autoimmune_disease
thyroid_disease vitiligo immunosuppressed chemotherapy_now checkpoint_inhibitor mg_diagnosis lems_diagnosis
surgery_planned hypersensitivity_aminopyridine muscle side study_date before_mv after_mv first_mv fourth_mv low_rate_hz
high_rate_first_mv high_rate_largest_mv high_rate_hz effort_s delay_after_effort_s rest_before_s skin_degc supramaximal
intensity_equal effort_maximal lower_limit_mv laboratory before_area_mvms after_area_mvms before_duration_ms
after_duration_ms amifampridine_hours_since on_amifampridine on_pyridostigmine after_immunotherapy scan_date kind result
"""


def test_the_vocabulary_holds_every_name_that_the_rooms_agreed_on():
    assert set(NEEDED.split()) <= set(vocabulary())


def test_every_entry_has_names_for_clinicians_and_others_and_numbers_have_limits_and_a_unit():
    for one in vocabulary().values():
        assert one.label
        assert one.plain
        assert re.fullmatch(r"(HP:\d{7})?", one.hpo), one.id
        assert re.fullmatch(r"(\d+-\d)?", one.loinc), one.id
        if one.kind == "number":
            assert one.unit
            assert one.low < one.high
        assert bool(one.choices) == (one.kind == "choice")


def test_no_code_is_obsolete_or_a_known_trap():
    for one in vocabulary().values():
        assert one.hpo not in ("HP:0002355", "HP:0002321"), one.id


def test_a_name_that_is_not_in_the_vocabulary_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean dry_mouth"):
        entry("dry_mouht")


def test_the_empty_form_names_every_fact_once_and_reads_as_nothing_known():
    text = write_form()
    assert read_record(text, today=DAY) == Record(provenance=read_record(text, today=DAY).provenance)
    for name in vocabulary():
        assert len(re.findall(rf"^#?{name} = \"unknown\"$", text, flags=re.MULTILINE)) == 1, name
    assert max(len(line) for line in text.splitlines()) <= 120


@pytest.mark.parametrize("name", sorted(examples()))
def test_every_synthetic_person_says_so_agrees_with_the_schema_and_survives_a_round_trip(name):
    record = example(name)
    assert record.is_synthetic
    assert "synthetic" in record.label.lower()
    tables = tomllib.loads(examples()[name].read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(json.dumps(tables, default=str)), schema())
    again = read_record(write_record(record), today=DAY)
    assert (again.facts, again.studies, again.scans, again.medicines) == (
        record.facts, record.studies, record.scans, record.medicines,
    )  # fmt: skip


def test_the_synthetic_persons_that_were_asked_for_are_there():
    assert set(examples()) >= {
        "mg-that-is-lems", "achr-and-pq-positive", "seronegative-diagnostic-edx", "checkpoint-inhibitor",
        "cerebellar-degeneration", "intensive-care-after-blocker", "child", "typical-sclc-lems", "antibody-only",
    }  # fmt: skip


def test_json_and_toml_read_to_the_same_record():
    toml = 'label = "synthetic"\n[person]\nweight_kg = { value = 70.10, on = 2026-01-10, source = "letter" }\n'
    text = '{"label": "synthetic", "person": {"weight_kg": {"value": 70.10, "on": "2026-01-10", "source": "letter"}}}'
    one, other = read_record(toml, today=DAY), read_record(text, today=DAY)
    assert one.facts == other.facts
    assert one.facts["weight_kg"] == Fact("weight_kg", Decimal("70.10"), on=date(2026, 1, 10), source="letter")


def test_a_number_keeps_the_decimals_it_was_written_with():
    assert record_of({"weight_kg": 70.1}).number("weight_kg") == Decimal("70.1")
    assert read_record("[person]\nweight_kg = 70.10\n", today=DAY).number("weight_kg") == Decimal("70.10")


def test_true_and_false_are_yes_and_no_and_a_number_may_carry_the_unit_of_the_form():
    record = record_of({"ptosis": True, "diplopia": False, "height_cm": "170 cm"})
    assert (record.known("ptosis"), record.known("diplopia"), record.number("height_cm")) == ("yes", "no", 170)


def test_what_nobody_confirmed_is_kept_and_counts_as_unknown():
    record = record_of({"mip_cmh2o": {"value": 28, "confirmed": False}})
    assert record.number("mip_cmh2o") is None
    assert record.facts["mip_cmh2o"].value == 28
    assert read_record(write_record(record), today=DAY).facts == record.facts


def test_a_file_that_was_saved_with_a_byte_order_mark_is_read(tmp_path):
    file = tmp_path / "facts.toml"
    file.write_bytes(b"\xef\xbb\xbf[clinical]\nptosis = 'yes'\n")
    record = read_record(file, today=DAY)
    assert record.known("ptosis") == "yes"
    assert record.provenance["read_from"] == "facts.toml"
    assert len(record.provenance["sha256"]) == 64


def test_medicines_studies_and_scans_are_lists():
    record = record_of(
        {
            "medicines": [{"name": "pyridostigmine", "daily_dose_mg": 180, "doses_per_day": 3, "since": "2025-01-02"}],
            "studies": [{"muscle": "adm", "before_mv": "1.2"}],
            "scans": [{"kind": "pet", "result": "indeterminate", "scan_date": "2026-01-01"}],
        }
    )
    assert record.medicines[0].daily_dose_mg == 180
    assert record.medicines[0].doses_per_day == 3
    assert record.studies[0]["before_mv"].value == Decimal("1.2")
    assert record.scans[0]["result"].value == "indeterminate"


WHOLES = [
    ({"dysphagia": "yes"}, "yes"),
    ({"dysphagia": "no"}, "unknown"),
    ({"bulbar_involvement": "no"}, "no"),
    ({"dysarthria": "no", "dysphagia": "no", "chewing_weakness": "no", "neck_weakness": "no"}, "no"),
    ({}, "unknown"),
]


@pytest.mark.parametrize(("facts", "answer"), WHOLES)
def test_a_whole_follows_from_its_parts_only_as_far_as_they_are_known(facts, answer):
    assert bulbar_involvement(record_of(facts)) == answer


def test_more_sweating_is_no_autonomic_sign_of_lems():
    assert autonomic_signs(record_of({"sweating_increased": "yes"})) == "unknown"


@pytest.mark.parametrize(
    ("birth", "day", "years"),
    [("1976-05-02", "2026-05-01", 49), ("1976-05-02", "2026-05-02", 50), ("2000-02-29", "2026-02-28", 25),
     ("2000-02-29", "2026-03-01", 26)],
)  # fmt: skip
def test_an_age_is_in_completed_years(birth, day, years):
    assert completed_years(date.fromisoformat(birth), date.fromisoformat(day)) == years


def test_the_age_at_onset_comes_from_two_dates_before_it_comes_from_a_number():
    dated = record_of({"birth_date": "1950-06-01", "onset_date": "2010-05-31", "age_at_onset_years": 60})
    assert age_at_onset_years(dated) == 59
    assert age_at_onset_years(record_of({"age_at_onset_years": "49.99"})) == Decimal("49.99")
    assert age_at_onset_years(record_of({})) is None


def _values(one):
    if one.kind == "number":
        return st.decimals(one.low, one.high, places=2).map(lambda number: f"{number:f}")
    if one.kind == "date":
        return st.dates(date(1990, 1, 1), date(2026, 1, 1)).map(str)
    if one.kind == "text":
        return st.text("abcdefghij ", min_size=1, max_size=20).filter(str.strip)
    return st.sampled_from(one.choices or ("yes", "no"))


@settings(max_examples=60)
@given(data=st.data())
def test_any_study_that_can_be_written_reads_back_as_it_was(data):
    names = data.draw(st.lists(st.sampled_from(sorted(groups()["study"])), unique=True, max_size=8))
    study = {name: data.draw(_values(groups()["study"][name])) for name in names if name != "laboratory"}
    record = record_of({"studies": [study]}, today=DAY)
    assert read_record(write_record(record), today=DAY).studies == record.studies


def test_the_record_room_loads_nothing_heavy():
    code = (
        "import sys, endplate.clinic.record, endplate.clinic.diagnosis, endplate.clinic.differential;"
        "print(sorted({'numpy', 'numba', 'xarray', 'django', 'scipy', 'pydantic', 'yaml'} & set(sys.modules)))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
