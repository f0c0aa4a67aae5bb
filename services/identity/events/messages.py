"""The form that every fact about an account is told in (`events.md`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chassis.kernel.messages import Message


def of_account(happened: str, user_id: str, data: Mapping[str, Any]) -> Message:
    """A message on the account's subject, with its user ID in it."""
    return Message(f"identity.{happened}.v1", f"account/{user_id}", {"user_id": user_id, **data})


def moment(when: datetime) -> str:
    """RFC 3339, in UTC."""
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")
