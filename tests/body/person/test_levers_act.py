"""Every lever moves what it is documented to move, in the documented direction, and nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.body import junction as junctions
from endplate.body import terminal as terminals
from endplate.body.person import Person
from endplate.body.person.preparation import Preparation
from endplate.body.terminal import _kernels as terminal_kernels
from endplate.foundation.records import LEVERS, Levers

N = 200
# half of the channels are lost: substitutes can stand in, and release is far from its ceiling
BASE = Levers(pq_channel_fraction=0.5)
RELEASE, TRACE = "quanta at rest", "residual calcium"
# lever -> what it moves, and whether more of the lever means more of it (+1) or less (-1)
ACTS = {
    "pq_channel_fraction": {RELEASE: 1, TRACE: 1},
    "l_type_fraction": {RELEASE: 1, TRACE: 1},
    "n_type_fraction": {RELEASE: 1, TRACE: 1},
    "zone_disorganisation": {RELEASE: -1},
    "external_calcium_mmolar": {RELEASE: 1, TRACE: 1},
    "magnesium_mmolar": {RELEASE: -1, TRACE: -1},
    "broadening": {RELEASE: 1, TRACE: 1},
    "docked_vesicles": {RELEASE: 1, "sites": 1},
    "release_machinery": {RELEASE: 1, "sites": 1},
    "vesicle_refilling": {"refilling time": -1},
    "esterase_activity": {"quantum": -1, "decay": -1, "desensitisation": -1},
    "receptor_fraction": {"quantum": 1},
    "competitive_block": {"quantum": -1},
    "depolarising_block": {"quantum": -1},
    "desensitisation": {"desensitisation": 1},
    "sodium_channel_fraction": {"threshold": -1},
    "temperature_degc": {
        "quantum": -1, "refilling time": -1, "facilitation time": -1, "rise": -1, "delay": -1, "nerve": -1,
    },
}  # fmt: skip
# what fibres do after a moderate move against BASE: amplitude of the end-plate potential, or fibres that fire
MOVES = {
    "pq_channel_fraction": (0.8, 1), "l_type_fraction": (0.4, 1), "n_type_fraction": (0.4, 1),
    "zone_disorganisation": (0.5, -1), "external_calcium_mmolar": (1.6, 1), "magnesium_mmolar": (3.0, -1),
    "broadening": (1.3, 1), "docked_vesicles": (1.5, 1), "release_machinery": (0.5, -1),
    "vesicle_refilling": (0.1, -1), "esterase_activity": (0.3, 1), "receptor_fraction": (0.5, -1),
    "competitive_block": (0.5, -1), "depolarising_block": (0.5, -1), "desensitisation": (50.0, -1),
    "sodium_channel_fraction": (0.3, -1), "temperature_degc": (26.0, 1),
}  # fmt: skip


def body(levers):
    """Return every quantity that levers may move, of a small muscle."""
    hand = Preparation(Person(levers=levers), "adm", n_fibres=N)
    constants = hand.terminal.constants
    return {
        RELEASE: hand.terminal.rest_quantal_content,
        "sites": float(hand.terminal.sites.sum()),
        TRACE: float(constants[terminal_kernels.ENTRY]),
        "refilling time": float(constants[terminal_kernels.TAU_DOCKING]),
        "facilitation time": float(constants[terminal_kernels.TAU_FAST]),
        "quantum": junctions.quantal_size(levers),
        "decay": hand.junction.decay_ms,
        "desensitisation": hand.junction.desensitisation_step,
        "threshold": float(hand.fibres.threshold_mv.mean()),
        "rise": hand.fibres.rise_ms,
        "delay": hand.fibres.delay_ms,
        "nerve": float(hand.nerve_ms.mean()),
    }


def test_every_lever_has_its_line():
    assert set(ACTS) == set(MOVES) == set(LEVERS)


@pytest.mark.parametrize("name", LEVERS)
@given(low=st.floats(0.0, 0.9), width=st.floats(0.1, 1.0))
@settings(max_examples=8)
def test_moving_a_lever_moves_what_is_documented_in_its_direction_and_nothing_else(name, low, width):
    lever = LEVERS[name]
    # below the level at which substitutes or survivors fill a zone; elsewhere its whole range
    top = 0.8 if name in ("l_type_fraction", "n_type_fraction") else lever.high
    start = lever.low + low * (top - lever.low)
    end = lever.low + min(low + width, 1.0) * (top - lever.low)
    less, more = (body(BASE.moved(**{name: value})) for value in (start, end))
    for quantity, sign in ACTS[name].items():
        assert sign * (more[quantity] - less[quantity]) >= 0.0, quantity
    for quantity in set(less) - set(ACTS[name]):
        # a class of sites that nothing releases is dropped: it counts in no quantity but the sum of sites
        if quantity != "sites":
            assert more[quantity] == less[quantity], quantity


@pytest.mark.parametrize("name", LEVERS)
def test_a_moderate_move_of_every_lever_is_felt_where_it_is_documented(name):
    value, _ = MOVES[name]
    before, after = body(BASE), body(BASE.moved(**{name: value}))
    direction = np.sign(value - getattr(BASE, name))
    for quantity, slope in ACTS[name].items():
        assert direction * slope * (after[quantity] / before[quantity] - 1.0) > 0.01, quantity


@pytest.mark.parametrize("name", LEVERS)
def test_every_lever_changes_what_the_fibres_do_in_a_train(name):
    value, sign = MOVES[name]
    felt = []
    for levers in (BASE, BASE.moved(**{name: value})):
        hand = Preparation(Person(levers=levers), "adm", n_fibres=2000)
        read = np.zeros(60, np.uint8)
        read[-5:] = 1  # long enough for receptors to desensitise
        if name == "temperature_degc":
            read[:] = np.arange(60) == 0  # cold helps the single response; in a long train it also slows refilling
        response = hand.stimulate(np.arange(60) * 50.0, is_read=read)
        # a threshold does not show in the potential, only in the fibres that reach it
        shown = response.fired_fraction if name == "sodium_channel_fraction" else response.endplate_potential_mv
        felt.append(float(shown.mean()))
    assert sign * (felt[1] - felt[0]) > 0.01 * felt[0]


def test_substitute_channels_change_nothing_where_no_channel_is_missing():
    full = terminals.build_terminal(
        levers=Levers(l_type_fraction=0.5, n_type_fraction=0.5), unit_start=np.array([0, N]),
        junction_size=np.ones(N, np.float32), seed=1, muscle="adm",
    )  # fmt: skip
    plain = terminals.build_terminal(
        levers=Levers(), unit_start=np.array([0, N]), junction_size=np.ones(N, np.float32), seed=1, muscle="adm"
    )
    assert full.rest_quantal_content == plain.rest_quantal_content
