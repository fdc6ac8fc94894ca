"""Persons by name or from a file: healthy, and with each disease at several severities."""

from endplate.change.presets.files import load_person
from endplate.change.presets.people import PRESETS, Preset, person, preset_person, presets
from endplate.change.presets.template import write_person_template

__all__ = ["PRESETS", "Preset", "load_person", "person", "preset_person", "presets", "write_person_template"]
