"""Every refusal Wardenry gives: a stable code, a category that the edges translate, and words for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar


class Category(StrEnum):
    """What kind of refusal it is; `chassis.web` has the one table from here to HTTP."""

    MALFORMED = "malformed"
    INVALID = "invalid"
    NOT_SIGNED_IN = "not_signed_in"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    CHANGED_MEANWHILE = "changed_meanwhile"
    PRECONDITION_MISSING = "precondition_missing"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong place in what was sent: an RFC 6901 pointer, the stable code, and what to do about it."""

    pointer: str
    code: str
    detail: str


class WardenryError(Exception):
    """The root of all refusals.

    `keeps_work` says whether what was written on the way to the refusal is kept (a counted failure) or undone with
    it, which is the rule. `retry_after` is in seconds. `members` are further members of the problem document.
    """

    category: ClassVar[Category] = Category.INVALID
    code: ClassVar[str] = "invalid"
    keeps_work: ClassVar[bool] = False

    def __init__(
        self,
        detail: str,
        *,
        faults: Sequence[Fault] = (),
        retry_after: int | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = tuple(faults)
        self.retry_after = retry_after
        self.members = dict(members or {})


class InvalidError(WardenryError):
    """What was sent cannot be taken; every wrong place is named in `faults`."""

    code: ClassVar[str] = "invalid"

    def __init__(
        self,
        faults: Sequence[Fault],
        detail: str = "Some of what was sent cannot be taken.",
        *,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail, faults=faults, members=members)


class NotFoundError(WardenryError):
    """There is no such thing, or the caller may not know that there is."""

    category = Category.NOT_FOUND
    code: ClassVar[str] = "not_found"

    def __init__(self, detail: str = "There is nothing here that you may see.") -> None:
        super().__init__(detail)


class NotSignedInError(WardenryError):
    """The call needs a valid access token."""

    category = Category.NOT_SIGNED_IN
    code: ClassVar[str] = "not_signed_in"

    def __init__(self, detail: str = "Sign in first: the access token is missing, expired or not valid.") -> None:
        super().__init__(detail)


class ForbiddenError(WardenryError):
    """The caller is known and may not do this."""

    category = Category.FORBIDDEN
    code: ClassVar[str] = "forbidden"


class StepUpRequiredError(ForbiddenError):
    """This needs a second step not older than five minutes: step up, then try again (IDN-3)."""

    code: ClassVar[str] = "step_up_required"

    def __init__(self) -> None:
        super().__init__("Confirm first that it is you: this needs a second step that was passed a moment ago.")


class ConflictError(WardenryError):
    """What is wished contradicts what is."""

    category = Category.CONFLICT
    code: ClassVar[str] = "conflict"


class ChangedMeanwhileError(WardenryError):
    """Somebody else changed it since the caller read it (ENT-7)."""

    category = Category.CHANGED_MEANWHILE
    code: ClassVar[str] = "changed_meanwhile"

    def __init__(self, detail: str = "Somebody changed this meanwhile: read it again, then repeat the change.") -> None:
        super().__init__(detail)


class TooManyError(WardenryError):
    """Too often; `retry_after` says when it may work again. What was counted stays counted."""

    category = Category.TOO_MANY
    code: ClassVar[str] = "too_many_attempts"
    keeps_work = True


class UnavailableError(WardenryError):
    """A needed part is down or busy; nothing was changed, and trying again is right."""

    category = Category.UNAVAILABLE
    code: ClassVar[str] = "unavailable"

    def __init__(self, detail: str, *, retry_after: int = 5) -> None:
        super().__init__(detail, retry_after=retry_after)


class NotYetKnownError(WardenryError):
    """An event names something that this service has not heard of yet; it waits, and does not count as failed."""

    category = Category.CONFLICT
    code: ClassVar[str] = "not_yet_known"
