"""The OpenID provider over HTTP: authorization code with PKCE as a confidential client (RFC 6749, 7636, 9207)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import orjson

from chassis.calling.deadline import within
from chassis.kernel.clock import Clock
from chassis.security.random import SystemRandomness
from services.portal.adapters.id_tokens import IdTokens
from services.portal.application.errors import UNAVAILABLE, ProblemError, SignInBrokenError, SignInNeededError
from services.portal.application.ports import SignInRequest, Tokens
from services.portal.domain.sites import Site

CALLBACK: Final = "/signed-in"
_SCOPE: Final = "openid wardenry"
_MARGIN: Final = timedelta(seconds=20)
_SERVER_FAULT: Final = 500
_WHOLE: Final = 10.0


@dataclass(frozen=True, slots=True)
class Registered:
    """Where the issuer is, and what it knows the sites' clients by.

    `url` is what browsers and tokens call it, `api_url` where this process reaches it; `secrets` are by site.
    """

    url: str
    api_url: str
    secrets: Mapping[str, str] = field(repr=False)


class OidcIssuer:
    """`services.portal.application.ports.Issuer`."""

    def __init__(self, client: httpx.Client, registered: Registered, id_tokens: IdTokens, clock: Clock) -> None:
        self._client = client
        self._url = registered.url
        self._api_url = registered.api_url
        self._secrets = registered.secrets
        self._id_tokens = id_tokens
        self._clock = clock
        self._randomness = SystemRandomness()

    def begin(self, site: Site, language: str) -> SignInRequest:
        """State, nonce and verifier are 256 random bits each."""
        state, nonce, verifier = (self._randomness.token() for _ in range(3))
        digest = hashlib.sha256(verifier.encode()).digest()
        query = {
            "client_id": site.client_id,
            "redirect_uri": f"{site.url}{CALLBACK}",
            "response_type": "code",
            "scope": _SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "ui_locales": language,
        }
        return SignInRequest(f"{self._url}/oidc/authorize?{urlencode(query)}", state, nonce, verifier)

    def finish(self, site: Site, request: SignInRequest, code: str) -> Tokens:
        """Exchange the code and check the ID token's signature, issuer, audience, nonce and time."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": f"{site.url}{CALLBACK}",
            "code_verifier": request.verifier,
        }
        answer = self._token(site, form)
        if answer is None:
            raise SignInBrokenError("the code was refused")
        claims = self._id_tokens.verified(str(answer.get("id_token", "")), site.client_id, request.nonce)
        return self._tokens(answer, claims["sub"], claims["sid"])

    def refresh(self, site: Site, refresh_token: str) -> Tokens:
        """The tokens that follow; whose they are has not changed."""
        answer = self._token(site, {"grant_type": "refresh_token", "refresh_token": refresh_token})
        if answer is None:
            raise SignInNeededError
        claims = _unverified(str(answer["access_token"]))
        return self._tokens(answer, claims["sub"], claims["sid"])

    def _token(self, site: Site, form: Mapping[str, str]) -> dict[str, Any] | None:
        """The token endpoint's answer, None where it refuses the grant."""
        try:
            with within(_WHOLE):
                response = self._client.post(
                    f"{self._api_url}/oidc/token", data=dict(form), auth=(site.client_id, self._secrets[site.name])
                )
        except httpx.TransportError as error:
            raise ProblemError(503, UNAVAILABLE) from error
        if response.status_code >= _SERVER_FAULT or response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise ProblemError(503, UNAVAILABLE)
        if response.status_code != httpx.codes.OK:
            return None
        answer: dict[str, Any] = orjson.loads(response.content)
        return answer

    def _tokens(self, answer: Mapping[str, Any], user_id: str, sid: str) -> Tokens:
        lifetime = timedelta(seconds=int(answer["expires_in"]))
        return Tokens(
            access_token=str(answer["access_token"]),
            refresh_token=str(answer["refresh_token"]),
            expires_at=self._clock.now() + lifetime - _MARGIN,
            sid=sid,
            user_id=user_id,
        )


def _unverified(token: str) -> dict[str, Any]:
    """The claims of a token that came from the token endpoint itself, over the portal's own connection."""
    encoded = token.split(".")[1]
    claims: dict[str, Any] = orjson.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    return claims
