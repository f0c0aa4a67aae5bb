"""`/oidc/logout`: signed out here, and so on every site (OpenID Connect RP-Initiated Logout)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
from authlib.common.urls import add_params_to_uri
from flask import Response, request

from chassis.web.access import public
from services.identity.api.context import context
from services.identity.api.openid.cookies import SESSION, cookie, delete_cookie
from services.identity.api.openid.provider import to_address
from services.identity.application.client_desk import find_client
from services.identity.application.log_out import LogOut, log_out, read_hint

blueprint = flask.Blueprint("openid-logout", __name__, url_prefix="/oidc")

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Signed out</title>
<h1>You are signed out</h1>
<p><a href="/">Back to the site</a></p>
<p lang="es">Ha cerrado la sesión. <a href="/">Volver al sitio</a></p>
</html>
"""


@blueprint.route("/logout", methods=["GET", "POST"])
@public
def logout() -> Response:
    """End the session of the browser; then go where the client has registered, if it showed an ID token of its own."""
    parameters = request.form if request.method == "POST" else request.args
    token = parameters.get("id_token_hint")
    hint = read_hint(token, context.work, context.ports) if token else None
    log_out(LogOut(cookie(SESSION), hint), context.work, context.ports)
    target = _target(parameters, hint)
    response = to_address(target) if target else Response(_PAGE, content_type="text/html; charset=utf-8")
    delete_cookie(response, SESSION)
    return response


def _target(parameters: Mapping[str, str], hint: Mapping[str, Any] | None) -> str | None:
    """Where the client's own hint allows to go; None for everything that does not fit together exactly."""
    client_id, wished = (hint or {}).get("aud"), parameters.get("post_logout_redirect_uri")
    if not isinstance(client_id, str) or parameters.get("client_id", client_id) != client_id:
        return None
    client = find_client(client_id, context.work)
    if client is None or wished is None or wished not in client.post_logout_redirect_uris:
        return None
    return add_params_to_uri(wished, [("state", parameters["state"])]) if "state" in parameters else wished
