"""A relying party as the certification's modules need it, and a browser; what either does is plain HTTP.

The client is oauthlib with joserfc for tokens, over httpx: the provider is Authlib's, and shares only joserfc's
signatures with it. The whole clients that there are (idpyoidc, pyoidc) are not annotated, and bring their own cookies,
key stores and repeats, so that a module could no longer send the one wrong parameter that it is about.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import joserfc.jwt
from joserfc.jwk import KeySet
from oauthlib.oauth2 import WebApplicationClient

from services.identity.application.add_client import AddClient, add_client
from services.identity.bootstrap import operate
from tests.conformance.openid.provider import Provider
from tests.integration.identity.world import API, PASSWORD

SIGN_IN = "/sign-in"


@dataclass
class Agent:
    """Somebody's browser: keeps cookies, and stops wherever it is sent on."""

    provider: Provider
    http: httpx.Client

    @classmethod
    def of(cls, provider: Provider) -> Self:
        """A new one, without cookies."""
        return cls(provider, httpx.Client(base_url=provider.issuer, verify=provider.trust, trust_env=False))

    def get(self, address: str) -> httpx.Response:
        """Open an address."""
        return self.http.get(address)

    def sign_in(self, page: httpx.Response, user_id: str = "mmartin5") -> httpx.Response:
        """Do what the sign-in pages do for the request that the browser was led there with, and go on."""
        handle = parse_qs(urlsplit(location(page)).query)["request"][0]
        world = self.provider.world
        world.clock.advance(minutes=1)  # a code a minute
        with httpx.Client(base_url=self.provider.issuer + API, verify=self.provider.trust, trust_env=False) as pages:
            step = pages.post("/sign-in", json={"user_id": user_id, "password": PASSWORD}).json()
            own = {"X-Challenge-Secret": step["challenge_secret"], "X-Authorization-Request": handle}
            method = step["methods"][0]["id"]
            sent = pages.post(f"/sign-in/{step['challenge']}/send", json={"method": method}, headers=own)
            assert sent.status_code == 202, sent.text
            body = {"method": method, "code": world.code()}
            done = pages.post(f"/sign-in/{step['challenge']}/verify", json=body, headers=own)
        assert done.status_code == 200, done.text
        return self.get(done.json()["continue_to"])


@dataclass
class RelyingParty:
    """A registered client and the flow that it is in; `asked` are the parameters of its last request."""

    provider: Provider
    client_id: str
    secret: str
    redirect_uri: str
    post_logout_uri: str
    http: httpx.Client
    scope: tuple[str, ...] = ("openid",)
    post_secret: bool = False
    asked: dict[str, str] = field(default_factory=dict)
    verifier: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def registered(cls, provider: Provider, **options: Any) -> Self:
        """One that the operators have just registered, and that has read the provider's metadata."""
        name = f"rp-{secrets.token_hex(6)}"
        back, out = f"https://{name}.example.test/back", f"https://{name}.example.test/out"
        options = {"pkce": False} | options
        command = AddClient(
            name=name, site="medical", redirect_uris=(back,), post_logout_redirect_uris=(out,), **options
        )
        world = provider.world
        made = operate(world.service, world.settings, partial(add_client, command))
        http = httpx.Client(verify=provider.trust, trust_env=False)
        party = cls(provider, made.client.client_id, made.secret or "", back, out, http)
        party.metadata = party.http.get(f"{provider.issuer}/.well-known/openid-configuration").json()
        return party

    def address(self, **changed: str | None) -> str:
        """Where a browser is sent to; None leaves a parameter out."""
        client = WebApplicationClient(self.client_id)
        made = client.prepare_request_uri(
            self.metadata["authorization_endpoint"],
            redirect_uri=self.redirect_uri,
            scope=list(self.scope),
            state=secrets.token_urlsafe(16),
            nonce=secrets.token_urlsafe(16),
        )
        parameters = dict(parse_qsl(urlsplit(made).query)) | changed
        self.asked = {name: value for name, value in parameters.items() if value is not None}
        return f"{self.metadata['authorization_endpoint']}?{urlencode(self.asked)}"

    def with_pkce(self) -> dict[str, str | None]:
        """The parameters of a challenge whose verifier goes along when the code is redeemed."""
        client = WebApplicationClient(self.client_id)
        self.verifier = client.create_code_verifier(64)
        challenge = client.create_code_challenge(self.verifier, "S256")
        return {"code_challenge": challenge, "code_challenge_method": "S256"}

    def answer(self, response: httpx.Response) -> dict[str, str]:
        """What came back to the redirect URI, with what must be there in any answer (RFC 9207)."""
        address = location(response)
        assert address.startswith(f"{self.redirect_uri}?"), address
        told = dict(parse_qsl(urlsplit(address).query, strict_parsing=True))
        assert told["iss"] == self.provider.issuer
        assert told.get("state") == self.asked.get("state")
        return told

    def code(self, response: httpx.Response) -> str:
        """The code that came back."""
        told = self.answer(response)
        assert "error" not in told, told
        return told["code"]

    def error(self, response: httpx.Response) -> str:
        """The error that came back, told in a way that a log can take."""
        told = self.answer(response)
        assert "code" not in told
        assert told.get("error_description", "").isprintable()
        return told["error"]

    def call_token(self, form: dict[str, str]) -> httpx.Response:
        """Ask the token endpoint, as this client is registered to show who it is."""
        address = self.metadata["token_endpoint"]
        if self.post_secret:
            own = {"client_id": self.client_id, "client_secret": self.secret}
            return self.http.post(address, data=form | own)
        return self.http.post(address, data=form, auth=(self.client_id, self.secret))

    def redeem(self, code: str) -> httpx.Response:
        """Bring a code."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri}
        return self.call_token(form | ({"code_verifier": self.verifier} if self.verifier else {}))

    def tokens(self, response: httpx.Response) -> dict[str, Any]:
        """The tokens for the code that came back."""
        answer = self.redeem(self.code(response))
        assert answer.status_code == 200, answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        tokens: dict[str, Any] = answer.json()
        assert tokens["token_type"] == "Bearer"
        return tokens

    def claims(self, tokens: dict[str, Any]) -> dict[str, Any]:
        """The ID token's, checked as OpenID Connect Core, section 3.1.3.7, has it."""
        now = int(self.provider.world.clock.now().timestamp())
        read = joserfc.jwt.decode(tokens["id_token"], self.keys(), algorithms=["RS256"])
        registry = joserfc.jwt.JWTClaimsRegistry(
            now=now,
            iss={"essential": True, "value": self.provider.issuer},
            aud={"essential": True, "value": self.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        registry.validate(read.claims)
        assert read.claims.get("nonce") == self.asked.get("nonce")
        digest = hashlib.sha256(tokens["access_token"].encode()).digest()
        assert read.claims["at_hash"] == base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
        return dict(read.claims)

    def keys(self) -> KeySet:
        """The provider's keys, as it publishes them now."""
        return KeySet.import_key_set(self.http.get(self.metadata["jwks_uri"]).json())

    def userinfo(self, token: str) -> httpx.Response:
        """Who it is."""
        return self.http.get(self.metadata["userinfo_endpoint"], headers={"Authorization": f"Bearer {token}"})

    def sign_in(self, agent: Agent, **changed: str | None) -> dict[str, Any]:
        """A whole flow of somebody who is not signed in: the tokens."""
        return self.tokens(agent.sign_in(agent.get(self.address(**changed))))


def location(response: httpx.Response) -> str:
    """Where a browser is sent on to."""
    assert response.status_code in {302, 303}, (response.status_code, response.text)
    return str(response.headers["Location"])


def is_asked(agent: Agent, response: httpx.Response) -> bool:
    """Whether the person is led to the sign-in pages."""
    return location(response).startswith(f"{agent.provider.issuer}{SIGN_IN}?")
