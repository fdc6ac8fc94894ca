"""Colours by meaning, once for light and once for dark; both meet WCAG 2.2 AA."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

Tone = Literal[
    "ground",  # the paper behind everything
    "raised",  # behind cards and panels
    "ink",  # text and the first trace
    "muted",  # secondary text
    "grid",  # graticule: decoration, carries no information
    "axis",  # baseline and axes
    "sweep",  # later traces of a train
    "before",
    "after",
    "cursor",
    "limit",  # a cut-off
    "band",  # the area inside a cut-off
    "simulated",
    "accent",  # links and focus
]

LIGHT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ground": "#f6f7f9",
        "raised": "#ffffff",
        "ink": "#16202b",
        "muted": "#516070",
        "grid": "#e4e8ed",
        "axis": "#76838f",
        "sweep": "#2272b4",
        "before": "#1f5f99",
        "after": "#b8431a",
        "cursor": "#0b7256",
        "limit": "#a02c4a",
        "band": "#e9f0e4",
        "simulated": "#7d4a00",
        "accent": "#14599b",
    }
)
DARK: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ground": "#10151b",
        "raised": "#182028",
        "ink": "#e9eef3",
        "muted": "#a7b3bf",
        "grid": "#2a343e",
        "axis": "#82909d",
        "sweep": "#64abe6",
        "before": "#7db9ee",
        "after": "#ff9a6b",
        "cursor": "#57cda6",
        "limit": "#f08aa3",
        "band": "#24322a",
        "simulated": "#f2bd6b",
        "accent": "#8cc4f7",
    }
)
TEXT_TONES: Final[tuple[str, ...]] = (
    "ink",
    "muted",
    "before",
    "after",
    "sweep",
    "cursor",
    "limit",
    "simulated",
    "accent",
)


def luminance(colour: str) -> float:
    """Return the relative luminance of "#rrggbb", by WCAG 2.2. [1]

    Examples
    --------
    >>> luminance("#ffffff")
    1.0
    """
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21, by WCAG 2.2.

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)
