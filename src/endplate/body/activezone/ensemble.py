"""What an ensemble of trials gives: openings, ions, bound sites, free calcium; saved, resumed, read."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from endplate.body.activezone.case import Case
from endplate.foundation.errors import FileFormatError, InputError, OutputError, unknown_name

if TYPE_CHECKING:
    import xarray as xr

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Number = TypeVar("Number", np.int64, np.float64)


def running_sum(group: Ints, change: NDArray[Number]) -> NDArray[Number]:
    """Return the running sum of changes within every group, each in the order given.

    Examples
    --------
    >>> running_sum(np.array([0, 1, 0, 1]), np.array([1, 5, 2, 6])).tolist()
    [1, 5, 3, 11]
    """
    if group.size == 0:
        return change.copy()
    order = np.argsort(group, kind="stable")
    sorted_group, total = group[order], np.cumsum(change[order])
    first = np.flatnonzero(np.append(True, np.diff(sorted_group) != 0))
    before = np.repeat(total[first] - change[order][first], np.diff(np.append(first, group.size)))
    sums = np.empty_like(total)
    sums[order] = total - before
    return np.asarray(sums)


@dataclass(frozen=True, slots=True, eq=False)
class Openings:
    """Intervals in which a channel was open, of all trials one after the other.

    Attributes
    ----------
    trial, channel
        (opening,) whose it is.
    start_ms, end_ms
        (opening,) from when to when. [ms]
    """

    trial: Ints
    channel: Ints
    start_ms: Floats
    end_ms: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Bindings:
    """Every change of a sensor site, of all trials one after the other, in order of time within a trial.

    Attributes
    ----------
    trial, vesicle, sensor, site
        (change,) where: indices of trial, vesicle, kind of sensor in ``case.sensors``, and site.
    time_ms
        (change,) when. [ms]
    change
        (change,) +1 an ion bound, -1 it left.
    channel, impulse
        (change,) through which channel and in which impulse the ion came; -1 for an ion of the resting level.
    """

    trial: Ints
    vesicle: Ints
    sensor: Ints
    site: Ints
    time_ms: Floats
    change: Ints
    channel: Ints
    impulse: Ints


OPENING_FIELDS = ("trial", "channel", "start_ms", "end_ms")
BINDING_FIELDS = ("trial", "vesicle", "sensor", "site", "time_ms", "change", "channel", "impulse")


@dataclass(frozen=True, slots=True, eq=False)
class Ensemble:
    """Independent trials of one case.

    Attributes
    ----------
    case, engine, seed, trials
        What was run.
    time_ms
        (time,) sample instants of what is sampled. [ms]
    ions_entered
        (trial, channel, impulse) ions that came in.
    free_count
        (trial, time) free ions; with the fast engine their expected number.
    openings, bindings
        What channels and sensor sites did, event by event.
    fate
        (trial, 5) at the end of the run, of the ions that entered or were there at rest: free, on the buffer,
        on sensor sites, absorbed at an open face, cleared; -1 where an engine does not follow them.
    moves
        (trial,) steps of ions that the particles took; 0 in the fast engine.
    """

    case: Case
    engine: str
    seed: int
    trials: int
    time_ms: Floats
    ions_entered: Ints
    free_count: NDArray[np.float32]
    openings: Openings
    bindings: Bindings
    fate: Ints
    moves: Ints
    record_step_us: float = field(default=20.0)

    def sensor_index(self, sensor: str) -> int:
        """Return the index of a kind of sensor by name.

        Raises
        ------
        UnknownNameError
            If the case has no such sensor.
        """
        names = [kind.name for kind in self.case.sensors]
        if sensor not in names:
            raise unknown_name(f"sensor in {self.case.name}", sensor, names)
        return names.index(sensor)

    def open_count(self) -> Ints:
        """Return the number of open channels, (trial, time)."""
        count = np.zeros((self.trials, self.time_ms.size + 1), dtype=np.int64)
        for edge, sign in ((self.openings.start_ms, 1), (self.openings.end_ms, -1)):
            at = np.searchsorted(self.time_ms, edge, side="left")
            np.add.at(count, (self.openings.trial, at), sign)
        return np.cumsum(count, axis=1)[:, :-1]

    def bound_sites(self, sensor: str = "syt1") -> NDArray[np.int16]:
        """Return bound sites of each vesicle over time, (trial, vesicle, time)."""
        mine = self.bindings.sensor == self.sensor_index(sensor)
        count = np.zeros((self.trials, self.case.n_vesicles, self.time_ms.size + 1), dtype=np.int16)
        at = np.searchsorted(self.time_ms, self.bindings.time_ms[mine], side="left")
        np.add.at(count, (self.bindings.trial[mine], self.bindings.vesicle[mine], at), self.bindings.change[mine])
        return np.cumsum(count, axis=2, dtype=np.int16)[:, :, :-1]

    def _running(self, sensor: str) -> tuple[Ints, NDArray[np.bool_], Ints]:
        """Return vesicle numbers over all trials, which changes are of the sensor, and the count after each."""
        mine = self.bindings.sensor == self.sensor_index(sensor)
        owner = (self.bindings.trial * self.case.n_vesicles + self.bindings.vesicle)[mine]
        return owner, mine, running_sum(owner, self.bindings.change[mine])

    def largest_bound(self, sensor: str = "syt1") -> Ints:
        """Return the largest number of sites bound at any instant, (trial, vesicle)."""
        owner, _, counts = self._running(sensor)
        largest = np.zeros(self.trials * self.case.n_vesicles, dtype=np.int64)
        np.maximum.at(largest, owner, counts)
        return largest.reshape(self.trials, self.case.n_vesicles)

    def first_times(self, at_least: int, sensor: str = "syt1") -> Floats:
        """Return when so many sites were first bound, (trial, vesicle); nan where it never happened. [ms]"""
        if at_least < 1:
            raise InputError(f"at_least must be 1 or more bound sites, got {at_least}.")
        owner, mine, counts = self._running(sensor)
        reached = counts >= at_least
        first = np.full(self.trials * self.case.n_vesicles, np.inf)
        np.minimum.at(first, owner[reached], self.bindings.time_ms[mine][reached])
        first[np.isinf(first)] = np.nan
        return first.reshape(self.trials, self.case.n_vesicles)

    def to_xarray(self) -> xr.Dataset:
        """Return what is sampled over time as a dataset with dimensions and units."""
        import xarray as xr

        bound = {
            f"bound_{kind.name}": (
                ("trial", "vesicle", "time"),
                self.bound_sites(kind.name),
                {"units": "1", "long_name": f"bound sites of {kind.name}"},
            )
            for kind in self.case.sensors
        }
        return xr.Dataset(
            {
                "open_channels": (("trial", "time"), self.open_count(), {"units": "1"}),
                "free_calcium": (("trial", "time"), self.free_count, {"units": "1", "long_name": "free ions"}),
                "ions_entered": (("trial", "channel_index", "impulse"), self.ions_entered, {"units": "1"}),
                **bound,
            },
            coords={"time": ("time", self.time_ms, {"units": "ms"})},
            attrs={
                "case": self.case.name,
                "case_fingerprint": self.case.fingerprint(),
                "engine": self.engine,
                "seed": self.seed,
                "simulated": 1,
            },
        )

    def first_trials(self, count: int) -> Ensemble:
        """Return the ensemble of the first `count` trials."""
        opened, changed = self.openings.trial < count, self.bindings.trial < count
        return Ensemble(
            case=self.case,
            engine=self.engine,
            seed=self.seed,
            trials=count,
            time_ms=self.time_ms,
            ions_entered=self.ions_entered[:count],
            free_count=self.free_count[:count],
            openings=Openings(**{name: getattr(self.openings, name)[opened] for name in OPENING_FIELDS}),
            bindings=Bindings(**{name: getattr(self.bindings, name)[changed] for name in BINDING_FIELDS}),
            fate=self.fate[:count],
            moves=self.moves[:count],
            record_step_us=self.record_step_us,
        )

    def save(self, path: str | Path) -> Path:
        """Write the ensemble to one .npz file, all or nothing; `load_ensemble` and `simulate` read it.

        Raises
        ------
        OutputError
            If it cannot be written; an older file stays as it was.
        """
        path = Path(path)
        arrays: dict[str, Any] = {
            "about": np.array(json.dumps(self.about())),
            "time_ms": self.time_ms,
            "ions_entered": self.ions_entered.astype(np.int32),
            "free_count": self.free_count,
            "fate": self.fate,
            "moves": self.moves,
        }
        arrays |= {f"openings_{name}": getattr(self.openings, name) for name in OPENING_FIELDS}
        arrays |= {f"bindings_{name}": getattr(self.bindings, name) for name in BINDING_FIELDS}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
                np.savez_compressed(file, **arrays)
            os.replace(file.name, path)  # noqa: PTH105  # a half-written file never takes the place of a whole one
        except OSError as error:
            raise OutputError(f"the ensemble could not be written to {path.name}: {error}.") from error
        return path

    def about(self) -> dict[str, Any]:
        """Return what identifies the ensemble: case, its fingerprint, engine, seed, sampling, trials."""
        return {
            "case": self.case.name,
            "fingerprint": self.case.fingerprint(),
            "engine": self.engine,
            "seed": self.seed,
            "record_step_us": self.record_step_us,
            "trials": self.trials,
        }


def load_ensemble(path: str | Path, case: Case) -> Ensemble:
    """Read an ensemble that `Ensemble.save` wrote, for the case it was made from.

    Raises
    ------
    FileFormatError
        If the file is none of ours or damaged.
    InputError
        If it was made from another case; the file stays untouched.
    """
    path = Path(path)
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            about = json.loads(str(file["about"]))
            arrays = {name: file[name] for name in file.files if name != "about"}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise FileFormatError(
            f"{path.name or path} is no ensemble of trials that Endplate wrote, or is damaged. It was left as it is: "
            "name another file."
        ) from error
    if about["fingerprint"] != case.fingerprint():
        raise InputError(
            f"{path.name} holds trials of {about['case']!r} with other parameters "
            f"(fingerprint {about['fingerprint']}, asked for {case.fingerprint()}). Nothing was changed: "
            "name another file, or go back to the parameters it was made with."
        )
    return Ensemble(
        case=case,
        engine=about["engine"],
        seed=about["seed"],
        trials=about["trials"],
        time_ms=arrays["time_ms"],
        ions_entered=arrays["ions_entered"].astype(np.int64),
        free_count=arrays["free_count"],
        openings=Openings(**{name: arrays[f"openings_{name}"] for name in OPENING_FIELDS}),
        bindings=Bindings(**{name: arrays[f"bindings_{name}"] for name in BINDING_FIELDS}),
        fate=arrays["fate"],
        moves=arrays["moves"],
        record_step_us=about["record_step_us"],
    )
