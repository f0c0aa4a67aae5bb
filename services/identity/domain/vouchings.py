"""A lost mailbox and lost second steps: a manager vouches for a new address, support confirms it (IDN-17)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.identity.domain.contacts import Contact, ContactKind
from services.identity.domain.vouching_errors import VouchingOverError


@dataclass(frozen=True, slots=True)
class VouchingRules:
    """How long a confirmed address waits until it works, a vouching for support, and support's word for its code."""

    pause: timedelta = timedelta(hours=72)
    waits: timedelta = timedelta(days=7)
    unproven: timedelta = timedelta(days=14)


class VouchingState(StrEnum):
    """waiting → confirmed → done; or ended from either of the first two."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DONE = "done"
    REJECTED = "rejected"
    STOPPED = "stopped"
    EXPIRED = "expired"


OPEN = frozenset({VouchingState.WAITING, VouchingState.CONFIRMED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouching:
    """`vouched_by` says that the account's owner is now reached at `email`; an account has one that is open.

    `contact_id` is what the address will be known by. It takes the place of all contacts once an agent has confirmed
    it, its code came back (`verified_at`), and `works_at` has come; what is not there by `expires_at` ends it.
    """

    id: str
    user_id: str
    contact_id: str
    email: str
    vouched_by: str
    reason: str
    site: str
    vouched_at: datetime
    expires_at: datetime
    state: VouchingState = VouchingState.WAITING
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    works_at: datetime | None = None
    verified_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def contact(self) -> Contact:
        """The address as the contact that it is to be."""
        return Contact(self.contact_id, ContactKind.EMAIL, self.email, self.verified_at, self.vouched_at)

    def is_open_at(self, now: datetime) -> bool:
        """Whether it can still come to something."""
        return self.state in OPEN and now < self.expires_at

    def awaits_code_at(self, now: datetime) -> bool:
        """Whether its address has yet to be verified."""
        return self.state is VouchingState.CONFIRMED and self.verified_at is None and now < self.expires_at

    def confirmed(self, by: str, now: datetime, rules: VouchingRules) -> Vouching:
        """An agent has made sure of it; raises `VouchingOverError` where it does not wait for one."""
        if self.state is not VouchingState.WAITING or not self.is_open_at(now):
            raise VouchingOverError
        return replace(
            self,
            state=VouchingState.CONFIRMED,
            confirmed_by=by,
            confirmed_at=now,
            works_at=now + rules.pause,
            expires_at=now + max(rules.unproven, rules.pause),
        )

    def verified(self, now: datetime) -> Vouching:
        """The code that was sent to the address came back."""
        return replace(self, verified_at=now)

    def works_by(self, moment: datetime) -> bool:
        """Whether all that it takes is there by then."""
        is_proven = self.state is VouchingState.CONFIRMED and self.verified_at is not None
        return is_proven and self.works_at is not None and self.works_at <= moment

    def ended(self, state: VouchingState, now: datetime) -> Vouching:
        """Come to something or to nothing; raises `VouchingOverError` where it has already."""
        if self.state not in OPEN:
            raise VouchingOverError
        return replace(self, state=state, ended_at=now)


@dataclass(frozen=True, slots=True)
class Stop:
    """What stops a vouching: the SHA-256 of a token that one of the old contacts alone was sent."""

    digest: str
    vouching_id: str
    user_id: str
    contact_id: str
