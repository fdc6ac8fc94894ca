"""Outlook: what cohorts found, with cohort, n and year; no prediction for one person."""

from endplate.clinic.outlook.facts import Figure, figures, outlook_results

__all__ = ["Figure", "figures", "outlook_results"]
