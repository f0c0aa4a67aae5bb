"""Access that a manager prepared for a person, carried by a temporary ID and password (REG-14, REG-15)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.registration.domain.errors import InvitationNotOpenError
from services.registration.domain.lines import Line

ID_LENGTH: Final = 8
PASSWORD_LENGTH: Final = 10


class InvitationState(StrEnum):
    """Where an invitation stands; `unconfirmed` while whoever registered with it has yet to confirm their e-mail."""

    OPEN = "open"
    UNCONFIRMED = "unconfirmed"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    REVOKED = "revoked"
    VOIDED = "voided"


_RENEWABLE = frozenset({InvitationState.OPEN, InvitationState.EXPIRED, InvitationState.VOIDED})
_REVOCABLE = frozenset({InvitationState.OPEN, InvitationState.UNCONFIRMED})
UNREDEEMED: Final = frozenset({InvitationState.EXPIRED, InvitationState.REVOKED, InvitationState.VOIDED})
"""How an invitation ends that nobody has redeemed."""


@dataclass(frozen=True, slots=True)
class InvitationRules:
    """How long a temporary ID holds, how long before its end the inviter is told, how many wrong passwords void it.

    `kept` is how long after its end it is known whom it was for, and it can be renewed.
    """

    valid: timedelta = timedelta(days=30)
    announce: timedelta = timedelta(days=7)
    most_wrong: int = 5
    kept: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Invitee:
    """The person as the manager described them; the phone is E.164."""

    first_name: str
    middle_initial: str | None
    last_name: str
    phone: str | None
    extension: str | None
    email: str


@dataclass(frozen=True, slots=True)
class PreparedAccess:
    """What the person is to have at one TIN and line; whether it may be given, entitlements says (GO-2).

    `practice` is its name, None for a TIN that the directory does not know.
    """

    tin: str
    line: Line
    level: str
    functions: tuple[str, ...]
    until: datetime | None = None
    practice: str | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """A temporary ID, with the hash of its password; None as long as no password was made."""

    temporary_id: str
    password_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Each step returns its next state, and raises `InvitationNotOpenError` where it cannot be taken any more.

    `invited_by` vouches for the access: whoever made, changed or renewed it last. `invitee` is None once erased.
    `registration_id` is that of whoever registers with it, `redeemed_by` who has redeemed it.
    """

    id: UUID
    credentials: Credentials
    invited_by: str
    invitee: Invitee | None
    access: tuple[PreparedAccess, ...]
    created_at: datetime
    expires_at: datetime
    state: InvitationState = InvitationState.OPEN
    wrong_passwords: int = 0
    announced: bool = False
    registration_id: UUID | None = None
    redeemed_by: str | None = None
    ended_at: datetime | None = None
    version: int = 1

    @property
    def temporary_id(self) -> str:
        """What the person types."""
        return self.credentials.temporary_id

    def state_at(self, now: datetime) -> InvitationState:
        """Where it stands: its end holds the moment it comes, before any job has seen it."""
        over = self.state is InvitationState.OPEN and self.expires_at <= now
        return InvitationState.EXPIRED if over else self.state

    def wants_password(self, now: datetime) -> bool:
        """Whether it could be redeemed, had it a password."""
        return self.credentials.password_hash is None and self.state_at(now) is InvitationState.OPEN

    def missed(self, now: datetime, most: int) -> Invitation:
        """A wrong password was tried; so many of them void it."""
        wrong = self.wrong_passwords + 1
        return replace(self if wrong < most else self._ended(InvitationState.VOIDED, now), wrong_passwords=wrong)

    def claimed(self, registration_id: UUID) -> Invitation:
        """Somebody registers with it: from now on it is theirs alone."""
        state = InvitationState.UNCONFIRMED
        return replace(self, state=state, registration_id=registration_id, version=self.version + 1)

    def released(self) -> Invitation:
        """Whoever registered with it never confirmed: it is open as before, until its own end."""
        return replace(self, state=InvitationState.OPEN, registration_id=None, version=self.version + 1)

    def redeemed(self, user_id: str, now: datetime) -> Invitation:
        """The account has the invitation; what it is given for it is entitlements' to decide."""
        return replace(self._ended(InvitationState.REDEEMED, now), redeemed_by=user_id)

    def revoked(self, now: datetime) -> Invitation:
        """Taken back before it was redeemed."""
        if self.state_at(now) not in _REVOCABLE:
            raise InvitationNotOpenError
        return self._ended(InvitationState.REVOKED, now)

    def expired(self, now: datetime) -> Invitation:
        """Nobody redeemed it in time."""
        return self._ended(InvitationState.EXPIRED, now)

    def renewed(self, by: str, credentials: Credentials, now: datetime, rules: InvitationRules) -> Invitation:
        """Open once more for its whole time, with another password; `by` vouches for it from now on."""
        if self.state not in _RENEWABLE or self.invitee is None:
            raise InvitationNotOpenError
        fresh = self._reissued(credentials, now, rules)
        return replace(fresh, invited_by=by, state=InvitationState.OPEN, ended_at=None)

    def changed(self, by: str, invitee: Invitee, access: tuple[PreparedAccess, ...], now: datetime) -> Invitation:
        """For another person or with other access; `by` vouches for it from now on."""
        if self.state_at(now) is not InvitationState.OPEN:
            raise InvitationNotOpenError
        return replace(self, invited_by=by, invitee=invitee, access=access, version=self.version + 1)

    def with_new_credentials(self, credentials: Credentials, now: datetime, rules: InvitationRules) -> Invitation:
        """The same with other credentials and its whole time before it: those before open nothing any more."""
        return self._reissued(credentials, now, rules)

    def forgotten(self) -> Invitation:
        """Nobody redeemed it, and whom it was for is not kept for longer: it stays what it was, for nobody."""
        return replace(self, invitee=None, version=self.version + 1)

    def told_of_end(self) -> Invitation:
        """The inviter was told that it is about to end."""
        return replace(self, announced=True)

    def _reissued(self, credentials: Credentials, now: datetime, rules: InvitationRules) -> Invitation:
        return replace(
            self,
            credentials=credentials,
            expires_at=now + rules.valid,
            wrong_passwords=0,
            announced=False,
            version=self.version + 1,
        )

    def _ended(self, state: InvitationState, now: datetime) -> Invitation:
        return replace(self, state=state, ended_at=now, version=self.version + 1)
