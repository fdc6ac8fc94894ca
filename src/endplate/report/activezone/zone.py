"""The zone from above and from the side: channels, vesicles, bound sensors and the calcium cloud at one time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from endplate.report.drawing import HEADER_PX, Area, Canvas, Drawing, Shape
from endplate.report.palette import Tone
from endplate.report.scale import Window

if TYPE_CHECKING:
    from endplate.body.activezone import Case
    from endplate.body.activezone.snapshot import Snapshot

WIDTH: Final = 320.0
_ABOVE_PX, _SIDE_PX, _GAP_PX, _LEGEND_PX = 210.0, 150.0, 26.0, 44.0
_MARGIN_NM, _MARGIN_SHARE, _LEAST_HALF_NM = 45.0, 0.15, 130.0
_CHANNEL_NM: Final = 12.0  # no symbol is larger: in a view of many zones they would hide everything
_BARS_NM: Final = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)
_CELL_PX: Final = 10.0
_FAINT_IONS: Final = 0.03  # a cell with so many ions on average is hardly shaded; one with an ion is the darkest
_MOST_IONS: Final = 1500  # of a whole terminal: more dots would only be a grey plane

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Extent:
    """What part of the box is drawn: y to the right, x upwards in the view from above, z in the view from the side."""

    x_nm: tuple[float, float]
    y_nm: tuple[float, float]
    z_nm: tuple[float, float]

    def holds(self, points_nm: Points) -> NDArray[np.bool_]:
        """Return which of the points (n, 3) lie inside."""
        low, high = np.transpose([self.x_nm, self.y_nm, self.z_nm])
        return np.asarray(((points_nm >= low) & (points_nm <= high)).all(axis=1))


@dataclass(frozen=True, eq=False, slots=True)
class Cloud:
    """Free ions of many trials at one time, (ion, 3) [nm], and of how many trials."""

    ions_nm: Points
    trials: int


def extent_of(case: Case, *, zone: int | None = None) -> Extent:
    """Return the part of the box around one zone, or around all of them, in the proportions of the picture."""
    chosen = _objects(case, zone)
    if not len(chosen):
        chosen = np.zeros((1, 3))
    low, high = chosen[:, :2].min(axis=0), chosen[:, :2].max(axis=0)
    margin = np.maximum(_MARGIN_NM, _MARGIN_SHARE * (high - low))
    low, high = low - margin, high + margin
    middle = (low + high) / 2.0
    # one scale for both axes: the longer of the two decides
    half_y = max(_LEAST_HALF_NM, (high - low)[1] / 2.0, (high - low)[0] / 2.0 * WIDTH / _ABOVE_PX)
    half_x = half_y * _ABOVE_PX / WIDTH
    bottom = case.box_nm[2][0]
    return Extent(
        (middle[0] - half_x, middle[0] + half_x),
        (middle[1] - half_y, middle[1] + half_y),
        (bottom, bottom + 2.0 * half_y * _SIDE_PX / WIDTH),
    )


def _objects(case: Case, zone: int | None) -> Points:
    channels = np.column_stack([case.channel_positions_nm, np.zeros(len(case.channel_positions_nm))])
    vesicles = np.asarray(case.vesicle_centres_nm).reshape(-1, 3)
    if zone is not None:
        channels, vesicles = channels[case.zone_of_channel == zone], vesicles[case.zone_of_vesicle == zone]
    return np.concatenate([channels, vesicles])


def zone_picture(
    case: Case,
    snapshot: Snapshot,
    *,
    key: str,
    zone: int | None = None,
    extent: Extent | None = None,
    cloud: Cloud | None = None,
) -> Drawing:
    """Draw one trial at one time, from above and below it from the side.

    Parameters
    ----------
    case, snapshot
        The geometry, and what one trial holds at this time.
    key
        Name of the picture's files.
    zone
        Which zone to look at; None shows all of them.
    extent
        What part of the box to draw, so that several pictures share it; found from the zone when not given.
    cloud
        Ions of many trials at this time, shown as a shade behind the ions of this one.
    """
    shown = extent or extent_of(case, zone=zone)
    canvas = Canvas(WIDTH, HEADER_PX + _ABOVE_PX + _GAP_PX + _SIDE_PX + _LEGEND_PX, simulated=True)
    above = Window(0, HEADER_PX, WIDTH, _ABOVE_PX, *shown.y_nm, *shown.x_nm)
    side = Window(0, HEADER_PX + _ABOVE_PX + _GAP_PX, WIDTH, _SIDE_PX, *shown.y_nm, *shown.z_nm)
    for window, axes in ((above, (1, 0)), (side, (1, 2))):
        _ground(canvas, window)
        if cloud is not None:
            _cloud(canvas, window, cloud, shown, axes)
        _channels(canvas, window, case, snapshot, shown, axes)
        _vesicles(canvas, window, case, shown, axes)
        _ions(canvas, window, snapshot, shown, axes)
        _sites(canvas, window, case, snapshot, shown, axes)
    canvas.segment((side.left, side.bottom), (side.right, side.bottom), "ink", width=2.0)
    canvas.label(6, above.top + 15, "from above", size=11)
    canvas.label(6, side.top + 15, "from the side", size=11)
    _scale_bar(canvas, above)
    _legend(canvas, side.bottom + 16)
    return canvas.finish(key=key, title=_title(snapshot), alt=_told(case, snapshot, shown), small=True)


def _title(snapshot: Snapshot) -> str:
    return f"{snapshot.time_ms:.2f} ms, {snapshot.voltage_mv:.0f} mV".replace("-", "−")


def _told(case: Case, snapshot: Snapshot, shown: Extent) -> str:
    """Say in words what the picture shows."""
    bound = " and ".join(
        f"{int(sites.sum())} of {sites.size} sites of {kind.name} bound"
        for kind, sites in zip(case.sensors, snapshot.bound_sites, strict=True)
    )
    inside = int(shown.holds(snapshot.ions_nm).sum())
    return (
        f"The active zone from above and from the side {snapshot.time_ms:.2f} ms after the beginning, membrane at "
        f"{snapshot.voltage_mv:.0f} mV: {int(snapshot.open_channels.sum())} of {snapshot.open_channels.size} channels "
        f"open, {snapshot.ions_entered} calcium ions have entered, {len(snapshot.ions_nm)} are free in the box, "
        f"{inside} of them in the picture{', ' + bound if bound else ''}."
    )


def _ground(canvas: Canvas, window: Window) -> None:
    canvas.box(window.left, window.top, window.width, window.height, "band", opacity=0.55)


def _cloud(canvas: Canvas, window: Window, cloud: Cloud, shown: Extent, axes: tuple[int, int]) -> None:
    """Shade each cell by the mean number of ions in it; equal steps are equal factors, as the eye sees them."""
    across, up = axes
    inside = cloud.ions_nm[shown.holds(cloud.ions_nm)]
    columns, rows = round(window.width / _CELL_PX), round(window.height / _CELL_PX)
    count, _, _ = np.histogram2d(
        inside[:, across], inside[:, up], bins=(columns, rows),
        range=((window.x0, window.x1), (window.y0, window.y1)),
    )  # fmt: skip
    width, height = window.width / columns, window.height / rows
    for column, row in np.argwhere(count > 0):
        share = math.log1p(count[column, row] / cloud.trials / _FAINT_IONS) / math.log1p(1.0 / _FAINT_IONS)
        left, top = window.left + column * width, window.bottom - (row + 1) * height
        canvas.box(left, top, width, height, "before", opacity=round(min(0.75, 0.75 * share), 2))


def _channels(
    canvas: Canvas, window: Window, case: Case, snapshot: Snapshot, shown: Extent, axes: tuple[int, int]
) -> None:
    across, up = axes
    largest = _CHANNEL_NM * window.width / (window.x1 - window.x0)
    order = np.argsort(snapshot.open_channels, kind="stable")  # a closed one hides no open one
    for place, is_open in zip(case.channel_positions_nm[order], snapshot.open_channels[order], strict=True):
        point = np.array([place[0], place[1], shown.z_nm[0]])
        if shown.holds(point[None])[0]:
            x, y = float(window.x(point[across])), float(window.y(point[up]))
            size = min(4.2 if is_open else 3.0, largest)
            canvas.mark(x, y, "square", "after" if is_open else "axis", size=size)


def _vesicles(canvas: Canvas, window: Window, case: Case, shown: Extent, axes: tuple[int, int]) -> None:
    across, up = axes
    turn = np.linspace(0.0, 2.0 * math.pi, 49)
    radius = case.vesicle_radius_nm * window.width / (window.x1 - window.x0)
    for centre in np.asarray(case.vesicle_centres_nm).reshape(-1, 3):
        if not shown.holds(centre[None])[0]:
            continue
        x, y = float(window.x(centre[across])), float(window.y(centre[up]))
        outline = np.column_stack([x + radius * np.cos(turn), y + radius * np.sin(turn)])
        canvas.items.append(Area(outline, "sweep", 0.16))
        canvas.stroke(outline[:, 0], outline[:, 1], "sweep", width=1.2)


def _ions(canvas: Canvas, window: Window, snapshot: Snapshot, shown: Extent, axes: tuple[int, int]) -> None:
    across, up = axes
    inside = snapshot.ions_nm[shown.holds(snapshot.ions_nm)]
    for ion in inside[:_MOST_IONS]:
        canvas.mark(float(window.x(ion[across])), float(window.y(ion[up])), "dot", "ink", size=1.8)


def _sites(
    canvas: Canvas, window: Window, case: Case, snapshot: Snapshot, shown: Extent, axes: tuple[int, int]
) -> None:
    across, up = axes
    size = min(2.6, _CHANNEL_NM * window.width / (window.x1 - window.x0))
    for number, bound in enumerate(snapshot.bound_sites):
        for site in np.asarray(case.site_positions_nm[number])[bound]:
            if shown.holds(site[None])[0]:
                x, y = float(window.x(site[across])), float(window.y(site[up]))
                canvas.mark(x, y, "diamond", "limit", size=size)


def _scale_bar(canvas: Canvas, window: Window) -> None:
    span_nm = window.x1 - window.x0
    length_nm = max(size for size in _BARS_NM if size <= span_nm / 4.0)
    length = length_nm * window.width / span_nm
    y = window.bottom - 10
    canvas.segment((window.right - 10 - length, y), (window.right - 10, y), "ink", width=2.0)
    canvas.label(window.right - 10 - length / 2, y - 6, f"{length_nm:g} nm", "ink", size=11, anchor="middle")


def _legend(canvas: Canvas, y: float) -> None:
    """Name the symbols; the shape carries the meaning, the colour only repeats it."""
    entries: tuple[tuple[float, float, Shape, Tone, float, str], ...] = (
        (6, 0, "square", "after", 4.2, "open channel"),
        (112, 0, "square", "axis", 3.0, "closed channel"),
        (6, 18, "dot", "ink", 1.8, "calcium ion"),
        (112, 18, "diamond", "limit", 3.2, "bound sensor site"),
    )
    for x, down, shape, tone, size, words in entries:
        canvas.mark(x, y + down - 4, shape, tone, size=size)
        canvas.label(x + 9, y + down, words, size=11)
