"""Run a protocol on a person and read it; or read a real recording in the same shape."""

from endplate.exam.examination.run import conditions_of, examine, read, read_real
from endplate.exam.examination.types import Effort, Examination, Physiology, Study

__all__ = ["Effort", "Examination", "Physiology", "Study", "conditions_of", "examine", "read", "read_real"]
