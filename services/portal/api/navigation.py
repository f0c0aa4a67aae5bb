"""What the navigation offers: as much as the person's access reaches, looked up anew every minute."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from flask import Blueprint, g

from services.portal.api.context import context
from services.portal.api.signed_in import api, is_signed_in, user_id
from services.portal.application.access_calls import Entitlements
from services.portal.application.access_items import ADMINISTRATORS
from services.portal.application.errors import ProblemError, SignInNeededError
from services.portal.application.message_calls import inbox
from services.portal.application.standing import at_tins, shown_tins

blueprint = Blueprint("navigation", __name__)

_REACH: Final = "reach"
_HOLDS_FOR: Final = timedelta(minutes=1)
_HISTORY: Final = "history_report"
_SUPPORT: Final = "support"


@dataclass(frozen=True, slots=True)
class Reach:
    """Which pages are for this person; the API decides again on each."""

    administers: bool = False
    sees_history: bool = False
    is_support: bool = False
    unread: int = 0


@blueprint.app_context_processor
def of_every_page() -> dict[str, Any]:
    """`reach()` for the templates."""
    return {"reach": reach}


def reach() -> Reach:
    """The person's reach; none where nobody is signed in, or where it cannot be told now."""
    if not is_signed_in():
        return Reach()
    kept, now = context.session.get(_REACH), g.now
    if kept and kept["of"] == user_id() and now - datetime.fromisoformat(kept["at"]) < _HOLDS_FOR:
        return Reach(**kept["reach"])
    try:
        found = _looked_up()
    except (ProblemError, SignInNeededError):
        return Reach()
    context.session[_REACH] = {"of": user_id(), "at": now.isoformat(), "reach": asdict(found)}
    return found


def forget_reach() -> None:
    """Look it up anew: something changed."""
    context.session.pop(_REACH, None)


def _looked_up() -> Reach:
    everywhere = [access for access in Entitlements(api()).my_access() if access.is_active]
    active = at_tins(everywhere, shown_tins(everywhere, context.site.lines))
    return Reach(
        administers=any(access.level in ADMINISTRATORS for access in active),
        sees_history=any(_HISTORY in access.functions for access in active),
        is_support=api().get("/api/identity/v1/me").body.get("kind") == _SUPPORT,
        unread=inbox(api(), limit=1).unread,
    )
