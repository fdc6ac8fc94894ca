"""Settings that every test shares."""

import os
import shutil

from hypothesis import settings

# no deadline: the first call of a kernel compiles it; derandomised: a commit passes or fails once and for all
settings.register_profile("endplate", deadline=None, derandomize=True)
settings.load_profile("endplate")

# before numpy loads, as the command line does it
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(config, items):
    """Leave the browser tests out where there is no browser, and say so; continuous integration must have one."""
    if any(shutil.which(name) for name in BROWSERS) or os.environ.get("CI"):
        return
    left_out = [item for item in items if item.path.name == "test_browser.py"]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item.path.name != "test_browser.py"]


def pytest_terminal_summary(terminalreporter):
    """Name what was not looked at."""
    missing = not any(shutil.which(name) for name in BROWSERS) and not os.environ.get("CI")
    if missing:
        terminalreporter.write_line(
            "NOT RUN: the tests that open the report in a browser. They need Chromium (Debian: apt-get install "
            "chromium); .ci/run installs it and always runs them.",
            yellow=True,
        )
