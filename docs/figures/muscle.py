"""The muscle: lead field, one fibre's potential, the compound potential, force."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from docs.figures import style
from docs.figures.style import Drawn
from endplate.body.muscle import (
    Anatomy,
    CompoundBasis,
    build_anatomy,
    build_basis,
    compound_potential,
    direct_sum,
    force_of,
    stimulated_impulses,
    voluntary_impulses,
)
from endplate.body.muscle.lead_table import montage_of
from endplate.body.muscle.wave import wave_at
from endplate.foundation.random import stream

MUSCLE = "adm"
SYNAPSE_MS = 0.6  # delay and rise to threshold of a healthy junction, for these pictures only


def _sweep(basis: CompoundBasis, anatomy: Anatomy, fired: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return one compound potential, negative up."""
    arrival = (anatomy.arrival_ms + np.float32(SYNAPSE_MS))[None, :]
    return -compound_potential(basis, fired[None, :].astype(np.uint8), arrival)[0]


def _field(anatomy: Anatomy) -> Figure:
    figure, (wave_panel, field_panel, potential_panel) = style.panels(3, height_in=3.1)
    montage = montage_of(anatomy.description)
    s = np.linspace(-2.0, 16.0, 500)
    wave_panel.plot(s, wave_at(34.0).potential_mv(s), color=style.INK)
    style.label(wave_panel, title="Inside the fibre", x="mm behind the front", y="mV above rest")
    z = montage.z_mm
    near, far = 0, len(montage.depth_mm) - 1
    for depth, colour in ((near, style.LEMS), (far, style.HEALTHY)):
        name = f"{montage.depth_mm[depth]:.1f} mm deep"
        field_panel.plot(z, montage.gradient[depth, 0], color=colour, label=name)
    style.label(field_panel, title="Lead field, its slope", x="mm along the limb", y="V/A per mm")
    style.legend(field_panel, loc="upper left", fontsize=8.5)
    field_panel.set_ylim(top=1.75 * field_panel.get_ylim()[1])
    order, time_ms = np.argsort(anatomy.depth_mm), np.arange(0.0, 25.0, 0.05)
    central = np.abs(anatomy.lateral_mm[order]) < 0.2 * anatomy.description.half_width
    for fibre, colour in ((order[central][0], style.LEMS), (order[central][-1], style.HEALTHY)):
        alone = np.zeros((1, anatomy.n_fibres), np.uint8)
        alone[0, fibre] = 1
        arrival = (anatomy.arrival_ms + np.float32(SYNAPSE_MS))[None, :]
        sweep = direct_sum(anatomy, alone, arrival, time_ms=time_ms)[0]
        potential_panel.plot(time_ms, -1000.0 * sweep / anatomy.represented, color=colour)
    potential_panel.set_xlim(0, 25)
    style.label(potential_panel, title="One fibre at the skin", x="ms after the stimulus", y="µV, negative up")
    return figure


def _build_up(anatomy: Anatomy, basis: CompoundBasis) -> Figure:
    figure, (units, failing) = style.panels(2, height_in=3.3)
    for share, colour in ((0.05, style.TREATED), (0.25, style.HEALTHY), (0.5, style.MG), (1.0, style.INK)):
        chosen = anatomy.unit % round(1.0 / share) == 0
        units.plot(basis.time_ms, _sweep(basis, anatomy, chosen), color=colour, label=f"{100 * share:.0f} % of units")
    style.label(units, title="Units add up", x="ms after the stimulus", y="mV, negative up")
    style.legend(units, loc="upper right")
    rank = np.random.default_rng(1).random(anatomy.n_fibres)
    left = np.linspace(0.05, 1.0, 12)
    full = _sweep(basis, anatomy, np.ones(anatomy.n_fibres, bool)).max()
    heights = [100 * _sweep(basis, anatomy, rank < share).max() / full for share in left]
    failing.plot(100 * left, heights, color=style.LEMS, marker="o", markersize=4)
    failing.plot([0, 100], [0, 100], color=style.MUTED, linewidth=1.0)
    style.label(failing, title="Amplitude follows the fibres", x="fibres that fire (%)", y="amplitude (% of all)")
    units.set_xlim(0, 25)
    return figure


def _force(anatomy: Anatomy) -> Figure:
    figure, (evoked, effort) = style.panels(2)
    for rate_hz, colour in zip((1.0, 10.0, 30.0), (style.TREATED, style.HEALTHY, style.MG), strict=True):
        train = stimulated_impulses(anatomy, stimulus_ms=np.arange(0.0, 1000.0, 1000.0 / rate_hz))
        force = force_of(anatomy, train, duration_s=1.2)
        name = "twitch" if rate_hz == 1.0 else f"{rate_hz:g} Hz"
        evoked.plot((1 + np.arange(force.size)) / 1000.0, force, color=colour, label=name)
    style.label(evoked, title="Electrical trains", x="time (s)", y="force (N)")
    evoked.set_ylim(top=1.25 * evoked.get_ylim()[1])
    style.legend(evoked, loc="upper left", ncols=3, fontsize=8.5)
    for fraction, colour in ((0.2, style.TREATED), (0.5, style.HEALTHY), (1.0, style.LEMS)):
        impulses = voluntary_impulses(anatomy, effort=fraction, duration_s=3.0, key=stream(1, "picture"))
        force = force_of(anatomy, impulses, duration_s=3.0)
        effort.plot((1 + np.arange(force.size)) / 1000.0, force, color=colour, label=f"{100 * fraction:.0f} %")
    effort.set_ylim(0, 1.25 * effort.get_ylim()[1])
    style.label(effort, title="Voluntary effort, of the maximal", x="time (s)", y="force (N)")
    style.legend(effort, loc="upper right", ncols=3, fontsize=8.5)
    return figure


def draw() -> Drawn:
    """Draw the figures of the muscle."""
    anatomy = build_anatomy(MUSCLE, seed=1)
    basis = build_basis(anatomy)
    return Drawn(
        {"muscle-field": _field(anatomy), "muscle-build-up": _build_up(anatomy, basis), "muscle-force": _force(anatomy)}
    )
