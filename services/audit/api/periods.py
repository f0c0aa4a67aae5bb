"""The two edges of a period in a query: a moment, or a whole day in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

from marshmallow import fields

from chassis.web.schemas import Coded

_LENGTH_OF_A_DATE = len("2025-03-01")


class _Edge(fields.Field[datetime]):
    DAYS: ClassVar[int]

    def __init__(self, *, data_key: str, description: str) -> None:
        super().__init__(data_key=data_key, metadata={"type": "string", "description": description})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> datetime:  # noqa: ARG002 (its signature)
        text = str(value)
        try:
            if len(text) == _LENGTH_OF_A_DATE:
                day = date.fromisoformat(text) + timedelta(days=self.DAYS)
                return datetime.combine(day, time.min, tzinfo=UTC)
            moment = datetime.fromisoformat(text)
        except (ValueError, OverflowError) as error:
            raise Coded("moment_invalid", "Give a day (2025-03-01) or a moment (2025-03-01T12:30:00Z).") from error
        if moment.tzinfo is None:
            raise Coded("moment_invalid", "Say which time zone the moment is in: 2025-03-01T12:30:00Z.")
        return moment.astimezone(UTC)


class Beginning(_Edge):
    """Loads to the first moment that belongs to the period."""

    DAYS = 0


class End(_Edge):
    """Loads to the first moment that does not belong to the period any more; a day belongs to it whole."""

    DAYS = 1
