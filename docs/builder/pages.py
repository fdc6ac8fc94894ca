"""Write every page that is made from the package's own data."""

from __future__ import annotations

from pathlib import Path

from docs.builder import (
    activezone,
    api,
    calibration,
    clinic,
    commandline,
    formats,
    machine,
    muscles,
    parameters,
    people,
    protocols,
    rules,
)
from docs.builder import references as bibliography
from endplate.foundation.parameters import rooms

GENERATED = Path(__file__).resolve().parents[1] / "reference" / "generated"


def generated() -> dict[str, str]:
    """Return every generated page by its name."""
    return {
        "parameters": parameters.index_page(),
        **{parameters.page_of(room): parameters.room_page(room) for room in rooms()},
        "bibliography": bibliography.bibliography(),
        "rules": rules.rules_page(),
        "reference-sets": rules.sets_page(),
        "protocols": protocols.protocols_page(),
        "persons": people.persons_page(),
        "treatments": people.treatments_page(),
        "levers": people.levers_page(),
        "muscles": muscles.muscles_page(),
        "quality-flags": formats.flags_page(),
        "json": machine.schema_page(),
        "command-line": commandline.commandline_page(),
        "calibration": calibration.calibration_page(),
        "activezone-results": activezone.results_page(),
        "clinic-claims": clinic.claims_page(),
        "clinic-medicines": clinic.medicines_page(),
        "clinic-safety": clinic.safety_page(),
        **api.api_pages(),
    }


def parts() -> dict[str, str]:
    """Return tables that stand inside pages written by hand."""
    return {"sidecar-keys": formats.sidecar_table(), "arrays": formats.arrays_table()}


def write(folder: Path = GENERATED) -> None:
    """Write what has changed, and remove pages that no longer exist."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {f"{name}.md": text for name, text in generated().items()}
    texts |= {f"{name}.inc": text for name, text in parts().items()}
    for old in (*folder.glob("*.md"), *folder.glob("*.inc")):
        if old.name not in texts:
            old.unlink()
    if calibration.PICTURE.is_file():
        (folder / calibration.PICTURE.name).write_bytes(calibration.PICTURE.read_bytes())
    for name, text in texts.items():
        path = folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
