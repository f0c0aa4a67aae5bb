"""Whom an applicant proposes as manager of a TIN that has none; a proposal only, until support confirms it (REG-11)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.registration.domain import contacts, texts
from services.registration.domain.tin_step import Choice
from services.registration.domain.values import Findings


class Nominated(StrEnum):
    """Who is proposed: the applicant, or somebody else."""

    SELF = "self"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Nominee:
    """The other person who is proposed."""

    first_name: str
    last_name: str
    email: str


@dataclass(frozen=True, slots=True)
class Nomination:
    """A proposal for one TIN and line; `nominee` is None where applicants propose themselves."""

    whom: Nominated
    nominee: Nominee | None = None


def read_nomination(choice: Choice, findings: Findings, *, managed: bool) -> Nomination | None:
    """The row's proposal, or None where there is none, or one that does not pass."""
    entry = choice.entry.nominate
    if entry is None:
        return None
    pointer = f"{choice.pointer}/nominate"
    if managed:
        findings.add(pointer, "has_manager", "This practice has an access manager already: leave the proposal out.")
        return None
    if entry.other is None:
        return Nomination(Nominated.SELF)
    found = len(findings.faults)
    given = {name: entry.other.get(name) or "" for name in ("first_name", "last_name", "email")}
    nominee = Nominee(
        first_name=findings.take(f"{pointer}/first_name", texts.person_name, given["first_name"]) or "",
        last_name=findings.take(f"{pointer}/last_name", texts.person_name, given["last_name"]) or "",
        email=findings.take(f"{pointer}/email", contacts.email, given["email"]) or "",
    )
    return Nomination(Nominated.OTHER, nominee) if len(findings.faults) == found else None
