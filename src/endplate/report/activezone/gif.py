"""The film as a GIF, painted by Pillow, which comes with Matplotlib."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from endplate.report.activezone.film import Scene
from endplate.report.activezone.zone import Extent, extent_of
from endplate.report.palette import LIGHT

_SCALE: Final = 2  # painted twice as large and made smaller: smooth edges
_WIDTH, _ABOVE, _SIDE, _GAP, _HEAD, _FOOT = 380, 250, 180, 16, 62, 60
_FRAME_MS: Final = 90
_GROUND: Final = "#f1f5ee"
_STEPS: Final = 6  # from a colour to a ground


def gif_bytes(scenes: Sequence[Scene]) -> bytes:
    """Return the film of `scenes`, side by side, as a GIF that repeats for ever."""
    frames = [_frame(scenes, number) for number in range(len(scenes[0].shots))]
    palette = _palette()
    shown = [frame.quantize(palette=palette, dither=0) for frame in frames]
    out = io.BytesIO()
    shown[0].save(
        out, format="GIF", save_all=True, append_images=shown[1:], duration=_FRAME_MS, loop=0, optimize=False,
        comment=b"SIMULATED. Endplate: research and education; not a medical device.",
    )  # fmt: skip
    return out.getvalue()


def _palette() -> Any:
    """Return one palette for all frames: every colour, and its way to both grounds for smooth edges.

    One chosen from a picture would lose the few pixels of an ion to the many of the ground.
    """
    from PIL import Image

    grounds = [_rgb(LIGHT["raised"]), _rgb(_GROUND)]
    tones = [_rgb(LIGHT[name]) for name in ("ink", "muted", "simulated", "after", "axis", "sweep", "before", "limit")]
    mixed = [np.round(t + (g - t) * part / _STEPS) for t in tones for g in grounds for part in range(_STEPS)]
    colours = np.concatenate([*grounds, *mixed]).astype(int).tolist()
    image = Image.new("P", (1, 1))
    image.putpalette(colours)
    return image


def _rgb(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float64)


def _frame(scenes: Sequence[Scene], number: int) -> Any:
    from PIL import Image, ImageDraw

    width = len(scenes) * _WIDTH + (len(scenes) + 1) * _GAP
    height = _HEAD + _ABOVE + _GAP + _SIDE + _FOOT
    image = Image.new("RGB", (_SCALE * width, _SCALE * height), LIGHT["raised"])
    draw = ImageDraw.Draw(image)
    for place, scene in enumerate(scenes):
        _scene(draw, scene, number, left=_GAP + place * (_WIDTH + _GAP))
    shot = scenes[0].shots[number]
    when = f"{shot.time_ms:.2f} ms   membrane {shot.voltage_mv:.0f} mV".replace("-", "−")
    _text(draw, (_GAP, 8), when, "ink", 17, bold=True)
    _text(draw, (width - _GAP, 8), "SIMULATED", "simulated", 15, bold=True, anchor="ra")
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _scene(draw: Any, scene: Scene, number: int, *, left: int) -> None:
    shot, shown = scene.shots[number], extent_of(scene.case)
    _text(draw, (left, 34), scene.title, "ink", 15, bold=True)
    for axis_up, span, top, height in ((0, shown.x_nm, _HEAD, _ABOVE), (2, shown.z_nm, _HEAD + _ABOVE + _GAP, _SIDE)):
        _view(draw, scene, number, shown, axis_up, span, (left, top, _WIDTH, height))
    foot = _HEAD + _ABOVE + _GAP + _SIDE + 8
    bound = sum(int(sites.sum()) for sites in shot.bound_sites)
    opened = f"open {int(shot.open_channels.sum())} of {shot.open_channels.size}"
    line = f"{opened}   entered {shot.ions_entered}   bound {bound}"
    _text(draw, (left, foot), line, "ink", 14)
    if left == _GAP:
        words = "orange: open channel   blue: calcium ion   red: bound sensor site"
        _text(draw, (left, foot + 24), words, "muted", 13)


def _view(
    draw: Any, scene: Scene, number: int, shown: Extent, axis_up: int, span: tuple[float, float],
    frame: tuple[int, int, int, int],
) -> None:  # fmt: skip
    left, top, width, height = frame
    shot, case = scene.shots[number], scene.case
    px = width / (shown.y_nm[1] - shown.y_nm[0])

    def at(point: np.ndarray) -> tuple[float, float]:
        return left + (point[1] - shown.y_nm[0]) * px, top + height - (point[axis_up] - span[0]) * px

    _box(draw, (left, top, left + width, top + height), fill=_GROUND)
    order = np.argsort(shot.open_channels, kind="stable")  # an open one is never hidden by a closed one
    floor = np.full(case.n_channels, shown.z_nm[0])
    for place, is_open in zip(
        np.column_stack([case.channel_positions_nm, floor])[order], shot.open_channels[order], strict=True
    ):
        x, y = at(place)
        half = 5.0 if is_open else 3.6
        _box(draw, (x - half, y - half, x + half, y + half), fill=LIGHT["after" if is_open else "axis"])
    for centre in case.vesicle_centres_nm:
        x, y = at(centre)
        radius = case.vesicle_radius_nm * px
        _ring(draw, x, y, radius, LIGHT["sweep"])
    for ion in shot.ions_nm[shown.holds(shot.ions_nm)]:
        _dot(draw, *at(ion), 2.0, LIGHT["before"])
    for sites, bound in zip(case.site_positions_nm, shot.bound_sites, strict=True):
        for site in sites[bound]:
            _dot(draw, *at(site), 3.4, LIGHT["limit"])
    if axis_up == 2:
        _box(draw, (left, top + height, left + width, top + height + 2), fill=LIGHT["ink"])


def _box(draw: Any, corners: tuple[float, float, float, float], *, fill: str) -> None:
    draw.rectangle([_SCALE * value for value in corners], fill=fill)


def _dot(draw: Any, x: float, y: float, radius: float, fill: str) -> None:
    draw.ellipse([_SCALE * value for value in (x - radius, y - radius, x + radius, y + radius)], fill=fill)


def _ring(draw: Any, x: float, y: float, radius: float, colour: str) -> None:
    box = [_SCALE * value for value in (x - radius, y - radius, x + radius, y + radius)]
    draw.ellipse(box, outline=colour, width=2 * _SCALE)


def _text(
    draw: Any, place: tuple[float, float], words: str, tone: str, size: int, *, bold: bool = False, anchor: str = "la"
) -> None:
    x, y = place
    draw.text((_SCALE * x, _SCALE * y), words, fill=LIGHT[tone], font=_font(size, bold), anchor=anchor)


@lru_cache(maxsize=16)
def _font(size: int, bold: bool) -> Any:
    import matplotlib as mpl
    from PIL import ImageFont

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / name), _SCALE * size)
