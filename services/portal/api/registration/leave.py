"""Giving a registration up: nothing of it is kept (REG-9)."""

from __future__ import annotations

from flask import Response

from services.portal.api.pages import go_to, page
from services.portal.api.registration.wizard import blueprint, forget_draft


@blueprint.get("/leave")
def leave() -> Response:
    """Ask once more: what was typed will be gone."""
    return page("registration/leave.html")


@blueprint.post("/leave")
def forget() -> Response:
    """Forget it."""
    forget_draft()
    return go_to("landing.show")
