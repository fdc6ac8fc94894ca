"""Whatever stands anywhere in a document of another system, the end is a reading or a sentence, never a traceback."""

import copy
import json
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.clinic import fhir, phenopackets
from endplate.clinic.record import example
from endplate.foundation.errors import EndplateError

TODAY = date(2026, 11, 21)
ABOUT = {"reference": "Patient/p"}
FOREIGN = [
    {"resourceType": "Patient", "id": "p", "gender": "male", "name": [{"given": ["A"], "family": "B"}]},
    {"resourceType": "Claim", "id": "q", "patient": ABOUT, "contained": [{"resourceType": "Coverage", "id": "c"}]},
    {
        "resourceType": "MedicationRequest",
        "id": "m",
        "status": "active",
        "intent": "order",
        "subject": ABOUT,
        "contained": [{"resourceType": "Medication", "id": "x", "code": {"text": "gentamicin"}}],
        "medicationReference": {"reference": "#x"},
        "dosageInstruction": [{"timing": {"repeat": {"frequency": 1, "period": 8, "periodUnit": "h"}}}],
    },
    {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "questionnaire": "urn:endplate:questionnaire:deltap",
        "subject": ABOUT,
        "item": [{"linkId": "karnofsky", "answer": [{"valueDecimal": 60}], "item": []}],
    },
    {
        "resourceType": "Condition",
        "subject": ABOUT,
        "onsetAge": {"value": 60, "system": "http://unitsofmeasure.org", "code": "a"},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "56989000"}]},
    },
]
WRITTEN = fhir.write_bundle(example("typical-sclc-lems"), issued=datetime(2026, 11, 21, tzinfo=UTC))
BUNDLES = [json.loads(fhir.text_of(WRITTEN)), {"resourceType": "Bundle", "type": "collection"}]
BUNDLES[1]["entry"] = [{"fullUrl": f"urn:uuid:{place}", "resource": one} for place, one in enumerate(FOREIGN)]
PACKET = phenopackets.write(example("typical-sclc-lems"), key="P1", created="2026-11-21T00:00:00Z").document


def paths(node, path=()):
    if path:
        yield path
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, value in pairs:
        yield from paths(value, (*path, step))


def changed(document, place, value):
    found = copy.deepcopy(document)
    node = found
    for step in place[:-1]:
        node = node[step]
    node[place[-1]] = value
    return found


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=6)
    | st.sampled_from(["#x", "Patient/p", "2026-02-30"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner, max_size=2),
    max_leaves=4,
)
places = st.sampled_from([(which, place) for which, document in enumerate(BUNDLES) for place in paths(document)])


def sentence_of(call):
    """Return the sentence with which a call was refused, or nothing if it was not."""
    try:
        call()
    except EndplateError as error:
        return str(error)
    return ""


@given(where=places, value=junk)
@settings(max_examples=120)
def test_a_bundle_with_junk_anywhere_is_read_or_refused_with_a_sentence(where, value):
    which, place = where
    document = changed(BUNDLES[which], place, value)
    for call in (lambda: fhir.read(fhir.write(document), today=TODAY), lambda: fhir.check(document)):
        sentence = sentence_of(call)
        assert not sentence or len(sentence) > 20


@given(place=st.sampled_from(list(paths(PACKET))), value=junk)
@settings(max_examples=120)
def test_a_phenopacket_with_junk_anywhere_is_read_or_refused_with_a_sentence(place, value):
    document = changed(PACKET, place, value)
    sentence = sentence_of(lambda: phenopackets.read(json.dumps(document), today=TODAY))
    assert not sentence or len(sentence) > 20
