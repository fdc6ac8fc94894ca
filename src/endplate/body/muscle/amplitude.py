"""The electrode's and laboratory's scale of the surface potential, fitted to a healthy amplitude."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from endplate.body.muscle.anatomy import build_anatomy
from endplate.body.muscle.basis import build_basis
from endplate.body.muscle.compound import compound_potential
from endplate.body.muscle.wave import check_temperature
from endplate.foundation.errors import require_between


def healthy_amplitude(muscle: str, *, seed: int, synapse_ms: float = 0.7, temperature_degc: float = 34.0) -> float:
    """Return the negative peak when every fibre fires, all synapses alike. [mV]

    Examples
    --------
    >>> 5.0 < healthy_amplitude("nasalis", seed=1) * 3 < 15.0
    True
    """
    anatomy = build_anatomy(muscle, seed=seed)
    basis = build_basis(anatomy, temperature_degc=check_temperature(temperature_degc))
    arrival = (anatomy.arrival_ms + np.float32(synapse_ms))[None, :]
    return float(-compound_potential(basis, np.ones(arrival.shape, dtype=np.uint8), arrival).min())


def fit_amplitude_scale(muscle: str, target_mv: float, *, seeds: Sequence[int] = (1, 2, 3, 4)) -> float:
    """Return the ``amplitude_scale`` with which the mean healthy amplitude over persons is `target_mv`.

    The potential is linear in the scale, so one pass suffices.

    Parameters
    ----------
    muscle
        A key of :func:`muscles`.
    target_mv
        Healthy belly-tendon amplitude, baseline to negative peak. [mV]
    seeds
        Persons to average over.

    Examples
    --------
    >>> one = fit_amplitude_scale("nasalis", 3.0, seeds=(1,))
    >>> bool(abs(fit_amplitude_scale("nasalis", 6.0, seeds=(1,)) / one - 2.0) < 1e-12)
    True
    """
    target = require_between("target_mv", target_mv, 0.01, 100.0, "It is in millivolt.")
    found = [healthy_amplitude(muscle, seed=seed) for seed in seeds]
    scale = build_anatomy(muscle, seed=seeds[0]).description.amplitude_scale
    return scale * target / float(np.mean(found))
