"""What registration's rules refuse, each with its stable code."""

from __future__ import annotations

from typing import ClassVar

from chassis.kernel.errors import ConflictError


class ImportNotConfirmableError(ConflictError):
    """Something is wrong in the file of the import, and nobody of it will be invited."""

    code: ClassVar[str] = "import_refused"

    def __init__(self, detail: str = "Something is wrong in this file: mend it, then upload it again.") -> None:
        super().__init__(detail)


class InvitationNotOpenError(ConflictError):
    """The invitation was redeemed, revoked or has ended, and cannot be dealt with in this way any more."""

    code: ClassVar[str] = "invitation_not_open"

    def __init__(self, detail: str = "This invitation was redeemed or has ended: look at it again.") -> None:
        super().__init__(detail)
