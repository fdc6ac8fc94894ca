"""The person: what age, size and temperature do to the same muscle in health."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from docs.figures import style
from docs.figures.style import Drawn
from endplate.body.person import Person, motor_unit_fraction
from endplate.change.therapy import amifampridine_level_umolar, broadening_at
from endplate.exam.examination import examine
from endplate.foundation.records import Levers


def _age_and_size() -> Figure:
    figure, (units, latency) = style.panels(2)
    ages = np.arange(15, 96)
    units.plot(ages, [100 * motor_unit_fraction(age_y=float(age)) for age in ages], color=style.INK)
    units.set_ylim(0, 105)
    style.label(units, title="Motor units are lost with age", x="age (years)", y="motor units (% of a young adult)")
    for height, temperature, colour, name in (
        (155.0, 34.0, style.TREATED, "155 cm, 34 °C"),
        (190.0, 34.0, style.HEALTHY, "190 cm, 34 °C"),
        (170.0, 26.0, style.LEMS, "170 cm, 26 °C"),
    ):
        person = Person(height_cm=height, levers=Levers(temperature_degc=temperature))
        recording = examine(person, protocol="ncs", muscle="adm").studies[0].recording
        latency.plot(recording.time_ms, -recording.signal_mv[-1, 0], color=colour, label=name)
    latency.set_xlim(-2, 30)
    style.label(latency, title="Size and cold", x="ms after the stimulus", y="mV, negative up")
    style.legend(latency, loc="upper right", fontsize=8.5)
    return figure


def _drug() -> Figure:
    figure, (level, effect) = style.panels(2)
    hours = np.linspace(0.0, 12.0, 241)
    for acetylator, colour in (("slow", style.LEMS), ("fast", style.HEALTHY)):
        for steady, shade, name in ((False, "-", "single dose"), (True, ":", "3 a day, steady")):
            found = np.array([
                amifampridine_level_umolar(dose_mg=20, acetylator=acetylator, steady=steady, hours_since_dose=float(h))
                for h in (hours if not steady else hours[hours <= 8.0])
            ])  # fmt: skip
            level.plot(hours[: found.size], found, shade, color=colour, label=f"{acetylator}, {name}")
    style.label(level, title="20 mg of amifampridine", x="hours since the dose", y="plasma level (µM)")
    style.legend(level, loc="upper right", fontsize=8.5)
    levels = np.linspace(0.0, 1.5, 200)
    effect.plot(levels, [broadening_at(float(x)) for x in levels], color=style.INK)
    style.label(
        effect, title="What it does to the terminal", x="plasma level (µM)", y="action potential, times as long"
    )
    return figure


def draw() -> Drawn:
    """Draw the figures of person and change."""
    return Drawn({"person": _age_and_size(), "change-drug": _drug()})
