"""Film and page in a real browser: playing, stopped, for those who want no motion, on a telephone."""

import re
import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

from endplate.body.activezone.scan import Point, summarise
from endplate.body.activezone.simulate import simulate
from endplate.report.activezone.write import run_files, scan_files
from tests.report.activezone.conftest import RULE
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
    contexts = []

    def visit(text=page, *, width=1280, motion="reduce"):
        file = tmp_path / "page.html"
        file.write_text(text, encoding="utf-8")
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


@pytest.fixture(scope="module")
def pages(ensemble, case):
    """A run, a scan over two and a train, as pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("endplate.report.activezone.page.png_bytes", lambda drawing: b"")
        patch.setattr("endplate.report.activezone.write.CLOUD_RUNS", 3)
        made = [run_files(ensemble, RULE, summarise([ensemble], RULE, {}))]
        train = simulate(case.with_train(200.0, 3), trials=4, seed=2)
        made.append(run_files(train, RULE, summarise([train], RULE, {})))
        points = [
            Point({"calcium": c, "channels": k}, 9, 2, p, 0.3 * p, 9.0, 1.0, 0.3, 1.0, 0.2)
            for k in (1.0, 4.0)
            for c, p in ((0.3, 0.0001), (1.0, 0.01), (4.0, 0.1))
        ]
        made.append(scan_files(case, points, rule=RULE, seed=1, engine="fast"))
    return [files["index.html"].decode() for files in made]


@pytest.mark.parametrize("number", range(3))
def test_pages_are_quiet_fit_a_telephone_and_no_word_lies_over_another(opened, pages, number):
    shown, noted = opened(pages[number], width=360)
    assert noted == []
    assert shown.evaluate("document.documentElement.scrollWidth") == 360
    over = shown.evaluate(
        """() => [...document.querySelectorAll('svg.drawing')].flatMap(svg => {
             const frame = svg.getBoundingClientRect();
             const boxes = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
             const bad = boxes.filter(([, b]) => b.left < frame.left - 6 || b.right > frame.right + 6).map(b => b[0]);
             boxes.forEach(([one, a], i) => boxes.slice(0, i).forEach(([other, b]) => {
               const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
               const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
               if (x > 2 && y > 0.45 * Math.min(a.height, b.height)) bad.push(one + ' / ' + other);
             }));
             return bad; })"""
    )
    assert over == []


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
    expect(shown.locator("#time")).not_to_have_value(first)


def test_the_film_plays_and_the_button_stops_it(opened):
    shown, _ = opened(motion="no-preference")
    assert shown.inner_text("#play") == "Pause"
    # the page forbids eval, so a predicate in the page can be asked once only: ask for the value instead
    expect(shown.locator("#time")).to_have_value(re.compile(r"^([2-9]|\d\d+)$"))
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
