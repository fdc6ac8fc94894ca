"""The film: one file without requests, with a button, with words; and the GIF."""

import io
import json
import re

import numpy as np
from PIL import Image

from endplate.report.activezone.film import frame_times, told
from endplate.report.activezone.gif import gif_bytes


def film_data(page):
    return json.loads(re.search(r'<script type="application/json" id="film">(.*?)</script>', page, re.DOTALL)[1])


def test_the_film_shows_health_and_half_the_channels_at_the_same_times(case, scenes):
    assert [scene.title for scene in scenes] == ["Health: 4 channels", "Half the channels: 2"]
    assert [scene.case.n_channels for scene in scenes] == [4, 2]
    for scene in scenes:
        assert [shot.time_ms for shot in scene.shots] == frame_times(case)


def test_of_two_channels_that_are_left_each_vesicle_keeps_one(scenes):
    half = scenes[1].case
    gap = np.linalg.norm(half.channel_positions_nm[:, None] - half.vesicle_centres_nm[None, :, :2], axis=2)
    assert sorted(np.argmin(gap, axis=1)) == [0, 1]


def test_the_trial_that_is_shown_is_at_the_upper_quartile(case, scenes):
    from endplate.body.activezone.simulate import simulate

    entered = simulate(case, trials=30, seed=5).ions_entered.sum(axis=(1, 2))
    assert abs(np.mean(entered < entered[scenes[0].trial]) - 0.75) < 0.1
    assert scenes[0].mean_ions == entered.mean()


def test_the_page_asks_nothing_of_any_network(page):
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert "default-src 'none'" in page
    assert not re.search(r"<(?:link|img|script)[^>]+(?:src|href)=\"(?!data:)", page)


def test_the_page_says_simulated_and_tells_the_story_in_words(page, scenes):
    assert page.count('class="simulated"') >= 2
    assert told(scenes) in page
    assert 'aria-describedby="story"' in page
    assert "<noscript>" in page


def test_what_comes_from_outside_is_escaped(page):
    assert "&lt;1&gt;" in page
    assert "<1>" not in page


def test_the_data_of_the_page_are_those_of_the_trial(page, scenes):
    data = film_data(page)
    for scene, shown in zip(scenes, data["scenes"], strict=True):
        assert [shot["entered"] for shot in shown["shots"]] == [shot.ions_entered for shot in scene.shots]
        assert [len(shot["bound"]) for shot in shown["shots"]] == [
            sum(int(sites.sum()) for sites in shot.bound_sites) for shot in scene.shots
        ]
    assert len(data["cursor"]) == len(data["time"]) == len(data["voltage"])


def test_the_gif_moves_keeps_its_colours_and_repeats(scenes):
    image = Image.open(io.BytesIO(gif_bytes(scenes)))
    assert image.n_frames == len(scenes[0].shots)
    assert image.info["loop"] == 0
    assert b"SIMULATED" in image.info["comment"]
    image.seek(image.n_frames // 2)
    colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 20)}
    assert (184, 67, 26) in colours or (160, 44, 74) in colours  # an open channel, or a bound site
    assert len(colours) < 256
