"""Naming: from what somebody wrote to a substance, exactly or not at all; a near name is only offered."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from endplate.clinic.medicines.catalogue import Substance, substances
from endplate.foundation.records.clinical import Medicine

_SALTS: Final = (
    "hydrochloride", "hcl", "sulfate", "sulphate", "phosphate", "sodium", "potassium", "bromide", "chloride", "maleate",
    "besilate", "besylate", "tartrate", "succinate", "fumarate", "citrate", "acetate", "mesilate", "calcium",
)  # fmt: skip
_FORMS: Final = (
    "tablet", "tablets", "tabs", "tab", "capsule", "capsules", "injection", "infusion", "syrup", "suspension", "cream",
    "daily", "once", "twice", "bd", "od", "tds", "qd", "bid", "tid", "prn", "mr", "sr", "xl", "er",
)  # fmt: skip
_ROUTES: Final = ("iv", "i.v.", "intravenous", "oral", "orally", "po", "im", "sc", "inhaled", "topical")
_AMOUNT: Final = re.compile(  # not the digits of 3,4-diaminopyridine or covid-19
    r"(?<![-\w,.])\d+(?:[.,]\d+)?\s*(?:mg|mcg|ug|µg|g|ml|iu|units?|%|mmol)?(?:/\s*(?:ml|d|day))?(?![-\w,])", re.I
)
_NEAR: Final = 0.84  # below it other medicines are offered: vancomycin is no lincomycin

How = Literal["name", "ATC", "RxNorm", "class by ATC", "not recognised", "codes disagree"]


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a medicine was recognised as.

    Parameters
    ----------
    medicine
        As it was written.
    substance
        None where it was not recognised.
    how
        By what; "class by ATC" means that the code belongs to a class whose member is not listed by name.
    near
        The nearest known name, only offered; empty where none is near.
    other
        Where name and code say different substances: what the code says.
    """

    medicine: Medicine
    substance: Substance | None
    how: How
    near: str = ""
    other: Substance | None = None


def tidy(name: str) -> str:
    """Return a name in small letters with single spaces.

    Examples
    --------
    >>> tidy("  3,4-Diamino\u2013pyridine ")
    '3,4-diamino-pyridine'
    """
    return " ".join(name.lower().replace("\u2013", "-").replace("\u2010", "-").replace("®", "").split())


def _without(name: str, *leave_out: str) -> str:
    """Return a tidy name without amounts, forms, routes and the words to leave out."""
    words = _AMOUNT.sub(" ", tidy(name)).replace("(", " ").replace(")", " ").replace(", ", " ").split()
    return " ".join(word for word in words if word not in (*_FORMS, *_ROUTES, *leave_out))


def said_route(medicine: Medicine) -> str:
    """Return the route of a medicine: its own, or the word for one that its name holds.

    Examples
    --------
    >>> said_route(Medicine("magnesium sulfate 2 g iv"))
    'iv'
    """
    return medicine.route or next((word for word in tidy(medicine.name).split() if word in _ROUTES), "")


@functools.cache
def _by_name() -> Mapping[str, Substance]:
    return {tidy(name): one for one in substances() for name in (one.name, *one.also)}


@functools.cache
def _by_code() -> Mapping[str, Substance]:
    atc = {code: one for one in substances() for code in one.atc}
    return atc | {f"rxnorm {one.rxnorm}": one for one in substances() if one.rxnorm}


def find_substance(name: str) -> Substance | None:
    """Return the substance of a name, other name or brand, with or without salt and amount; None where there is none.

    Examples
    --------
    >>> find_substance("Firdapse 10 mg tablets").name, find_substance("Gentamicin sulphate 80 mg").name
    ('amifampridine', 'gentamicin')
    >>> find_substance("gentamicine") is None
    True
    """
    whole = _find(name)
    if whole is not None or "(" not in name:
        return whole
    # "amifampridine (Firdapse)": both parts, where they do not disagree
    outside, _, inside = name.partition("(")
    parts = {one.name: one for one in (_find(outside), _find(inside.partition(")")[0])) if one is not None}
    return next(iter(parts.values())) if len(parts) == 1 else None


def _find(name: str) -> Substance | None:
    names = _by_name()
    return names.get(tidy(name)) or names.get(_without(name)) or names.get(_without(name, *_SALTS))


def nearest_name(name: str) -> str:
    """Return the known name that is nearest, or nothing where none is near.

    Examples
    --------
    >>> nearest_name("amifampridin"), nearest_name("xyzzy")
    ('amifampridine', '')
    """
    hits = difflib.get_close_matches(_without(name) or tidy(name), _by_name(), n=1, cutoff=_NEAR)
    return hits[0] if hits else ""


def members_of_group(name: str) -> tuple[str, ...]:
    """Return the members of the groups that a name means, nothing where it means none.

    A single word counts only where it is the first of a group's name: "calcium" is no calcium-channel blocker.

    Examples
    --------
    >>> members_of_group("aminoglycoside")[:2], members_of_group("antibiotic")
    (('gentamicin', 'tobramycin'), ())
    """
    asked = _words(name)
    if not asked:
        return ()
    return tuple(one.name for one in substances() if _is_group(asked, _words(one.group.name)))


def _is_group(asked: list[str], group: list[str]) -> bool:
    return set(asked) <= set(group) and (len(asked) > 1 or asked[0] == group[0])


def _words(name: str) -> list[str]:
    return [word.rstrip("s") for word in tidy(name).replace("-", " ").split() if len(word) > 3]


def _class_member(atc: str, name: str) -> Substance | None:
    """Return a stand-in for a member of a class that is known by its code and not by its name."""
    for one in substances():
        if any(atc.startswith(prefix) for prefix in one.group.atc_prefixes):
            return Substance(
                name=tidy(name) or atc, group=one.group, atc=(atc,), tags=_shared_tags(one.group.id),
                evidence=one.group.evidence,
            )  # fmt: skip
    return None


def _shared_tags(group: str) -> frozenset[str]:
    return frozenset.intersection(*(one.tags for one in substances() if one.group.id == group))


def recognise(medicine: Medicine) -> Recognised:
    """Recognise a medicine by its name and its codes; where they disagree, say both and choose neither silently.

    Examples
    --------
    >>> recognise(Medicine("the antibiotic", atc="J01GB03")).substance.name
    'gentamicin'
    >>> recognise(Medicine("gentamycine")).near
    'gentamycin'
    """
    atc = medicine.atc.strip().upper()
    named = find_substance(medicine.name)
    coded = _by_code().get(atc) or _by_code().get(f"rxnorm {medicine.rxnorm.strip()}")
    if named is not None and coded is not None and coded.name != named.name:
        return Recognised(medicine, named, "codes disagree", other=coded)
    if named is not None:
        member = _class_member(atc, medicine.name) if atc and coded is None else None
        is_other_class = member is not None and member.group.id != named.group.id
        return Recognised(
            medicine, named, "codes disagree" if is_other_class else "name", other=member if is_other_class else None
        )
    if coded is not None:
        return Recognised(medicine, coded, "ATC" if atc in coded.atc else "RxNorm")
    member = _class_member(atc, medicine.name) if atc else None
    if member is not None:
        return Recognised(medicine, member, "class by ATC")
    return Recognised(medicine, None, "not recognised", near=nearest_name(medicine.name))
