"""Every figure can be drawn from the model in force, is used on a page, and is drawn anew only when it must be."""

import re
from pathlib import Path

import pytest
from matplotlib import pyplot as plt

from docs import figures
from docs.figures import draw

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = "".join(
    path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md") if "generated" not in path.parts
)


@pytest.mark.parametrize("room", draw.ROOMS, ids=lambda room: room.__name__.rpartition(".")[2])
def test_the_figures_of_a_room_are_drawn_and_used(room, tmp_path):
    drawn = room.draw()
    try:
        assert drawn.figures
        for name, figure in drawn.figures.items():
            assert f"figures/{name}.svg" in WRITTEN
            assert all(axes.has_data() for axes in figure.axes)
        for name, text in drawn.tables.items():
            assert f"figures/{name}.inc" in WRITTEN
            assert "nan" not in text
    finally:
        plt.close("all")


def test_every_figure_says_what_it_shows_and_every_simulated_one_says_so():
    found = re.findall(r"```\{figure\} \S+figures/(\S+)\.svg\n(.*?)```", WRITTEN, re.DOTALL)
    assert len(found) > 10
    for name, options in found:
        assert re.search(r"^:alt: .{30,}", options, re.MULTILINE), name
        if name != "fibre-delay":  # a formula, no simulation
            assert "SIMULATED" in options, name


def test_figures_are_not_drawn_again_when_nothing_has_changed(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(draw, "draw_all", calls.append)
    figures.write(tmp_path)
    figures.write(tmp_path)
    assert calls == [tmp_path]
    monkeypatch.setattr(figures, "fingerprint", lambda: "other parameters")
    figures.write(tmp_path)
    assert len(calls) == 2
