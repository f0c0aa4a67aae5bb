"""`/oidc/userinfo`: who it is that signed in (OpenID Connect Core section 5.3, RFC 6750)."""

from __future__ import annotations

import flask
from flask import Response, jsonify, request

from chassis.kernel.errors import NotSignedInError
from chassis.security.callers import Bearer, Caller
from chassis.web.access import public
from chassis.web.exchange import bearer_token
from services.identity.api.context import context
from services.identity.api.openid.requests import FORM
from services.identity.application.view_claims import view_claims
from services.identity.domain.clients import Scope

blueprint = flask.Blueprint("openid-userinfo", __name__, url_prefix="/oidc")


@blueprint.route("/userinfo", methods=["GET", "POST"])
@public
def userinfo() -> Response:
    """The claims that the access token's scopes open; the token stands in the header or, by POST, in the form."""
    token = _token()
    if token is None:
        return _challenged(401, None)
    try:
        caller: Bearer = context.ports.own_tokens(token)
        if not isinstance(caller, Caller) or Scope.OPENID not in caller.scopes:
            return _challenged(403, "insufficient_scope")
        return jsonify(view_claims(caller.user_id, caller.scopes, context.work))
    except NotSignedInError:
        return _challenged(401, "invalid_token")


def _token() -> str | None:
    in_form = request.form.get("access_token") if request.method == "POST" and request.mimetype == FORM else None
    in_header = bearer_token()
    return None if in_form and in_header else in_header or in_form


def _challenged(status: int, error: str | None) -> Response:
    response = jsonify({"error": error} if error else {})
    response.status_code = status
    response.headers["WWW-Authenticate"] = 'Bearer realm="wardenry"' + (f', error="{error}"' if error else "")
    return response
