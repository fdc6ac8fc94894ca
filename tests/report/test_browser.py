"""The page in a real browser: what a reader sees, on a screen, a telephone and paper."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from endplate.report import write_report

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def browser():
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail(
            "these tests look at the page in Chromium, and there is none: apt-get install chromium (or .ci/run)"
        )
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(everyone, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("endplate.report.write.png_bytes", lambda drawing, width_px=None: b"\x89PNG blank")
        page = write_report(everyone, tmp_path_factory.mktemp("browser") / "report")
    return Path(page).as_uri()


@pytest.fixture
def opened(browser, address):
    pages = []

    def visit(width: int = 1280, scheme: str = "light") -> tuple[Page, list[str]]:
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        pages.append(page)
        noted: list[str] = []
        page.on("console", lambda message: noted.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: noted.append(f"error: {error}"))
        page.on("request", lambda request: noted.append(request.url) if request.url != address else None)
        page.goto(address)
        return page, noted

    yield visit
    for page in pages:
        page.close()


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_opens_without_a_word_on_the_console_and_without_a_request(opened, scheme):
    page, noted = opened(scheme=scheme)
    page.wait_for_load_state("networkidle")
    assert noted == []


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_makes_the_page_scroll_sideways(opened, width):
    page, _ = opened(width)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_no_label_of_any_drawing_is_cut_off_or_written_over_another(opened):
    page, _ = opened()
    bad = page.evaluate(
        """() => {
          const bad = [];
          for (const svg of document.querySelectorAll('svg.drawing')) {
            const frame = svg.getBoundingClientRect();
            if (!frame.width) continue;
            const words = [...svg.querySelectorAll('text')].filter(t => t.textContent.trim());
            const boxes = words.map(t => [t, t.getBoundingClientRect()]);
            for (const [t, b] of boxes)
              if (b.left < frame.left - 6 || b.right > frame.right + 6 || b.bottom > frame.bottom + 6)
                bad.push('outside: ' + t.textContent);
            for (let i = 0; i < boxes.length; i++) for (let j = 0; j < i; j++) {
              const [a, b] = [boxes[i][1], boxes[j][1]];
              const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
              const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
              if (x > 2 && y > 0.45 * Math.min(a.height, b.height))
                bad.push('over: ' + boxes[i][0].textContent + ' / ' + boxes[j][0].textContent);
            }
          }
          return bad;
        }"""
    )
    assert bad == []


def test_the_word_simulated_is_visible_on_every_simulated_drawing_on_a_telephone(opened):
    page, _ = opened(360)
    sizes = page.eval_on_selector_all(
        "svg.drawing[data-simulated]",
        """all => all.filter(s => s.getBoundingClientRect().width).map(s => {
             const word = [...s.querySelectorAll('text')].find(t => t.textContent === 'SIMULATED');
             return word ? word.getBoundingClientRect().height : 0; })""",
    )
    assert len(sizes) > 30
    assert min(sizes) >= 7


def test_the_train_turns_from_superimposed_to_staggered_by_keyboard(opened):
    page, _ = opened()
    choice = page.locator("input.as-one").first
    choice.focus()
    assert page.locator(".pane-a").first.is_visible()
    assert page.locator(".pane-b").first.is_hidden()
    page.keyboard.press("ArrowRight")
    assert page.locator(".pane-b").first.is_visible()
    assert page.locator(".pane-a").first.is_hidden()
    outline = page.evaluate("getComputedStyle(document.activeElement.parentElement).outlineStyle")
    assert outline == "solid"  # the focus can be seen


def test_light_and_dark_are_chosen_by_keyboard_and_kept(opened):
    page, _ = opened()
    light = background(page)
    page.locator("#theme-system").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert background(page) != light
    page.reload()
    assert background(page) != light
    page.locator("#theme-dark").focus()
    page.keyboard.press("ArrowLeft")
    assert background(page) == light


def test_dark_follows_the_system_without_a_choice(opened):
    dark, light = background(opened(scheme="dark")[0]), background(opened(scheme="light")[0])
    assert dark != light


def test_every_link_button_and_scrolling_table_is_reached_by_tab(opened):
    page, _ = opened()
    unreachable = page.evaluate(
        """() => {
          const all = what => [...document.querySelectorAll(what)];
          const tables = all('.scroll').filter(e => e.tabIndex !== 0 || !e.getAttribute('aria-label'));
          const links = all('a').filter(a => !a.textContent.trim() && !a.getAttribute('aria-label'));
          const headless = all('table').filter(t => !t.caption || !t.querySelector('th[scope=col]'));
          return tables.length + links.length + headless.length;
        }"""
    )
    assert unreachable == 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


def test_paper_is_light_and_each_examination_begins_on_a_page(opened):
    page, _ = opened(scheme="dark")
    page.emulate_media(media="print")
    assert background(page) == "rgb(255, 255, 255)"
    breaks = page.eval_on_selector_all(".exam", "all => all.map(e => getComputedStyle(e).breakBefore)")
    assert breaks == ["page"] * 6
    assert page.pdf(prefer_css_page_size=True)[:5] == b"%PDF-"
