"""The review and its letters in a real browser: on a screen, a telephone and paper."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from endplate.clinic.record import example
from endplate.clinic.review import Review, Settings, review_of
from endplate.clinic.review.letters import LETTERS, letter
from endplate.report.clinic import render_letter, render_review

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PEOPLE = ("mg-that-is-lems", "typical-sclc-lems", "intensive-care-after-blocker")
# contrast of every visible text against the nearest background that is not transparent (WCAG 2.2: 4.5)
CONTRAST = """() => {
  const number = c => c.match(/[\\d.]+/g).map(Number);
  const part = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const light = c => { const [r, g, b] = number(c); return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b); };
  const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
    if ((number(c)[3] ?? 1) > 0) return c; } return 'rgb(255,255,255)'; };
  const bad = [];
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.checkVisibility() || e.closest('.skip')) continue;
    const a = light(getComputedStyle(e).color), b = light(behind(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push(e.className + ': ' + e.textContent.trim().slice(0, 30) + ' ' + ratio.toFixed(2));
  }
  return bad;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("these tests look at pages in Chromium, and there is none: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


def _review(name: str) -> Review:
    return review_of(example(name), Settings(on=date(2026, 11, 21)))


def _opened(browser: Browser, text: str, folder: Path, **more: Any) -> Page:
    file = folder / "page.html"
    file.write_text(text, encoding="utf-8")
    page = browser.new_page(**more)
    page.goto(file.as_uri())
    return page


def _sheets(page: Page) -> int:
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    boxes = set(re.findall(rb"/MediaBox \[([^\]]*)\]", printed))
    width, height = (float(number) for number in next(iter(boxes)).split()[2:])
    assert len(boxes) == 1
    assert (round(width), round(height)) in ((595, 842), (596, 842))  # A4 in points
    return len(re.findall(rb"/Type /Page\b", printed))


@pytest.mark.parametrize("name", PEOPLE)
def test_a_review_is_two_sheets_of_paper_and_a_letter_one(browser: Browser, tmp_path: Path, name: str) -> None:
    review = _review(name)
    page = _opened(browser, render_review(review), tmp_path)
    assert _sheets(page) == 2
    page.close()
    for kind in LETTERS:
        page = _opened(browser, render_letter(letter(kind, review)), tmp_path)
        assert _sheets(page) == 1, kind
        page.close()


def test_what_is_loud_stands_before_everything_else(browser: Browser, tmp_path: Path) -> None:
    page = _opened(browser, render_review(_review("intensive-care-after-blocker")), tmp_path)
    assert [one.inner_text() for one in page.locator("h2").all()][:3] == [
        "Read first", "At a glance", "Breathing and red flags",
    ]  # fmt: skip
    first = page.locator(".alerts li").first
    assert first.inner_text().startswith("Critical:")
    assert page.locator("#glance").bounding_box()["y"] < 900  # type: ignore[index]
    page.close()


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_makes_a_page_scroll_sideways(browser: Browser, tmp_path: Path, width: int) -> None:
    review = _review("mg-that-is-lems")
    for text in (render_review(review), render_letter(letter("referral", review))):
        page = _opened(browser, text, tmp_path, viewport={"width": width, "height": 800})
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_contrast(browser: Browser, tmp_path: Path, scheme: Any) -> None:
    page = _opened(browser, render_review(_review("intensive-care-after-blocker")), tmp_path, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate(CONTRAST) == []
    page.close()


def test_a_reader_without_a_mouse_or_without_eyes_finds_the_way(browser: Browser, tmp_path: Path) -> None:
    page = _opened(browser, render_review(_review("mg-that-is-lems")), tmp_path)
    assert page.locator("main").count() == page.locator("h1").count() == 1
    levels = [int(one.evaluate("e => e.tagName[1]")) for one in page.locator("h1,h2,h3,h4").all()]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    targets = page.evaluate("[...document.querySelectorAll('a[href^=\"#\"]')].map(e => e.hash.slice(1))")
    assert set(targets) <= set(ids)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the review"
    page.close()


def test_the_basis_of_a_line_opens_on_the_keyboard(browser: Browser, tmp_path: Path) -> None:
    page = _opened(browser, render_review(_review("mg-that-is-lems")), tmp_path)
    line = page.locator("#diagnosis details").first
    basis = line.locator(".basis")
    assert not basis.is_visible()
    line.locator("summary").focus()
    page.keyboard.press("Enter")
    assert basis.is_visible()
    assert "Rule endplate-grade, version" in basis.inner_text()
    page.close()
