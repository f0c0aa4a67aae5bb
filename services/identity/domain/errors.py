"""Identity's refusals, by their stable codes (`rules.md`, `api.md`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from chassis.kernel.errors import (
    Category,
    ConflictError,
    Fault,
    ForbiddenError,
    NotFoundError,
    TooManyError,
    WardenryError,
)


class UserIdTakenError(ConflictError):
    """Somebody has or had this user ID; `suggestions` are free ones (REG-6)."""

    code = "user_id_taken"

    def __init__(self, suggestions: Sequence[str]) -> None:
        super().__init__("This user ID is taken: choose another.", members={"suggestions": list(suggestions)})


class RegistrationTakenError(ConflictError):
    """The registration has become an account under another user ID."""

    code = "registration_taken"

    def __init__(self) -> None:
        super().__init__("This registration has become an account under another user ID.")


class ReservationGoneError(ConflictError):
    """A registration was submitted whose reservation lapsed and was taken over, or never was."""

    code = "reservation_gone"


class SignInFailedError(WardenryError):
    """User ID and password do not belong together; the same words whether the account exists or not (IDN-1).

    Or a passkey is nobody's, or not good.
    """

    category: ClassVar[Category] = Category.NOT_SIGNED_IN
    code: ClassVar[str] = "sign_in_failed"
    keeps_work = True

    def __init__(self, detail: str = "User ID or password is wrong.") -> None:
        super().__init__(detail)


class AccountDisabledError(ForbiddenError):
    """The password was right, and the account disabled (IDN-13)."""

    code = "account_disabled"
    keeps_work = True

    def __init__(self) -> None:
        super().__init__("This account is disabled: ask support to reactivate it.")


class PasswordWrongError(WardenryError):
    """Somebody who is signed in gave a password that is not the account's; it counts like one at sign-in (IDN-9)."""

    code: ClassVar[str] = "password_wrong"
    keeps_work = True

    def __init__(self) -> None:
        detail = "This is not your present password."
        super().__init__(detail, faults=[Fault("/current_password", self.code, detail)])


class AlreadyConfirmedError(ConflictError):
    """The password was right, and there is nothing left to confirm."""

    code = "already_confirmed"
    keeps_work = True

    def __init__(self) -> None:
        super().__init__("This account is confirmed already: sign in.")


class TooManyAttemptsError(TooManyError):
    """Not looked at, since too many failed before; counted all the same (IDN-2, IDN-9)."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("There were too many attempts: wait, then try again.", retry_after=retry_after)


class CodeSentLatelyError(TooManyError):
    """A code went out a moment ago, or too many within the hour (IDN-2)."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("A code was sent lately: wait before you ask for another.", retry_after=retry_after)


class NumberOptedOutError(ConflictError):
    """No text reaches the number: its owner has texted STOP (IDN-2, NTF-5)."""

    code: ClassVar[str] = "number_opted_out"

    def __init__(self, short_code: str | None) -> None:
        back_in = f"text START to {short_code}" if short_code else "text START to the number that our texts came from"
        super().__init__(
            f"This number takes no texts from us: {back_in}, or have the code sent elsewhere.",
            members={"short_code": short_code},
        )


class CodeWrongError(WardenryError):
    """Not the code, or no longer one: redeemed, replaced, or asked for in another flow (IDN-2).

    `failures` is how many tries were wrong by now; nobody outside is told.
    """

    code: ClassVar[str] = "code_wrong"
    keeps_work = True

    def __init__(
        self, failures: int, detail: str = "This is not the code of the latest message.", at: str = "/code"
    ) -> None:
        super().__init__(detail, faults=[Fault(at, self.code, detail)])
        self.failures = failures


class PasskeyWrongError(WardenryError):
    """No key that was made here and now for this account, as the browser's answer should show (WebAuthn, 7.1)."""

    code: ClassVar[str] = "passkey_refused"

    def __init__(self) -> None:
        detail = "This is not what was asked for: begin anew, and have the browser make the key."
        super().__init__(detail, faults=[Fault("/attestation", self.code, detail)])


class PasskeyKnownError(ConflictError):
    """The key belongs to an account already."""

    code = "passkey_known"

    def __init__(self) -> None:
        super().__init__("This key was added before: use another one.")


class TooManyAuthenticatorsError(ConflictError):
    """One account has no more than so many."""

    code = "too_many_authenticators"

    def __init__(self) -> None:
        super().__init__("This account has as many authenticators as it may have: remove one first.")


class CodeExpiredError(WardenryError):
    """The right code, too late (IDN-2)."""

    code: ClassVar[str] = "code_expired"

    def __init__(self) -> None:
        detail = "The code is no longer valid: ask for a new one."
        super().__init__(detail, faults=[Fault("/code", self.code, detail)])


class OutOfOrderError(ConflictError):
    """A step of a recovery before the one that it rests on, or after it was taken (IDN-7)."""

    code = "step_out_of_order"

    def __init__(self) -> None:
        super().__init__("This step is not the next one: take the steps in their order.")


class ProofsWrongError(WardenryError):
    """The code, the date of birth or the answer is wrong, or several: nobody is told which (IDN-7)."""

    code: ClassVar[str] = "code_wrong"
    keeps_work = True

    def __init__(self) -> None:
        detail = "The code of the latest message, the date of birth and the answer do not all belong together."
        places = ("/code", "/date_of_birth", "/answer/text")
        super().__init__(detail, faults=[Fault(place, self.code, detail) for place in places])


class ContactVerifiedError(ConflictError):
    """A verified contact is changed under contacts, not in the profile (IDN-5)."""

    code = "contact_verified"

    def __init__(self) -> None:
        super().__init__("This number is verified: change it under contacts.")


class NotYoursToResetError(ForbiddenError):
    """Primary administrators alone reset passwords, and not of whoever decides where they do not (IDN-8)."""

    code = "not_yours_to_reset"

    def __init__(self) -> None:
        detail = (
            "You cannot reset this person's password: it takes a primary administrator of a practice where they have "
            "access, who also administers whatever they administer. They can use Forgot password instead."
        )
        super().__init__(detail)


class AccountNotActiveError(ConflictError):
    """The account is not confirmed yet, or disabled."""

    code = "account_not_active"

    def __init__(self) -> None:
        super().__init__("This account is not confirmed yet, or it is disabled: a password would open nothing.")


class AccountLockedError(ForbiddenError):
    """The password was right, and support has locked the account (IDN-14)."""

    code = "account_locked"
    keeps_work = True

    def __init__(self) -> None:
        super().__init__("Support has locked this account: call support.")


class OwnAccountError(ForbiddenError):
    """No agent acts on their own account (IDN-14)."""

    code = "own_account"

    def __init__(self) -> None:
        super().__init__("This is your own account: ask another agent.")


class AccountNotDisabledError(ConflictError):
    """There is nothing to reactivate."""

    code = "account_not_disabled"

    def __init__(self) -> None:
        super().__init__("This account is not disabled.")


class AccountNotLockedError(ConflictError):
    """There is nothing to unlock."""

    code = "account_not_locked"

    def __init__(self) -> None:
        super().__init__("This account is not locked.")


class SecondAgentRequiredError(ConflictError):
    """An erasure takes two agents (IDN-15)."""

    code = "second_agent_required"

    def __init__(self) -> None:
        super().__init__("You have proposed this yourself: another agent must have it done.")


class NoSupportCandidateError(ConflictError):
    """Only a confirmed account can become a support agent's."""

    code = "account_not_active"

    def __init__(self) -> None:
        super().__init__("There is no confirmed account with this user ID.")


class GrantRefusedError(WardenryError):
    """The refresh token or code is unknown, used, over, another client's, or its session has ended (RFC 6749, 5.2).

    `keeps_work`, since a second use ends the session, which must hold.
    """

    category: ClassVar[Category] = Category.MALFORMED
    code: ClassVar[str] = "invalid_grant"
    keeps_work = True

    def __init__(self) -> None:
        super().__init__("What was granted is not valid any more: sign in again.")


class ClientExistsError(ConflictError):
    """A client of that name is registered."""

    code = "client_exists"

    def __init__(self) -> None:
        super().__init__("There is a client of this name: remove it first, or choose another name.")


class ClientUnknownError(NotFoundError):
    """No such client is registered."""

    code = "client_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such client.")


class PublicClientError(ConflictError):
    """A public client has no secret that could be changed."""

    code = "client_public"

    def __init__(self) -> None:
        super().__init__("This client is public: it has no secret.")


class AuthorizationOverError(ConflictError):
    """The request that somebody signs in for is unknown, over, or answered already."""

    code = "authorization_over"

    def __init__(self) -> None:
        super().__init__("This took too long, or was finished already: open the site again.")


class NotThisBrowserError(WardenryError):
    """A sign-in is carried on too late, twice, or by another browser than the one that began it.

    `keeps_work`, since a ticket that was shown in the wrong place must not work in the right one.
    """

    category: ClassVar[Category] = Category.MALFORMED
    code: ClassVar[str] = "sign_in_not_carried_on"
    keeps_work = True

    def __init__(self) -> None:
        super().__init__("This sign-in cannot be carried on here: open the site again.")


class RotationUnderWayError(ConflictError):
    """The newest keys have yet to begin: others would only crowd the set that is published."""

    code = "rotation_under_way"

    def __init__(self) -> None:
        super().__init__("New keys were made a short while ago and have yet to begin to sign.")
