"""People who are being added: kept in the session from identifying them to their credentials, as typed (REG-15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from flask import g

from services.portal.api.context import context
from services.portal.api.signed_in import user_id
from services.portal.application.invitation_calls import Invitation

_DRAFT: Final = "invite.draft"
_SECRETS: Final = "invite.secrets"
_SHOWN_FOR: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Draft:
    """`people` are typed field by field; `form` is the matrix as filled in, `access` what it wishes."""

    people: Sequence[Mapping[str, str]] = ()
    form: Mapping[str, Sequence[str]] = field(default_factory=dict)
    access: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Credentials:
    """One person's, to hand over: shown until they were downloaded, and for five minutes at most."""

    name: str
    email: str
    temporary_id: str
    temporary_password: str
    expires_at: datetime


def draft() -> Draft:
    """The caller's own in this session; a new one where there is none."""
    kept = context.session.get(_DRAFT)
    return Draft(**kept["draft"]) if kept and kept["of"] == user_id() else Draft()


def keep(now: Draft, **changes: Any) -> Draft:
    """Keep it, with these fields changed."""
    changed = replace(now, **changes)
    context.session[_DRAFT] = {"of": user_id(), "draft": asdict(changed)}
    return changed


def forget() -> None:
    """Keep nothing of what was typed."""
    context.session.pop(_DRAFT, None)


def keep_credentials(made: Sequence[Invitation]) -> None:
    """Keep what was made, to be shown and taken once."""
    items = [
        [each.name, each.email, each.temporary_id, each.temporary_password or "", each.expires_at.isoformat()]
        for each in made
    ]
    context.session[_SECRETS] = {"of": user_id(), "at": g.now.isoformat(), "items": items}


def credentials() -> list[Credentials]:
    """What can still be shown; nothing once it was taken, or its time is over."""
    kept = context.session.get(_SECRETS)
    if not kept or kept["of"] != user_id():
        return []
    if g.now - datetime.fromisoformat(kept["at"]) >= _SHOWN_FOR:
        forget_credentials()
        return []
    return [
        Credentials(name, email, temporary_id, password, datetime.fromisoformat(ends))
        for name, email, temporary_id, password, ends in kept["items"]
    ]


def forget_credentials() -> None:
    """They were taken."""
    context.session.pop(_SECRETS, None)
