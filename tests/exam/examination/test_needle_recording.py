"""What a simulated needle sees: the jitter that is measured is the jitter that was there."""

import numpy as np
import pytest

from endplate.body.person import Person
from endplate.exam.examination import read
from endplate.exam.examination.needle import pick_fibres
from endplate.exam.examination.session import Session
from endplate.exam.protocols import load_protocol
from endplate.foundation.errors import InputError


def true_and_measured(protocol):
    """Return the mean consecutive difference of each end-plate, as it was and as it is measured. [us]"""
    session = Session(Person(), "extensor_digitorum", load_protocol(protocol), n_fibres=3000)
    caught = []
    original = session.preparation.stimulate

    def stimulate(*arguments, **options):
        caught.append(original(*arguments, **options))
        return caught[-1]

    session.preparation.stimulate = stimulate
    session.run()
    firing, fibre = caught[-1].firing, session._picked.fibre
    arrival = np.where(firing.fired[:, fibre] == 1, firing.arrival_ms[:, fibre], np.nan).astype(float)
    if session.protocol.stimulation == "voluntary":
        arrival = arrival[:, 20:] - arrival[:, :20]
    study = read(session.recording())
    measured = np.array([one.latency_ms for one in study.measurements]).T
    return (1000 * np.nanmean(np.abs(np.diff(x, axis=0)), axis=0) for x in (arrival, measured))


@pytest.mark.parametrize("protocol", ["sfemg-stimulated", "sfemg-voluntary"])
def test_measured_jitter_is_the_jitter_that_was_there_within_a_few_microseconds(protocol):
    true, measured = true_and_measured(protocol)
    # noise adds in squares: 7 us on one latency, 10 us on a pair
    added = np.sqrt(np.maximum(measured**2 - true**2, 0.0))
    assert np.median(added) < (7 if protocol == "sfemg-stimulated" else 10)
    assert np.corrcoef(true, measured)[0, 1] > 0.95


def test_a_voluntary_pair_comes_from_one_motor_unit():
    session = Session(Person(), "extensor_digitorum", load_protocol("sfemg-voluntary"), n_fibres=3000)
    unit = session.preparation.anatomy.unit[session._picked.fibre]
    np.testing.assert_array_equal(unit[:20], unit[20:])
    assert len(set(session._picked.fibre)) == 40
    assert session._picked.channels[0] == "trigger 1"


def test_a_muscle_with_too_few_fibres_is_refused():
    session = Session(Person(), "extensor_digitorum", load_protocol("sfemg-stimulated"), n_fibres=3000)
    plan = load_protocol("sfemg-stimulated")
    with pytest.raises(InputError, match="3000 fibres, the protocol wants 5000"):
        pick_fibres(session.preparation.anatomy, plan.__class__(plan.name, "", "", plan.steps, endplates=5000), seed=1)
