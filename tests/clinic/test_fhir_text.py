"""FHIR as text: what is no JSON of a resource is refused with a sentence, and what is keeps every digit."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endplate.clinic import fhir
from endplate.foundation.errors import FileFormatError

ATTACK = """<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>
<Patient xmlns="http://hl7.org/fhir"><id value="&b;&f;"/></Patient>"""


def test_xml_is_refused_and_the_way_out_is_told():
    with pytest.raises(FileFormatError, match=r"is XML, and only JSON is read.*application/fhir\+json"):
        fhir.parse('<Patient xmlns="http://hl7.org/fhir"><gender value="male"/></Patient>')


def test_an_entity_attack_is_told_as_one_and_nothing_is_parsed():
    with pytest.raises(FileFormatError, match="declares a document type or entities"):
        fhir.parse(ATTACK)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"resourceType": "Patient", "name": [{"family": "Müller"}]}'.encode("latin-1"), "not UTF-8: byte 50 is 0xfc"),
        ('{"resourceType": "Patient"}'.encode("utf-16"), "is UTF-16"),
        ('{"resourceType": "Patient"}'.encode("utf-32-be"), "is UTF-16 or UTF-32"),
        (b'{"resourceType": "Patient"', "is not JSON"),
        (b"", "is not JSON"),
        (b"[1, 2]", "no object"),
        (b'{"person": {}}', "no FHIR resource"),
        (b'{"resourceType": "Observation", "valueQuantity": {"value": NaN}}', "NaN is no number"),
        (b'{"resourceType": "Patient", "gender": "male", "gender": "female"}', "'gender' stands twice"),
        (b'{"resourceType": "Patient", "x": ' + b"[" * 2000 + b"]" * 2000 + b"}", "nested more than 100 levels"),
        (b'{"resourceType": "Patient", "x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "nested more than"),
    ],
)
def test_what_is_no_fhir_json_is_refused_with_its_reason(content, says):
    with pytest.raises(FileFormatError, match=says):
        fhir.parse(content)


def test_a_byte_order_mark_is_read_over():
    assert fhir.parse(b'\xef\xbb\xbf{"resourceType": "Patient"}') == {"resourceType": "Patient"}


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(value=json_values)
def test_writing_and_reading_gives_the_same_document(value):
    document = {"resourceType": "Basic", "x": value}
    text = fhir.write(document)
    assert fhir.write(fhir.parse(text)) == text
    json.loads(text)


@given(content=st.binary(max_size=60))
def test_no_bytes_end_in_anything_but_a_sentence(content):
    with pytest.raises(FileFormatError, match=r"[.)]"):
        fhir.parse(content)
