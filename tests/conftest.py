"""Settings that every test shares."""

from hypothesis import settings

# no deadline: the first call of a kernel compiles it; derandomised: a commit passes or fails once and for all
settings.register_profile("endplate", deadline=None, derandomize=True)
settings.load_profile("endplate")
