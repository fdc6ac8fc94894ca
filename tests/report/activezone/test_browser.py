"""Film and page in a real browser: playing, stopped, for those who want no motion, on a telephone."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.report.test_browser import ARGUMENTS


@pytest.fixture(scope="module")
def browser():
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("these tests look at the film in Chromium, and there is none: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def opened(browser, page, tmp_path):
    file = tmp_path / "film.html"
    file.write_text(page, encoding="utf-8")
    contexts = []

    def visit(*, width=1280, motion="reduce"):
        context = browser.new_context(viewport={"width": width, "height": 800}, reduced_motion=motion)
        contexts.append(context)
        shown, noted = context.new_page(), []
        shown.on("console", lambda message: noted.append(message.text))
        shown.on("pageerror", lambda error: noted.append(str(error)))
        shown.on("request", lambda request: noted.append(request.url) if request.url != file.as_uri() else None)
        shown.goto(file.as_uri())
        return shown, noted

    yield visit
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_film_opens_quietly_and_does_not_scroll_sideways(opened, width):
    shown, noted = opened(width=width)
    assert noted == []
    assert shown.evaluate("document.documentElement.scrollWidth") == width


def test_who_wants_no_motion_sees_a_still_of_the_middle_and_can_play_it(opened):
    shown, _ = opened(motion="reduce")
    first = shown.input_value("#time")
    shown.wait_for_timeout(300)
    assert shown.input_value("#time") == first != "0"
    assert shown.inner_text("#play") == "Play"
    shown.click("#play")
    shown.wait_for_function(f"document.getElementById('time').value !== '{first}'")


def test_the_film_plays_and_the_button_stops_it(opened):
    shown, _ = opened(motion="no-preference")
    assert shown.inner_text("#play") == "Pause"
    shown.wait_for_function("document.getElementById('time').value > 1")
    shown.click("#play")
    stopped = shown.input_value("#time")
    shown.wait_for_timeout(300)
    assert shown.input_value("#time") == stopped


def test_the_slider_moves_by_keyboard_and_says_the_time(opened):
    shown, _ = opened()
    before = int(shown.input_value("#time"))
    shown.focus("#time")
    shown.keyboard.press("ArrowRight")
    assert int(shown.input_value("#time")) == before + 1
    assert "ms" in shown.get_attribute("#time", "aria-valuetext")
    assert shown.inner_text("#clock") == shown.get_attribute("#time", "aria-valuetext")


def test_the_canvas_is_painted(opened):
    shown, _ = opened()
    painted = shown.evaluate(
        """() => [...document.querySelectorAll('canvas.zone')].map(c => {
             const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
             const seen = new Set(); for (let i = 0; i < d.length; i += 4) seen.add(d[i] << 16 | d[i+1] << 8 | d[i+2]);
             return seen.size; })"""
    )
    assert min(painted) > 5
