"""What passes between rooms: plain, frozen records; importing them loads no Numba and no xarray."""

from endplate.foundation.records.findings import Finding, Findings
from endplate.foundation.records.levers import LEVERS, Levers
from endplate.foundation.records.measurements import Measurements
from endplate.foundation.records.recording import Recording, Train
from endplate.foundation.records.release import ReleaseTable
from endplate.foundation.records.volley import Firing, Volley

__all__ = [
    "LEVERS",
    "Finding",
    "Findings",
    "Firing",
    "Levers",
    "Measurements",
    "Recording",
    "ReleaseTable",
    "Train",
    "Volley",
]
