"""The pages of the documentation as text, with their blocks and links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from docs.builder import pages

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Page:
    """One page that people wrote."""

    path: Path
    text: str

    @property
    def name(self) -> str:
        """Where it is, from the root of the repository."""
        return self.path.relative_to(ROOT).as_posix()

    def blocks(self, language: str) -> list[str]:
        """Return its code blocks of one language."""
        return [code for found, code in _FENCE.findall(self.text) if found == language]

    def prose(self) -> str:
        """Return the text without code blocks."""
        return _FENCE.sub("", self.text)


def written_pages() -> list[Page]:
    """Return README and every page of docs/ that is not generated."""
    found = [path for path in DOCS.rglob("*.md") if not {"_build", "generated"} & set(path.relative_to(DOCS).parts)]
    roots = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md")]
    return [Page(path, path.read_text(encoding="utf-8")) for path in (*roots, *sorted(found))]


PAGES = written_pages()


@pytest.fixture(scope="session")
def generated() -> dict[str, str]:
    """Every generated page and part by its file name."""
    made = {f"{name}.md": text for name, text in pages.generated().items()}
    return made | {f"{name}.inc": text for name, text in pages.parts().items()}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each test that asks for a page every page."""
    if "page" in metafunc.fixturenames:
        metafunc.parametrize("page", PAGES, ids=[page.name for page in PAGES])
    if "page_with_python" in metafunc.fixturenames:
        chosen = [page for page in PAGES if page.blocks("python") and page.name not in ("README.md", "CONTRIBUTING.md")]
        metafunc.parametrize("page_with_python", chosen, ids=[page.name for page in chosen])
