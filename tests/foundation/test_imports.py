"""What an import may load: the front of the package is light, and so are records and rules."""

import subprocess
import sys

import pytest

import endplate

HEAVY = ("numba", "xarray", "scipy", "matplotlib", "pandas", "pydantic", "neo", "h5py", "django")


def _loaded_by(statement):
    code = f"{statement}\nimport sys\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stdout.split()}


def test_importing_endplate_loads_no_library_at_all():
    assert not _loaded_by("import endplate").intersection([*HEAVY, "numpy"])


@pytest.mark.parametrize("module", ["records", "rules", "errors", "parameters"])
def test_records_rules_errors_and_parameters_load_nothing_heavy(module):
    assert not _loaded_by(f"import endplate.foundation.{module}").intersection(HEAVY)


def test_foundation_itself_imports_nothing():
    bare = _loaded_by("import endplate")
    assert _loaded_by("import endplate.foundation") == bare


def test_random_streams_need_no_compiler():
    loaded = _loaded_by("from endplate.foundation.random import normal_quantiles, stream\nnormal_quantiles()")
    assert not loaded.intersection(["numba", "scipy"])


def test_every_public_name_can_be_reached_and_no_other():
    for name in endplate.__all__:
        assert getattr(endplate, name) is not None
    for name in ("measure", "find", "examine", "person", "load_recording", "write_report"):
        assert callable(getattr(endplate, name))
    with pytest.raises(AttributeError, match="no attribute 'mesure'"):
        _ = endplate.mesure
    assert set(endplate.__all__) <= set(dir(endplate))
