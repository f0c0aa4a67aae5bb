"""Refusals about contacts (IDN-5)."""

from __future__ import annotations

from typing import ClassVar

from chassis.kernel.errors import ConflictError, Fault, WardenryError


class ContactKnownError(ConflictError):
    """The account has this address or number already."""

    code = "contact_known"

    def __init__(self) -> None:
        super().__init__("Your account has this contact already.")


class TooManyContactsError(ConflictError):
    """One account has no more than so many of a kind."""

    code = "too_many_contacts"

    def __init__(self) -> None:
        super().__init__("Your account has as many contacts of this kind as it may have: remove one first.")


class LastContactError(ConflictError):
    """Every account keeps an e-mail address that is verified."""

    code = "last_contact"

    def __init__(self) -> None:
        super().__init__("This is your only verified e-mail address: change it, or verify another one first.")


class NothingToVerifyError(ConflictError):
    """The contact is verified, and nothing else is to take its place."""

    code = "already_verified"

    def __init__(self) -> None:
        super().__init__("This contact is verified already.")


class UndoOverError(WardenryError):
    """No change can be undone by this: it is unknown, was used, or came too late. Nobody is told which."""

    code: ClassVar[str] = "undo_not_valid"

    def __init__(self) -> None:
        detail = "This undoes nothing, or nothing any more: use the link of the latest message, or call support."
        super().__init__(detail, faults=[Fault("/token", self.code, detail)])
