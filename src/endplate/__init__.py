"""Endplate: nerve-muscle transmission in health, Lambert-Eaton myasthenic syndrome and myasthenia gravis.

Names are loaded when they are first used, so that ``import endplate`` stays quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from endplate.body.person import Person
    from endplate.change import disease, therapy
    from endplate.change.presets import person
    from endplate.exam.examination import Examination, examine
    from endplate.exam.find import find
    from endplate.exam.measure import measure
    from endplate.exam.recording import load_recording, load_recordings
    from endplate.report import write_report

_WHERE = {
    "Person": "endplate.body.person",
    "person": "endplate.change.presets",
    "disease": "endplate.change.disease",
    "therapy": "endplate.change.therapy",
    "Examination": "endplate.exam.examination",
    "examine": "endplate.exam.examination",
    "measure": "endplate.exam.measure",
    "find": "endplate.exam.find",
    "load_recording": "endplate.exam.recording",
    "load_recordings": "endplate.exam.recording",
    "write_report": "endplate.report",
}
_MODULES = frozenset({"disease", "therapy"})  # names that stand for a module, not for something in it
__all__ = [
    "Examination",
    "Person",
    "__version__",
    "disease",
    "examine",
    "find",
    "load_recording",
    "load_recordings",
    "measure",
    "person",
    "therapy",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'endplate' has no attribute {name!r}")
    module = importlib.import_module(_WHERE[name])
    return module if name in _MODULES else getattr(module, name)


def __dir__() -> list[str]:
    return sorted(__all__)
