"""Change, renew or revoke an invitation before it is redeemed (REG-15).

Whoever changes or renews one vouches for it from then on: entitlements judges it as if they had just prepared it
(GO-2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from chassis.kernel.errors import ChangedMeanwhileError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.create_invitations import access_of, check, mail_faults, refuse_faults
from services.registration.application.errors import NotYoursToGiveError
from services.registration.application.invite import HandedOut, Prepared, judge, new_credentials, with_names
from services.registration.application.ports import Ports, Store
from services.registration.application.seeing_invitations import find_invitation, lock_invitation
from services.registration.domain.events import InvitationTurn, InvitationTurned
from services.registration.domain.form import Texts
from services.registration.domain.invitation_form import AccessEntry, read_invitee, same_address
from services.registration.domain.invitations import Credentials, Invitation, Invitee
from services.registration.domain.values import Findings


@dataclass(frozen=True, slots=True)
class ChangeInvitation(Command):
    """`giver` wishes it to be for this person and access; `versions` are those they may have read, None for any."""

    giver: str
    invitation_id: UUID
    person: Texts
    access: tuple[AccessEntry, ...]
    versions: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class RenewInvitation(Command):
    """`giver` wishes it to be open once more for its whole time."""

    giver: str
    invitation_id: UUID


@dataclass(frozen=True, slots=True)
class RevokeInvitation(Command):
    """`giver` wishes it to open nothing any more."""

    giver: str
    invitation_id: UUID


def change_invitation(command: ChangeInvitation, work: UnitOfWork[Store], ports: Ports) -> HandedOut:
    """With another e-mail address it gets other credentials, since those before were meant for somebody else.

    Raises what `create_invitations` raises, `NotFoundError`, `NotYoursToGiveError`, `InvitationNotOpenError` and
    `ChangedMeanwhileError`.
    """
    invitee, access = _invitee(command.person, ports), access_of(command.access)
    before = _own(command.invitation_id, command.giver, work)
    with work.reading() as store:
        (wished,) = with_names([Prepared(invitee, access)], store)
    check(judge(command.giver, [wished], work.cause.correlation_id, ports)[0])
    reissued = before.invitee is None or same_address(before.invitee.email) != same_address(invitee.email)
    credentials, password = _fresh(work, ports) if reissued else (None, None)
    store, now = work.writing(), ports.clock.now()
    locked = lock_invitation(command.invitation_id, command.giver, store)
    if locked.version != before.version or not _is_among(locked, command.versions):
        raise ChangedMeanwhileError
    changed = locked.changed(command.giver, wished.invitee, wished.access, now)
    if credentials is not None:
        changed = changed.with_new_credentials(credentials, now, ports.invitations)
    store.invitations.rewrite(changed)
    replaces = locked.temporary_id if reissued else None
    work.record(InvitationTurned(InvitationTurn.CHANGED, changed, command.giver, now, replaces))
    return HandedOut(changed, password)


def renew_invitation(command: RenewInvitation, work: UnitOfWork[Store], ports: Ports) -> HandedOut:
    """The temporary ID stays; the password is another one, since nobody has kept the former.

    Raises `NotFoundError`, `NotYoursToGiveError`, `InvitationNotOpenError`, `ChangedMeanwhileError`, what rules forbid,
    `UnavailableError`.
    """
    before = _own(command.invitation_id, command.giver, work)
    if before.invitee is not None:
        check(judge(command.giver, [Prepared(before.invitee, before.access)], work.cause.correlation_id, ports)[0])
    (password,) = ports.temporary.passwords(1)
    store, now = work.writing(), ports.clock.now()
    locked = lock_invitation(command.invitation_id, command.giver, store)
    if locked.access != before.access:
        raise ChangedMeanwhileError
    credentials = Credentials(locked.temporary_id, password.hashed)
    renewed = locked.renewed(command.giver, credentials, now, ports.invitations)
    store.invitations.save(renewed)
    work.record(InvitationTurned(InvitationTurn.RENEWED, renewed, command.giver, now))
    return HandedOut(renewed, password.plain)


def revoke_invitation(command: RevokeInvitation, work: UnitOfWork[Store], ports: Ports) -> Invitation:
    """Whoever has registered with it and not yet confirmed keeps the account, without the access.

    Raises `NotFoundError`, `NotYoursToGiveError`, `InvitationNotOpenError`.
    """
    store, now = work.writing(), ports.clock.now()
    revoked = lock_invitation(command.invitation_id, command.giver, store).revoked(now)
    store.invitations.save(revoked)
    work.record(InvitationTurned(InvitationTurn.REVOKED, revoked, command.giver, now))
    return revoked


def _own(invitation_id: UUID, giver: str, work: UnitOfWork[Store]) -> Invitation:
    with work.reading() as store:
        sight = find_invitation(invitation_id, giver, store)
    if not sight.is_whole:
        raise NotYoursToGiveError("This invitation is for TINs, too, that you do not manage: ask whoever made it.")
    return sight.invitation


def _invitee(person: Texts, ports: Ports) -> Invitee:
    findings = Findings()
    invitee = read_invitee(person, "/person", findings)
    refuse_faults(findings.faults)
    if invitee is None:
        raise ValueError("a person without faults was read")
    refuse_faults(mail_faults([invitee], ports, "/person/email"))
    return invitee


def _fresh(work: UnitOfWork[Store], ports: Ports) -> tuple[Credentials, str]:
    (credentials,), (password,) = new_credentials(1, work, ports), ports.temporary.passwords(1)
    return replace(credentials, password_hash=password.hashed), password.plain


def _is_among(invitation: Invitation, versions: frozenset[str] | None) -> bool:
    return versions is None or str(invitation.version) in versions
