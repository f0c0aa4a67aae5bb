"""Make invitations, however many in one transaction: what forms and files have in common (REG-15, REG-16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chassis.kernel.ids import new_id
from chassis.kernel.work import UnitOfWork
from services.registration.application.ports import Ports, Store
from services.registration.domain.events import InvitationTurn, InvitationTurned
from services.registration.domain.invitation_form import named
from services.registration.domain.invitations import Credentials, Invitation, Invitee, PreparedAccess
from services.registration.domain.violations import Verdict


@dataclass(frozen=True, slots=True)
class Prepared:
    """A person, and the access that is prepared for them."""

    invitee: Invitee
    access: tuple[PreparedAccess, ...]


@dataclass(frozen=True, slots=True)
class HandedOut:
    """An invitation with its temporary password, to be shown once; None where no new one was made."""

    invitation: Invitation
    temporary_password: str | None = field(repr=False)


def with_names(prepared: Sequence[Prepared], store: Store) -> tuple[Prepared, ...]:
    """The same with the practices' names, as the directory has them."""
    practices = store.practices.named({access.tin for each in prepared for access in each.access})
    return tuple(replace(each, access=tuple(named(access, practices) for access in each.access)) for each in prepared)


def judge(giver: str, prepared: Sequence[Prepared], correlation_id: str, ports: Ports) -> Sequence[Verdict]:
    """What entitlements says of each; what is the same for many is asked once. To be called outside of transactions.

    Raises `UnavailableError`.
    """
    different = list(dict.fromkeys(each.access for each in prepared))
    verdicts = dict(zip(different, ports.delegation.judge(giver, different, correlation_id), strict=True))
    return [verdicts[each.access] for each in prepared]


def new_credentials(count: int, work: UnitOfWork[Store], ports: Ports) -> list[Credentials]:
    """So many different temporary IDs that no invitation has, without passwords as yet."""
    wanted: dict[str, None] = {}
    with work.reading() as store:
        while len(wanted) < count:
            fresh = {ports.temporary.identifier(): None for _ in range(count - len(wanted))}
            taken = store.invitations.taken(fresh)
            wanted |= {each: None for each in fresh if each not in taken}
    return [Credentials(each, None) for each in wanted]


def write_invitations(
    invited_by: str,
    prepared: Sequence[Prepared],
    credentials: Sequence[Credentials],
    work: UnitOfWork[Store],
    ports: Ports,
) -> tuple[Invitation, ...]:
    """Keep invitations that entitlements allows, one for each person, and say so; nothing is asked here any more."""
    now = ports.clock.now()
    invitations = tuple(
        Invitation(
            id=new_id(),
            credentials=own,
            invited_by=invited_by,
            invitee=each.invitee,
            access=each.access,
            created_at=now,
            expires_at=now + ports.invitations.valid,
        )
        for each, own in zip(prepared, credentials, strict=True)
    )
    work.writing().invitations.add(invitations)
    work.record(*(InvitationTurned(InvitationTurn.CREATED, each, invited_by, now) for each in invitations))
    return invitations
