"""The array registry: names, dimensions and units of everything that becomes xarray."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike

from endplate.foundation.errors import InputError, unknown_name

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True, slots=True)
class Entry:
    """One registered variable."""

    dims: tuple[str, ...]
    units: str
    meaning: str


REGISTRY: Final[dict[str, Entry]] = {
    "signal": Entry(("sweep", "channel", "time"), "mV", "recorded potential, negative as recorded"),
    "stimulus": Entry(("sweep",), "s", "true time of each stimulus in the session"),
    "amplitude": Entry(("sweep",), "mV", "baseline to negative peak, plotted up"),
    "peak_to_peak": Entry(("sweep",), "mV", "negative to positive peak"),
    "area": Entry(("sweep",), "mV ms", "negative peak, onset to first baseline crossing"),
    "duration": Entry(("sweep",), "ms", "negative peak, onset to first baseline crossing"),
    "latency": Entry(("sweep",), "ms", "stimulus to first negative deflection"),
    "force": Entry(("time",), "N", "isometric force"),
    "fired_fraction": Entry(("sweep",), "1", "fibres that fired over all fibres of the muscle"),
    "quantal_content": Entry(("sweep",), "1", "mean quanta released per junction"),
    "endplate_potential": Entry(("sweep",), "mV", "mean end-plate potential"),
}
COORDINATES: Final[dict[str, str]] = {"time": "ms", "sweep": "1", "channel": "1"}  # name -> unit


def dataset(*, coords: dict[str, ArrayLike] | None = None, **variables: ArrayLike) -> xr.Dataset:
    """Build a dataset of registered variables; dimensions and units come from the registry.

    Raises
    ------
    UnknownNameError
        If a variable or a coordinate is not registered.
    InputError
        If an array has not the registered number of dimensions, or two disagree about a length.

    Examples
    --------
    >>> ds = dataset(amplitude=[1.0, 2.0])
    >>> ds.amplitude.attrs["units"], ds.amplitude.dims
    ('mV', ('sweep',))
    """
    import xarray as xr

    built = {}
    for name, values in variables.items():
        if name not in REGISTRY:
            raise unknown_name("registered array", name, REGISTRY)
        entry, array = REGISTRY[name], np.asarray(values)
        if array.ndim != len(entry.dims):
            raise InputError(f"{name} needs dimensions {entry.dims}, got an array of shape {array.shape}.")
        built[name] = (entry.dims, array, {"units": entry.units, "long_name": entry.meaning})
    axes = {}
    for name, values in (coords or {}).items():
        if name not in COORDINATES:
            raise unknown_name("registered coordinate", name, COORDINATES)
        axes[name] = ((name,), np.asarray(values), {"units": COORDINATES[name]})
    try:
        return xr.Dataset(built, coords=axes)
    except ValueError as error:
        raise InputError(f"these arrays do not belong together: {error}.") from error
