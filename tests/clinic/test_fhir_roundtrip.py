"""A record that is written as a bundle and read again is the same record, fact by fact."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from endplate.clinic import fhir
from endplate.clinic.record import conflicts, example, examples, groups, vocabulary
from endplate.foundation.records.clinical import Fact, Medicine, Record

ISSUED = datetime(2026, 11, 21, tzinfo=UTC)
TODAY = date(2026, 11, 21)
words = st.text("abcdefghijklmnopqrstuvwxyzäöüßéএবং <&>'\"{}-.,0123456789", min_size=1, max_size=30).map(
    lambda text: " ".join(text.split())
)
text = words.filter(bool)
days = st.dates(date(2000, 1, 1), TODAY)
VOCABULARY = {
    name: entry
    for name, entry in vocabulary().items()
    if entry.group not in ("study", "scan") and not name.startswith("vgcc_pq_")
}


def values(entry):
    if entry.kind == "number":
        return st.decimals(entry.low, entry.high, places=2)
    return {
        "yes-no": st.sampled_from(["yes", "no"]),
        "date": days,
        "choice": st.sampled_from(entry.choices or ("-",)),
        "text": text,
    }[entry.kind]


@st.composite
def facts(draw, names):
    name = draw(st.sampled_from(names))
    entry = vocabulary()[name]
    return Fact(
        name,
        draw(st.none() | values(entry)),
        on=draw(st.none() | days),
        source=draw(st.just("") | text),
        note=draw(st.just("") | text),
        is_confirmed=draw(st.booleans()),
    )


def tables(group):
    names = sorted(groups()[group])
    return st.lists(facts(names), max_size=5).map(lambda listed: {fact.name: fact for fact in listed})


medicines = st.builds(
    Medicine,
    name=text,
    status=st.sampled_from(["taken", "proposed", "stopped"]),
    atc=st.sampled_from(["", "N07XX05"]),
    rxnorm=st.sampled_from(["", "1546"]),
    route=st.just("") | text,
    daily_dose_mg=st.none() | st.decimals(1, 500, places=1),
    single_dose_mg=st.none() | st.decimals(1, 100, places=1),
    doses_per_day=st.none() | st.integers(1, 8),
    since=st.none() | days,
    source=st.just("") | text,
    indication=st.just("") | text,
)
records = st.builds(
    Record,
    facts=st.lists(facts(sorted(VOCABULARY)), max_size=6).map(lambda listed: {fact.name: fact for fact in listed}),
    medicines=st.lists(medicines, max_size=3).map(tuple),
    studies=st.lists(tables("study"), max_size=2).map(tuple),
    scans=st.lists(tables("scan"), max_size=2).map(tuple),
    label=st.just("") | text,
    is_synthetic=st.booleans(),
    provenance=st.dictionaries(text, text, max_size=2),
)


@pytest.mark.parametrize("name", examples())
def test_every_synthetic_person_comes_back_unchanged(name):
    record = example(name)
    written = fhir.text_of(fhir.write_bundle(record, issued=ISSUED))
    assert fhir.read(written, today=TODAY).record == record


@given(record=records)
@settings(max_examples=150)
def test_any_record_comes_back_unchanged(record):
    assume(not conflicts(record, today=TODAY))
    written = fhir.write_bundle(record, issued=ISSUED)
    back = fhir.read(fhir.text_of(written), today=TODAY)
    assert back.record == record
    assert [one.what for one in back.not_understood] == [""]  # the Provenance alone


def test_the_same_record_is_the_same_bundle():
    record = example("mg-that-is-lems")
    assert fhir.text_of(fhir.write_bundle(record, issued=ISSUED)) == fhir.text_of(
        fhir.write_bundle(record, issued=ISSUED)
    )


def test_a_titre_keeps_its_unit():
    told = [
        Fact("vgcc_pq_titre", Decimal("120"), on=date(2026, 1, 5), source="laboratory"),
        Fact("vgcc_pq_titre_unit", "pmol/L"),
        Fact("vgcc_pq_upper_limit", Decimal("45.0")),
    ]
    record = Record(facts={fact.name: fact for fact in told})
    assert fhir.read(fhir.text_of(fhir.write_bundle(record, issued=ISSUED)), today=TODAY).record == record


def test_an_unconfirmed_number_stays_unconfirmed_and_a_simulated_one_is_watermarked():
    told = [Fact("mip_cmh2o", Decimal(28), is_confirmed=False), Fact("mep_cmh2o", Decimal(39), is_simulated=True)]
    record = Record(facts={fact.name: fact for fact in told})
    bundle = fhir.write_bundle(record, issued=ISSUED)
    assert bundle["meta"]["tag"][0]["display"] == "SIMULATED"
    back = fhir.read(fhir.text_of(bundle), today=TODAY, teaching=True).record
    assert back == record
    assert back.number("mip_cmh2o") is None
