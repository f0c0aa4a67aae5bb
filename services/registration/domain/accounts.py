"""Accounts as far as outreach needs them: whom support may appoint, whom it can call, and who still comes (REG-13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AccountKind(StrEnum):
    """Whether an account is a practice's or the plan's own."""

    USER = "user"
    SUPPORT = "support"


class AccountState(StrEnum):
    """How far an account is, as identity tells it."""

    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody with an account, and when they last signed in, as far as that was heard."""

    user_id: str
    kind: AccountKind
    state: AccountState
    first_name: str
    last_name: str
    email: str
    phone: str | None = None
    extension: str | None = None
    signed_in_at: datetime | None = None

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def can_manage(self) -> bool:
        """Whether they can be an access manager: a practice's account that is confirmed and not disabled."""
        return self.kind is AccountKind.USER and self.state is AccountState.ACTIVE
