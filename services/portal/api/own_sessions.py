"""Settings → Sign-in: ending one's sessions, here and elsewhere (IDN-10)."""

from __future__ import annotations

from flask import Blueprint, Response

from services.portal.api.context import context
from services.portal.api.handles import meant
from services.portal.api.pages import go_to
from services.portal.api.signed_in import api, signed_in
from services.portal.application import session_calls

blueprint = Blueprint("own_sessions", __name__, url_prefix="/settings/sign-in")


@blueprint.post("/sessions/<string:session>/end")
@signed_in
def end(session: str) -> Response:
    """End one, everywhere."""
    session_calls.end_session(api(), meant(session, "session"), context.form_key)
    return go_to("second_steps.show")


@blueprint.post("/sessions/end-others")
@signed_in
def end_others() -> Response:
    """End all but this browser's."""
    session_calls.end_other_sessions(api(), context.form_key)
    return go_to("second_steps.show")
