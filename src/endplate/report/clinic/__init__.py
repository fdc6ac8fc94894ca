"""Pages of the clinic: a review, its letters and their text, made of results alone."""

from endplate.report.clinic.page import render_review

__all__ = ["render_review"]
