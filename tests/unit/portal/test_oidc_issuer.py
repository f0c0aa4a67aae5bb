"""The portal as an OpenID client: what it asks for, and what it believes."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from chassis.testing.clocks import StandingClock
from services.portal.adapters.id_tokens import IdTokens, JwksKeys
from services.portal.adapters.oidc_issuer import OidcIssuer, Registered
from services.portal.application.errors import ProblemError, SignInBrokenError, SignInNeededError
from services.portal.domain.sites import Site, Support

ISSUER = "http://issuer.test"
KEY = RSAKey.generate_key(2048, {"kid": "k1"}, private=True)
OTHER = RSAKey.generate_key(2048, {"kid": "k1"}, private=True)
SITE = Site("medical", "http://medical.test", {}, {}, {}, (), (), "medical", Support("", {}, (), ()))
SECRETS = {"medical": "the-clients-secret"}


class FakeProvider:
    """Answers at `/oidc/token` with `answer`, and gives its keys."""

    def __init__(self) -> None:
        self.clock = StandingClock()
        self.answer: httpx.Response = httpx.Response(400, json={"error": "invalid_grant"})
        self.forms: list[dict[str, list[str]]] = []
        self.authorizations: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oidc/jwks.json":
            return httpx.Response(200, json=KeySet([KEY]).as_dict(private=False))
        self.forms.append(parse_qs(request.content.decode()))
        self.authorizations.append(request.headers.get("Authorization", ""))
        return self.answer

    def issuer(self) -> OidcIssuer:
        client = httpx.Client(transport=httpx.MockTransport(self))
        id_tokens = IdTokens(ISSUER, JwksKeys(client, f"{ISSUER}/oidc/jwks.json"), self.clock)
        return OidcIssuer(client, Registered(ISSUER, ISSUER, SECRETS), id_tokens, self.clock)

    def grants(self, key: RSAKey = KEY, header: dict[str, str] | None = None, **changes: Any) -> None:
        now = int(self.clock.now().timestamp())
        claims: dict[str, Any] = {"iss": ISSUER, "aud": SITE.client_id, "nonce": "n", "sub": "mmartin5", "sid": "s1"}
        claims |= {"iat": now, "exp": now + 300, **changes}
        token = jwt.encode({"alg": "RS256", "kid": "k1", **(header or {})}, claims, key)
        tokens = {"access_token": token, "refresh_token": "r1", "expires_in": 300, "id_token": token}
        self.answer = httpx.Response(200, json=tokens)


@pytest.fixture
def provider() -> FakeProvider:
    return FakeProvider()


def finish(provider: FakeProvider, nonce: str = "n") -> Any:
    issuer = provider.issuer()
    wish = issuer.begin(SITE, "en")
    return issuer.finish(SITE, type(wish)(wish.address, wish.state, nonce, wish.verifier), "the-code")


def test_the_request_has_pkce_state_and_nonce_of_its_own__IDN_11(provider: FakeProvider) -> None:
    issuer = provider.issuer()
    first, second = issuer.begin(SITE, "es"), issuer.begin(SITE, "es")
    query = {name: values[0] for name, values in parse_qs(urlsplit(first.address).query).items()}
    digest = base64.urlsafe_b64encode(hashlib.sha256(first.verifier.encode()).digest()).rstrip(b"=").decode()
    assert (query["code_challenge"], query["code_challenge_method"]) == (digest, "S256")
    assert (query["redirect_uri"], query["ui_locales"]) == ("http://medical.test/signed-in", "es")
    assert len({first.state, second.state, first.nonce, second.nonce, first.verifier, second.verifier}) == 6


def test_the_code_is_exchanged_with_the_verifier_and_the_secret__IDN_11(provider: FakeProvider) -> None:
    provider.grants()
    tokens = finish(provider)
    assert (tokens.user_id, tokens.sid, tokens.refresh_token) == ("mmartin5", "s1", "r1")
    assert provider.forms[0]["code"] == ["the-code"]
    assert provider.forms[0]["code_verifier"]
    assert provider.authorizations[0].startswith("Basic ")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "http://evil.test"},
        {"aud": "wardenry-portal-behavioral"},
        {"aud": ["wardenry-portal-medical", "somebody-else"]},
        {"nonce": "another"},
        {"exp": 1},
        {"iat": 4_000_000_000},
        {"sid": ""},
        {"sub": None},
    ],
)
def test_an_id_token_for_anything_else_is_refused__IDN_11(provider: FakeProvider, changes: dict[str, Any]) -> None:
    provider.grants(**changes)
    with pytest.raises(SignInBrokenError):
        finish(provider)


def test_an_id_token_of_another_key_or_of_none_is_refused__IDN_11(provider: FakeProvider) -> None:
    provider.grants(key=OTHER)
    with pytest.raises(SignInBrokenError):
        finish(provider)
    provider.grants()
    body = provider.answer.json()
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    provider.answer = httpx.Response(200, json={**body, "id_token": f"{unsigned}.{body['id_token'].split('.')[1]}."})
    with pytest.raises(SignInBrokenError):
        finish(provider)


def test_a_refused_code_is_a_broken_sign_in_and_an_outage_is_none__IDN_11(provider: FakeProvider) -> None:
    with pytest.raises(SignInBrokenError):
        finish(provider)
    provider.answer = httpx.Response(503)
    with pytest.raises(ProblemError):
        finish(provider)


def test_a_refused_refresh_ends_the_session_but_an_outage_does_not__IDN_10(provider: FakeProvider) -> None:
    with pytest.raises(SignInNeededError):
        provider.issuer().refresh(SITE, "r0")
    provider.answer = httpx.Response(500)
    with pytest.raises(ProblemError):
        provider.issuer().refresh(SITE, "r0")
    provider.grants()
    assert provider.issuer().refresh(SITE, "r0").refresh_token == "r1"
