"""JSON-LD: a claim, and the condition, in the words of schema.org.

A page that nobody has reviewed says so by having neither ``reviewedBy`` nor ``lastReviewed``; a
refuted statement is only ever sent inside a ``ClaimReview`` with the rating "refuted".
"""

from __future__ import annotations

from typing import Any, Final

from endplate.clinic.knowledge.claim import Claim
from endplate.clinic.knowledge.claims import claims
from endplate.clinic.knowledge.codes import Code, codes, codes_of, systems
from endplate.clinic.knowledge.glossary import glossary
from endplate.clinic.knowledge.references import references
from endplate.clinic.knowledge.rows import rows
from endplate.clinic.knowledge.symptoms import symptoms

CONTEXT: Final = "https://schema.org"
PUBLISHER: Final[dict[str, Any]] = {"@type": "Organization", "name": "Endplate"}
_CONDITION: Final = "lems"
_TYPES: Final = {"article-journal": "ScholarlyArticle", "webpage": "WebPage"}
# what a person may notice or be found with; listed by the id of the symptom
_SIGNS: Final = ("proximal-weakness", "stairs", "rising", "dry-mouth", "constipation", "reflexes-reduced", "ptosis")


def claim_page(claim: Claim) -> dict[str, Any]:
    """Return one claim as a ``MedicalWebPage``.

    Examples
    --------
    >>> page = claim_page(claims()["M109"])
    >>> page["mainEntity"]["@type"], page["mainEntity"]["reviewRating"]["alternateName"]
    ('ClaimReview', 'refuted')
    >>> "reviewedBy" in page
    False
    """
    page: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "MedicalWebPage",
        "identifier": claim.id,
        "name": rows()[claim.id].title if claim.id in rows() else claim.id,
        "inLanguage": "en",
        "abstract": claim.patient,
        "description": claim.clinician,
        "about": _about(claim.subject),
        "medicalAudience": [
            {"@type": "MedicalAudience", "audienceType": "Patient"},
            {"@type": "MedicalAudience", "audienceType": "Clinician"},
        ],
        "citation": [_work(source.id) for source in claim.sources],
        "dateModified": claim.stated.isoformat(),
        "expires": claim.review_due.isoformat(),
        "publisher": PUBLISHER,
        "creativeWorkStatus": claim.review_note,
    }
    if claim.is_reviewed:
        page["reviewedBy"] = [{"@type": "Person", "name": name} for name in claim.reviewers]
        page["lastReviewed"] = claim.stated.isoformat()
    if claim.refutes:
        page["mainEntity"] = _refutation(claim)
    return page


def _refutation(claim: Claim) -> dict[str, Any]:
    return {
        "@type": "ClaimReview",
        "claimReviewed": claim.refutes,
        "reviewBody": claim.clinician,
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": 1,
            "worstRating": 1,
            "bestRating": 5,
            "alternateName": "refuted",
        },
        "author": PUBLISHER,
        "datePublished": claim.stated.isoformat(),
    }


def _about(subject: str) -> dict[str, Any]:
    code = codes().get(subject)
    if code is not None:
        kind = "MedicalCondition" if code.subject == _CONDITION else "MedicalEntity"
        return {"@type": kind, "name": code.display, "code": _medical_code(code)}
    named = next(one for one in symptoms().values() if subject in one.hpo)
    system = systems()["HP"]
    coded = {"@type": "MedicalCode", "codeValue": subject, "codingSystem": f"{system.name} {system.version}"}
    return {"@type": "MedicalSignOrSymptom", "name": named.label, "code": coded}


def _medical_code(code: Code) -> dict[str, Any]:
    return {"@type": "MedicalCode", "codeValue": code.code, "codingSystem": systems()[code.system].name}


def _work(key: str) -> dict[str, Any]:
    item = references()[key]
    work: dict[str, Any] = {"@type": _TYPES.get(str(item.get("type")), "CreativeWork"), "name": item["title"]}
    if item.get("DOI"):
        work["sameAs"] = f"https://doi.org/{item['DOI']}"
    elif item.get("URL"):
        work["url"] = item["URL"]
    return work


def condition_page() -> dict[str, Any]:
    """Return the condition as a ``MedicalCondition``: names, verified codes, signs, treatments and risk factors.

    Examples
    --------
    >>> condition_page()["code"][0]["codeValue"]
    '43393'
    """
    term = glossary()[_CONDITION]
    return {
        "@context": CONTEXT,
        "@type": "MedicalCondition",
        "name": term.also[0],
        "alternateName": [term.term, *term.also[1:]],
        "description": claims()["M001"].patient,
        "code": [_medical_code(code) for code in codes_of(_CONDITION) if code.check == "verified"],
        "associatedAnatomy": {"@type": "AnatomicalStructure", "name": "Neuromuscular junction"},
        "pathophysiology": claims()["M004"].clinician,
        "epidemiology": claims()["M001"].clinician,
        "expectedPrognosis": claims()["M128"].clinician,
        "signOrSymptom": [{"@type": "MedicalSignOrSymptom", "name": symptoms()[name].label} for name in _SIGNS],
        "differentialDiagnosis": [
            {"@type": "DDxElement", "diagnosis": {"@type": "MedicalCondition", "name": name}}
            for name in ("Myasthenia gravis", "Botulism")
        ],
        "possibleTreatment": [
            {"@type": "Drug", "name": "Amifampridine"},
            {"@type": "MedicalTherapy", "name": "Plasma exchange"},
            {"@type": "MedicalTherapy", "name": "Intravenous immunoglobulin"},
        ],
        "riskFactor": {"@type": "MedicalRiskFactor", "name": "Small-cell lung cancer"},
    }
