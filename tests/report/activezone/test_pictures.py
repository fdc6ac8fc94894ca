"""Pictures of the active zone: what they hold, what they say to those who do not see them."""

import re

import numpy as np
import pytest

from endplate.body.activezone import read_case
from endplate.body.activezone.snapshot import watch
from endplate.report.activezone.at_rest import release_at_rest, release_by_impulse_picture
from endplate.report.activezone.latency import latency_histogram
from endplate.report.activezone.scan import scan_pictures
from endplate.report.activezone.traces import traces
from endplate.report.activezone.zone import Cloud, extent_of, zone_picture
from endplate.report.drawing import Area, Label, Mark, Stroke


def labels(drawing):
    return [item.text for item in drawing.items if isinstance(item, Label)]


def marks(drawing, shape, tone):
    """Symbols of a kind, without the one of the legend."""
    found = [i for i in drawing.items if isinstance(i, Mark) and (i.shape, i.tone) == (shape, tone)]
    return len(found) - 1


@pytest.fixture(scope="module")
def shots(case, scenes):
    return watch(case, times_ms=[0.6, 0.9], seed=5, trial=scenes[0].trial)


def test_every_picture_says_simulated_and_has_words_for_those_who_do_not_see_it(case, ensemble, fused, shots, point):
    drawn = [
        *traces(ensemble),
        zone_picture(case, shots[0], key="zone"),
        latency_histogram(case, fused, rule="a rule"),
        release_at_rest(case),
        release_by_impulse_picture(np.array([[0.1, 0.2], [0.3, 0.4]]), rule="a rule"),
        *scan_pictures([point(0.1, channels=1.0), point(0.2, channels=2.0)], rule="a rule"),
    ]
    keys = [drawing.key for drawing in drawn]
    assert len(set(keys)) == len(keys)
    for drawing in drawn:
        assert drawing.simulated
        assert "SIMULATED" in labels(drawing)
        assert drawing.alt.startswith("Simulated. ")
        assert len(drawing.alt) > 50


def test_the_zone_shows_every_ion_channel_and_bound_site_in_both_views(case, shots):
    for shot in shots:
        drawing = zone_picture(case, shot, key="zone")
        inside = int(extent_of(case).holds(shot.ions_nm).sum())
        assert marks(drawing, "dot", "ink") == 2 * inside
        assert marks(drawing, "square", "after") == 2 * int(shot.open_channels.sum())
        assert marks(drawing, "square", "axis") == 2 * int((~shot.open_channels).sum())
        assert marks(drawing, "diamond", "limit") == 2 * sum(int(sites.sum()) for sites in shot.bound_sites)


def test_the_zone_is_drawn_in_one_scale_and_vesicles_are_round(case):
    shown = extent_of(case)
    per_px = {
        "y": (shown.y_nm[1] - shown.y_nm[0]) / 320.0,
        "x": (shown.x_nm[1] - shown.x_nm[0]) / 210.0,
        "z": (shown.z_nm[1] - shown.z_nm[0]) / 150.0,
    }
    assert max(per_px.values()) == pytest.approx(min(per_px.values()))


def test_the_picture_of_a_terminal_holds_all_its_zones_and_one_zone_can_be_chosen():
    mouse = read_case("mouse")
    whole, one = extent_of(mouse), extent_of(mouse, zone=2)
    assert whole.holds(mouse.vesicle_centres_nm).all()
    assert one.holds(mouse.vesicle_centres_nm).sum() == 2


def test_the_cloud_is_darkest_where_most_ions_are(case, shots):
    near, far = np.tile([0.0, 0.0, 30.0], (200, 1)), np.tile([50.0, 80.0, 60.0], (20, 1))
    drawing = zone_picture(case, shots[0], key="zone", cloud=Cloud(np.concatenate([near, far]), 100))
    shades = sorted(item.opacity for item in drawing.items if isinstance(item, Area) and item.tone == "before")
    assert shades[0] == shades[1] < shades[2] == shades[3] == 0.75  # one cell each, in two views


def test_traces_show_the_mean_and_two_bands_of_percentiles(ensemble):
    drawn = {drawing.key: drawing for drawing in traces(ensemble)}
    assert list(drawn) == ["potential", "open-channels", "free-calcium", "bound-syt1"]
    bands = [item for item in drawn["bound-syt1"].items if isinstance(item, Area) and len(item.points) > 4]
    assert len(bands) == 2
    assert "5 to 95 % of the runs" in labels(drawn["bound-syt1"])


def test_the_histogram_counts_every_vesicle_that_fused(case):
    fused = np.full((50, 2), np.nan)
    fused[:10, 0] = np.linspace(0.8, 1.2, 10)
    drawing = latency_histogram(case, fused, rule="fuses somehow")
    assert any("10 of 100 vesicles (10.0 %) fused, at 1.00 ms" in text for text in labels(drawing))
    assert "10 of 100" in drawing.alt


def test_no_fusion_is_told_and_not_an_empty_frame(case):
    drawing = latency_histogram(case, np.full((4, 2), np.nan), rule="fuses somehow")
    assert "None of 8 vesicles fused." in labels(drawing)


def test_a_scan_has_a_bar_of_one_standard_error_at_each_point(point):
    points = [point(p, channels=float(k)) for k, p in enumerate((0.0, 0.1, 0.2))]
    (drawing,) = scan_pictures(points, rule="a rule")
    dots = [item for item in drawing.items if isinstance(item, Mark)]
    assert len(dots) == 3
    bars = [i for i in drawing.items if isinstance(i, Stroke) and i.tone == "before" and np.ptp(i.points[:, 0]) == 0]
    heights = sorted(float(np.ptp(bar.points[:, 1])) for bar in bars)
    assert heights[-1] == pytest.approx(2 * heights[-2])  # the error of the last is twice that of the middle one


def test_a_scan_over_two_has_a_line_and_a_symbol_for_each_value_of_the_second(point):
    points = [point(0.1, channels=c, broadening=b) for c in (1.0, 2.0) for b in (1.0, 2.0, 3.0)]
    (drawing,) = scan_pictures(points, rule="a rule")
    assert {"broadening 1", "broadening 2", "broadening 3"} <= set(labels(drawing))
    assert {item.shape for item in drawing.items if isinstance(item, Mark)} == {"dot", "square", "diamond"}


def test_a_scan_over_three_has_a_picture_for_each_value_of_the_third(point):
    points = [point(0.1, channels=c, broadening=1.0, calcium=x) for c in (1.0, 2.0) for x in (1.0, 2.0)]
    drawn = scan_pictures(points, rule="a rule")
    assert [drawing.title for drawing in drawn] == ["Release, calcium 1", "Release, calcium 2"]


def test_a_scan_over_decades_has_a_logarithmic_axis_and_names_zero(point):
    points = [point(p, calcium=x) for x, p in ((0.1, 0.0), (0.3, 0.0002), (1.0, 0.01), (4.0, 0.3))]
    (drawing,) = scan_pictures(points, rule="a rule")
    assert "chance that a vesicle fuses, % (log)" in labels(drawing)
    assert {"0.01", "0.1", "1", "10"} <= set(labels(drawing))
    assert "0" in labels(drawing)


def test_release_by_impulse_tells_the_paired_ratio():
    drawing = release_by_impulse_picture(np.array([[0.1, 0.3], [0.3, 0.5]]), rule="a rule")
    assert "second over first: 2.00" in labels(drawing)


def test_release_at_rest_stands_on_decades(case):
    assert any(re.fullmatch("10⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+", text) for text in labels(release_at_rest(case)))


def test_a_zone_without_vesicles_can_be_drawn():
    source = read_case("sc1")
    shot = watch(source, times_ms=[0.3], seed=1)[0]
    assert "1 of 1 channels" in zone_picture(source, shot, key="zone").alt
