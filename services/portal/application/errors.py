"""What the API refused, as the portal's pages meet it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One wrong place in what was sent: an RFC 6901 pointer and the stable code; `detail` is English."""

    pointer: str
    code: str
    detail: str


class ProblemError(Exception):
    """A problem document (RFC 9457) that the API answered with.

    `members` are the further ones, such as `suggestions`; `retry_after` is in seconds.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str = "",
        *,
        errors: Sequence[FieldFault] = (),
        retry_after: int | None = None,
        correlation_id: str | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.retry_after = retry_after
        self.correlation_id = correlation_id
        self.members = dict(members or {})


class SignInNeededError(Exception):
    """Nobody is signed in any more, or not yet: the page needs somebody who is."""


class SignInBrokenError(Exception):
    """A sign-in that came back from the issuer is not the one that this browser began, or cannot be verified."""


class RecoveryOverError(Exception):
    """The recovery of a password took too long or too many tries, was finished, or is another browser's (IDN-7)."""
