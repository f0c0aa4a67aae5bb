"""One change in who may do what, as the delegation history tells it (AUD-2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

SYSTEM = "system"
_PEOPLE = ("user", "support")


class Kind(StrEnum):
    """What kind of change; the code is for programs and stays, `TITLES` has the words."""

    ACCESS_REQUESTED = "access_requested"
    REQUEST_DECLINED = "request_declined"
    REQUEST_WITHDRAWN = "request_withdrawn"
    REQUEST_EXPIRED = "request_expired"
    ACCESS_GIVEN = "access_given"
    ACCESS_CHANGED = "access_changed"
    ACCESS_REMOVED = "access_removed"
    ACCESS_ENDED = "access_ended"
    ACCESS_SUSPENDED = "access_suspended"
    ACCESS_RESTORED = "access_restored"
    ACCESS_KEPT = "access_kept"
    MANAGER_ADDED = "manager_added"
    MANAGER_REMOVED = "manager_removed"
    INVITED = "invited"
    INVITATION_CHANGED = "invitation_changed"
    INVITATION_RENEWED = "invitation_renewed"
    INVITATION_REVOKED = "invitation_revoked"
    INVITATION_VOIDED = "invitation_voided"
    INVITATION_EXPIRED = "invitation_expired"
    INVITATION_REDEEMED = "invitation_redeemed"


TITLES = {
    Kind.ACCESS_REQUESTED: "Access requested",
    Kind.REQUEST_DECLINED: "Access request declined",
    Kind.REQUEST_WITHDRAWN: "Access request withdrawn",
    Kind.REQUEST_EXPIRED: "Access request expired",
    Kind.ACCESS_GIVEN: "Access given",
    Kind.ACCESS_CHANGED: "Access changed",
    Kind.ACCESS_REMOVED: "Access removed",
    Kind.ACCESS_ENDED: "Access reached its end",
    Kind.ACCESS_SUSPENDED: "Access suspended",
    Kind.ACCESS_RESTORED: "Suspended access restored",
    Kind.ACCESS_KEPT: "Access kept in a review",
    Kind.MANAGER_ADDED: "Access manager added",
    Kind.MANAGER_REMOVED: "Access manager removed",
    Kind.INVITED: "User invited",
    Kind.INVITATION_CHANGED: "Invitation changed",
    Kind.INVITATION_RENEWED: "Invitation renewed",
    Kind.INVITATION_REVOKED: "Invitation revoked",
    Kind.INVITATION_VOIDED: "Invitation locked after wrong passwords",
    Kind.INVITATION_EXPIRED: "Invitation expired",
    Kind.INVITATION_REDEEMED: "Invitation used",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a change concerns, as they were called when it happened; all None once they were erased (IDN-13)."""

    first_name: str | None
    middle_initial: str | None
    last_name: str | None
    email: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Grant:
    """What somebody may do for a TIN and line: a level, functions in their order, perhaps an end."""

    level: str
    functions: tuple[str, ...]
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the report.

    `changed_by` is a user ID or `system`. `temporary_id` is what the person came by, and repeats the user ID of whoever
    registered by themselves; it is None until that is looked up.
    `before` and `after` are None where there was, or is, no access.
    """

    at: datetime
    changed_by: str
    kind: Kind
    user_id: str | None
    person: Person
    temporary_id: str | None
    registered: bool
    tin: str
    line: str
    before: Grant | None = None
    after: Grant | None = None
    request_id: str | None = None
    reason: str | None = None


def kind_of(before: Grant | None, after: Grant | None, *, by_time: bool = False) -> Kind:
    """What a change of access amounts to: becoming a manager, or ceasing to be one, says more than the rest.

    `by_time` says that nobody took it away: its time was over (ENT-11).
    """
    managed, manages = _manages(before), _manages(after)
    if manages != managed:
        return Kind.MANAGER_ADDED if manages else Kind.MANAGER_REMOVED
    if before is None:
        return Kind.ACCESS_GIVEN
    if after is not None:
        return Kind.ACCESS_CHANGED
    return Kind.ACCESS_ENDED if by_time else Kind.ACCESS_REMOVED


def changer(actor: str) -> str:
    """The user ID in an actor or a `by` field, `system` for a part of the system."""
    kind, separator, name = actor.partition(":")
    if not separator:
        return actor
    return name if kind in _PEOPLE else SYSTEM


def _manages(grant: Grant | None) -> bool:
    return grant is not None and grant.level == "primary"
