"""Who sees an invitation, and who may deal with it (`delegation.md`, 6)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from chassis.kernel.errors import NotFoundError
from services.registration.application.errors import NotYoursToGiveError
from services.registration.application.ports import Store
from services.registration.domain.invitations import Invitation, PreparedAccess
from services.registration.domain.review import Managers


@dataclass(frozen=True, slots=True)
class InvitationSight:
    """An invitation as one viewer sees it: whoever made it sees all of it, other managers the part that is theirs."""

    invitation: Invitation
    visible: tuple[PreparedAccess, ...]

    @property
    def shown(self) -> Invitation:
        """The part that is shown."""
        return replace(self.invitation, access=self.visible)

    @property
    def is_whole(self) -> bool:
        """Whether the viewer sees all of it, and so may deal with it."""
        return len(self.visible) == len(self.invitation.access)


def sight_of(invitation: Invitation, viewer: str, managers: Managers) -> InvitationSight:
    """What the viewer sees of it, given the managers of its TINs."""
    if invitation.invited_by == viewer:
        return InvitationSight(invitation, invitation.access)
    own = tuple(each for each in invitation.access if viewer in managers.get((each.tin, each.line), frozenset()))
    return InvitationSight(invitation, own)


def managers_of(invitation: Invitation, store: Store) -> Managers:
    """The managers of its TINs."""
    return store.managers.of({each.tin for each in invitation.access})


def find_invitation(invitation_id: UUID, viewer: str, store: Store) -> InvitationSight:
    """The invitation in sight; raises `NotFoundError` for one of which the viewer sees nothing."""
    invitation = store.invitations.get(invitation_id)
    if invitation is None:
        raise NotFoundError
    return _in_sight(invitation, viewer, store)


def lock_invitation(invitation_id: UUID, viewer: str, store: Store) -> Invitation:
    """The invitation, locked, for whoever may deal with it.

    Raises `NotFoundError` for one of which the viewer sees nothing, `NotYoursToGiveError` for one that is for others'
    TINs, too.
    """
    invitation = store.invitations.lock(invitation_id)
    if invitation is None:
        raise NotFoundError
    sight = _in_sight(invitation, viewer, store)
    if not sight.is_whole:
        raise NotYoursToGiveError("This invitation is for TINs, too, that you do not manage: ask whoever made it.")
    return invitation


def _in_sight(invitation: Invitation, viewer: str, store: Store) -> InvitationSight:
    sight = sight_of(invitation, viewer, managers_of(invitation, store))
    if not sight.visible:
        raise NotFoundError
    return sight
