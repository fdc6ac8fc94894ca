"""What every test of the clinic shares."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def no_inherited_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the width that a parent of the test process may have set: output goes to no terminal here."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("LINES", raising=False)
