"""Identity's calls for passwords that others reset (IDN-8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from services.portal.application.ports import Api


@dataclass(frozen=True, slots=True)
class TemporaryPassword:
    """A password to hand over, good for one sign-in until then."""

    text: str = field(repr=False)
    until: datetime


def reset_password(api: Api, user_id: str, form_key: str | None) -> TemporaryPassword:
    """Put a temporary password in place of somebody's; raises `ProblemError`."""
    path = f"/api/identity/v1/accounts/{quote(user_id, safe='')}/password-reset"
    shown = api.send("POST", path, form_key=form_key).body
    return TemporaryPassword(shown["temporary_password"], datetime.fromisoformat(shown["expires_at"]))
