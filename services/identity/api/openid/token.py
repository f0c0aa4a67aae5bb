"""`/oidc/token`, `…/introspect`, `…/revoke`: tokens issued, asked about, given back (RFC 6749, RFC 7662, RFC 7009)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import flask
from authlib.oauth2.rfc6749 import InvalidRequestError
from flask import Response, request

from chassis.web.access import public
from services.identity.api.context import context
from services.identity.api.openid.introspection import Introspection
from services.identity.api.openid.provider import PROVIDER
from services.identity.api.openid.requests import FORM, ProtocolRequest, request_at_hand
from services.identity.api.openid.revocation import Revocation

blueprint = flask.Blueprint("openid-token", __name__, url_prefix="/oidc")


@blueprint.post("/token")
@public
def token() -> Response:
    """Tokens for a code, for a refresh token, or for a program itself; refusals are those of RFC 6749 section 5.2."""
    return _answered("grant_type", PROVIDER.create_token_response)


@blueprint.post("/introspect")
@public
def introspect() -> Response:
    """What one of the client's tokens is worth; `active` is false for everything else."""
    return _answered("token", lambda asked: PROVIDER.create_endpoint_response(Introspection.ENDPOINT_NAME, asked))


@blueprint.post("/revoke")
@public
def revoke() -> Response:
    """Give a refresh token back."""
    return _answered("token", lambda asked: PROVIDER.create_endpoint_response(Revocation.ENDPOINT_NAME, asked))


def _answered(needed: str, answer: Callable[[ProtocolRequest], Any]) -> Response:
    asked = request_at_hand(context.ports.tokens.issuer)
    repeated = any(len(values) > 1 for values in asked.payload.datalist.values())
    if request.mimetype != FORM or request.args or repeated or not asked.form.get(needed):
        error = InvalidRequestError(f"Send {needed} and each other parameter once, in a form.")
        return cast("Response", PROVIDER.handle_error_response(asked, error))
    return cast("Response", answer(asked))
