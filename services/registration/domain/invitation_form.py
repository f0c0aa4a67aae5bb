"""What a manager enters about the people to invite and the access for them, read with every fault (REG-15)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.registration.domain import contacts, texts
from services.registration.domain.form import Texts
from services.registration.domain.invitations import Invitee, PreparedAccess
from services.registration.domain.lines import Line
from services.registration.domain.practices import Practice
from services.registration.domain.tins import bare_tin
from services.registration.domain.values import Findings


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """Access as it was sent: the TIN however written, level and functions by their codes."""

    tin: str
    line: Line
    level: str
    functions: tuple[str, ...]
    until: datetime | None


def read_invitee(given: Texts, pointer: str, findings: Findings) -> Invitee | None:
    """The person, or None where anything about them was found wrong."""
    found = len(findings.faults)

    def needed(name: str, read: Callable[[str], str]) -> str:
        text = given.get(name)
        if text is None or not text.strip():
            findings.add(f"{pointer}/{name}", "required", "This is needed.")
            return ""
        return findings.take(f"{pointer}/{name}", read, text) or ""

    def optional(name: str, read: Callable[[str], str]) -> str | None:
        text = given.get(name)
        return findings.take(f"{pointer}/{name}", read, text) if text and text.strip() else None

    invitee = Invitee(
        first_name=needed("first_name", texts.person_name),
        middle_initial=optional("middle_initial", texts.middle_initial),
        last_name=needed("last_name", texts.person_name),
        phone=optional("phone", contacts.phone),
        extension=optional("extension", contacts.extension),
        email=needed("email", contacts.email),
    )
    return invitee if len(findings.faults) == found else None


def read_people(given: Sequence[Texts], findings: Findings) -> tuple[Invitee, ...]:
    """The people who pass; whoever stands there twice, by their e-mail address, is told."""
    seen: dict[str, int] = {}
    people = []
    for place, person in enumerate(given):
        invitee = read_invitee(person, f"/people/{place}", findings)
        if invitee is None:
            continue
        first = seen.setdefault(same_address(invitee.email), place)
        if first != place:
            detail = f"Person {place + 1} has the e-mail address of person {first + 1}."
            findings.add(f"/people/{place}/email", "person_duplicate", detail)
        people.append(invitee)
    return tuple(people)


def read_access(given: Sequence[AccessEntry], findings: Findings) -> tuple[PreparedAccess, ...]:
    """The access with bare TINs; whether it may be given is not asked here."""
    read = []
    for place, entry in enumerate(given):
        tin = findings.take(f"/access/{place}/tin", bare_tin, entry.tin)
        read.append(PreparedAccess(tin or "", entry.line, entry.level, entry.functions, entry.until))
    return tuple(read)


def named(access: PreparedAccess, practices: Mapping[str, Practice]) -> PreparedAccess:
    """The same with the practice's name."""
    practice = practices.get(access.tin)
    return replace(access, practice=practice.name if practice else None)


def same_address(email: str) -> str:
    """Addresses that reach the same mailbox, as far as anybody would say, have the same form."""
    return email.casefold()
