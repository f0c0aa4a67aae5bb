"""Hold the people of a file against what their manager may give: the one rule engine's word, row by row (GO-2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from chassis.kernel.errors import Fault
from services.registration.application.ports import Ports
from services.registration.domain.invitations import PreparedAccess
from services.registration.domain.people_imports import ImportedPerson
from services.registration.domain.people_rows import RowFault
from services.registration.domain.violations import Verdict, Violation

_ASKED_AT_ONCE: Final = 500
"""Cells of access in one call, so that no call becomes too large."""

_MOST_DOMAINS: Final = 100
"""Domains of e-mail addresses that are looked up for one file; a practice writes to few."""


def judge_people(
    giver: str, people: Sequence[ImportedPerson], correlation_id: str, ports: Ports
) -> tuple[RowFault, ...]:
    """Everything that may not be given, by row and column; to be called outside of transactions.

    Raises `UnavailableError` while entitlements cannot be asked.
    """
    different = list(dict.fromkeys(person.access for person in people))
    verdicts: dict[tuple[PreparedAccess, ...], Verdict] = {}
    for some in _portions(different):
        verdicts |= dict(zip(some, ports.delegation.judge(giver, some, correlation_id), strict=True))
    faults = [fault for person in people for fault in _of_person(person, verdicts[person.access])]
    return tuple(sorted(faults, key=lambda fault: fault.row))


def _portions(different: Sequence[tuple[PreparedAccess, ...]]) -> Iterator[Sequence[tuple[PreparedAccess, ...]]]:
    portion: list[tuple[PreparedAccess, ...]] = []
    size = 0
    for access in different:
        if portion and size + len(access) > _ASKED_AT_ONCE:
            yield portion
            portion, size = [], 0
        portion.append(access)
        size += len(access)
    if portion:
        yield portion


def mail_faults(people: Sequence[ImportedPerson], ports: Ports) -> tuple[RowFault, ...]:
    """Whose e-mail address no server takes mail for."""
    domains: dict[str, list[ImportedPerson]] = {}
    for person in people:
        domains.setdefault(person.invitee.email.rpartition("@")[2], []).append(person)
    dead = [own for own in islice(domains.values(), _MOST_DOMAINS) if not ports.mail_domains.take_mail(_address(own))]
    detail = "No mail server takes mail for this address."
    return tuple(RowFault(person.rows[0], "email", "email_domain_unknown", detail) for own in dead for person in own)


def _address(people: Sequence[ImportedPerson]) -> str:
    return people[0].invitee.email


def _of_person(person: ImportedPerson, verdict: Verdict) -> Iterator[RowFault]:
    yield from (_of_fault(person, fault) for fault in verdict.faults)
    yield from (_of_violation(person, violation) for violation in verdict.violations)


def _of_fault(person: ImportedPerson, fault: Fault) -> RowFault:
    _, place, *column = fault.pointer.split("/")
    return RowFault(person.rows[int(place)], column[0] if column else None, fault.code, fault.detail)


def _of_violation(person: ImportedPerson, violation: Violation) -> RowFault:
    """The row of the place that it names; what holds for the TIN as a whole is told where the TIN is first named."""
    cells = list(zip(person.access, person.rows, strict=True))
    there = [row for access, row in cells if (access.tin, access.line.value) == (violation.tin, violation.line)]
    row = (*there, *(row for access, row in cells if access.tin == violation.tin), person.rows[0])[0]
    return RowFault(row, "functions" if violation.function else "level", violation.code, violation.detail)
