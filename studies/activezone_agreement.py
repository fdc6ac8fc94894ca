"""The particle engine against the MCell3 reference, quantity by quantity, with the sampling error of both.

    python studies/activezone_agreement.py            # 10,000 trials of AZ4, 4,000 of SC1: about two minutes
    python studies/activezone_agreement.py --trials 2000 --sources 1000

Writes activezone_agreement.json and .md beside itself. Standard errors of ours are from trials (both vesicles of
a trial share its openings); where the reference gives none, ours at its number of trials stands in.
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone import Ensemble, channel_kind, master_equation, read_case, simulate
from endplate.body.activezone.snapshot import watch

HERE = Path(__file__).parent
REFERENCE = HERE.parent / "tests" / "body" / "activezone" / "reference"
_MICROMOLAR_NM3 = 1e30 / 6.02214076e23  # one ion in a cubic nanometre
_SECTIONS = {
    "gating": "Gating against the master equation",
    "AZ4": "AZ4 against MCell3",
    "given": "AZ4 given the ions that entered",
    "SC1": "SC1 against MCell3",
    "shells": "SC1: concentration in half shells",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity: ours and the reference, each with its standard error, and the distance in joint errors."""

    section: str
    quantity: str
    ours: float
    ours_se: float
    reference: float
    reference_se: float

    @property
    def z(self) -> float:
        """Difference over the joint standard error; 0 where both are exactly equal."""
        joint = math.hypot(self.ours_se, self.reference_se)
        difference = self.ours - self.reference
        return 0.0 if difference == 0.0 else difference / max(joint, 1e-300)


def reference(name: str) -> dict[str, Any]:
    """Return one reference file."""
    found: dict[str, Any] = json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _mean_se(per_trial: NDArray[np.floating[Any]]) -> tuple[float, float, float]:
    """Return mean, standard error, and deviation of one value per trial."""
    deviation = float(np.std(per_trial, ddof=1))
    return float(np.mean(per_trial)), deviation / math.sqrt(per_trial.size), deviation


def _ratio_se(total: NDArray[np.floating[Any]], count: NDArray[np.floating[Any]]) -> tuple[float, float, float]:
    """Return sum(total) / sum(count) over trials, its standard error, and the error times root of trials."""
    ratio = float(total.sum() / count.sum())
    error = float(np.sqrt(((total - ratio * count) ** 2).sum()) / count.sum())
    return ratio, error, error * math.sqrt(total.size)


def gating_rows(ensemble: Ensemble) -> list[Row]:
    """Return open channels and ions against the exact master equation."""
    exact = master_equation(channel_kind("pq"), ensemble.case.action_potential, duration_ms=ensemble.case.duration_ms)
    rows, opened = [], ensemble.open_count() / ensemble.case.n_channels
    for at_ms in (0.6, 0.7, 0.8, 0.9, 1.0, 1.2):
        i = int(np.argmin(abs(ensemble.time_ms - at_ms)))
        mean, se, _ = _mean_se(opened[:, i])
        p = float(np.interp(ensemble.time_ms[i], exact.time_ms, exact.p_open))
        rows.append(Row("gating", f"open probability at {at_ms:g} ms", mean, se, p, 0.0))
    per_channel = ensemble.ions_entered.sum(axis=2)
    mean, se, _ = _mean_se(per_channel.mean(axis=1))
    rows.append(Row("gating", "ions per channel", mean, se, float(exact.ions[-1]), 0.0))
    ever = np.zeros((ensemble.trials, ensemble.case.n_channels))
    ever[ensemble.openings.trial, ensemble.openings.channel] = 1.0
    mean, se, _ = _mean_se(ever.mean(axis=1))
    rows.append(Row("gating", "chance that a channel opens", mean, se, exact.p_opened, 0.0))
    open_ms = np.bincount(
        ensemble.openings.trial,
        weights=ensemble.openings.end_ms - ensemble.openings.start_ms,
        minlength=ensemble.trials,
    )
    mean, se, _ = _mean_se(open_ms / ensemble.case.n_channels)
    rows.append(Row("gating", "time open of a channel [ms]", mean, se, exact.open_ms, 0.0))
    return rows


def az4_rows(ensemble: Ensemble) -> list[Row]:
    """Return every quantity of the AZ4 reference but the conditional ones."""
    known = reference("mcell3_AZ4")
    n = known["n_trials"]
    ions = ensemble.ions_entered.sum(axis=(1, 2))
    rows = []

    def add(quantity: str, per_trial: NDArray[Any], value: float, se: float | None = None) -> None:
        mean, ours_se, deviation = _mean_se(per_trial)
        rows.append(Row("AZ4", quantity, mean, ours_se, value, deviation / math.sqrt(n) if se is None else se))

    add("ions entered", ions, known["ions_entered"]["mean"], known["ions_entered"]["sem"])
    add("trials with no ion", ions == 0, known["ions_entered"]["frac_zero"])
    opened, bound = ensemble.open_count(), ensemble.bound_sites().mean(axis=1)
    times = np.asarray(known["t_ms"])
    for at_ms in (0.6, 0.7, 0.8, 0.9, 1.0):
        i, j = int(np.argmin(abs(ensemble.time_ms - at_ms))), int(np.argmin(abs(times - at_ms)))
        add(f"open channels at {at_ms:g} ms", opened[:, i], known["mean_open_channels"][j])
    for at_ms in (0.7, 0.8, 0.9, 1.0, 1.2, 1.5, 2.0, 2.5, 3.0):
        i, j = int(np.argmin(abs(ensemble.time_ms - at_ms))), int(np.argmin(abs(times - at_ms)))
        add(f"bound sites of a vesicle at {at_ms:g} ms", bound[:, i], known["mean_bound_per_vesicle"][j])
        add(f"free ions at {at_ms:g} ms", ensemble.free_count[:, i], known["mean_free_ca"][j])
    largest = ensemble.largest_bound()
    add("largest number of bound sites", largest.mean(axis=1), known["mean_max_bound"], known["sem_max_bound"])
    for k, share in known["P_max_bound_ge_k"].items():
        if int(k) <= 10:
            add(f"P(largest >= {k})", (largest >= int(k)).mean(axis=1), share)
    for k, found in known["first_time_ge_k"].items():
        first = ensemble.first_times(int(k))
        reached = ~np.isnan(first)
        count, total = reached.sum(axis=1).astype(float), np.nansum(first, axis=1)
        mean, se, scatter = _ratio_se(total, count)
        rows.append(Row("AZ4", f"first time of {k} bound [ms]", mean, se, found["mean_ms"], scatter / math.sqrt(n)))
        squares = np.where(reached, (first - mean) ** 2, 0.0).sum(axis=1)
        variance, se, scatter = _ratio_se(squares, count)
        deviation = math.sqrt(variance)  # error of a root: half the error over the root
        rows.append(
            Row("AZ4", f"its deviation, {k} bound [ms]", deviation, se / (2 * deviation), found["sd_ms"],
                scatter / math.sqrt(n) / (2 * deviation))
        )  # fmt: skip
    return rows


def given_rows(ensemble: Ensemble) -> list[Row]:
    """Return bound sites given the ions that entered: free of the noise of gating."""
    ions, largest = ensemble.ions_entered.sum(axis=(1, 2)), ensemble.largest_bound()
    rows = []
    for part in reference("mcell3_AZ4")["given_ions_entered"]:
        mine = (ions >= part["ions_from"]) & (ions < part["ions_below"])
        if part["ions_from"] == 0 or mine.sum() < 3:
            continue
        label = f"{part['ions_from']} to {part['ions_below'] - 1} ions"
        n = part["n_trials"]
        mean, se, deviation = _mean_se(largest[mine].mean(axis=1))
        rows.append(
            Row("given", f"largest bound, {label}", mean, se, part["mean_max_bound"],
                max(part["sem"], deviation / math.sqrt(n)))
        )  # fmt: skip
        mean, se, deviation = _mean_se((largest[mine] >= 3).mean(axis=1))
        other_se = max(deviation / math.sqrt(n), 1.0 / n)  # where all or none of ours reach it: one of theirs
        rows.append(Row("given", f"P(largest >= 3), {label}", mean, se, part["P_max_ge_3"], other_se))
    return rows


def sc1_rows(ensemble: Ensemble) -> list[Row]:
    """Return ions and free ions of SC1."""
    known = reference("mcell3_SC1")
    mean, se, deviation = _mean_se(ensemble.ions_entered.sum(axis=(1, 2)))
    entered = known["ions_entered"]
    rows = [Row("SC1", "ions entered", mean, se, entered["mean"], deviation / math.sqrt(known["n"]))]
    times = np.asarray(known["t_ms"])
    for at_ms in (0.05, 0.1, 0.25, 0.4, 0.5, 0.55, 0.6, 0.8, 1.0):
        i, j = int(np.argmin(abs(ensemble.time_ms - at_ms))), int(np.argmin(abs(times - at_ms)))
        mean, se, _ = _mean_se(ensemble.free_count[:, i])
        rows.append(
            Row("SC1", f"free ions at {at_ms:g} ms", mean, se, known["mean_free_ca"][j], known["sem_free_ca"][j])
        )
    return rows


def shell_rows(trials: int, seed: int) -> list[Row]:
    """Return the concentration in half shells around the source of SC1."""
    known = reference("mcell3_SC1")
    names = list(known["profiles"])
    edges = np.asarray(known["profiles"][names[0]]["edges_nm"], dtype=float)
    volume = 2.0 / 3.0 * math.pi * np.diff(edges**3)
    case, times = read_case("sc1"), [float(name.removesuffix("ms")) for name in names]
    counts = np.zeros((trials, len(names), volume.size))
    times[-1] = min(times[-1], case.duration_ms - 1e-6)
    for trial in range(trials):
        for i, shot in enumerate(watch(case, times_ms=times, seed=seed, trial=trial)):
            counts[trial, i] = np.histogram(np.linalg.norm(shot.ions_nm, axis=1), edges)[0]
    rows = []
    for i, name in enumerate(names):
        profile = known["profiles"][name]
        for j, value in enumerate(profile["mean_uM"]):
            scale = _MICROMOLAR_NM3 / volume[j]
            mean, se, deviation = _mean_se(counts[:, i, j] * scale)
            label = f"{edges[j]:g}-{edges[j + 1]:g} nm at {name} [uM]"
            other_se = max(profile["sem_uM"][j], deviation / math.sqrt(profile["n_trials"]))
            rows.append(Row("shells", label, mean, se, value, other_se))
    return rows


def compare(*, trials: int, sources: int, pictures: int, seed: int) -> list[Row]:
    """Return all rows; `trials` of AZ4, `sources` of SC1, of which `pictures` for the shells."""
    zone = simulate(read_case("az4"), trials=trials, seed=seed)
    source = simulate(read_case("sc1"), trials=sources, seed=seed, record_step_us=10.0)
    return [*gating_rows(zone), *az4_rows(zone), *given_rows(zone), *sc1_rows(source), *shell_rows(pictures, seed)]


def as_markdown(rows: list[Row], about: str) -> str:
    """Return the table of the documentation."""
    lines = [f"<!-- written by studies/activezone_agreement.py: {about} -->"]
    for section, title in _SECTIONS.items():
        lines += ["", f"**{title}**", "", "| quantity | ours | reference | difference, joint errors |"]
        lines += ["| --- | --- | --- | --- |"]
        lines += [
            f"| {row.quantity} | {row.ours:.4g} ± {row.ours_se:.2g} | {row.reference:.4g} ± {row.reference_se:.2g} "
            f"| {row.z:+.1f} |"
            for row in rows
            if row.section == section
        ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run the comparison and write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=10_000, help="trials of AZ4")
    parser.add_argument("--sources", type=int, default=4_000, help="trials of SC1")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rows = compare(trials=options.trials, sources=options.sources, pictures=options.sources, seed=options.seed)
    about = f"AZ4 {options.trials} trials, SC1 {options.sources} trials, seed {options.seed}"
    z = np.array([row.z for row in rows])
    summary = {
        "about": about,
        "rows": [{**asdict(row), "z": round(row.z, 2)} for row in rows],
        "largest_z": float(abs(z).max()),
        "rows_beyond_2": int((abs(z) > 2).sum()),
        "root_mean_square_z": float(np.sqrt((z**2).mean())),
    }
    (HERE / "activezone_agreement.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    (HERE / "activezone_agreement.md").write_text(as_markdown(rows, about), encoding="utf-8")
    print(as_markdown(rows, about))
    print(f"{len(rows)} rows, {summary['rows_beyond_2']} beyond 2 joint errors, largest {summary['largest_z']:.2f}")


if __name__ == "__main__":
    main()
