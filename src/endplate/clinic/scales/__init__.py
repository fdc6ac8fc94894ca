"""Scales: scores from the values of their items, with an interval where items are unknown, and what a change means."""

from endplate.clinic.scales.catalogue import scale_named, scales
from endplate.clinic.scales.change import compare_scores
from endplate.clinic.scales.score import score_scale

__all__ = ["compare_scores", "scale_named", "scales", "score_scale"]
