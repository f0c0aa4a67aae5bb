"""A manager adds people: each gets an invitation, whose secrets are shown once (REG-15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chassis.kernel.errors import Fault, InvalidError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.errors import refusal
from services.registration.application.invite import (
    HandedOut,
    Prepared,
    judge,
    new_credentials,
    with_names,
    write_invitations,
)
from services.registration.application.ports import Ports, Store
from services.registration.domain.form import Texts
from services.registration.domain.invitation_form import AccessEntry, read_access, read_people
from services.registration.domain.invitations import Invitee, PreparedAccess
from services.registration.domain.values import Findings
from services.registration.domain.violations import Verdict


@dataclass(frozen=True, slots=True)
class CreateInvitations(Command):
    """`giver` invites these people, all of them for the same access."""

    giver: str
    people: tuple[Texts, ...]
    access: tuple[AccessEntry, ...]


def create_invitations(command: CreateInvitations, work: UnitOfWork[Store], ports: Ports) -> tuple[HandedOut, ...]:
    """All of them or none.

    Raises `InvalidError` with every fault, what rules forbid naming each cell (403 or 409), `UnavailableError`.
    """
    findings = Findings()
    people = read_people(command.people, findings)
    access = read_access(command.access, findings)
    refuse_faults([*findings.faults, *mail_faults(people, ports)])
    with work.reading() as store:
        prepared = with_names([Prepared(each, access) for each in people], store)
    check(judge(command.giver, prepared, work.cause.correlation_id, ports)[0])
    passwords = ports.temporary.passwords(len(prepared))
    credentials = [
        replace(own, password_hash=password.hashed)
        for own, password in zip(new_credentials(len(prepared), work, ports), passwords, strict=True)
    ]
    invitations = write_invitations(command.giver, prepared, credentials, work, ports)
    return tuple(HandedOut(each, password.plain) for each, password in zip(invitations, passwords, strict=True))


def check(verdict: Verdict) -> None:
    """Raise what refuses access that entitlements does not allow."""
    refuse_faults([replace(fault, pointer=f"/access{fault.pointer}") for fault in verdict.faults])
    if verdict.violations:
        raise refusal(verdict.violations)


def refuse_faults(faults: Sequence[Fault]) -> None:
    """Raise `InvalidError` where there are any."""
    if faults:
        raise InvalidError(faults)


def mail_faults(people: Sequence[Invitee], ports: Ports, pointer: str = "/people/{}/email") -> list[Fault]:
    """Whose e-mail address cannot be written to; asked once for each domain, and outside of any transaction."""
    first = {each.email.rpartition("@")[2]: each.email for each in reversed(people)}
    dead = {domain for domain, email in first.items() if not ports.mail_domains.take_mail(email)}
    return [
        Fault(pointer.format(place), "email_domain_unknown", "No mail server takes mail for this address.")
        for place, each in enumerate(people)
        if each.email.rpartition("@")[2] in dead
    ]


def access_of(entries: Sequence[AccessEntry]) -> tuple[PreparedAccess, ...]:
    """The access as it was read; raises `InvalidError` with every fault."""
    findings = Findings()
    access = read_access(entries, findings)
    refuse_faults(findings.faults)
    return access
