"""Accounts: who may sign in, and in what state they are (REG-9, IDN-13)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from services.identity.domain.contacts import Contact, ContactKind
from services.identity.domain.people import Person, Profile


class Kind(StrEnum):
    """A provider's user, or a support agent of the plan."""

    USER = "user"
    SUPPORT = "support"


class State(StrEnum):
    """Where an account is in its life."""

    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    LOCKED = "locked"
    DISABLED = "disabled"
    REMOVED = "removed"


SCOPES = {Kind.USER: (), Kind.SUPPORT: ("support",)}
"""What the access tokens of each kind of account carry besides who it is."""


def exists(state: State, confirm_before: datetime | None, now: datetime) -> bool:
    """Whether anybody may still hear of an account: not once removed, nor when it was not confirmed in time."""
    lapsed = state is State.UNCONFIRMED and confirm_before is not None and confirm_before <= now
    return not lapsed and state is not State.REMOVED


@dataclass(frozen=True, slots=True)
class KeptPassword:
    """The hash of an account's password, and what says whether anybody may hear of the account."""

    hash: str
    state: State
    confirm_before: datetime | None

    def exists_at(self, now: datetime) -> bool:
        """As of the account."""
        return exists(self.state, self.confirm_before, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person's standing with the plan; `confirm_before` is when an unconfirmed one has ended by itself (REG-9)."""

    user_id: str
    kind: Kind
    state: State
    site: str
    profile: Profile
    contacts: tuple[Contact, ...]
    password_hash: str
    created_at: datetime
    registration_id: str | None = None
    date_of_birth: date | None = None
    confirm_before: datetime | None = None
    confirmed_at: datetime | None = None
    last_sign_in_at: datetime | None = None
    password_changed_at: datetime | None = None
    contacts_changed_at: datetime | None = None
    reactivated_at: datetime | None = None
    warned_days: int | None = None
    """Of how many days before its end by inactivity its owner was told last, since they used it last (IDN-13)."""
    temporary_until: datetime | None = None
    """Until when the password, where it is a temporary one, lets its owner in to choose their own (IDN-8)."""

    @property
    def active_at(self) -> datetime:
        """When it was last used, as far as inactivity goes: signed in to, confirmed, or reactivated (IDN-13)."""
        moments = (self.created_at, self.confirmed_at, self.last_sign_in_at, self.reactivated_at)
        return max(moment for moment in moments if moment is not None)

    @property
    def must_verify_contact(self) -> bool:
        """Whether its owner has yet to show, since it was reactivated, that its address is still theirs (IDN-13)."""
        if self.reactivated_at is None or self.state is State.REMOVED:
            return False
        return not any(each.verified_at and each.verified_at >= self.reactivated_at for each in self.contacts)

    def exists_at(self, now: datetime) -> bool:
        """Whether anybody may still hear of it."""
        return exists(self.state, self.confirm_before, now)

    def outdates(self, moment: datetime) -> bool:
        """Whether a flow that was begun then, or a device that was confirmed then, rests on a password or on contacts
        that are no longer the account's (IDN-4, IDN-5, IDN-7).
        """
        changes = (self.password_changed_at, self.contacts_changed_at)
        return any(changed is not None and moment < changed for changed in changes)

    @property
    def recovery_contact(self) -> Contact | None:
        """Where the code of a recovery goes: the account's own address, verified; None where it cannot be recovered.

        Disabled accounts are not (support reactivates them, IDN-13), nor those without a date of birth.
        """
        if self.state is not State.ACTIVE or self.date_of_birth is None:
            return None
        return self.email if self.email.verified_at else None

    @property
    def recovery_number(self) -> Contact | None:
        """Where the code of a recovery goes by text; None where it cannot be recovered, or has no verified number."""
        number = self.mobile
        return number if self.recovery_contact and number and number.verified_at else None

    @property
    def actor(self) -> str:
        """The owner as the actor of what they do."""
        return f"{'support' if self.kind is Kind.SUPPORT else 'user'}:{self.user_id}"

    @property
    def email(self) -> Contact:
        """The address of the account, the one that was verified and added first; every account has one."""
        return self._of_kind(ContactKind.EMAIL)[0]

    @property
    def has_verified_email(self) -> bool:
        """Whether messages reach its owner for certain."""
        return any(each.verified_at for each in self._of_kind(ContactKind.EMAIL))

    @property
    def mobile(self) -> Contact | None:
        """The mobile number, the one that was verified and added first, where one was given."""
        return next(iter(self._of_kind(ContactKind.MOBILE)), None)

    @property
    def person(self) -> Person:
        """The account's owner as events tell of them."""
        return Person(self.profile, self.email.value, self.mobile.value if self.mobile else None)

    @property
    def code_contacts(self) -> tuple[Contact, ...]:
        """Where a code for the second step may go: verified e-mail addresses, then verified mobile numbers (IDN-2)."""
        numbers = (each for each in self.contacts if each.kind is ContactKind.MOBILE and each.verified_at)
        return (*self.verified_emails, *numbers)

    @property
    def verified_emails(self) -> tuple[Contact, ...]:
        """The addresses that a code came back from."""
        return tuple(each for each in self.contacts if each.kind is ContactKind.EMAIL and each.verified_at)

    def confirmed(self, now: datetime) -> Account:
        """The account once the code to its e-mail address came back."""
        account = self.with_contact(replace(self.email, verified_at=now))
        return replace(account, state=State.ACTIVE, confirmed_at=now, confirm_before=None)

    def signed_in(self, now: datetime) -> Account:
        """The account once its owner signed in: the time until it is disabled begins anew."""
        return replace(self, last_sign_in_at=now, warned_days=None)

    def reactivated(self, now: datetime) -> Account:
        """The account in use again after it was disabled; its address is to be verified afresh."""
        return replace(self, state=State.ACTIVE, reactivated_at=now, warned_days=None)

    def removed(self) -> Account:
        """What is left of an account that is gone: that its user ID was somebody's. Nobody can sign in to it."""
        return replace(
            self,
            state=State.REMOVED,
            profile=Profile.nobodys(self.profile.language),
            contacts=(),
            password_hash="",
            date_of_birth=None,
            confirm_before=None,
            temporary_until=None,
        )

    @property
    def has_temporary_password(self) -> bool:
        """Whether its owner has yet to choose a password of their own, be the temporary one good or over."""
        return self.temporary_until is not None

    def password_counts_at(self, now: datetime) -> bool:
        """Whether the password, if it is right, lets anybody in: a temporary one only until its end."""
        return self.temporary_until is None or now < self.temporary_until

    def with_password(self, password_hash: str, now: datetime) -> Account:
        """The account with a new password, which outdates every flow that was begun with the old one."""
        return replace(self, password_hash=password_hash, password_changed_at=now, temporary_until=None)

    def with_temporary_password(self, password_hash: str, now: datetime, until: datetime) -> Account:
        """The account with a password that others know, in place of its owner's."""
        return replace(self.with_password(password_hash, now), temporary_until=until)

    def with_temporary_password_used(self, now: datetime) -> Account:
        """The account once somebody got as far with it as to choose their own: it is good once."""
        return replace(self, temporary_until=now)

    def with_contact(self, contact: Contact) -> Account:
        """The account with this contact added, or in place of the one with the same id."""
        others = tuple(each for each in self.contacts if each.id != contact.id)
        return replace(self, contacts=tuple(sorted((*others, contact), key=lambda each: each.id)))

    def reached_anew(self, contact: Contact, now: datetime) -> Account:
        """The account with this contact and no other; every flow that was begun before is over (IDN-17).

        The password counts no more: whoever got hold of it with the old mailbox gets no further. Its owner chooses
        another one as IDN-7 has it; an account without a date of birth could not, and keeps its own.
        """
        until = self.temporary_until if self.date_of_birth is None else now
        return replace(
            self, contacts=(contact,), contacts_changed_at=now, password_changed_at=now, temporary_until=until
        )

    def without_contact(self, contact_id: str) -> Account:
        """The account without that contact."""
        return replace(self, contacts=tuple(each for each in self.contacts if each.id != contact_id))

    def with_contacts_changed(self, contacts: tuple[Contact, ...], now: datetime) -> Account:
        """The account that can be reached at these from now on, which outdates every flow that was begun before."""
        return replace(self, contacts=contacts, contacts_changed_at=now)

    def _of_kind(self, kind: ContactKind) -> list[Contact]:
        """In the order in which they were added, the verified ones first."""
        return sorted((each for each in self.contacts if each.kind is kind), key=lambda each: each.verified_at is None)
