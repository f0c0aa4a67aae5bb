"""What this service knows of people, from others' events."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_WITHOUT_APOSTROPHES = str.maketrans("", "", "'\u2019\u02bc\u2018`\u00b4")
"""Everybody types them differently, or not at all."""


class AccountState(StrEnum):
    """How far an account is, as identity tells it; `heard_of` before identity has told anything."""

    HEARD_OF = "heard_of"
    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Profile:
    """How a person is called, reached and employed."""

    first_name: str
    last_name: str
    email: str
    middle_initial: str | None = None
    phone: str | None = None
    extension: str | None = None
    job_role: str | None = None

    @property
    def name(self) -> str:
        """First name, middle initial and last name."""
        initial = f"{self.middle_initial}." if self.middle_initial else ""
        return " ".join(part for part in (self.first_name, initial, self.last_name) if part)


NOBODY: Final = Profile("", "", "")
"""What is left of somebody who was forgotten."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account, or with a registration on its way to one; nobody may sign in to a `disabled` one."""

    user_id: str
    profile: Profile
    state: AccountState = AccountState.HEARD_OF
    registration_id: str | None = None
    disabled: bool = False

    @property
    def is_confirmed(self) -> bool:
        """Whether their e-mail address came back confirmed (REG-9)."""
        return self.state is AccountState.ACTIVE


def search_form(text: str) -> str:
    """Text as names are searched (ENT-6): whatever the case, the accents, apostrophes and the width of its blanks."""
    plain = unicodedata.normalize("NFKD", text.translate(_WITHOUT_APOSTROPHES).casefold())
    bare = (letter for letter in plain if not unicodedata.combining(letter))
    return " ".join("".join(bare).split())
