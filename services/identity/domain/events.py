"""What happens to accounts, as facts; `events.published` gives them their public form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from chassis.kernel.messages import Event
from services.identity.domain.accounts import Account
from services.identity.domain.authenticators import Authenticator
from services.identity.domain.codes import Channel, Purpose
from services.identity.domain.contacts import ContactKind
from services.identity.domain.devices import Browser, Device, RevokeReason
from services.identity.domain.passkeys import Passkey
from services.identity.domain.risk import NO_RISK, Risk
from services.identity.domain.sessions import EndReason, Session


@dataclass(frozen=True, slots=True)
class AccountCreated(Event):
    """An account exists, confirmed or not."""

    account: Account


@dataclass(frozen=True, slots=True)
class AccountConfirmed(Event):
    """The e-mail address of an account is its owner's: requests may open (REG-9)."""

    account: Account
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class AccountDisableWarned(Event):
    """An account that nobody uses will be disabled; its owner is told so many days before (IDN-13)."""

    user_id: str
    days: int
    disable_at: datetime


@dataclass(frozen=True, slots=True)
class AccountDisabled(Event):
    """Nobody has used an account for so long that nobody may any more; `managers` are those of where it has access."""

    user_id: str
    managers: tuple[str, ...]
    at: datetime
    remove_at: datetime


@dataclass(frozen=True, slots=True)
class AccountReactivated(Event):
    """Support has let a disabled account in again (IDN-13)."""

    user_id: str
    by: str
    reason: str
    at: datetime


class RemovalReason(StrEnum):
    """Why an account is gone."""

    LAPSED = "lapsed"
    INACTIVITY = "inactivity"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class FarewellDue(Event):
    """That an account is gone is to be told once more where its owner was reached; `sealed` is for notify alone.

    An event of its own, so that everybody may hear of the account's end itself.
    """

    id: str
    user_id: str
    reason: RemovalReason
    language: str
    site: str
    sealed: str


@dataclass(frozen=True, slots=True)
class AccountRemoved(Event):
    """An account is gone, and everything personal about it is to be forgotten; its user ID stays reserved (IDN-15)."""

    user_id: str
    registration_id: str | None
    at: datetime
    reason: RemovalReason = RemovalReason.LAPSED


@dataclass(frozen=True, slots=True)
class AccountProfileChanged(Event):
    """Somebody's details are different now, the address they wait for a code at included."""

    account: Account


@dataclass(frozen=True, slots=True)
class AccountLocked(Event):
    """Nobody signs in until then: after too many failures (IDN-9), or since an agent will have it so (IDN-14)."""

    user_id: str
    until: datetime
    failures: int
    by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class AccountUnlocked(Event):
    """Support lets an account in again that it had locked, or that failures had (IDN-14)."""

    user_id: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class AccountSessionsEnded(Event):
    """Support has signed somebody out of so many sessions (IDN-14)."""

    user_id: str
    by: str
    reason: str
    sessions: int


@dataclass(frozen=True, slots=True)
class AccountErasureProposed(Event):
    """An agent wants an account erased on its owner's request; another has until then to have it done (IDN-15)."""

    user_id: str
    by: str
    reason: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AccountErasureApproved(Event):
    """A second agent has an account erased (IDN-15)."""

    user_id: str
    by: str
    reason: str
    proposed_by: str


@dataclass(frozen=True, slots=True)
class ContactVerified(Event):
    """A code sent to a contact came back."""

    user_id: str
    contact_id: str
    kind: ContactKind
    value: str


@dataclass(frozen=True, slots=True)
class CodeRequested(Event):
    """A code is to be sent; `sealed` is for notify alone."""

    code_id: str
    user_id: str
    purpose: Purpose
    channel: Channel
    language: str
    site: str
    expires_at: datetime
    sealed: str


@dataclass(frozen=True, slots=True)
class SignInSucceeded(Event):
    """Somebody passed both steps, or a trusted device stood for the second, and a session began or was renewed."""

    session: Session
    client_id: str
    risk: Risk = NO_RISK


@dataclass(frozen=True, slots=True)
class SignInFailed(Event):
    """An attempt on an account that exists failed, the so-manieth since the last success."""

    user_id: str
    reason: str
    failures: int


@dataclass(frozen=True, slots=True)
class SignInSteppedUp(Event):
    """Somebody who is signed in has passed a second step anew."""

    session: Session


@dataclass(frozen=True, slots=True)
class DeviceSeen(Event):
    """An account's owner signed in by a browser that was never met with it before."""

    user_id: str
    browser: Browser
    country: str | None
    site: str


@dataclass(frozen=True, slots=True)
class DeviceTrusted(Event):
    """The second step is skipped on a device from now on, for a while (IDN-4)."""

    device: Device
    site: str


@dataclass(frozen=True, slots=True)
class DeviceRevoked(Event):
    """It is skipped there no more."""

    device_id: str
    user_id: str
    reason: RevokeReason


@dataclass(frozen=True, slots=True)
class AuthenticatorAdded(Event):
    """An account has one more way to pass the second step (IDN-3)."""

    authenticator: Authenticator | Passkey


@dataclass(frozen=True, slots=True)
class AuthenticatorRenamed(Event):
    """Its owner calls it something else."""

    authenticator: Authenticator | Passkey


@dataclass(frozen=True, slots=True)
class AuthenticatorRemoved(Event):
    """It passes no second step any more."""

    authenticator: Authenticator | Passkey


@dataclass(frozen=True, slots=True)
class AuthenticatorSuspended(Event):
    """A passkey was copied, as its count of signatures shows, and passes nothing any more."""

    authenticator: Passkey


@dataclass(frozen=True, slots=True)
class RecoveryCodesMade(Event):
    """An account has a new set of recovery codes, and the former ones are worth nothing."""

    user_id: str


@dataclass(frozen=True, slots=True)
class RecoveryCodesRemoved(Event):
    """An account has no recovery codes any more."""

    user_id: str


@dataclass(frozen=True, slots=True)
class SessionEnded(Event):
    """A session is over before its time; its tokens may be forgotten after `remember_until`."""

    session_id: str
    user_id: str
    reason: EndReason
    remember_until: datetime


@dataclass(frozen=True, slots=True)
class PasswordRecovered(Event):
    """Whoever had forgotten a password has set a new one, and every session has ended (IDN-7)."""

    user_id: str
    site: str


@dataclass(frozen=True, slots=True)
class PasswordChanged(Event):
    """Somebody has set a new password in place of one that they knew."""

    user_id: str
    site: str


@dataclass(frozen=True, slots=True)
class PasswordResetByManager(Event):
    """A manager put a temporary password in place of somebody's, and every session has ended (IDN-8)."""

    user_id: str
    by: str
    site: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SecurityQuestionsChanged(Event):
    """The owner of an account has answered security questions anew (REG-8)."""

    user_id: str


@dataclass(frozen=True, slots=True)
class UserIdReminded(Event):
    """A forgotten user ID is to be told to its verified address; `sealed` is for notify alone (IDN-6)."""

    reminder_id: str
    user_id: str
    language: str
    site: str
    sealed: str


@dataclass(frozen=True, slots=True)
class RefreshTokenReused(Event):
    """A refresh token came a second time: it was stolen, or its answer was lost."""

    user_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class SigningKeyRotated(Event):
    """A key that tokens are signed with from `not_before` on, or the end of one that has a successor now."""

    kid: str
    algorithm: str
    public_key: Mapping[str, Any]
    not_before: datetime
    expires_at: datetime | None
