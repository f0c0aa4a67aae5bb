"""Which invitations somebody looks for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from services.registration.domain.invitations import InvitationState


@dataclass(frozen=True, slots=True)
class InvitationSearch:
    """Those that the viewer made, and those for a TIN and line that they manage; `states` are as of `now`.

    `ends_by` leaves out those whose time is not over by then.
    """

    viewer: str
    states: Collection[InvitationState]
    now: datetime
    ends_by: datetime | None = None
