"""Tokens for refresh tokens: Authlib's grant over this service's use case (RFC 6749 section 6, RFC 9700)."""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749 import InvalidGrantError, TokenMixin
from authlib.oauth2.rfc6749.grants import RefreshTokenGrant

from services.identity.api.context import context
from services.identity.api.openid.client_authentication import METHODS
from services.identity.api.openid.members import members_of
from services.identity.application.refresh_session import RefreshSession, granted_scopes, refresh_session
from services.identity.domain.errors import GrantRefusedError


class PresentedRefreshToken(TokenMixin):  # type: ignore[misc] # Authlib is not annotated
    """A refresh token that its client brought."""

    def __init__(self, text: str, scopes: tuple[str, ...]) -> None:
        self.text = text
        self._scopes = scopes

    def check_client(self, client: Any) -> bool:  # noqa: ARG002 -- it was found under the client's name
        return True

    def get_scope(self) -> str:
        return " ".join(self._scopes)


class RefreshGrant(RefreshTokenGrant):  # type: ignore[misc] # Authlib is not annotated
    """New tokens for a refresh token; the use case spends it, and knows one that was used before."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> PresentedRefreshToken | None:
        command = RefreshSession(refresh_token, self.request.client.get_client_id())
        scopes = granted_scopes(command, context.work, context.ports)
        return None if scopes is None else PresentedRefreshToken(refresh_token, scopes)

    def authenticate_user(self, refresh_token: PresentedRefreshToken) -> dict[str, Any]:
        asked = self.request.payload.scope
        command = RefreshSession(
            refresh_token=refresh_token.text,
            client_id=self.request.client.get_client_id(),
            scopes=tuple(dict.fromkeys(asked.split())) if asked else None,
        )
        try:
            return members_of(refresh_session(command, context.work, context.ports))
        except GrantRefusedError as error:  # answered by the protocol, so that the edge keeps what a replay has ended
            raise InvalidGrantError(error.detail) from None

    def issue_token(self, user: dict[str, Any], refresh_token: PresentedRefreshToken) -> dict[str, Any]:  # noqa: ARG002
        return user

    def save_token(self, token: dict[str, Any]) -> None:
        """The use case has kept it."""

    def revoke_old_credential(self, refresh_token: PresentedRefreshToken) -> None:
        """The use case has spent it."""
