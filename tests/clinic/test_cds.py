"""CDS Hooks: discovery, cards of the real rules, feedback, and the specification's invariants for any request."""

import copy
import json
import uuid
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.clinic import cds, fhir
from endplate.clinic.cds.cards import card, summary_of
from endplate.clinic.result import Result
from endplate.foundation.records.clinical import Record

TODAY = date(2026, 11, 21)
INSTANCE = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
ABOUT = {"reference": "Patient/p"}
PATIENT = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1961-05-02"}
LEMS = {
    "resourceType": "Condition",
    "id": "c",
    "code": {"coding": [{"system": "http://www.orpha.net", "code": "43393"}]},
    "verificationStatus": {
        "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": "confirmed"}]
    },
    "subject": ABOUT,
}


def fact(name, value):
    key = {bool: "valueBoolean", str: "valueCodeableConcept"}[type(value)]
    coded = {"coding": [{"system": f"urn:endplate:choice:{name}", "code": value}]}
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "urn:endplate:vocabulary", "code": name}]},
        "subject": ABOUT,
        key: value if isinstance(value, bool) else coded,
    }


def order(name, **more):
    return {
        "resourceType": "MedicationRequest",
        "id": f"draft-{name.replace(' ', '-')}",
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": {"text": name},
        "subject": ABOUT,
        **more,
    }


def searchset(*resources):
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources]}


def request(hook, *, conditions=(), observations=(), drafts=(), selections=None, **prefetch):
    context = {"userId": "Practitioner/1", "patientId": "p", "encounterId": "e"}
    if hook.startswith("order"):
        context["draftOrders"] = searchset(*drafts)
    if hook == "order-select":
        context["selections"] = (
            selections if selections is not None else [f"{one['resourceType']}/{one['id']}" for one in drafts]
        )
    found = {"patient": PATIENT, "conditions": searchset(*conditions), "observations": searchset(*observations)}
    return {"hook": hook, "hookInstance": INSTANCE, "context": context, "prefetch": {**found, **prefetch}}


def call(service, body, **more):
    response = cds.call(service, body, today=TODAY, **more)
    assert_is_answer(response)
    return response


def assert_is_answer(response):
    """Hold an answer against CDS Hooks 2.0."""
    json.dumps(response.body)
    if response.status != 200:
        assert 400 <= response.status < 500
        assert response.body["message"].strip()
        assert set(response.body) == {"message"}
        return
    assert set(response.body) == {"cards"}
    cards = response.body["cards"]
    assert len({one["uuid"] for one in cards}) == len(cards) <= 10
    for one in cards:
        assert str(uuid.UUID(one["uuid"])) == one["uuid"]
        assert 0 < len(one["summary"]) < 140
        assert "\n" not in one["summary"]
        assert one["indicator"] in ("info", "warning", "critical")
        assert one["source"]["label"]
        assert "<" not in one["detail"]
        assert not one.get("suggestions")  # so no selectionBehavior is needed: nothing is ordered from here
        for link in one.get("links", ()):
            assert link["type"] == "absolute"
            assert link["url"].startswith("https://")
        for reason in one["overrideReasons"]:
            assert reason["code"]
            assert reason["system"]
            assert reason["display"]
    order_of = ["critical", "warning", "info"]
    places = [order_of.index(one["indicator"]) for one in cards]
    assert places == sorted(places)


def summaries(response):
    return " | ".join(one["summary"] for one in response.body["cards"])


def test_discovery_lists_each_service_at_each_of_its_hooks():
    listed = cds.discovery()["services"]
    assert {(one["id"], one["hook"]) for one in listed} == {
        ("lems-suspect", "patient-view"),
        ("lems-drug-check", "order-select"),
        ("lems-drug-check", "order-sign"),
        ("lems-anaesthesia", "order-sign"),
        ("lems-anaesthesia", "encounter-start"),
        ("lems-surveillance-due", "patient-view"),
    }
    for one in listed:
        assert one["description"]
        assert one["title"]
        assert one["prefetch"]["patient"] == "Patient/{{context.patientId}}"
        assert all(query.count("{{") == query.count("}}") == 1 for query in one["prefetch"].values())


def test_a_myasthenia_with_pointers_to_lems_gives_a_card_with_its_basis():
    observations = [fact("mg_diagnosis", True), fact("reflexes_reduced", True), fact("first_weakness", "limbs")]
    observations.append(fact("first_limb", "legs"))
    response = call("lems-suspect", request("patient-view", observations=observations))
    assert "may be LEMS" in summaries(response)
    assert "**Basis**" in response.body["cards"][0]["detail"]


def test_nothing_is_said_of_suspicion_where_lems_is_known_or_nothing_is():
    assert call("lems-suspect", request("patient-view", conditions=[LEMS])).body["cards"] == []
    assert call("lems-suspect", request("patient-view")).body["cards"] == []


@pytest.mark.parametrize("hook", ["order-select", "order-sign"])
@pytest.mark.parametrize(
    ("name", "indicator"), [("gentamicin", "warning"), ("botulinum toxin", "critical"), ("xyzzymycin", "warning")]
)
def test_an_order_that_endangers_gives_a_card_and_the_unknown_is_not_called_safe(hook, name, indicator):
    response = call("lems-drug-check", request(hook, conditions=[LEMS], drafts=[order(name)]))
    assert response.body["cards"][0]["indicator"] == indicator
    assert name.split()[0].lower() in summaries(response).lower()


def test_an_order_for_somebody_without_lems_gives_no_card():
    assert call("lems-drug-check", request("order-sign", drafts=[order("gentamicin")])).body["cards"] == []


def test_only_what_is_selected_is_checked_while_orders_are_selected():
    drafts = [order("gentamicin"), order("paracetamol")]
    body = request("order-select", conditions=[LEMS], drafts=drafts, selections=["MedicationRequest/draft-paracetamol"])
    assert "gentamicin" not in summaries(call("lems-drug-check", body)).lower()


def test_an_operation_in_lems_gives_one_card_for_each_phase():
    surgery = {
        "resourceType": "ServiceRequest",
        "id": "s",
        "status": "draft",
        "intent": "order",
        "code": {"text": "Lobectomy"},
        "category": [{"coding": [{"system": "http://snomed.info/sct", "code": "387713003"}]}],
        "subject": ABOUT,
    }
    response = call("lems-anaesthesia", request("order-sign", conditions=[LEMS], drafts=[surgery]))
    assert len(response.body["cards"]) == 4
    assert response.body["cards"][0]["indicator"] == "critical"
    blocker = call("lems-anaesthesia", request("order-sign", conditions=[LEMS], drafts=[order("rocuronium")]))
    assert len(blocker.body["cards"]) == 4
    nothing = call("lems-anaesthesia", request("order-sign", conditions=[LEMS], drafts=[order("paracetamol")]))
    assert nothing.body["cards"] == []


def test_an_encounter_for_a_planned_operation_gives_the_checklist():
    body = request("encounter-start", conditions=[LEMS], observations=[fact("surgery_planned", True)])
    assert len(call("lems-anaesthesia", body).body["cards"]) == 4


def test_a_late_scan_gives_one_card_over_all_protocols():
    scan = {
        "resourceType": "DiagnosticReport",
        "status": "final",
        "code": {"coding": [{"system": "urn:endplate:vocabulary", "code": "scan"}], "text": "CT chest"},
        "subject": ABOUT,
        "extension": [
            {
                "url": "urn:endplate:extension:fact",
                "extension": [
                    {"url": name, "extension": [{"url": "value", "valueString": value}]}
                    for name, value in (("scan_date", "2025-06-01"), ("kind", "ct_chest"), ("result", "negative"))
                ],
            }
        ],
    }
    body = request("patient-view", conditions=[LEMS], reports=searchset(scan))
    response = call("lems-surveillance-due", body)
    assert len(response.body["cards"]) == 1
    assert "overdue" in summaries(response)
    assert call("lems-surveillance-due", request("patient-view")).body["cards"] == []


@pytest.mark.parametrize(
    ("service", "change", "status", "says"),
    [
        ("lems-suspekt", {}, 404, "did you mean lems-suspect"),
        ("lems-suspect", {"hook": "order-sign"}, 400, "answers patient-view"),
        ("lems-suspect", {"hookInstance": "7"}, 400, "must be a UUID"),
        ("lems-suspect", {"context": None}, 400, "context must be an object"),
        ("lems-suspect", {"context": {"userId": "Practitioner/1"}}, 400, "context.patientId is needed"),
        ("lems-suspect", {"prefetch": None}, 412, "holds no Patient"),
        ("lems-suspect", {"prefetch": {"patient": None}}, 412, "holds no Patient"),
        ("lems-suspect", {"prefetch": {"patiens": PATIENT}}, 400, "did you mean patient"),
        ("lems-suspect", {"prefetch": {"patient": {**PATIENT, "id": "q"}}}, 400, "is about Patient/p, but"),
        ("lems-suspect", {"prefetch": {"patient": {**PATIENT, "gender": "banana"}}}, 400, "'banana' is not allowed"),
        ("lems-suspect", {"prefetch": {"patient": "p"}}, 400, "must be a FHIR resource or null"),
    ],
)
def test_a_bad_request_is_refused_with_a_status_and_a_sentence(service, change, status, says):
    response = call(service, {**request("patient-view"), **change})
    assert (response.status, says in response.body["message"]) == (status, True)


def test_the_prefetch_of_another_patient_is_refused():
    other = {**LEMS, "subject": {"reference": "Patient/q"}}
    response = call("lems-drug-check", request("order-sign", conditions=[other], drafts=[order("gentamicin")]))
    assert response.status == 400
    assert "two persons" in response.body["message"]


def test_a_selection_that_is_no_draft_is_refused():
    body = request("order-select", drafts=[order("gentamicin")], selections=["MedicationRequest/7"])
    assert call("lems-drug-check", body).status == 400


def test_a_body_that_is_no_object_is_refused():
    assert call("lems-suspect", []).status == 400


def test_the_same_request_has_the_same_cards():
    body = request("order-sign", conditions=[LEMS], drafts=[order("gentamicin")])
    assert call("lems-drug-check", body) == call("lems-drug-check", copy.deepcopy(body))


def test_a_pair_of_medicines_is_judged_by_the_pack_that_was_asked_for():
    taken = {**order("amifampridine"), "id": "now", "status": "active"}
    body = request("order-sign", conditions=[LEMS], drafts=[order("ciprofloxacin")], requests=searchset(taken))
    europe, states = call("lems-drug-check", body, pack="eu"), call("lems-drug-check", body, pack="us")
    assert "amifampridine + ciprofloxacin: contraindicated" in summaries(europe)
    assert europe.body["cards"][0]["indicator"] == "critical"
    assert "contraindicated" not in summaries(states)


def test_more_cards_than_ten_become_ten_and_none_is_dropped_without_a_word():
    drafts = [order(f"unknown{n}") for n in range(15)]
    response = call("lems-drug-check", request("order-sign", conditions=[LEMS], drafts=drafts))
    assert len(response.body["cards"]) == 10
    everything = json.dumps(response.body)
    assert all(f"unknown{n}" in everything for n in range(15))


texts = st.text(max_size=300)


@given(
    title=texts,
    statement=texts,
    because=st.lists(texts, max_size=3),
    severity=st.sampled_from(["info", "caution", "warning", "critical"]),
    support=st.sampled_from(["published", "unverified", "proposal"]),
)
def test_any_result_is_a_card_within_the_limits(title, statement, because, severity, support):
    result = Result(
        rule="r", version="1", title=title, verdict="v", statement=statement, because=tuple(because),
        severity=severity, support=support,
    )  # fmt: skip
    assert_is_answer(cds.Response(200, {"cards": [card(result, instance=INSTANCE)]}))
    detail = card(result, instance=INSTANCE)["detail"]
    assert support == "published" or support in detail


@given(text=st.text(max_size=400))
def test_a_summary_is_shorter_than_140_characters_and_never_empty(text):
    assert 0 < len(summary_of(text)) < 140


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def paths(node, path=()):
    yield path
    if isinstance(node, dict):
        for key, value in node.items():
            yield from paths(value, (*path, key))
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from paths(value, (*path, place))


BODY = request("order-sign", conditions=[LEMS], observations=[fact("dry_mouth", True)], drafts=[order("gentamicin")])


@given(place=st.sampled_from([path for path in paths(BODY) if path]), value=junk)
@settings(max_examples=200)
def test_whatever_stands_anywhere_in_a_request_the_answer_is_cards_or_a_sentence(place, value):
    body = copy.deepcopy(BODY)
    node = body
    for step in place[:-1]:
        node = node[step]
    node[place[-1]] = value
    call("lems-drug-check", body)


@given(body=junk, service=st.sampled_from([*cds.services(), "other"]))
def test_junk_is_answered_with_a_sentence(body, service):
    assert cds.call(service, body, today=TODAY).status in (400, 404)
    assert cds.feedback(service, body).status in (400, 404)


ACCEPTED = {
    "card": INSTANCE,
    "outcome": "accepted",
    "acceptedSuggestions": [{"id": INSTANCE}],
    "outcomeTimestamp": "2026-11-21T09:30:00Z",
}
OVERRIDDEN = {
    "card": INSTANCE,
    "outcome": "overridden",
    "outcomeTimestamp": "2026-11-21T09:30:00+01:00",
    "overrideReason": {"reason": {"code": "known", "system": "urn:endplate:override-reason"}, "userComment": "seen"},
}


def test_feedback_is_checked_and_made_plain():
    response = cds.feedback("lems-drug-check", {"feedback": [ACCEPTED, OVERRIDDEN]})
    assert response.status == 200
    assert [one["outcome"] for one in response.body["kept"]] == ["accepted", "overridden"]
    assert response.body["kept"][1]["overrideReason"]["userComment"] == "seen"


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({**ACCEPTED, "card": "7"}, "must be the UUID"),
        ({**ACCEPTED, "outcome": "liked"}, "accepted or overridden"),
        ({**ACCEPTED, "outcomeTimestamp": "2026-11-21T09:30:00"}, "a time with its zone"),
        ({**ACCEPTED, "acceptedSuggestions": []}, "ids of what was accepted"),
        ({**ACCEPTED, "overrideReason": {}}, "its outcome is accepted"),
        ({**OVERRIDDEN, "overrideReason": {"reason": {}}}, "a coding with a code"),
        ({**OVERRIDDEN, "overrideReason": {"userComment": "x" * 3000}}, "at most 2000 characters"),
    ],
)
def test_feedback_that_breaks_the_specification_is_refused(entry, says):
    response = cds.feedback("lems-drug-check", {"feedback": [entry]})
    assert (response.status, says in response.body["message"]) == (400, True)


def test_a_person_read_from_a_prefetch_is_the_person_of_a_bundle():
    record = fhir.read(searchset(PATIENT, LEMS), today=TODAY).record
    assert isinstance(record, Record)
    assert record.known("lems_diagnosis") == "yes"
