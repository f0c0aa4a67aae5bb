"""Show managers the invitations that concern them (REG-15)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.invitation_search import InvitationSearch
from services.registration.application.ports import Ports, Store
from services.registration.application.seeing_invitations import InvitationSight, find_invitation, sight_of
from services.registration.domain.invitations import Invitation, InvitationState


@dataclass(frozen=True, slots=True)
class ListInvitations(Command):
    """Those in one of the states, or all, behind the one named; with `ends_by` those alone that are over by then."""

    viewer: str
    states: Collection[InvitationState]
    before: UUID | None
    limit: int
    ends_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReadInvitation(Command):
    """One of them."""

    viewer: str
    invitation_id: UUID


@dataclass(frozen=True, slots=True)
class FoundInvitations:
    """A page of what the viewer sees, and the last one's identifier where there are more."""

    invitations: tuple[Invitation, ...]
    following: UUID | None


def list_invitations(command: ListInvitations, work: UnitOfWork[Store], ports: Ports) -> FoundInvitations:
    """The newest first."""
    states = frozenset(command.states or InvitationState)
    with work.reading() as store:
        sought = InvitationSearch(command.viewer, states, ports.clock.now(), command.ends_by)
        found = store.invitations.page(sought, command.before, command.limit + 1)
        part = found[: command.limit]
        managers = store.managers.of({access.tin for each in part for access in each.access})
    shown = tuple(sight_of(each, command.viewer, managers).shown for each in part)
    return FoundInvitations(shown, part[-1].id if len(found) > len(part) else None)


def read_invitation(command: ReadInvitation, work: UnitOfWork[Store], _: Ports) -> InvitationSight:
    """Raises `NotFoundError` for one that does not concern the viewer."""
    with work.reading() as store:
        return find_invitation(command.invitation_id, command.viewer, store)
