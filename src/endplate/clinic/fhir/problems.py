"""Problem: one place of a document that breaks a rule, and what is allowed there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from endplate.foundation.errors import FileFormatError

Kind = Literal["version", "structure", "code", "reference"]
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """Where a document breaks a rule of FHIR R4, and how."""

    path: str
    says: str
    kind: Kind = "structure"

    def __str__(self) -> str:
        return f"{self.path}: {self.says}"


def refuse(problems: Sequence[Problem], *, name: str) -> None:
    """Raise one error that names the first problems, if there are any.

    Raises
    ------
    FileFormatError
        With at most five of them, and how many more there are.

    Examples
    --------
    >>> refuse([], name="bundle.json")
    """
    if not problems:
        return
    more = f" And {len(problems) - _SHOWN} more." if len(problems) > _SHOWN else ""
    told = " ".join(f"{one}" for one in problems[:_SHOWN])
    raise FileFormatError(
        f"{name} is not valid FHIR R4, and nothing of it was taken over. {told}{more} "
        "All of them: endplate clinic fhir check."
    )
