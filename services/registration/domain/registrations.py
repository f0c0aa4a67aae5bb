"""A registration that was submitted, with its requests and what has become of them (REG-9, REG-10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.registration.domain.lines import Line, Lines
from services.registration.domain.nominations import Nomination
from services.registration.domain.profile import Profile

OPEN_TODAY = ("resources",)
"""What every account opens at once, TIN or not: policies and procedures, reference guides (REG-3, REG-10)."""


class RequestState(StrEnum):
    """Where a request stands; `unconfirmed` until the applicant's e-mail is, the rest is entitlements' to say."""

    UNCONFIRMED = "unconfirmed"
    AWAITING = "awaiting"
    NO_MANAGER = "no_manager"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class RegistrationState(StrEnum):
    """Where a registration stands."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """The wish for access to one TIN on one line; `practice` is its name, None where the directory has none."""

    id: UUID
    tin: str
    line: Line
    practice: str | None
    nomination: Nomination | None = None
    state: RequestState = RequestState.UNCONFIRMED


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What was submitted, without password, date of birth and answers: those are identity's alone.

    `profile` is None once the person's data was erased. `temporary_id` is what they registered with (REG-14), None
    where they came by themselves.
    """

    id: UUID
    user_id: str
    site: str
    practice_type: Lines
    no_tin: bool
    submitted_at: datetime
    profile: Profile | None
    requests: tuple[AccessRequest, ...]
    state: RegistrationState = RegistrationState.UNCONFIRMED
    temporary_id: str | None = None
