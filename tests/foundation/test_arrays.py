"""The array registry: names, dimensions and units come from one place."""

import numpy as np
import pytest

from endplate.foundation.arrays import COORDINATES, REGISTRY, dataset
from endplate.foundation.errors import InputError, UnknownNameError


def test_every_registered_array_has_dimensions_units_and_a_meaning():
    for name, entry in REGISTRY.items():
        assert entry.units, name
        assert entry.meaning, name
        assert set(entry.dims) <= set(COORDINATES), name


def test_a_dataset_takes_dimensions_and_units_from_the_registry():
    ds = dataset(signal=np.zeros((2, 1, 5)), amplitude=[1.0, 2.0], coords={"time": np.arange(5.0)})
    assert dict(ds.sizes) == {"sweep": 2, "channel": 1, "time": 5}
    assert (ds.signal.attrs["units"], ds.time.attrs["units"]) == ("mV", "ms")
    assert ds.amplitude.attrs["long_name"] == REGISTRY["amplitude"].meaning


def test_an_unregistered_variable_or_coordinate_is_refused_with_the_nearest():
    with pytest.raises(UnknownNameError, match="no registered array 'amplitud'; did you mean amplitude"):
        dataset(amplitud=[1.0])
    with pytest.raises(UnknownNameError, match="no registered coordinate 'tme'; did you mean time"):
        dataset(amplitude=[1.0], coords={"tme": [0.0]})


def test_an_array_of_other_dimensions_is_refused_with_its_shape():
    with pytest.raises(InputError, match=r"amplitude needs dimensions \('sweep',\), got an array of shape \(1, 2\)"):
        dataset(amplitude=[[1.0, 2.0]])


def test_arrays_that_disagree_about_a_length_are_refused():
    with pytest.raises(InputError, match="do not belong together"):
        dataset(amplitude=[1.0, 2.0], latency=[3.0])
