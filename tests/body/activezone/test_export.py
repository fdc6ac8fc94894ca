"""The case for other programs says the same as the case: numbers, units, rates row by row."""

import re
from dataclasses import replace

import numpy as np
import pytest

from endplate.body.activezone import case_names, read_case
from endplate.body.activezone.export import mcell_files, smoldyn_files, vtk_files
from endplate.body.activezone.export.courses import courses
from endplate.body.activezone.snapshot import watch

AZ4 = read_case("az4")
SC1 = read_case("sc1")


def test_rates_of_a_course_are_those_of_the_kind_at_the_start_of_each_row():
    course = courses(AZ4)["pq"]
    steps = {step.name: step for step in course.steps}
    voltage = AZ4.action_potential.voltage_mv[58]
    alpha = 0.06 * np.exp((voltage + 24.0) / 14.5)
    assert steps["pq_C1_C2"].rate_per_s[58] == pytest.approx(7e3 * alpha)
    assert steps["pq_C3_O1"].rate_per_s[58] == pytest.approx(5e3 * alpha)
    assert steps["pq_O1_O2"].rate_per_s[58] == pytest.approx(2.5)
    ions_per_ms = 2.4e-3 * (60.0 - voltage) / (2 * 1.602176634e-4)
    for name in ("pq_enter_O1", "pq_enter_O2"):
        assert steps[name].enters
        assert steps[name].rate_per_s[58] == pytest.approx(1e3 * ions_per_ms)


def test_a_source_switches_when_it_does_and_not_when_a_row_begins():
    (step,) = courses(SC1)["source"].steps
    assert list(courses(SC1)["source"].changes(step)) == [(0.0, 5e5), (0.5, 0.0)]


def test_a_rate_that_does_not_change_is_written_once():
    course = courses(AZ4)["pq"]
    constant = next(step for step in course.steps if step.name == "pq_O2_O1")
    assert len(list(course.changes(constant))) == 1


def commands(text, name):
    found = re.findall(rf"^cmd @ (\S+) setreactionratemolcount {name} (\S+)$", text, re.MULTILINE)
    return [(float(time), float(rate)) for time, rate in found]


def test_smoldyn_is_told_every_row_in_seconds():
    (text,) = smoldyn_files(AZ4).values()
    rows = commands(text, "pq_C1_C2")
    assert len(rows) == 300
    assert rows[58][0] == pytest.approx(0.58e-3)
    assert f"time_stop {3e-3:.9g}" in text
    assert "time_step 1e-08" in text


def test_smoldyn_has_rate_constants_in_cubic_micrometres_a_second():
    (text,) = smoldyn_files(AZ4).values()
    rate = float(re.search(r"^reaction bind_buffer Ca \+ B -> CaB (\S+)$", text, re.MULTILINE)[1])
    assert rate == pytest.approx(1e8 * 1e15 / 6.02214076e23)


def test_smoldyn_never_defines_a_reaction_of_rate_zero():
    for case in (AZ4, SC1):
        (text,) = smoldyn_files(case).values()
        for rate in re.findall(r"^reaction \S+ .* (\S+)$", text, re.MULTILINE):
            assert float(rate) > 0.0  # Smoldyn would forget the reaction for the whole run


def test_smoldyn_has_as_many_channels_sites_and_buffer_molecules_as_the_case():
    (text,) = smoldyn_files(AZ4).values()
    assert len(re.findall(r"^mol 1 pq_C1 ", text, re.MULTILINE)) == 4
    assert len(re.findall(r"^mol 1 syt1 ", text, re.MULTILINE)) == 60
    buffers = int(re.search(r"^mol (\d+) B u u u$", text, re.MULTILINE)[1])
    assert buffers == round(1e-4 * 0.602214076 * 800 * 600 * 400)  # inside the vesicles too, where no ion comes


def test_sites_of_smoldyn_stand_a_nanometre_outside_their_vesicle():
    (text,) = smoldyn_files(AZ4).values()
    places = np.array([line.split()[3:6] for line in text.splitlines() if line.startswith("mol 1 syt1")], dtype=float)
    distance = np.linalg.norm(1e3 * places[:30] - AZ4.vesicle_centres_nm[0], axis=1)
    np.testing.assert_allclose(distance, 26.0, atol=1e-4)


def test_walls_of_smoldyn_absorb_where_the_case_does():
    (plain,) = smoldyn_files(replace(SC1, absorbing_faces=frozenset({"y+"}))).values()
    assert "high_wall y 0.3 a" in plain
    assert "low_wall y -0.3 r" in plain
    (walled,) = smoldyn_files(replace(AZ4, absorbing_faces=frozenset({"y+"}))).values()
    block = walled.partition("start_surface absorbing")[2].partition("end_surface")[0]
    assert "action all both absorb" in block
    assert re.findall(r"panel rect \S+ .* (\S+)$", block, re.MULTILINE) == ["y+"]


def test_positions_are_listed_when_they_are_asked_for():
    (text,) = smoldyn_files(SC1, positions_ms=(0.25, 0.5)).values()
    assert "cmd @ 0.00025 listmols3 Ca sc1-ions-0.txt" in text
    assert "cmd @ 0.0005 listmols3 Ca sc1-ions-1.txt" in text


def test_mcell_has_a_table_for_every_step_and_names_it():
    files = mcell_files(AZ4)
    tables = {name for name in files if name.endswith(".dat")}
    assert tables == set(re.findall(r'\["([^"]+)"\]', files["az4.mdl"]))
    rows = [tuple(map(float, line.split())) for line in files["az4-pq_C1_C2.dat"].splitlines()]
    assert len(rows) == 300
    assert [time for time, _ in rows] == sorted(time for time, _ in rows)


def test_mcell_has_the_units_of_mcell():
    text = mcell_files(AZ4)["az4.mdl"]
    assert "Ca { DIFFUSION_CONSTANT_3D = 6e-06 }" in text  # cm2/s
    assert "ITERATIONS = 300000" in text
    assert "Ca' + syt1' -> Ca_syt1' [22000000]" in text
    assert "Ca_syt1' -> syt1' + Ca' [910]" in text


def test_ions_of_mcell_enter_on_the_inside_of_the_box():
    assert "pq_O1' -> pq_O1' + Ca, [" in mcell_files(AZ4)["az4.mdl"]


def test_mcell_fills_the_box_outside_the_vesicles_and_puts_each_channel_on_its_patch():
    text = mcell_files(AZ4)["az4.mdl"]
    assert "SHAPE = world.box[ALL] - world.vesicle0[ALL] - world.vesicle1[ALL]" in text
    assert f"NUMBER_TO_RELEASE = {AZ4.n_buffer_sites}" in text
    for number in range(4):
        assert f"SHAPE = world.box[patch{number}]" in text


def test_braces_and_brackets_of_mcell_are_closed():
    text = mcell_files(read_case("mouse_zone"))["mouse-zone.mdl"]
    assert text.count("{") == text.count("}")
    assert text.count("[") == text.count("]")
    assert "SURFACE_CLASS = open_end" in text


def test_resting_calcium_is_in_equilibrium_with_the_buffer_in_both():
    case = AZ4.with_resting_calcium(1.0)
    (smoldyn,) = smoldyn_files(case).values()
    ions = int(re.search(r"^mol (\d+) Ca u u u$", smoldyn, re.MULTILINE)[1])
    assert ions == round(1e-6 * 0.602214076 * case.free_volume_nm3)
    text = mcell_files(case)["az4.mdl"]
    bound = int(re.search(r"MOLECULE = CaB\n    NUMBER_TO_RELEASE = (\d+)", text)[1])
    assert bound == round(case.n_buffer_sites / 11.0)  # K_d is 10 umolar


@pytest.mark.parametrize("name", case_names())
def test_every_case_that_ships_can_be_written(name):
    case = read_case(name)
    for files in (smoldyn_files(case), mcell_files(case), vtk_files(case)):
        for file, text in files.items():
            assert file == file.lower() or "_C" in file or "_O" in file
            assert "nan" not in text


def test_vtk_shows_channels_sites_and_ions_over_time():
    shots = watch(AZ4, times_ms=[0.6, 0.8], seed=1, trial=0)
    files = vtk_files(AZ4, shots)
    assert {name for name in files if name.endswith(".pvd")} == {"az4-channels.pvd", "az4-sites.pvd", "az4-ions.pvd"}
    assert f'NumberOfPoints="{len(shots[1].ions_nm)}"' in files["az4-ions-001.vtp"]
    assert 'Name="is_bound"' in files["az4-sites-000.vtp"]
