"""Run trials of a case: on all cores, the same whatever their number, resumed where it was left."""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Protocol, cast

import numpy as np

from endplate.body.activezone.case import Case
from endplate.body.activezone.ensemble import (
    BINDING_FIELDS,
    OPENING_FIELDS,
    Bindings,
    Ensemble,
    Floats,
    Openings,
    load_ensemble,
)
from endplate.foundation.errors import InputError, require_between, unknown_name

ENGINES: Final = {
    "particles": "endplate.body.activezone.particles",
    "fast": "endplate.body.activezone.fast",
}
_CHUNK: Final = 16  # trials a thread takes at a time
_SAVE_EVERY_S: Final = 20.0

Progress = Callable[[int, int], None]


class Engine(Protocol):
    """What an engine's package offers: everything that trials share, then trials."""

    def prepare(self, case: Case) -> object:
        """Return tables that every trial of the case reads; refuse a case outside the engine's range."""
        ...

    def run_trials(
        self, prepared: object, case: Case, *, seed: int, first: int, count: int, time_ms: Floats
    ) -> Ensemble:
        """Return trials first, first + 1, ..., numbered from 0 in the result."""
        ...


def sample_times(case: Case, record_step_us: float) -> Floats:
    """Return the instants at which an ensemble is sampled, from 0 to the end of the run. [ms]"""
    step_ms = require_between("record_step_us", record_step_us, 0.1, 1e6, "20 us is usual.") * 1e-3
    return np.arange(int(case.duration_ms / step_ms + 1e-9) + 1, dtype=np.float64) * step_ms


def simulate(
    case: Case,
    *,
    trials: int,
    seed: int,
    engine: str = "particles",
    threads: int | None = None,
    progress: Progress | None = None,
    record_step_us: float = 20.0,
    file: str | Path | None = None,
) -> Ensemble:
    """Run independent trials of a case.

    Parameters
    ----------
    case
        From `read_case`, or a variant of one.
    trials, seed
        How many, and from which seed; trial number i is the same whatever the number of trials and threads.
    engine
        "particles" (single ions) or "fast" (an event per ion; refuses what it cannot do).
    threads
        Threads to use; all cores if not given.
    progress
        Called with trials done and trials asked for, from the calling thread.
    record_step_us
        Distance of the sample instants. [us]
    file
        Where the ensemble is kept while it grows and when it is done. If the file is there it is continued;
        one of another case, seed or engine is refused and stays as it is.

    Raises
    ------
    InputError
        If trials is below 1, or the file holds something else.

    Examples
    --------
    >>> from endplate.body.activezone import read_case
    >>> result = simulate(read_case("sc1").with_duration(0.05), trials=2, seed=1)
    >>> result.ions_entered.shape
    (2, 1, 1)
    """
    if isinstance(trials, bool) or not isinstance(trials, (int, np.integer)) or trials < 1:
        raise InputError(f"trials must be a whole number of at least 1, got {trials!r}.")
    if engine not in ENGINES:
        raise unknown_name("engine", engine, ENGINES)
    machine = cast("Engine", importlib.import_module(ENGINES[engine]))
    time_ms = sample_times(case, record_step_us)
    done = _continued(file, case, engine, seed, record_step_us)
    have = done.trials if done else 0
    if done is not None and have >= trials:
        return done if have == trials else done.first_trials(trials)
    prepared = machine.prepare(case)
    starts = range(have, trials, _CHUNK)

    def chunk(first: int) -> Ensemble:
        return machine.run_trials(
            prepared, case, seed=seed, first=first, count=min(_CHUNK, trials - first), time_ms=time_ms
        )

    parts = [done] if done is not None else []
    saved = time.monotonic()
    with ThreadPoolExecutor(max_workers=threads or os.cpu_count() or 1) as pool:
        futures = [pool.submit(chunk, first) for first in starts]
        try:
            for future in futures:
                parts.append(future.result())
                have += parts[-1].trials
                if progress is not None:
                    progress(have, trials)
                if file is not None and time.monotonic() - saved > _SAVE_EVERY_S:
                    parts = [joined(parts, record_step_us)]
                    parts[0].save(file)
                    saved = time.monotonic()
        except BaseException:
            for future in futures:
                future.cancel()
            if file is not None and parts:  # what is done is kept
                joined(parts, record_step_us).save(file)
            raise
    result = joined(parts, record_step_us)
    if file is not None:
        result.save(file)
    return result


def _continued(file: str | Path | None, case: Case, engine: str, seed: int, record_step_us: float) -> Ensemble | None:
    if file is None or not Path(file).exists():
        return None
    found = load_ensemble(file, case)
    for name, was, now in (
        ("engine", found.engine, engine),
        ("seed", found.seed, seed),
        ("record_step_us", found.record_step_us, record_step_us),
    ):
        if was != now:
            raise InputError(
                f"{Path(file).name} holds trials with {name} {was!r}, asked for {now!r}. Nothing was changed: "
                "name another file, or ask for the same."
            )
    return found


def joined(parts: list[Ensemble], record_step_us: float) -> Ensemble:
    """Return one ensemble of parts, their trials in order."""
    first = parts[0]
    offsets = np.cumsum([0, *(part.trials for part in parts)])

    def gather(group: str, name: str) -> np.ndarray:
        arrays = [getattr(getattr(part, group), name) for part in parts]
        if name == "trial":
            arrays = [array + offset for array, offset in zip(arrays, offsets, strict=False)]
        return np.concatenate(arrays)

    return Ensemble(
        case=first.case,
        engine=first.engine,
        seed=first.seed,
        trials=int(offsets[-1]),
        time_ms=first.time_ms,
        ions_entered=np.concatenate([part.ions_entered for part in parts]),
        free_count=np.concatenate([part.free_count for part in parts]),
        openings=Openings(**{name: gather("openings", name) for name in OPENING_FIELDS}),
        bindings=Bindings(**{name: gather("bindings", name) for name in BINDING_FIELDS}),
        fate=np.concatenate([part.fate for part in parts]),
        moves=np.concatenate([part.moves for part in parts]),
        record_step_us=record_step_us,
    )
