"""The film as one HTML file that asks nothing of any network, with a button to stop it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import numpy as np

import endplate
from endplate.report.activezone.film import Scene, told
from endplate.report.activezone.zone import Extent, extent_of
from endplate.report.machine import INTENDED_USE
from endplate.report.palette import DARK, LIGHT
from endplate.report.svg import FONTS

if TYPE_CHECKING:
    from jinja2 import Environment

_WIDTH, _HEIGHT, _EDGE = 600.0, 70.0, 4.0  # of the small trace of the potential, px
_PICTURE_MS: Final = 90.0  # how long film.js shows one picture
TITLE: Final = "One impulse at an active zone"


def film_page(scenes: Sequence[Scene], *, rule: str, provenance: str, title: str = TITLE) -> str:
    """Return the film as a page.

    Parameters
    ----------
    scenes
        From `film`; the first one decides what part of the zone is shown.
    rule, provenance
        The rule of fusion, and version, seed and case, as sentences.
    title
        Heading of the page.
    """
    templates = environment()
    script = resources.files("endplate.report.activezone").joinpath("templates/film.js").read_text(encoding="utf-8")
    first = scenes[0].shots
    voltage = np.array([shot.voltage_mv for shot in first])
    cursor = np.linspace(_EDGE, _WIDTH - _EDGE, len(first))
    height = _HEIGHT - _EDGE - (voltage - voltage.min()) / np.ptp(voltage) * (_HEIGHT - 2 * _EDGE)
    span_ms = first[-1].time_ms - first[0].time_ms
    slower = round(_PICTURE_MS * (len(first) - 1) / span_ms, -2)
    return templates.get_template("film.html.j2").render(
        title=title,
        lead=f"{span_ms:.1f} ms around the peak of one action potential, slowed down {slower:.0f} times.",
        story=told(scenes),
        scenes=scenes,
        rule=rule,
        provenance=provenance,
        version=endplate.__version__,
        path="M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(cursor, height, strict=True)),
        film=_as_text(_film(scenes, cursor)),
        style=style(templates),
        script=script,
        script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        intended_use=INTENDED_USE,
    )


def environment() -> Environment:
    """Return the templates of this room and of the report; everything but style and script is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from jinja2.loaders import ChoiceLoader
    from markupsafe import Markup

    made = Environment(
        loader=ChoiceLoader([PackageLoader("endplate.report.activezone"), PackageLoader("endplate.report")]),
        autoescape=lambda name: name is None or not name.endswith(".css.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["safe_text"] = Markup
    return made


def style(templates: Environment) -> str:
    """Return the style of the report: one look for every page."""
    return templates.get_template("style.css.j2").render(light=LIGHT, dark=DARK, fonts=FONTS)


def _film(scenes: Sequence[Scene], cursor: np.ndarray) -> dict[str, Any]:
    shown = extent_of(scenes[0].case)
    first = scenes[0].shots
    voltage = [round(shot.voltage_mv, 1) for shot in first]
    return {
        "x": shown.x_nm,
        "y": shown.y_nm,
        "z": shown.z_nm,
        "time": [shot.time_ms for shot in first],
        "voltage": voltage,
        "cursor": [round(float(x), 1) for x in cursor],
        "still": min(int(np.argmax(voltage)) + 15, len(first) - 1),  # 0.3 ms after the peak most has happened
        "scenes": [_scene(scene, shown) for scene in scenes],
    }


def _scene(scene: Scene, shown: Extent) -> dict[str, Any]:
    case = scene.case
    sites = np.concatenate([*(places.reshape(-1, 3) for places in case.site_positions_nm), np.zeros((0, 3))])
    return {
        "radius": case.vesicle_radius_nm,
        "vesicles": case.vesicle_centres_nm.round(1).tolist(),
        "channels": [[x, y, shown.z_nm[0]] for x, y in case.channel_positions_nm.round(1).tolist()],
        "sites": sites.round(1).tolist(),
        "shots": [
            {
                "open": shot.open_channels.astype(int).tolist(),
                "entered": shot.ions_entered,
                "bound": np.flatnonzero(np.concatenate([*(one.ravel() for one in shot.bound_sites), []])).tolist(),
                "ions": shot.ions_nm[shown.holds(shot.ions_nm)].round().astype(int).ravel().tolist(),
            }
            for shot in scene.shots
        ],
    }


def _as_text(value: Any) -> Any:
    """Return JSON for a block of data inside a page; "<" is written out, so that nothing can end the block."""
    from markupsafe import Markup

    return Markup(json.dumps(value, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c"))
