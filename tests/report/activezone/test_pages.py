"""Pages and tables of runs and scans."""

import csv
import io
import re

import numpy as np
import pytest
import xarray as xr

from endplate.body.activezone.scan import summarise
from endplate.body.activezone.simulate import simulate
from endplate.report.activezone import page as pages
from endplate.report.activezone.tables import scan_csv, scan_netcdf, traces_csv, trials_csv, trials_netcdf
from endplate.report.activezone.write import run_files, scan_files, show_files
from tests.report.activezone.conftest import RULE


@pytest.fixture
def quick(monkeypatch):
    """Leave PNGs blank and the cloud thin where a test is not about them."""
    monkeypatch.setattr(pages, "png_bytes", lambda drawing: b"\x89PNG blank")
    monkeypatch.setattr("endplate.report.activezone.write.CLOUD_RUNS", 3)


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_a_run_has_page_pictures_and_tables_and_the_page_links_only_to_them(quick, ensemble):
    files = run_files(ensemble, RULE, summarise([ensemble], RULE, {}))
    page = files["index.html"].decode()
    linked = {link for link in re.findall(r'href="([^"#]+)"', page) if not link.startswith("data:")}
    assert linked == set(files) - {"index.html"}
    assert {"trials.csv", "traces.csv", "trials.nc", "latency.png", "at-rest.svg", "zone-1.png"} <= set(files)
    assert page.count("SIMULATED") > 5
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")


def test_the_page_of_a_train_shows_release_by_each_impulse(quick, case):
    ensemble = simulate(case.with_train(200.0, 2), trials=4, seed=2)
    files = run_files(ensemble, RULE, summarise([ensemble], RULE, {}))
    assert "by-impulse.png" in files


def test_the_page_of_a_scan_lists_every_point(quick, case, point):
    points = [point(0.1 * k, channels=float(k)) for k in range(5)]
    page = scan_files(case, points, rule=RULE, seed=1, engine="fast")["index.html"].decode()
    assert page.count("<tr>") == 6
    assert "engine" in page
    assert case.fingerprint() in page


def test_a_look_has_no_tables_and_does_not_speak_of_any(quick, case, scenes):
    files = show_files(case, scenes[0].shots[:2], seed=5, trial=0)
    assert "Beside this page" not in files["index.html"].decode()


def test_trials_have_a_row_for_each_vesicle(ensemble, fused):
    rows = rows_of(trials_csv(ensemble, fused))
    assert len(rows) == 60
    entered = ensemble.ions_entered.sum(axis=(1, 2))
    for row in rows:
        trial, vesicle = int(row["trial"]), int(row["vesicle"])
        assert int(row["ions_entered"]) == entered[trial]
        assert int(row["largest_bound_syt1"]) == ensemble.largest_bound()[trial, vesicle]
        assert bool(row["fusion_ms"]) == bool(np.isfinite(fused[trial, vesicle]))


def test_traces_have_percentiles_in_order(ensemble):
    rows = rows_of(traces_csv(ensemble))
    assert len(rows) == ensemble.time_ms.size
    for row in rows:
        line = [float(row[f"free_calcium_p{q}"]) for q in (5, 25, 50, 75, 95)]
        assert line == sorted(line)


def test_a_number_that_was_not_measured_is_an_empty_cell(point):
    (row,) = rows_of(scan_csv([point(0.1, calcium=2.0)]))
    assert row["calcium"] == "2"
    assert row["paired_ratio"] == ""


def test_netcdf_holds_the_trials_with_units(ensemble, fused, tmp_path):
    file = tmp_path / "trials.nc"
    file.write_bytes(trials_netcdf(ensemble, fused))
    with xr.open_dataset(file, engine="h5netcdf") as data:
        np.testing.assert_allclose(data.fusion_time, fused)
        assert data.fusion_time.attrs["units"] == "ms"
        assert data.attrs["simulated"] == 1
        np.testing.assert_array_equal(data.open_channels, ensemble.open_count())


def test_netcdf_of_a_scan_holds_settings_as_coordinates(point, tmp_path):
    file = tmp_path / "scan.nc"
    file.write_bytes(scan_netcdf([point(0.1, calcium=1.0), point(0.2, calcium=2.0)], about={"seed": "1"}))
    with xr.open_dataset(file, engine="h5netcdf") as data:
        assert data.calcium.values.tolist() == [1.0, 2.0]
        np.testing.assert_allclose(data.probability, [0.1, 0.2])
        assert data.attrs["seed"] == "1"
