"""What the command line writes: a run, a scan, a look at a zone; every file by name, in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

import endplate
from endplate.body.activezone.fusion import DeterministicFusion, FusionRule, fusion_times
from endplate.body.activezone.particles import prepare
from endplate.body.activezone.scan import VARIABLES, Point, release_by_impulse
from endplate.body.activezone.snapshot import Snapshot, watch
from endplate.report.activezone.animation import film_page
from endplate.report.activezone.at_rest import release_at_rest, release_by_impulse_picture
from endplate.report.activezone.film import film
from endplate.report.activezone.gif import gif_bytes
from endplate.report.activezone.latency import latency_histogram
from endplate.report.activezone.page import Section, page_files
from endplate.report.activezone.scan import scan_pictures
from endplate.report.activezone.tables import scan_csv, scan_netcdf, traces_csv, trials_csv, trials_netcdf
from endplate.report.activezone.traces import traces
from endplate.report.activezone.zone import Cloud, extent_of, zone_picture
from endplate.report.drawing import Drawing
from endplate.report.words import number

if TYPE_CHECKING:
    from endplate.body.activezone.case import Case
    from endplate.body.activezone.ensemble import Ensemble

AFTER_PEAK_MS: Final = (0.0, 0.12, 0.3, 0.9)  # when the zone is shown, where nobody says
CLOUD_RUNS: Final = 100
_QUARTILE: Final = 75.0
Progress = Callable[[str, float], None]


def rule_words(rule: FusionRule) -> str:
    """Return a rule of fusion as a phrase.

    Examples
    --------
    >>> rule_words(DeterministicFusion(3))
    'fuses when 3 synaptotagmins are active together'
    """
    if isinstance(rule, DeterministicFusion):
        return f"fuses when {rule.n_active} synaptotagmins are active together"
    return "fuses by the energy rule"


def provenance(case: Case, *, seed: int, engine: str, **more: str) -> dict[str, str]:
    """Return what made a result, by name."""
    about = {"Endplate": endplate.__version__, "case": f"{case.name} ({case.fingerprint()})", "engine": engine}
    return {**about, "seed": str(seed), **more}


def look_times(case: Case) -> list[float]:
    """Return when to look at a zone, where nobody says: around its first impulse. [ms]"""
    peak = case.train[0] + case.action_potential.peak_ms
    return sorted({round(min(peak + after, case.duration_ms), 3) for after in AFTER_PEAK_MS})


def run_files(ensemble: Ensemble, rule: FusionRule, point: Point) -> dict[str, bytes]:
    """Return the files of a run: page, pictures, tables.

    Parameters
    ----------
    ensemble
        What was run.
    rule
        When a vesicle fuses.
    point
        From `summarise`: the numbers at the head of the page.
    """
    case, words = ensemble.case, rule_words(rule)
    fused = fusion_times(ensemble, rule)
    entered = ensemble.ions_entered.sum(axis=(1, 2))
    shown = int(np.argmin(np.abs(entered - np.percentile(entered, _QUARTILE))))
    shots = watch(case, times_ms=look_times(case), seed=ensemble.seed, trial=shown)
    cloud = cloud_of(case, times_ms=look_times(case), seed=ensemble.seed)
    late = [latency_histogram(case, fused, rule=words)]
    if case.n_impulses > 1:
        late.append(release_by_impulse_picture(release_by_impulse([ensemble], rule), rule=words))
    if case.sensors:
        late.append(release_at_rest(case))
    sections = [
        Section(
            "In short", f"{ensemble.trials} trials. A vesicle {words}.",
            caption="Release", columns=("Quantity", "Value"), rows=summary_rows(point),
        ),
        Section(
            "The zone",
            f"Dots: the ions of trial {shown}, the one at the upper quartile of ions that entered. "
            f"Shade: free calcium, mean of {CLOUD_RUNS} trials.",
            drawings=zone_drawings(case, shots, cloud), layout="strip zones",
        ),
        Section("Over time", drawings=traces(ensemble)),
        *((Section("Release", drawings=late),) if case.n_vesicles else ()),
    ]  # fmt: skip
    files = {
        "trials.csv": trials_csv(ensemble, fused).encode(),
        "traces.csv": traces_csv(ensemble).encode(),
        "trials.nc": trials_netcdf(ensemble, fused),
    }
    about = provenance(case, seed=ensemble.seed, engine=ensemble.engine, rule=words)
    return page_files(sections, title=f"Active zone: {case.name}", lead=_lead(case), provenance=about, files=files)


def summary_rows(point: Point) -> list[tuple[str, str]]:
    """Return the numbers of a run in words, each with its standard error."""
    rows = [
        ("Chance that a vesicle fuses", chance_words(point, unit=" %")),
        ("Ions that enter", f"{number(point.ions, 1)} ± {number(point.ions_error, 1)}"),
        ("Trials without any ion", f"{number(100 * point.empty_share, 1)} %"),
    ]
    if not np.isfinite(point.paired_ratio):
        if not np.isfinite(point.latency_ms):
            return [*rows, ("Time of fusion", "no vesicle fused" if point.vesicles else "no vesicle")]
        return [*rows, ("Time of fusion", f"{number(point.latency_ms, 2)} ms, SD {number(point.latency_sd_ms, 2)}")]
    ratio = f"{number(point.paired_ratio, 2)} ± {number(point.paired_error, 2)}"
    return [*rows, ("Second impulse over first", ratio)]


def chance_words(point: Point, *, unit: str = "") -> str:
    """Return the chance of fusion in percent with its standard error, or the most it can be where none fused.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from endplate.body.activezone.scan import Point
    >>> point = Point({}, 200, 2, 0.035, 0.01, 250.0, 12.0, 0.3, 1.1, 0.2)
    >>> chance_words(point, unit=" %"), chance_words(replace(point, probability=0.0, error=0.0), unit=" %")
    ('3.50 ± 1.00 %', '0, below 1.5 %')
    """
    if point.vesicles == 0:
        return "no vesicle"
    if point.probability == 0.0 and point.settings.get("channels") != 0:
        # three over the trials is the upper end of the 95 % interval of a count of none; vesicles share their channels
        return f"0, below {number(300.0 / point.trials, 1 if point.trials < 3000 else 3)}{unit}"
    return f"{number(100 * point.probability, 2)} ± {number(100 * point.error, 2)}{unit}"


def cloud_of(case: Case, *, times_ms: Sequence[float], seed: int) -> list[Cloud]:
    """Return the free ions of many trials together, for each time."""
    prepared = prepare(case)
    runs = [watch(case, times_ms=times_ms, seed=seed, trial=k, prepared=prepared) for k in range(CLOUD_RUNS)]
    return [
        Cloud(np.concatenate([shots[number].ions_nm for shots in runs]), CLOUD_RUNS) for number in range(len(times_ms))
    ]


def zone_drawings(case: Case, shots: Sequence[Snapshot], clouds: Sequence[Cloud]) -> list[Drawing]:
    """Return one picture for each snapshot, all of the same part of the zone."""
    shown = extent_of(case)
    return [
        zone_picture(case, shot, key=f"zone-{number + 1}", extent=shown, cloud=cloud)
        for number, (shot, cloud) in enumerate(zip(shots, clouds, strict=True))
    ]


def scan_files(case: Case, points: Sequence[Point], *, rule: FusionRule, seed: int, engine: str) -> dict[str, bytes]:
    """Return the files of a scan: page, pictures, tables."""
    words = rule_words(rule)
    names = list(points[0].settings)
    about = provenance(case, seed=seed, engine=engine, rule=words)
    sections = [
        Section("Release", f"{points[0].trials} trials at each point.", drawings=scan_pictures(points, rule=words)),
        Section(
            "Numbers", caption="Mean ± standard error",
            columns=(*names, "Fuses, %", "Ions", "No ion, %", "Latency, ms",
                     *(("Second over first",) if "rate" in names else ())),
            rows=[_row(point, names) for point in points],
        ),
    ]  # fmt: skip
    files = {"scan.csv": scan_csv(points).encode(), "scan.nc": scan_netcdf(points, about=about)}
    lead = "; ".join(f"{name}: {VARIABLES[name].meaning}" for name in names)
    return page_files(sections, title=f"Active zone: scan of {case.name}", lead=lead, provenance=about, files=files)


def _row(point: Point, names: Sequence[str]) -> tuple[str, ...]:
    cells = (
        *(f"{point.settings[name]:g}" for name in names),
        chance_words(point),
        f"{number(point.ions, 1)} ± {number(point.ions_error, 1)}",
        number(100 * point.empty_share, 0),
        f"{number(point.latency_ms, 2)} (SD {number(point.latency_sd_ms, 2)})",
    )
    paired = (f"{number(point.paired_ratio, 2)} ± {number(point.paired_error, 2)}",) if "rate" in names else ()
    return (*cells, *paired)


def show_files(case: Case, shots: Sequence[Snapshot], *, seed: int, trial: int) -> dict[str, bytes]:
    """Return the files of a look at the zone of one trial at chosen times."""
    about = provenance(case, seed=seed, engine="particles", trial=str(trial))
    clouds = cloud_of(case, times_ms=[shot.time_ms for shot in shots], seed=seed)
    section = Section(
        "The zone",
        f"Dots: the ions of trial {trial}. Shade: free calcium, mean of {CLOUD_RUNS} trials.",
        drawings=zone_drawings(case, shots, clouds),
        layout="strip zones",
    )
    return page_files([section], title=f"Active zone: {case.name}", lead=_lead(case), provenance=about, files={})


def film_files(
    cases: Mapping[str, Case], *, rule: FusionRule, seed: int, trials: int, progress: Progress | None = None
) -> dict[str, bytes]:
    """Return the film of several cases side by side, as a page and as a GIF."""
    scenes = film(cases, rule=rule, seed=seed, trials=trials, progress=progress)
    about = provenance(scenes[0].case, seed=seed, engine="particles")
    words = ", ".join(f"{name} {value}" for name, value in about.items())
    page = film_page(scenes, rule=f"A vesicle {rule_words(rule)}.", provenance=f"{words}.")
    return {"film.html": page.encode(), "film.gif": gif_bytes(scenes)}


def half_of(case: Case) -> dict[str, Case]:
    """Return a case and the same with half its channels, every other one of each zone, by title."""
    kept = []
    for zone in np.unique(case.zone_of_channel):
        mine = np.flatnonzero(case.zone_of_channel == zone)
        # the outer ones of four stand across from one another: each vesicle keeps one
        kept += [int(i) for i in (mine[[0, 3]] if mine.size == 4 else mine[::2])]
    half = case.with_channels(kept)
    return {f"Health: {case.n_channels} channels": case, f"Half the channels: {half.n_channels}": half}


def _lead(case: Case) -> str:
    impulses = "one impulse" if case.n_impulses == 1 else f"{case.n_impulses} impulses"
    return (
        f"{case.n_channels} channels, {case.n_vesicles} docked vesicles, {case.n_buffer_sites} buffer sites, "
        f"{impulses}, {case.duration_ms:g} ms. External calcium {case.external_calcium_mmolar:g} mM."
    )
