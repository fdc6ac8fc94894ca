"""The particle engine: every ion, exactly in distribution, from one binding candidate to the next."""

from endplate.body.activezone.particles.engine import Trial, run_trials
from endplate.body.activezone.particles.prepared import Prepared, prepare

__all__ = ["Prepared", "Trial", "prepare", "run_trials"]
