"""A client as Authlib asks about it."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from authlib.oauth2.rfc6749 import ClientMixin

from services.identity.api.openid.client_authentication import SECRET_METHODS, Credentials
from services.identity.domain.clients import THE_API, Client


@dataclass(frozen=True, slots=True)
class RelyingParty(ClientMixin):  # type: ignore[misc] # Authlib is not annotated
    """`ClientMixin` over a client; `digest` is what is kept in place of a secret."""

    client: Client
    digest: Callable[[str], str]

    def get_client_id(self) -> str:
        return self.client.client_id

    def get_default_redirect_uri(self) -> None:
        """None: where somebody is sent is said in every request."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """What may be granted of what was asked for; None, which refuses the request, where that is nothing."""
        return " ".join(self.client.grantable(scope)) or None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.client.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        kept = self.client.secret_digest
        return bool(client_secret) and kept is not None and hmac.compare_digest(self.digest(client_secret), kept)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002 -- the same at each
        return method == "none" if self.client.is_public else method in SECRET_METHODS

    def is_shown_by(self, shown: Credentials) -> bool:
        """Whether these credentials are its own, by a method that is its own."""
        if not self.check_endpoint_auth_method(shown.method, "token"):
            return False
        return shown.method == "none" or self.check_client_secret(shown.secret or "")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code" and self.client != THE_API

    def check_grant_type(self, grant_type: str) -> bool:
        if grant_type == "client_credentials":
            return bool(self.client.own(None))
        return grant_type == "refresh_token" or (grant_type == "authorization_code" and self.client != THE_API)
