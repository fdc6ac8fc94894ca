"""The Python reference: one page per room, public names only."""

from __future__ import annotations

import importlib
import inspect
from dataclasses import dataclass
from types import ModuleType

from docs.builder.markdown import page, slug


@dataclass(frozen=True)
class Room:
    """One package whose public names have a page."""

    module: str
    title: str


ROOMS = (
    Room("endplate", "The front room"),
    Room("endplate.exam.examination", "Examination"),
    Room("endplate.exam.recording", "Recordings"),
    Room("endplate.exam.protocols", "Protocols"),
    Room("endplate.exam.measure", "Measurement"),
    Room("endplate.exam.find", "Findings"),
    Room("endplate.report", "Reports"),
    Room("endplate.change.presets", "Presets and files of persons"),
    Room("endplate.change.disease", "Diseases"),
    Room("endplate.change.therapy", "Treatments"),
    Room("endplate.body.person", "Person"),
    Room("endplate.body.muscle", "Muscle"),
    Room("endplate.body.fibre", "Fibre"),
    Room("endplate.body.junction", "Junction"),
    Room("endplate.body.terminal", "Terminal"),
    Room("endplate.body.activezone", "Active zone"),
    Room("endplate.body.activezone.snapshot", "Active zone: snapshots"),
    Room("endplate.body.activezone.scan", "Active zone: scans"),
    Room("endplate.body.activezone.export", "Active zone: for other programs"),
    Room("endplate.foundation.records", "Records"),
    Room("endplate.foundation.rules", "Rules"),
    Room("endplate.foundation.parameters", "Parameters"),
    Room("endplate.foundation.random", "Random numbers"),
    Room("endplate.foundation.arrays", "Arrays"),
    Room("endplate.foundation.errors", "Errors"),
)


def public_names(module: ModuleType) -> list[str]:
    """Return what a room offers: its ``__all__``, or what it defines itself."""
    if hasattr(module, "__all__"):
        return [name for name in module.__all__ if not name.startswith("_")]
    return [
        name
        for name, item in vars(module).items()
        if not name.startswith("_")
        and (inspect.isclass(item) or inspect.isfunction(item) or hasattr(item, "cache_info"))
        and getattr(item, "__module__", "") == module.__name__
    ]


def _directive(module: ModuleType, name: str, described: dict[int, str]) -> str:
    item = getattr(module, name)
    full = f"{module.__name__}.{name}"
    if inspect.ismodule(item):
        return f"`{name}` is the room {{py:mod}}`{item.__name__}`.\n"
    known = described.get(id(item))
    if known and (inspect.isclass(item) or callable(item)):
        return f"`{name}` is {{py:obj}}`{known}`.\n"
    described[id(item)] = full
    if inspect.isclass(item):
        return f"```{{eval-rst}}\n.. autoclass:: {full}\n   :members:\n   :show-inheritance:\n```\n"
    if callable(item):
        return f"```{{eval-rst}}\n.. autofunction:: {full}\n```\n"
    return f"```{{eval-rst}}\n.. autodata:: {full}\n   :no-value:\n```\n"


def api_pages() -> dict[str, str]:
    """Return one page per room and their list."""
    found = {}
    described: dict[int, str] = {}
    # rooms describe their own names first, so that the front room only points to them
    for room in sorted(ROOMS, key=lambda room: room.module == "endplate"):
        module = importlib.import_module(room.module)
        summary = (inspect.getdoc(module) or "").split("\n\n")[0].replace("\n", " ")
        parts = [f"```{{eval-rst}}\n.. py:module:: {room.module}\n```", summary]
        parts += [_directive(module, name, described) for name in public_names(module)]
        found[f"api-{slug(room.module)}"] = page(f"{room.title}: `{room.module}`", *parts)
    entries = "\n".join(f"{room.title} <api-{slug(room.module)}>" for room in ROOMS)
    found["api"] = page(
        "Python",
        "Public names only, room by room. What is not listed here may change without notice. Every function says its "
        "units, its limits and its errors, and its example runs as a test.",
        f"```{{toctree}}\n:maxdepth: 1\n\n{entries}\n```",
    )
    return found
