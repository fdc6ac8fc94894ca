"""Settings: what a person knows of a recording that the file does not say; read from TOML.

A sidecar is a TOML file beside the recording: ``hand.csv.toml`` or ``hand.toml`` for ``hand.csv``.
Rows, columns, channels and sweeps are numbered from 1, as a spreadsheet shows them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from endplate.exam.recording.limits import checked_file, megabytes
from endplate.foundation.errors import FileFormatError, InputError, nearest, require_between

Settings = Mapping[str, Any]
_MAX_SIDECAR_BYTES: Final = 5_000_000  # stimulus times of a very long session still fit


class Key(NamedTuple):
    """One key of the sidecar: its kind, its range or choices, and what it means."""

    kind: str  # number | text | choice | flag | column | columns | numbers | texts | pair | trains | count
    meaning: str
    low: float = 0.0
    high: float = 0.0
    choices: tuple[str, ...] = ()


KEYS: Final[dict[str, Key]] = {
    # how the file is laid out
    "layout": Key("choice", "sweeps: one stimulus each; continuous: one long record", choices=("sweeps", "continuous")),
    "unit": Key("text", "unit of the samples: V, mV or uV"),
    "gain": Key("number", "the samples are this many times too large (amplifier not taken out)", 1e-3, 1e7),
    "sampling_hz": Key("number", "samples per second", 1, 1e6),
    "negative_up": Key("flag", "the file stores the negative phase as positive numbers"),
    "time_column": Key("column", "number or heading of the column of times"),
    "time_unit": Key("choice", "unit of the time column", choices=("s", "ms", "us", "samples")),
    "stimulus_row": Key("count", "row that holds the stimulus level of each column", 1, 1e6),
    "stimulus_column": Key("column", "number or heading of the column of stimulus pulses"),
    "signal_columns": Key("columns", "columns of signal: headings, numbers, or text such as '2-11, 14'"),
    "n_samples": Key("count", "samples of each sweep: a file with fewer was cut off", 1, 1e9),
    "header_rows": Key("count", "rows before the first row of numbers", 0, 1e6),
    "delimiter": Key("choice", "what separates the cells", choices=(",", ";", "\t", " ", "tab", "space")),
    "decimal": Key("choice", "decimal sign", choices=(".", ",")),
    "encoding": Key("text", "text encoding, such as utf-8, utf-16, latin-1"),
    "channel": Key("columns", "channel or channels to read: name or number"),
    "channels": Key("texts", "names of the channels, where several channels stand for each sweep"),
    "stimulus": Key("text", "annotations[:TEXT], channel:NAME or artefact: where stimulus times come from"),
    "stimulus_times_s": Key("numbers", "time of each stimulus: in a continuous record from its start"),
    "session_times_s": Key("numbers", "true time of each sweep's stimulus, where the clock of the file is another"),
    "stimulus_level": Key("numbers", "stimulus strength of each sweep, in the stimulator's own units"),
    "rate_hz": Key("number", "the sweeps are one train of this rate", 0.01, 1000),
    "start_ms": Key("number", "time of the first sample of a sweep after its stimulus", -10_000, 1000),
    "sweep_ms": Key("pair", "[first, last] time of the sweeps cut from a continuous record", -10_000, 60_000),
    "cut_to_shortest": Key("flag", "cut segments of different length to the shortest"),
    # what was recorded
    "muscle": Key("text", "muscle"),
    "side": Key("choice", "side", choices=("left", "right")),
    "temperature_degc": Key("number", "skin temperature", 10, 42),
    "highpass_hz": Key("number", "high-pass corner of the amplifier", 0, 5000),
    "lowpass_hz": Key("number", "low-pass corner of the amplifier", 10, 1e6),
    "montage": Key("text", "where the electrodes were"),
    "electrode": Key("choice", "electrode", choices=("surface", "concentric needle", "single-fibre needle")),
    "stimulation": Key("choice", "stimulation", choices=("electrical", "magnetic", "voluntary")),
    "drug": Key("text", "drug on board"),
    "hours_since_dose": Key("number", "hours since the last dose of it", 0, 10_000),
    "intensity": Key("number", "stimulus over the maximal one: 1.2 is 120 %", 0, 10),
    "trains": Key("trains", "one table [[trains]] per group of sweeps"),
    "notes": Key("texts", "anything a reader should know"),
    # written by endplate itself
    "simulated": Key("flag", "the samples come from a model"),
    "seed": Key("count", "seed of the simulation", 0, 2**63),
    "source": Key("text", "where the recording first came from"),
}
TRAIN_KEYS: Final = ("name", "role", "sweeps", "rate_hz", "after_effort_s", "effort_s", "effort_fraction",
                     "rest_before_s", "intensity")  # fmt: skip
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "text": (str,), "choice": (str,), "flag": (bool,), "count": (int,), "column": (int, str), "trains": (list, tuple),
    "texts": (list, tuple), "columns": (int, str, list, tuple), "numbers": (list, tuple), "pair": (list, tuple),
}  # fmt: skip


def _unknown_key(name: str, allowed: Mapping[str, object] | tuple[str, ...], where: str) -> InputError:
    hit = nearest(name, allowed)
    guess = f"; did you mean {hit}?" if hit else "."
    return InputError(f"{where}: no key {name!r}{guess} Known: {', '.join(allowed)}.")


def _number(name: str, value: object, key: Key, where: str) -> float:
    try:
        return require_between(name, value, key.low, key.high)  # type: ignore[arg-type]  # it refuses what is no number
    except (InputError, TypeError, ValueError) as error:
        reason = str(error) if isinstance(error, InputError) else f"{name} must be a number, got {value!r}."
        raise InputError(f"{where}: {reason} It means: {key.meaning}.") from error


def _checked(name: str, value: object, key: Key, where: str) -> object:
    if key.kind == "number":
        return _number(name, value, key, where)
    wrong = not isinstance(value, _TYPES[key.kind]) or (isinstance(value, bool) and key.kind != "flag")
    if wrong or (key.kind in ("text", "choice") and not str(value).strip()):
        raise InputError(f"{where}: {name} = {value!r} is not a {key.kind}. It means: {key.meaning}.")
    if key.kind == "choice" and value not in key.choices:
        hint = nearest(str(value), key.choices)
        guess = f" did you mean {hit!r}?" if (hit := hint) else ""
        raise InputError(f"{where}: {name} must be one of {', '.join(map(repr, key.choices))}, got {value!r}.{guess}")
    if key.kind == "count":
        return int(_number(name, value, key, where))
    if key.kind in ("numbers", "pair") and isinstance(value, (list, tuple)):
        span = key if key.kind == "pair" else key._replace(low=float("-inf"), high=float("inf"))
        unknown = [isinstance(item, float) and item != item for item in value]  # nan: this one is not known
        found = [
            float("nan") if blank and key.kind == "numbers" else _number(name, item, span, where)
            for item, blank in zip(value, unknown, strict=True)
        ]
        if key.kind == "pair" and not (len(found) == 2 and found[0] < found[1]):
            raise InputError(f"{where}: {name} must be [first, last] with first < last, got {value!r}.")
        return found
    if key.kind == "texts" and isinstance(value, (list, tuple)):
        return [str(item) for item in value]
    if key.kind == "trains" and isinstance(value, (list, tuple)):
        for table in value:
            if not isinstance(table, Mapping):
                raise InputError(f"{where}: trains must be tables [[trains]], got {table!r}.")
            for inner in table:
                if inner not in TRAIN_KEYS:
                    raise _unknown_key(inner, TRAIN_KEYS, f"{where}, [[trains]]")
    return value


def checked_settings(values: Settings, where: str) -> dict[str, Any]:
    """Return the settings with every key known and every value of its kind and range.

    Raises
    ------
    InputError
        If a key is unknown (the nearest is named) or a value is impossible.

    Examples
    --------
    >>> checked_settings({"temperature_degc": 33}, "example.toml")
    {'temperature_degc': 33.0}
    >>> checked_settings({"temprature_degc": 33}, "example.toml")
    Traceback (most recent call last):
    endplate.foundation.errors.InputError: example.toml: no key 'temprature_degc'; did you mean temperature_degc? ...
    """
    for name in values:
        if name not in KEYS:
            raise _unknown_key(name, KEYS, where)
    return {name: _checked(name, value, KEYS[name], where) for name, value in values.items()}


def read_sidecar(path: Path) -> dict[str, Any]:
    """Read one sidecar file.

    Raises
    ------
    FileFormatError
        If it is not readable as TOML.
    InputError
        If it holds an unknown key or an impossible value.
    """
    checked_file(path)
    size = path.stat().st_size
    if size > _MAX_SIDECAR_BYTES:
        raise FileFormatError(f"{path.name} is {megabytes(size)}: a sidecar of settings is a few lines of TOML.")
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FileFormatError(f"{path.name} is not UTF-8 text; save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise FileFormatError(f'{path.name} is not valid TOML: {error}. Texts need quotes: muscle = "adm".') from error
    return checked_settings(values, path.name)


def numbers_of(value: object, where: str) -> list[int]:
    """Return the numbers (from 1) that ``3``, ``[1, 2]`` or ``"1-4, 7"`` name.

    Examples
    --------
    >>> numbers_of("1-4, 7", "sweeps")
    [1, 2, 3, 4, 7]
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return [value]
    if isinstance(value, (list, tuple)) and all(isinstance(item, int) for item in value):
        return list(value)
    found: list[int] = []
    for part in str(value).split(","):
        ends = [end.strip() for end in part.split("-")]
        if not all(end.isdigit() for end in ends) or len(ends) > 2 or len(ends[-1]) > 7:
            raise InputError(f'{where} must be numbers from 1 such as 3, [1, 2] or "1-10, 12", got {value!r}.')
        found.extend(range(int(ends[0]), int(ends[-1]) + 1))
    return found
