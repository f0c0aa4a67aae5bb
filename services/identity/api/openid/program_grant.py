"""Tokens for sites' own programs: Authlib's grant over this service's use case (RFC 6749 section 4.4)."""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749 import InvalidScopeError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant

from services.identity.api.context import context
from services.identity.api.openid.client_authentication import SECRET_METHODS
from services.identity.application.grant_client_token import GrantClientToken, grant_client_token
from services.identity.domain.errors import GrantRefusedError


class ProgramGrant(ClientCredentialsGrant):  # type: ignore[misc] # Authlib is not annotated
    """A token for a client that shows who it is, of the scopes that are its own; never a refresh token."""

    TOKEN_ENDPOINT_AUTH_METHODS = SECRET_METHODS

    def generate_token(self, *, scope: str | None, **_: Any) -> dict[str, Any]:
        command = GrantClientToken(self.request.client.get_client_id(), scope)
        try:
            granted = grant_client_token(command, context.work, context.ports)
        except GrantRefusedError:
            raise InvalidScopeError from None
        return {
            "access_token": granted.access_token,
            "token_type": "Bearer",
            "expires_in": granted.expires_in,
            "scope": " ".join(granted.scopes),
        }

    def save_token(self, token: dict[str, Any]) -> None:
        """Nothing is kept: it verifies by itself (IDN-12)."""
