"""Whom notify knows: a copy of names, languages and verified addresses, kept true by identity's events."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DEFAULT_LANGUAGE = "en"
DEFAULT_SITE = "medical"


class Kind(StrEnum):
    """Whether an account is a practice's or the plan's own."""

    USER = "user"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person with an account. `email` is where their notices go, once it is `verified` and not before."""

    user_id: str
    kind: Kind
    first_name: str
    last_name: str
    email: str
    verified: bool
    language: str
    site: str

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def address(self) -> str | None:
        """Where e-mail may go; None while the address has not been verified."""
        return self.email if self.verified else None


@dataclass(frozen=True, slots=True)
class Contact:
    """A verified e-mail address or mobile number of an account."""

    user_id: str
    contact_id: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a message is for, as far as that decides how it is written and where it goes."""

    user_id: str | None
    email: str | None
    first_name: str | None = None
    language: str = DEFAULT_LANGUAGE
    site: str = DEFAULT_SITE

    @property
    def key(self) -> str:
        """What makes a message one of a kind, with its notice, event and channel."""
        return f"user:{self.user_id}" if self.user_id else f"address:{self.email}"

    @classmethod
    def of(cls, user_id: str, known: Recipient | None) -> Addressee:
        """A user, perhaps one of whom nothing is known."""
        if known is None:
            return cls(user_id, None)
        return cls(user_id, known.address, known.first_name, known.language, known.site)
