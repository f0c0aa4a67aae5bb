"""What an applicant sends, as it came: a part that was not sent is None (REG-9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Texts = Mapping[str, str | None]
"""Named texts; one that was left out, or is null, counts as not sent."""


@dataclass(frozen=True, slots=True)
class NomineeEntry:
    """Whom the applicant would like to see as manager: themselves, or the person in `other` (REG-11)."""

    myself: bool
    other: Texts | None = None


@dataclass(frozen=True, slots=True)
class TinEntry:
    """One row of the TIN step."""

    tin: str | None
    line: str | None = None
    nominate: NomineeEntry | None = None


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """A security question's code and the answer, for identity to judge and to hash (REG-8)."""

    question: str | None
    answer: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """What identity alone judges and keeps; never written down here, nor shown by `repr`."""

    user_id: str | None = None
    password: str | None = None
    date_of_birth: str | None = None
    security_answers: tuple[AnswerEntry, ...] | None = None

    @property
    def any(self) -> bool:
        """Whether there is anything for identity to judge."""
        given = (self.user_id, self.password, self.date_of_birth, self.security_answers)
        return any(each is not None for each in given)


@dataclass(frozen=True, slots=True)
class Form:
    """The whole of a registration, or any part of it."""

    practice_type: tuple[str, ...] | None = None
    tins: tuple[TinEntry, ...] | None = None
    no_tin: bool = False
    profile: Texts | None = None
    address: Texts | None = None
    credentials: Credentials = Credentials()
    temporary_id: str | None = None
    temporary_password: str | None = field(default=None, repr=False)

    @property
    def is_invited(self) -> bool:
        """Whether the applicant registers with a temporary ID, without a TIN step (REG-14)."""
        return self.temporary_id is not None or self.temporary_password is not None
