"""The fast engine: channels and sensors are stochastic, an ion is one draw of where and when it meets a sensor."""

from endplate.body.activezone.fast.prepare import Prepared, prepare
from endplate.body.activezone.fast.release import Release, release
from endplate.body.activezone.fast.trials import run_trials
from endplate.body.activezone.fast.validity import Validity

__all__ = ["Prepared", "Release", "Validity", "prepare", "release", "run_trials"]
