"""One small ensemble and one film, made once."""

from __future__ import annotations

import pytest

from endplate.body.activezone import read_case
from endplate.body.activezone.fusion import DeterministicFusion, fusion_times
from endplate.body.activezone.scan import Point
from endplate.body.activezone.simulate import simulate
from endplate.report.activezone.animation import film_page
from endplate.report.activezone.film import film
from endplate.report.activezone.write import half_of

RULE = DeterministicFusion(1)


@pytest.fixture(scope="session")
def case():
    return read_case("az4")


@pytest.fixture(scope="session")
def ensemble(case):
    return simulate(case, trials=30, seed=5)


@pytest.fixture(scope="session")
def fused(ensemble):
    return fusion_times(ensemble, RULE)


@pytest.fixture(scope="session")
def scenes(case):
    return film(half_of(case), rule=RULE, seed=5, trials=30)


@pytest.fixture(scope="session")
def page(scenes):
    return film_page(scenes, rule="A vesicle fuses when <1> synaptotagmin is active.", provenance="Seed 5.")


@pytest.fixture
def point():
    def made(probability: float, **settings: float) -> Point:
        return Point(settings, 100, 2, probability, 0.1 * probability, 200.0, 5.0, 0.3, 1.0, 0.2)

    return made
