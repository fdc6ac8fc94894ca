"""What the model says to each row of targets.toml: quickly for the search, by examination for the table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from endplate.body import junction as junctions
from endplate.body.muscle import describe
from endplate.body.person import Person
from endplate.body.person.preparation import Preparation
from endplate.change.presets import person as person_of
from endplate.change.therapy import apply_treatments
from endplate.exam.examination import examine
from endplate.foundation.parameters import overridden
from endplate.foundation.records import Levers

FEW_UNITS = 24
FEW_FIBRES = 2400
EFFORTS_S = (5.0, 8.0, 10.0, 12.0, 14.0, 18.0, 30.0)
REST_MS = 120_000.0  # between a response at rest and the effort, as in the protocol `lems`
AFTER_MS = 1500.0  # from the end of an effort to the response that is read, as there
TRAIN_MS = np.arange(10) * 1000.0 / 3.0  # 10 stimuli at 3 Hz
PULSE = 4  # the fifth response: decrement and depression are read there
RECOVERY_S = 5.0  # release is read again this long after a train
JITTER_INTERVAL_MS = 100.0
JITTER_SETTLING, JITTER_STIMULI = 10, 40
FEWEST_FIRED = 0.001  # a share of fibres below this is not divided by
SILENT_SHARE = 0.002  # a muscle without response counts as one fibre in five hundred
THREE_TIMES = ("amifampridine:20mg,steady,3/day,slow,1h",)
FIVE_TIMES = ("amifampridine:20mg,steady,5/day,slow,1h",)
# rows that only the full examination can tell; the search leaves them alone
MEASURED_BY_EXAMINATION = frozenset(
    {"muscle.cmap_adm", "muscle.cmap_apb", "muscle.cmap_fdi", "muscle.conduction_velocity"}
)


def small(person: Person, muscle: str = "adm") -> Preparation:
    """Return a small muscle of the person: few units, few fibres, the same mechanisms."""
    with overridden({"body/muscle": {f"{muscle}.units": float(FEW_UNITS)}}):
        return Preparation(person, muscle, n_fibres=FEW_FIBRES)


def low_rate(person: Person) -> tuple[Preparation, np.ndarray, np.ndarray]:
    """Return the preparation, fired fraction and quantal content of 10 stimuli at 3 Hz after rest."""
    preparation = small(person)
    response = preparation.stimulate(TRAIN_MS)
    return preparation, response.fired_fraction, response.quantal_content


def after_effort(person: Person, seconds: float) -> tuple[float, float]:
    """Return the fired fraction before and after an effort."""
    preparation = small(person)
    before = preparation.stimulate(np.array([0.0])).fired_fraction[0]
    preparation.effort(start_ms=REST_MS, duration_s=seconds)
    end = REST_MS + 1000.0 * seconds + AFTER_MS
    return float(before), float(preparation.stimulate(np.array([end])).fired_fraction[0])


def increment(before: float, after: float) -> float:
    """Return the increment in percent."""
    return 100.0 * (after / max(before, SILENT_SHARE) - 1.0)


def decrement(fired: np.ndarray) -> float:
    """Return the decrement of a train in percent."""
    return 100.0 * (1.0 - fired[PULSE] / max(fired[0], FEWEST_FIRED))


def recovery_time_s(preparation: Preparation, quanta: np.ndarray) -> float:
    """Return the time constant with which release returns in the seconds after the train. [s]"""
    later = preparation.stimulate(TRAIN_MS[-1:] + 1000.0 * RECOVERY_S).quantal_content[0]
    share = (later - quanta[-1]) / (quanta[0] - quanta[-1]) if quanta[0] > quanta[-1] else np.nan
    return float(RECOVERY_S / -np.log1p(-np.clip(share, 1e-3, 0.999))) if np.isfinite(share) else np.nan


def peak_of(times_s: np.ndarray, values: np.ndarray) -> float:
    """Return where a sampled curve is highest, by a parabola through the highest sample. [s]"""
    top = int(np.argmax(values))
    if top in (0, times_s.size - 1):
        return float(times_s[top])
    a, b, _ = np.polyfit(times_s[top - 1 : top + 2], values[top - 1 : top + 2], 2)
    return float(np.clip(-b / (2 * a), times_s[top - 1], times_s[top + 1])) if a < 0 else float(times_s[top])


def jitter_us(person: Person) -> float:
    """Return the mean MCD of end-plates that never block, at 10 Hz. [us]"""
    preparation = small(person, "extensor_digitorum")
    firing = preparation.stimulate(np.arange(JITTER_STIMULI) * JITTER_INTERVAL_MS).firing
    steady = firing.fired[JITTER_SETTLING:].all(axis=0)
    steps = np.abs(np.diff(firing.arrival_ms[JITTER_SETTLING:][:, steady].astype(np.float64), axis=0))
    return float(1000.0 * steps.mean()) if steady.any() else np.nan


def observe_health() -> dict[str, float]:
    """Return the rows of health."""
    healthy = Person()
    preparation, fired, quanta = low_rate(healthy)
    fresh = small(healthy)
    response = fresh.stimulate(np.array([0.0]))
    potential = response.endplate_potential_mv[0]
    return {
        "junction.mepp_amplitude": junctions.quantal_size(Levers()),
        "junction.quantal_content": float(quanta[0]),
        "junction.safety_factor": float(potential / fresh.fibres.threshold_mv.mean()),
        "terminal.depression_3hz_pulse5": float(quanta[PULSE] / quanta[0]),
        "terminal.recovery_time": recovery_time_s(preparation, quanta),
        "muscle.normal_decrement_3hz": decrement(fired),
        "muscle.normal_post_exercise_increment": increment(*after_effort(healthy, 10.0)),
        "muscle.jitter_normal_stimulated": jitter_us(healthy),
    }


def observe() -> dict[str, float]:
    """Return what the parameters in force say to every row that the search uses."""
    found = observe_health()
    adm, edb = describe("adm").cmap, describe("edb").cmap
    sick = person_of("lems")
    _, healthy_fired, healthy_quanta = low_rate(Person())
    _, fired, quanta = low_rate(sick)
    whole = max(healthy_fired[0], FEWEST_FIRED)
    share = fired[0] / whole
    gains = np.array([increment(*after_effort(sick, seconds)) for seconds in EFFORTS_S])
    three, five = (low_rate(apply_treatments(sick, drug))[1][0] / whole for drug in (THREE_TIMES, FIVE_TIMES))
    ten = float(gains[EFFORTS_S.index(10.0)])
    weak = person_of("mg")
    _, weak_fired, _ = low_rate(weak)
    return found | {
        "lems.quantal_content_ratio": float(quanta[0] / healthy_quanta[0]),
        "lems.mepp_ratio": junctions.quantal_size(sick.levers) / junctions.quantal_size(Levers()),
        "lems.cmap_rest_arm": float(share * adm),
        "lems.cmap_rest_leg": float(share * edb),
        "lems.decrement_3hz": decrement(fired),
        "lems.increment_after_10s": ten,
        "lems.increment_5s_over_10s": float(gains[EFFORTS_S.index(5.0)] / ten) if ten > 0 else np.nan,
        "lems.exercise_of_largest_increment": peak_of(np.array(EFFORTS_S), gains),
        "mg.mepp_ratio": junctions.quantal_size(weak.levers) / junctions.quantal_size(Levers()),
        "mg.decrement_moderate": decrement(weak_fired),
        "amifampridine.cmap_gain": float((three - share) * 0.5 * (adm + edb)),
        "amifampridine.cmap_arm_on_drug": float(five * adm),
        "amifampridine.cmap_leg_on_drug": float(five * edb),
    }


def amplitude(person: Person, muscle: str, treatments: tuple[str, ...] = ()) -> float:
    """Return the rest amplitude that the instruments measure at full size. [mV]"""
    study = examine(person, protocol="ncs", muscle=muscle, treatments=treatments).studies[0]
    rest = study.recording.train("rest").sweeps[0]
    return float(np.nan_to_num(study.measurements[0].amplitude_mv[rest]))


def lems_study(person: Person, muscle: str = "adm") -> tuple[float, float, float]:
    """Return rest amplitude, 3 Hz decrement at pulse 5 and increment after 10 s, by the instruments."""
    study = examine(person, protocol="lems", muscle=muscle).studies[0]
    height = study.measurements[0].amplitude_mv
    before, after = (height[study.recording.train(n).sweeps[0]] for n in ("rest", "after 10 s effort"))
    train = study.recording.train("3 Hz, rest").sweeps
    fall = float(100 * (1 - height[train[PULSE]] / height[train[0]]))
    return float(before), fall, float(100 * (after / before - 1))


def mean_jitter(person: Person, studies: int = 5) -> float:
    """Return the mean MCD that the instruments report, over studies of 20 end-plates each. [us]"""
    found = []
    for seed in range(1, studies + 1):
        study = examine(replace(person, seed=seed), protocol="sfemg-stimulated", muscle="extensor_digitorum").studies[0]
        found += [finding.value for finding in study.findings.of("jitter") if finding.name.startswith("study: mean")]
    return float(np.mean([value for value in found if value is not None]))


def observe_in_full() -> dict[str, float]:
    """Return the rows by full examination where there is one, else as the search sees them."""
    found = observe()
    healthy, sick, weak = (person_of(name) for name in ("healthy", "lems", "mg"))
    for muscle in ("adm", "apb", "fdi"):
        found[f"muscle.cmap_{muscle}"] = amplitude(healthy, muscle)
    found["muscle.conduction_velocity"] = float(Preparation(healthy, "biceps").anatomy.velocity_m_per_s.mean())
    _, found["muscle.normal_decrement_3hz"], found["muscle.normal_post_exercise_increment"] = lems_study(healthy)
    rest, found["lems.decrement_3hz"], found["lems.increment_after_10s"] = lems_study(sick)
    found["lems.cmap_rest_arm"] = rest
    leg = found["lems.cmap_rest_leg"] = amplitude(sick, "edb")
    found["mg.decrement_moderate"] = lems_study(weak)[1]
    arm_three, leg_three = (amplitude(sick, muscle, THREE_TIMES) for muscle in ("adm", "edb"))
    found["amifampridine.cmap_gain"] = 0.5 * (arm_three - rest + leg_three - leg)
    found["amifampridine.cmap_arm_on_drug"] = amplitude(sick, "adm", FIVE_TIMES)
    found["amifampridine.cmap_leg_on_drug"] = amplitude(sick, "edb", FIVE_TIMES)
    found["muscle.jitter_normal_stimulated"] = mean_jitter(healthy)
    return found


def table_rows(targets: dict[str, dict[str, object]]) -> list[dict[str, object]]:
    """Return one record per row: target, band, model, inside or outside."""
    found = observe_in_full()
    return [
        {
            "row": name, "target": row["value"], "low": row["low"], "high": row["high"], "unit": row["unit"],
            "model": round(found[name], 4), "inside": bool(row["low"] <= found[name] <= row["high"]),
            "evidence": row["evidence"], "where": row["where"],
        }
        for name, row in targets.items()
    ]  # fmt: skip
