"""The provider: Authlib's authorization server, without state of its own; further endpoints are registered here."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer, OAuth2Request
from flask import Response, jsonify

from services.identity.api.context import context
from services.identity.api.openid.client_authentication import credentials_of, unknown_client
from services.identity.api.openid.code_grant import CodeGrant, IdentityCode, S256Challenge
from services.identity.api.openid.introspection import Introspection
from services.identity.api.openid.program_grant import ProgramGrant
from services.identity.api.openid.refresh_grant import RefreshGrant
from services.identity.api.openid.relying_party import RelyingParty
from services.identity.api.openid.revocation import Revocation
from services.identity.application.client_desk import find_client


class Provider(AuthorizationServer):  # type: ignore[misc] # Authlib is not annotated
    """Works on the request under way, through the same context as every view."""

    def query_client(self, client_id: str) -> RelyingParty | None:
        """The client of that identifier."""
        client = find_client(client_id, context.work)
        return None if client is None else RelyingParty(client, context.ports.digests.of_token)

    def authenticate_client(self, request: Any, methods: Collection[str], endpoint: str = "token") -> RelyingParty:  # noqa: ARG002 -- the same at each
        """The client that calls; raises `InvalidClientError`, the same whatever is wrong."""
        shown = credentials_of(request.headers, request.form)
        client = self.query_client(shown.client_id)
        if client is None or shown.method not in methods or not client.is_shown_by(shown):
            raise unknown_client()
        request.auth_method, request.client = shown.method, client
        return client

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        """Requests are made before they come here."""
        return request

    def handle_response(self, status: int, body: Any, headers: Collection[tuple[str, str]]) -> Response:
        """The answer."""
        response = jsonify(body) if isinstance(body, dict) else Response(body)
        response.status_code = status
        response.headers.update(headers)
        return response

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""


def to_address(address: str, status: int = 302) -> Response:
    """Send the browser there."""
    return Response(status=status, headers={"Location": address})


def _provider() -> Provider:
    provider = Provider()
    provider.register_grant(CodeGrant, [S256Challenge(required=True), IdentityCode()])
    provider.register_grant(RefreshGrant)
    provider.register_grant(ProgramGrant)
    provider.register_endpoint(Introspection)
    provider.register_endpoint(Revocation)
    return provider


PROVIDER = _provider()
