"""The comparison with Smoldyn, without Smoldyn: what is read from its files, and what is made of it."""

import numpy as np
import pytest

from endplate.body.activezone import read_case
from tools import crosscheck
from tools.crosscheck import Estimate, Row


def test_a_uniform_cloud_has_its_concentration_in_every_half_shell():
    rng = np.random.default_rng(1)
    side_nm, n = 400.0, 400_000
    ions = rng.uniform((-200.0, -200.0, 0.0), (200.0, 200.0, 400.0), (n, 3))
    edges = np.array([0.0, 60.0, 120.0, 200.0])
    found = crosscheck.shells_umolar(ions, edges)
    expected = n / side_nm**3 / 0.602214076 * 1e6
    counts = n * (2 / 3 * np.pi * np.diff(edges**3)) / side_nm**3
    assert (np.abs(found / expected - 1.0) < 4.5 / np.sqrt(counts)).all()


def test_no_ion_seen_is_not_no_error():
    seen = crosscheck.estimate(np.zeros(50), one=13.2)
    assert (seen.mean, seen.sem) == (0.0, 13.2 / 50)


def test_a_difference_is_in_errors_of_both():
    assert Estimate(5.0, 3.0).against(Estimate(0.0, 4.0)) == pytest.approx(1.0)


@pytest.fixture
def fake(tmp_path):
    """A program that leaves what Smoldyn would leave."""
    program = tmp_path / "python"
    program.write_text(
        "#!/bin/sh\n"
        "printf 'time Ca B CaB source_on\\n0 0 10 0 1\\n0.0005 40 9 1 1\\n0.001 20 9 1 1\\n' > sc1-counts.txt\n"
        "printf '1 1 0 0.01 0.02 0.03 77\\n1 1 0 -0.1 0 0.2 78\\n' > sc1-ions-0.txt\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return program


def test_counts_and_places_are_read_from_the_files_of_smoldyn(fake):
    free, (places,) = crosscheck.run_smoldyn(fake, read_case("sc1"), 1, [0.5])
    np.testing.assert_allclose(free, [20.0, 40.0, 36.0, 20.0])  # between two counts on their line
    np.testing.assert_allclose(places, [[10.0, 20.0, 30.0], [-100.0, 0.0, 200.0]])


def test_a_smoldyn_that_fails_is_told_with_what_it_said(fake):
    fake.write_text("#!/bin/sh\necho no such module >&2\nexit 1\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match="code 1: no such module"):
        crosscheck.run_smoldyn(fake, read_case("sc1"), 1, [0.5])


def test_our_particles_give_the_same_things():
    free, places = crosscheck.run_particles(read_case("sc1"), 1, 0, [0.1, 0.25])
    assert free[0] == len(places[1])
    assert places[0].shape[1] == 3


def test_the_table_has_a_row_for_each_quantity():
    row = Row("free ions at 0.25 ms", "1", Estimate(51.3, 0.9), Estimate(50.0, 1.0), Estimate(50.5, 0.3))
    result = crosscheck.as_json([row], {"mcell3": 60, "smoldyn": 30, "particles": 600})
    assert result["rows"][0]["particles_z"] == pytest.approx(-0.84)
    text = crosscheck.as_markdown(result)
    assert "| free ions at 0.25 ms | 51.30 ± 0.90 | 50.00 ± 1.00 | 50.50 ± 0.30 | −1.0 | −0.8 | +0.5 |" in text
    assert "SIMULATED" in text


@pytest.mark.parametrize(("words", "part"), [(["--trials", "1"], "at least 2"), ([], "make crosscheck sets it up")])
def test_bad_words_are_told_in_one_sentence(tmp_path, capsys, words, part):
    assert crosscheck.main(["--python", str(tmp_path / "absent"), *words]) == 2
    assert part in capsys.readouterr().err
