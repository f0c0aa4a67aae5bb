"""Reservations: what a registration leaves here before it is submitted, invisible until it is (REG-9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.identity.domain.people import Person
from services.identity.domain.security_questions import HashedAnswer


@dataclass(frozen=True, slots=True)
class RegistrationRules:
    """How long a reservation keeps others away, how long it is kept at all, and how long an account may wait."""

    reserved: timedelta = timedelta(hours=24)
    kept: timedelta = timedelta(days=7)
    confirm: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """An account in waiting: everything but the passing of time and the submission is settled."""

    registration_id: str
    user_id: str
    password_hash: str
    date_of_birth: date
    answers: tuple[HashedAnswer, ...]
    site: str
    person: Person
    reserved_at: datetime
    lapses_at: datetime
