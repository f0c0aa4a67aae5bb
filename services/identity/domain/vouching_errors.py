"""Refusals on the way from a lost mailbox to a new one (IDN-17)."""

from __future__ import annotations

from chassis.kernel.errors import ConflictError, Fault, ForbiddenError, InvalidError


class NotYoursToVouchForError(ForbiddenError):
    """Primary administrators of a TIN of the user's vouch; nobody for themselves, nobody for support's own people."""

    code = "not_yours_to_vouch_for"

    def __init__(self) -> None:
        super().__init__(
            "You cannot vouch for this person: it takes a primary administrator of a practice where they have access, "
            "and nobody vouches for themselves."
        )


class VouchingOpenError(ConflictError):
    """Somebody has vouched for the account, and that is not settled."""

    code = "vouching_open"

    def __init__(self) -> None:
        super().__init__("Somebody has vouched for a new address of this person already: let support settle that.")


class VouchingOverError(ConflictError):
    """It was confirmed, rejected or stopped, or its time is over."""

    code = "vouching_over"

    def __init__(self) -> None:
        super().__init__("This was settled already, or its time is over.")


class VoucherGoneError(ConflictError):
    """Whoever vouched could not do it now."""

    code = "voucher_gone"

    def __init__(self) -> None:
        super().__init__("Whoever vouched may no longer do so for this person: reject it, and have another vouch.")


class OwnVouchingError(ForbiddenError):
    """Vouching and confirming take two people."""

    code = "own_vouching"

    def __init__(self) -> None:
        super().__init__("You have vouched for this yourself: another person must confirm it.")


def address_known() -> InvalidError:
    """The address that somebody vouches for is the account's already."""
    return InvalidError([Fault("/email", "address_known", "This is the address that the account has already.")])
