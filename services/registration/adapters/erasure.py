"""What is kept of an applicant, in SQL, and is gone with their account (IDN-13)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select, update

from services.registration.adapters.tables import access_requests, outreach_waiting, registrations

_OF_THE_APPLICANT: Final = (
    *("first_name", "middle_initial", "last_name", "job_role", "line1", "line2", "city", "us_state", "zip"),
    *("phone", "extension", "mobile", "email"),
)
_OF_THE_NOMINEE: Final = ("nominee_first_name", "nominee_last_name", "nominee_email")
_OF_WHOEVER_WAITS: Final = ("first_name", "last_name", "email", "phone", "extension")


class SqlErasure:
    """`Erasure` within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def forget(self, user_id: str) -> None:
        """Empty the columns; how each registration and request ended stays."""
        own = select(registrations.c.id).where(registrations.c.user_id == user_id)
        theirs = update(access_requests).where(access_requests.c.registration_id.in_(own))
        self._connection.execute(theirs.values(dict.fromkeys(_OF_THE_NOMINEE)))
        applicant = update(registrations).where(registrations.c.user_id == user_id)
        self._connection.execute(applicant.values(dict.fromkeys(_OF_THE_APPLICANT)))
        waiting = update(outreach_waiting).where(outreach_waiting.c.user_id == user_id)
        self._connection.execute(waiting.values(dict.fromkeys(_OF_WHOEVER_WAITS)))
