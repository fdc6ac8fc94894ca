"""Pages of the clinic: the review of one person, and letters drafted from it."""

from endplate.report.clinic.letter import render_letter
from endplate.report.clinic.page import render_review

__all__ = ["render_letter", "render_review"]
