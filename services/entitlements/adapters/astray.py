"""The condition of access that does not follow its practice's lines of business (REG-17)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_

from services.entitlements.adapters.places import at_places
from services.entitlements.adapters.tables import access, suspension
from services.entitlements.domain.access import LINE_LOST
from services.entitlements.domain.places import Line, Place
from services.entitlements.domain.practices import Practice


def astray(practices: Sequence[Practice], now: datetime) -> ColumnElement[bool]:
    """Whether a row of `access` stands, and is suspended though these practices have its line, or is not though they
    have not.
    """
    suspended = exists().where(
        suspension.c.user_id == access.c.user_id,
        suspension.c.tin == access.c.tin,
        suspension.c.line == access.c.line,
        suspension.c.cause == LINE_LOST,
        suspension.c.ended_at.is_(None),
    )
    there = {Place(practice.tin, line) for practice in practices for line in practice.lines}
    lost = {Place(practice.tin, line) for practice in practices for line in Line} - there
    stands = and_(access.c.ended_at.is_(None), or_(access.c.until.is_(None), access.c.until > now))
    return and_(stands, or_(and_(at_places(access, lost), ~suspended), and_(at_places(access, there), suspended)))
