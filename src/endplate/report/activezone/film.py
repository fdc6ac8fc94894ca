"""A film of one impulse: one trial of each of several cases, watched at the same times, and how usual it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from endplate.body.activezone.fusion import FusionRule, fusion_times
from endplate.body.activezone.simulate import simulate
from endplate.body.activezone.snapshot import Snapshot, watch

if TYPE_CHECKING:
    from endplate.body.activezone.case import Case

BEFORE_MS, AFTER_MS, FRAME_MS = 0.2, 1.2, 0.02  # around the peak of the impulse; one picture of the film
_QUANTILE: Final = 75.0  # of half the channels the median impulse lets in no ion at all: nothing to see

Progress = Callable[[str, float], None]


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """One case of a film.

    Attributes
    ----------
    title
        What it is called: Health, Half the channels.
    case, trial, shots
        Which trial is shown, at the times of the film.
    trials, mean_ions, empty_share, fused_share
        Over how many trials: ions that entered on average, trials without any ion, vesicles that fused.
    """

    title: str
    case: Case
    trial: int
    shots: Sequence[Snapshot]
    trials: int
    mean_ions: float
    empty_share: float
    fused_share: float


def film(
    cases: Mapping[str, Case], *, rule: FusionRule, seed: int, trials: int = 400, progress: Progress | None = None
) -> list[Scene]:
    """Return the film of several cases.

    Parameters
    ----------
    cases
        By the title of each. The first impulse is shown.
    rule
        When a vesicle fuses.
    seed, trials
        Trials of the particle engine. Shown is the one at the upper quartile of ions that entered: three of four
        impulses let in fewer.
    progress
        Called with what is being done and the share that is done.
    """
    scenes = []
    for number, (title, case) in enumerate(cases.items()):
        if progress is not None:
            progress(title, number / len(cases))
        runs = simulate(case, trials=trials, seed=seed)
        entered = runs.ions_entered.sum(axis=(1, 2))
        shown = int(np.argmin(np.abs(entered - np.percentile(entered, _QUANTILE))))
        scenes.append(
            Scene(
                title=title,
                case=case,
                trial=shown,
                shots=watch(case, times_ms=frame_times(case), seed=seed, trial=shown),
                trials=trials,
                mean_ions=float(entered.mean()),
                empty_share=float((entered == 0).mean()),
                fused_share=float(np.isfinite(fusion_times(runs, rule)).mean()),
            )
        )
    return scenes


def frame_times(case: Case) -> list[float]:
    """Return when the film looks: around the first impulse. [ms]"""
    peak = case.train[0] + case.action_potential.peak_ms
    begin, end = max(peak - BEFORE_MS, 0.0), min(peak + AFTER_MS, case.duration_ms)
    return [round(begin + FRAME_MS * k, 6) for k in range(int((end - begin) / FRAME_MS + 1e-9) + 1)]


def told(scenes: Sequence[Scene]) -> str:
    """Say in words what the film shows, for those who do not see it."""
    parts = []
    for scene in scenes:
        last = scene.shots[-1]
        opened = np.any([shot.open_channels for shot in scene.shots], axis=0)
        most = max(int(sum(sites.sum() for sites in shot.bound_sites)) for shot in scene.shots)
        parts.append(
            f"{scene.title}: {int(opened.sum())} of {opened.size} channels open during the impulse, "
            f"{last.ions_entered} calcium ions enter and scatter at once, at most {most} sensor sites hold calcium at "
            f"one time. Over {scene.trials} impulses {scene.mean_ions:.0f} ions enter on average, none at all in "
            f"{100 * scene.empty_share:.0f} %, and {100 * scene.fused_share:.1f} % of the docked vesicles fuse."
        )
    return " ".join(parts)
