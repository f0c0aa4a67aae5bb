"""How long a visit lasts without anybody doing anything, and how to stay (IDN-10)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, g, jsonify

from services.portal.api.context import context
from services.portal.api.pages import page
from services.portal.api.signed_in import api, is_signed_in

blueprint = Blueprint("session_time", __name__, url_prefix="/session")

_REGISTERING: Final = ("register.type", "register.invited")


def ends_by_idling() -> bool:
    """Whether somebody has something to lose: being signed in, or a registration begun."""
    return is_signed_in() or any(name in context.session for name in _REGISTERING)


@blueprint.get("/left")
def left() -> Response:
    """Seconds until the visit ends by idling; asking does not prolong it."""
    g.only_asked = True
    return jsonify({"seconds": _left()})


@blueprint.post("/stay")
def stay() -> Response:
    """Stay."""
    if is_signed_in():
        api().send("POST", "/api/identity/v1/me/session/extend")
    return jsonify({"seconds": _whole()})


@blueprint.get("/over")
def over() -> Response:
    """What is left to say when nobody came back in time."""
    return page("errors/timed_out.html", sentence=None)


def _left() -> int:
    used_at = context.session.used_at
    if used_at is None or not ends_by_idling():
        return 0
    unused: timedelta = g.now - used_at
    return max(0, _whole() - round(unused.total_seconds()))


def _whole() -> int:
    ports = context.ports
    return round((ports.idle if is_signed_in() else ports.visitor_idle).total_seconds())
