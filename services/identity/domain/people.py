"""Who somebody is and how to reach them at work: the profile of an account, and how events tell of it (REG-5)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """A business address in the United States."""

    line1: str
    line2: str | None
    city: str
    state: str
    zip: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person says of themselves; phones are E.164. The e-mail address and the mobile number are contacts."""

    first_name: str
    middle_initial: str | None
    last_name: str
    job_role: str
    address: Address | None
    phone: str | None
    extension: str | None
    language: str

    @classmethod
    def nobodys(cls, language: str) -> Profile:
        """What is left of somebody who was forgotten."""
        return cls("", None, "", "", None, None, None, language)


@dataclass(frozen=True, slots=True)
class Person:
    """A profile with the addresses to write to: the form in which a registration brings it, and an event takes it."""

    profile: Profile
    email: str
    mobile: str | None
