"""FHIR R4: facts from a bundle, and the review as a bundle."""
