"""Tokens given back: Authlib's endpoint over this service's use case (RFC 7009)."""

from __future__ import annotations

from typing import Any

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc7009 import RevocationEndpoint

from services.identity.api.context import context
from services.identity.api.openid.client_authentication import METHODS
from services.identity.application.introspect_token import introspect_token
from services.identity.application.revoke_token import RevokeToken, revoke_token


class Revocation(RevocationEndpoint):  # type: ignore[misc] # Authlib is not annotated
    """Of a client's own refresh tokens. What it does not know is answered as what it has ended (section 2.2)."""

    CLIENT_AUTH_METHODS = METHODS

    def authenticate_token(self, request: Any, client: Any) -> RevokeToken:
        text, client_id = request.form["token"], client.get_client_id()
        standing = introspect_token(text, client_id, context.work, context.ports)
        if standing is not None and standing.bears:
            told = "An access token ends by itself, within five minutes."
            raise OAuth2Error(told, error="unsupported_token_type")  # Authlib's own class of it answers 401
        return RevokeToken(text, client_id)

    def revoke_token(self, token: RevokeToken, request: Any) -> None:  # noqa: ARG002 -- Authlib's signature
        revoke_token(token, context.work, context.ports)
