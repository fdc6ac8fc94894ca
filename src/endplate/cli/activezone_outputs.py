"""What `endplate activezone` prints, and how it writes its folders."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from endplate.cli.activezone_words import complete_cases
from endplate.cli.console import noted, out, print_json, progress, say, table
from endplate.cli.tables import SIMULATED

if TYPE_CHECKING:
    from endplate.body.activezone.case import Case
    from endplate.body.activezone.scan import Point

_NOTE = "Research and education; not a medical device. ± is one standard error."


def write(files: Callable[[], Mapping[str, bytes]], folder: Path, *, overwrite: bool, page: bool = True) -> None:
    """Make files and write them into a folder, all or none; say where."""
    from endplate.report.folder import write_files

    with progress(f"Writing into {folder}"):
        made = dict(files())
        written = write_files(made, folder, overwrite=overwrite)
    say(f"Open {written / 'index.html'}" if page else f"wrote {len(made)} file{'s' * (len(made) != 1)} into {written}")


def show_point(point: Point, about: Mapping[str, str], *, as_json: bool) -> None:
    """Print the numbers of one run."""
    if as_json:
        print_json({"simulated": True, "about": dict(about), **_plain(point)})
        return
    from endplate.report.activezone.write import summary_rows

    shown = table("Quantity", "Value", right=("Value",))
    for name, value in summary_rows(point):
        shown.add_row(name, value)
    out().print(_header(about, f"{point.trials} trials"), noted(shown, note=_NOTE), sep="\n")


def show_points(points: Sequence[Point], about: Mapping[str, str], *, as_json: bool) -> None:
    """Print one row per point of a scan."""
    if as_json:
        print_json({"simulated": True, "about": dict(about), "points": [_plain(point) for point in points]})
        return
    from endplate.report.activezone.write import chance_words
    from endplate.report.words import number

    names = list(points[0].settings)
    columns = [*names, "Fuses, %", "Ions", "No ion, %", "Latency, ms"]
    is_paired = any(math.isfinite(point.paired_ratio) for point in points)
    columns += ["Second over first"] if is_paired else []
    shown = table(*columns, right=tuple(columns))
    for point in points:
        cells = [f"{point.settings[name]:g}" for name in names]
        cells += [chance_words(point)]
        cells += [f"{number(point.ions, 1)} ± {number(point.ions_error, 1)}", number(100 * point.empty_share, 0)]
        cells += [number(point.latency_ms, 2)]
        cells += [f"{number(point.paired_ratio, 2)} ± {number(point.paired_error, 2)}"] if is_paired else []
        shown.add_row(*cells)
    out().print(_header(about, f"{points[0].trials} trials at each point"), noted(shown, note=_NOTE), sep="\n")


def _header(about: Mapping[str, str], trials: str) -> Text:
    words = Text()
    words.append(SIMULATED, style="black on yellow")
    words.append(f" Active zone {about['case'].partition(' (')[0]}, {trials}", style="bold")
    words.append("\nA vesicle " + about["rule"])
    rest = {name: value for name, value in about.items() if name != "rule"}
    words.append("\n" + ", ".join(f"{name} {value}" for name, value in rest.items()), style="dim")
    return words


def _plain(point: Point) -> dict[str, Any]:
    """Return a point as JSON values; what could not be measured is null."""
    values = asdict(point)
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value for name, value in values.items()
    }


def list_cases() -> None:
    """Print the cases that ship."""
    from endplate.body.activezone.reading import read_case

    shown = table("Case", "Name", "Zones", "Channels", "Vesicles", "Buffer sites", "Run, ms",
                  right=("Zones", "Channels", "Vesicles", "Buffer sites", "Run, ms"))  # fmt: skip
    for name, title in complete_cases(""):
        case = read_case(name)
        zones = len({*case.zone_of_channel.tolist(), *case.zone_of_vesicle.tolist()})
        numbers = (zones, case.n_channels, case.n_vesicles, case.n_buffer_sites)
        shown.add_row(name, title, *map(str, numbers), f"{case.duration_ms:g}")
    out().print(noted(shown, note="endplate activezone show CASE says what it is made of, and from where."))


def describe(case: Case, name: str) -> None:
    """Print what a case is made of and where its numbers are from."""
    from endplate.body.activezone.reading import evidence_of

    shown = table("What", "Value")
    for what, value in _parts(case):
        shown.add_row(what, value)
    basis = table("Part", "Status", "Source", "Note")
    for part, item in evidence_of(name).items():
        basis.add_row(part, item["status"], item.get("source", ""), item.get("note", ""))
    out().print(noted(shown, title=case.name), "", noted(basis, title="Where its numbers are from"), sep="\n")


def _impulses(count: int) -> str:
    return "1 impulse" if count == 1 else f"{count} impulses"


def _parts(case: Case) -> list[tuple[str, str]]:
    span = " × ".join(f"{high - low:g}" for low, high in case.box_nm)
    faces = ", ".join(sorted(case.absorbing_faces)) or "none"
    kinds = ", ".join(f"{case.channel_kinds.count(kind)} {kind}" for kind in dict.fromkeys(case.channel_kinds))
    sensors = ", ".join(f"{kind.sites_per_vesicle} sites of {kind.name}" for kind in case.sensors)
    k_d_umolar = 1e6 * case.buffer_k_off_per_s / case.buffer_k_on_per_molar_s
    buffer = f"{case.buffer_umolar:g} µM, K_d {k_d_umolar:g} µM, {case.n_buffer_sites} sites"
    return [
        ("box", f"{span} nm, open faces: {faces}"),
        ("channels", kinds or "none"),
        ("vesicles", f"{case.n_vesicles}, radius {case.vesicle_radius_nm:g} nm; on each {sensors or 'no sensor'}"),
        ("buffer", buffer),
        ("calcium", f"outside {case.external_calcium_mmolar:g} mM, at rest {case.resting_calcium_umolar:g} µM"),
        ("magnesium", f"{case.magnesium_mmolar:g} mM"),
        ("diffusion", f"{case.diffusion_um2_per_s:g} µm²/s, clearance {case.clearance_per_ms:g} per ms"),
        ("run", f"{_impulses(case.n_impulses)}, {case.duration_ms:g} ms, steps of {case.step_ns:g} ns near vesicles"),
        ("fingerprint", case.fingerprint()),
    ]
