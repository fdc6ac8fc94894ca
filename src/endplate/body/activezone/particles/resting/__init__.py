"""Ions of the resting level."""
