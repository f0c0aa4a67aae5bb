"""What a token is worth: Authlib's endpoint over this service's use case (RFC 7662)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from authlib.oauth2.rfc6749 import TokenMixin
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from services.identity.api.context import context
from services.identity.api.openid.client_authentication import SECRET_METHODS
from services.identity.application.introspect_token import Standing, introspect_token


@dataclass(frozen=True, slots=True)
class ActiveToken(TokenMixin):  # type: ignore[misc] # Authlib is not annotated
    """A token that is worth something."""

    standing: Standing

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return False


class Introspection(IntrospectionEndpoint):  # type: ignore[misc] # Authlib is not annotated
    """For clients that can show who they are, about their own tokens; of others' they learn nothing.

    Both kinds are looked for, whatever is hinted at.
    """

    CLIENT_AUTH_METHODS = SECRET_METHODS

    def authenticate_token(self, request: Any, client: Any) -> ActiveToken | None:
        standing = introspect_token(request.form["token"], client.get_client_id(), context.work, context.ports)
        return None if standing is None else ActiveToken(standing)

    def introspect_token(self, token: ActiveToken) -> dict[str, Any]:
        return members_of_standing(token.standing, context.ports.tokens.issuer)


def members_of_standing(standing: Standing, issuer: str) -> dict[str, Any]:
    """The members of the answer about a token that is worth something (RFC 7662 section 2.2)."""
    members = {
        "active": True,
        "iss": issuer,
        "sub": standing.user_id,
        "sid": standing.session_id,
        "client_id": standing.client_id,
        "scope": " ".join(standing.scopes),
        "iat": int(standing.issued_at.timestamp()),
        "exp": int(standing.expires_at.timestamp()),
    }
    return members | ({"token_type": "Bearer"} if standing.bears else {})
