"""CDS Hooks 2.0: four services as pure functions, request in, response out; a web server stands around them."""

from endplate.clinic.cds.calling import Response, call
from endplate.clinic.cds.discovery import discovery, services
from endplate.clinic.cds.feedback import feedback

__all__ = ["Response", "call", "discovery", "feedback", "services"]
