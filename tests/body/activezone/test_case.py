"""Cases and their variants, the action potential, and ensembles that are kept, joined and resumed."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endplate.body.activezone import (
    case_names,
    channel_kind,
    evidence_of,
    load_ensemble,
    read_case,
    reference_action_potential,
    simulate,
)
from endplate.body.activezone.ensemble import BINDING_FIELDS, OPENING_FIELDS, running_sum
from endplate.foundation.parameters import references
from endplate.foundation.random import stream

REFERENCE = Path(__file__).parent / "reference"
SHARED = Path(__file__).resolve().parents[4] / "shared" / "science" / "activezone_reference"


def equal(one, other):
    for name in ("time_ms", "ions_entered", "free_count", "fate", "moves"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for group, names in (("openings", OPENING_FIELDS), ("bindings", BINDING_FIELDS)):
        for name in names:
            np.testing.assert_array_equal(getattr(getattr(one, group), name), getattr(getattr(other, group), name))


def test_the_reference_outputs_are_those_of_the_shared_science_where_it_exists():
    names = sorted(path.name for path in REFERENCE.glob("*.json"))
    assert names == ["gating.json", "mcell3_AZ4.json", "mcell3_SC1.json"]
    for name in names:
        ours = json.loads((REFERENCE / name).read_text())
        if SHARED.is_dir():
            assert ours == json.loads((SHARED / name).read_text())


@pytest.mark.parametrize("name", case_names())
def test_every_case_of_the_package_is_sound_and_says_where_it_is_from(name):
    case = read_case(name)
    assert case.n_channels > 0
    known = references()
    for part in evidence_of(name).values():
        assert part["note"]
        assert part["status"] == "assumed" or part["source"] in known


def test_cases_whose_papers_could_not_be_read_say_that_they_are_assumed():
    for name in ("human_zone", "human_terminal", "frog_double_row"):
        assert evidence_of(name)["geometry"]["status"] == "assumed"


def test_the_reference_case_is_the_one_of_the_science_page():
    case = read_case("az4")
    assert case.n_buffer_sites == 11_555
    assert case.channel_positions_nm.tolist() == [[19.0, 16.0], [-19.0, 16.0], [19.0, -16.0], [-19.0, -16.0]]
    i = np.arange(30) + 0.5
    c = 1 - (1 - (35.1 - 20.6) / 25) * i / 30
    s, phi = np.sqrt(1 - c**2), i * np.pi * (3 - np.sqrt(5))
    for vesicle, y in enumerate((26.0, -26.0)):
        expected = np.array([0.0, y, 35.1]) + 25 * np.column_stack([s * np.cos(phi), s * np.sin(phi), -c])
        np.testing.assert_allclose(case.site_positions_nm[0][vesicle], expected, atol=1e-12)
    assert read_case("sc1").n_buffer_sites == 11_563


def test_the_impulse_is_the_tabulated_one():
    known = json.loads((REFERENCE / "gating.json").read_text())
    np.testing.assert_allclose(reference_action_potential().at(known["t_ms"]), known["V_mV"], atol=1e-12)


def test_the_mouse_segment_holds_six_zones_and_two_million_buffer_sites():
    case = read_case("mouse")
    assert (case.n_channels, case.n_vesicles, np.unique(case.zone_of_channel).size) == (24, 12, 6)
    assert 1.95e6 < case.n_buffer_sites < 2.05e6
    assert case.absorbing_faces == {"y-", "y+"}


def test_broadening_stretches_what_follows_the_peak_and_nothing_before_it():
    plain = reference_action_potential()
    wide = plain.broadened(2.0)
    before = plain.time_ms <= plain.peak_ms
    np.testing.assert_allclose(wide.at(plain.time_ms[before]), plain.voltage_mv[before], atol=1e-9)
    after = np.linspace(0.0, 1.0, 50)
    np.testing.assert_allclose(wide.at(wide.peak_ms + 2 * after), plain.at(plain.peak_ms + after), atol=1e-9)
    half = (plain.voltage_mv > -12).sum() * plain.row_ms
    assert 0.18 < half < 0.26


def test_between_impulses_the_potential_returns_to_rest():
    _, voltage, impulse = reference_action_potential().train((0.0, 20.0), duration_ms=23.0)
    assert abs(voltage[1999] + 57.3) < 1e-3
    np.testing.assert_allclose(voltage[2000:2299], reference_action_potential().voltage_mv[:299], atol=1e-9)
    assert impulse[1999] == 0
    assert impulse[2000] == 1


def test_channels_are_taken_zone_by_zone_or_by_index():
    case = read_case("mouse")
    assert np.bincount(case.with_channels(2).zone_of_channel).tolist() == [2] * 6
    assert case.with_channels([5, 1]).n_channels == 2
    assert case.with_channels(0).n_channels == 0


def test_disorganisation_moves_every_channel_the_same_way_further():
    case, key = read_case("az4"), stream(3, "layout")
    np.testing.assert_array_equal(case.displaced(0.0, key).channel_positions_nm, case.channel_positions_nm)
    half, full = (case.displaced(share, key).channel_positions_nm - case.channel_positions_nm for share in (0.5, 1.0))
    np.testing.assert_allclose(2 * half, full)
    far = np.concatenate([case.displaced(1.0, stream(i, "layout")).channel_positions_nm for i in range(400)])
    np.testing.assert_allclose(far.mean(axis=0), 0.0, atol=4.5 * 800 / np.sqrt(12 * 1600))
    assert abs(far[:, 0].std() - 800 / np.sqrt(12)) < 15


def test_ions_through_a_channel_follow_calcium_and_magnesium_blocks_more_where_calcium_is_low():
    pq, volts = channel_kind("pq"), np.array([-60.0, 0.0, 70.0])
    plain = pq.ions_per_open_ms(volts, external_calcium_mmolar=2.0)
    np.testing.assert_allclose(pq.ions_per_open_ms(volts, external_calcium_mmolar=0.5), plain / 4)
    assert plain[2] == 0.0

    def block(calcium):
        free, blocked = (
            pq.ions_per_open_ms(volts, external_calcium_mmolar=calcium, magnesium_mmolar=magnesium)[0]
            for magnesium in (0.0, 5.0)
        )
        return blocked / free

    assert block(0.3) < block(2.0) < block(10.0) < 1.0


def test_every_variant_has_a_fingerprint_of_its_own_and_the_name_has_none():
    case = read_case("az4")
    variants = [
        case,
        case.with_channels(3),
        case.with_vesicles([0]),
        case.with_more_vesicles([[0.0, 100.0, 35.1]]),
        case.displaced(0.1, stream(1, "layout")),
        case.broadened(1.5),
        case.with_external_calcium(1.0),
        case.with_magnesium(1.0),
        case.with_closing(0.5),
        case.with_kind("l", [0]),
        case.with_train(50.0, 2),
        case.with_duration(2.0),
        case.with_buffer(umolar=50.0),
        case.with_resting_calcium(0.1),
        case.with_clearance(0.1),
        case.with_step(5.0),
    ]
    assert len({variant.fingerprint() for variant in variants}) == len(variants)
    assert read_case("az4").fingerprint() == case.fingerprint()


@given(
    groups=st.lists(st.tuples(st.integers(0, 4), st.integers(-3, 3)), max_size=40),
)
@settings(deadline=None)
def test_a_running_sum_in_groups_is_the_sum_of_each_group_so_far(groups):
    group, change = (np.array([pair[i] for pair in groups], dtype=np.int64) for i in (0, 1))
    expected = [sum(c for g, c in groups[: i + 1] if g == groups[i][0]) for i in range(len(groups))]
    assert running_sum(group, change).tolist() == expected


def test_an_ensemble_is_the_same_whatever_the_number_of_threads_and_trials():
    case = read_case("az4").with_duration(1.2)
    one, two = (simulate(case, trials=40, seed=4, threads=threads) for threads in (1, 2))
    equal(one, two)
    equal(one.first_trials(21), simulate(case, trials=21, seed=4, threads=2))


def test_an_interrupted_ensemble_resumes_to_the_same_result(tmp_path):
    case, file = read_case("az4").with_duration(1.0), tmp_path / "az4.npz"
    seen = []

    def stop(done, total):
        seen.append((done, total))
        if done >= 16:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(case, trials=48, seed=2, file=file, progress=stop, threads=1)
    assert seen == [(16, 48)]
    kept = load_ensemble(file, case)
    assert kept.trials == 16
    resumed = simulate(case, trials=48, seed=2, file=file)
    equal(resumed, simulate(case, trials=48, seed=2))
    equal(load_ensemble(file, case), resumed)
    equal(simulate(case, trials=20, seed=2, file=file), resumed.first_trials(20))


def test_the_dataset_has_dimensions_units_and_what_identifies_it():
    result = simulate(read_case("mouse_zone").with_duration(0.2), trials=2, seed=1)
    data = result.to_xarray()
    assert data.bound_syt1.dims == ("trial", "vesicle", "time")
    assert "bound_second" in data
    assert data.time.attrs["units"] == "ms"
    assert data.attrs["case_fingerprint"] == result.case.fingerprint()


def test_what_is_read_from_the_events_is_what_the_samples_show():
    result = simulate(read_case("az4"), trials=60, seed=8, record_step_us=1.0)
    sampled = result.bound_sites().max(axis=2)
    largest = result.largest_bound()
    assert (largest >= sampled).all()  # an instant between two samples may hold more
    assert (largest - sampled).mean() < 0.02
    first = result.first_times(2)
    np.testing.assert_array_equal(np.isnan(first), largest < 2)
    opened = result.openings.end_ms - result.openings.start_ms
    assert abs(result.open_count().sum() * 1e-3 - opened.sum()) < 1e-3 * opened.size
