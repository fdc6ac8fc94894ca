"""Measure recordings, real or simulated: amplitude, area, duration, latency, jitter, quality, cursors."""

from endplate.exam.measure.cursors import read_cursors, write_cursors
from endplate.exam.measure.flags import FLAGS, Flag
from endplate.exam.measure.jitter import Jitter, endplate_jitter, jitter_of
from endplate.exam.measure.measuring import measure, measure_all
from endplate.exam.measure.pairs import Pair, effort_pairs
from endplate.exam.measure.signal import fingerprint
from endplate.exam.measure.table import (
    measurement_rows,
    measurements_to_dict,
    measurements_to_xarray,
    write_measurements,
)
from endplate.exam.measure.window import is_needle

__all__ = [
    "FLAGS",
    "Flag",
    "Jitter",
    "Pair",
    "effort_pairs",
    "endplate_jitter",
    "fingerprint",
    "is_needle",
    "jitter_of",
    "measure",
    "measure_all",
    "measurement_rows",
    "measurements_to_dict",
    "measurements_to_xarray",
    "read_cursors",
    "write_cursors",
    "write_measurements",
]
