"""The figure of the release table: chance of fusion against calcium, channels, broadening and disorganisation."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np


def draw(path: Path, picture: Path) -> None:
    """Draw the table of one file, sampled points with their errors and the smooth table as lines."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "endplate"
    import matplotlib.pyplot as plt

    from endplate.body.activezone.release_table import read_release_table

    table = read_release_table(path)
    raw = json.loads(path.read_text(encoding="utf-8"))
    channels, broadening, calcium, disorder, _ = table.axes
    shape = tuple(axis.size for axis in table.axes[:4])
    sampled, error = (
        np.array([np.nan if one is None else one for one in raw[name]], float).reshape(shape)
        for name in ("sampled_probability", "sampled_error")
    )
    smooth = -np.expm1(-np.exp(table.log_hazard[..., 0]))
    one = int(np.argmin(abs(broadening - 1.0)))
    rest = int(np.argmin(abs(calcium - 1.2)))
    colours = ("#b8431a", "#0b7256", "#1f5f99", "#16202b")
    figure, axes = plt.subplots(1, 3, figsize=(12, 4.2), layout="constrained", sharey=True)
    panels = (
        (axes[0], calcium, lambda k: (k, one, slice(None), 0), "calcium outside (mmol/l)", "channels that survive"),
        (
            axes[1],
            broadening,
            lambda k: (k, slice(None), rest, 0),
            "action potential broadened (fold)",
            "at 1.2 mmol/l",
        ),
        (axes[2], disorder, lambda k: (k, one, rest, slice(None)), "disorganisation of the zone", "at 1.2 mmol/l"),
    )
    for place, points, where, label, title in panels:
        for k, colour in enumerate(colours):
            line, seen, spread = smooth[where(k)], sampled[where(k)], error[where(k)]
            marker = "o"
            shown = seen > 0
            place.plot(points, line, color=colour, linewidth=1.6, label=f"{channels[k]:g} of 4")
            place.errorbar(
                points[shown], seen[shown], 1.96 * spread[shown], color=colour, linestyle="none", marker=marker,
                markersize=3.5, elinewidth=0.9,
            )  # fmt: skip
        place.set_yscale("log")
        place.set_ylim(1e-6, 1.0)
        place.set_xlabel(label)
        place.set_title(title, fontsize=10)
        place.spines[["top", "right"]].set_visible(False)
    axes[0].set_xscale("log")
    axes[0].axhspan(1e-6, 1e-3, color="0.93", zorder=0)
    axes[0].text(0.105, 6.5e-4, "below 1e-3: continued", fontsize=8, color="0.35", va="top")
    axes[0].set_ylabel("chance that a docked vesicle fuses")
    axes[0].legend(frameon=False, fontsize=9)
    figure.suptitle("SIMULATED: the release table (points sampled with 95 % intervals, lines as used)", fontsize=11)
    figure.savefig(picture, metadata={"Date": None})
    plt.close(figure)
