"""What passes between rooms: plain, frozen records; importing them loads no Numba and no xarray.

The records that hold arrays are loaded when they are first named, so that a room without arrays stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

from endplate.foundation.records.clinical import Fact, Medicine, Record
from endplate.foundation.records.findings import Finding, Findings

if TYPE_CHECKING:
    from endplate.foundation.records.levers import LEVERS, Levers
    from endplate.foundation.records.measurements import Measurements
    from endplate.foundation.records.recording import Recording, Train
    from endplate.foundation.records.release import ReleaseTable
    from endplate.foundation.records.volley import Firing, Volley

_MODULE_OF: Final = {
    "LEVERS": "levers",
    "Firing": "volley",
    "Levers": "levers",
    "Measurements": "measurements",
    "Recording": "recording",
    "ReleaseTable": "release",
    "Train": "recording",
    "Volley": "volley",
}

__all__ = [
    "LEVERS",
    "Fact",
    "Finding",
    "Findings",
    "Firing",
    "Levers",
    "Measurements",
    "Medicine",
    "Record",
    "Recording",
    "ReleaseTable",
    "Train",
    "Volley",
]


def __getattr__(name: str) -> Any:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{module}"), name)
