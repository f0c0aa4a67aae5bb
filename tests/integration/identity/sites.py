"""Sites that people sign in to, with a client library that shares nothing with the provider, and their browsers."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import joserfc.jwt
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from oauthlib.oauth2 import WebApplicationClient
from werkzeug.test import TestResponse

from services.identity.application.add_client import AddClient, add_client
from services.identity.bootstrap import operate
from tests.integration.identity.world import ISSUER, World

SESSION, REQUEST = "__Host-wardenry-sso", "__Host-wardenry-request"


@dataclass
class Site:
    """One client and the flow it is in; `ask` begins a new one."""

    world: World
    client_id: str
    secret: str | None
    redirect_uri: str
    scope: tuple[str, ...] = ("openid", "wardenry")
    verifier: str = ""
    state: str = ""
    nonce: str = ""

    def ask(self, **changed: str | None) -> str:
        """The path that a browser is sent to; None leaves a parameter out."""
        self.state, self.nonce = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        client = WebApplicationClient(self.client_id)
        self.verifier = client.create_code_verifier(64)
        address = client.prepare_request_uri(
            f"{ISSUER}/oidc/authorize",
            redirect_uri=self.redirect_uri,
            scope=list(self.scope),
            state=self.state,
            nonce=self.nonce,
            code_challenge=client.create_code_challenge(self.verifier, "S256"),
            code_challenge_method="S256",
        )
        parameters = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()} | changed
        return f"/oidc/authorize?{urlencode({name: value for name, value in parameters.items() if value is not None})}"

    def code_in(self, answer: TestResponse) -> str:
        """The code of an answer that came back to this site's redirect URI."""
        assert answer.status_code == 302, answer.text
        location = answer.headers["Location"]
        assert location.startswith(f"{self.redirect_uri}?"), location
        assert parse_qs(urlsplit(location).query)["iss"] == [ISSUER]
        return str(WebApplicationClient(self.client_id).parse_request_uri_response(location, self.state)["code"])

    def redeem(self, code: str, **changed: str | None) -> TestResponse:
        """Bring the code, with this flow's verifier."""
        body = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": self.verifier,
        } | changed
        return self.call("token", {name: value for name, value in body.items() if value is not None})

    def refresh(self, token: str, **more: str) -> TestResponse:
        return self.call("token", {"grant_type": "refresh_token", "refresh_token": token} | more)

    def call(self, endpoint: str, form: dict[str, str]) -> TestResponse:
        """As this client shows who it is."""
        client = self.world.service.app.test_client()
        if self.secret is None:
            return client.post(f"/oidc/{endpoint}", data={"client_id": self.client_id} | form)
        return client.post(f"/oidc/{endpoint}", data=form, auth=(self.client_id, self.secret))

    def tokens(self, browser: Browser) -> dict[str, Any]:
        """Tokens for whoever is signed in in this browser."""
        answer = self.redeem(self.code_in(browser.get(self.ask())))
        assert answer.status_code == 200, answer.text
        return dict(answer.get_json())

    def claims(self, tokens: dict[str, Any], algorithm: str = "RS256") -> dict[str, Any]:
        """The ID token's, after everything that a client must check (OpenID Connect Core, section 3.1.3.7)."""
        keys = KeySet.import_key_set(self.world.service.app.test_client().get("/oidc/jwks.json").get_json())
        registry = JWSRegistry(algorithms=[algorithm])
        token = joserfc.jwt.decode(tokens["id_token"], keys, algorithms=[algorithm], registry=registry)
        claims = token.claims
        assert (token.header["alg"], claims["iss"], claims["aud"]) == (algorithm, ISSUER, self.client_id)
        assert claims.get("nonce") == self.nonce
        hashing = hashlib.sha256 if algorithm == "RS256" else hashlib.sha512
        digest = hashing(tokens["access_token"].encode()).digest()
        assert claims["at_hash"] == base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
        return dict(claims)


@dataclass
class Browser:
    """Holds cookies, follows nothing by itself."""

    world: World
    cookies: dict[str, str] = field(default_factory=dict)
    accepts: str = "*/*"

    def get(self, path: str) -> TestResponse:
        return self._call("GET", path, None)

    def post(self, path: str, form: dict[str, str]) -> TestResponse:
        return self._call("POST", path, form)

    def begin(self, site: Site, **changed: str | None) -> str:
        """Be led to the sign-in pages; the handle."""
        answer = self.get(site.ask(**changed))
        assert answer.status_code == 302, answer.text
        return handle_in(answer)

    def sign_in(self, site: Site, user_id: str = "mmartin5") -> TestResponse:
        """All of it, and back to the site."""
        return self.get(ticketed(self.world, self.begin(site), user_id))

    def _call(self, method: str, path: str, form: dict[str, str] | None) -> TestResponse:
        client = self.world.service.app.test_client(use_cookies=False)
        brought = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Accept": self.accepts} | ({"Cookie": brought} if brought else {})
        answer = client.open(path, method=method, data=form, headers=headers)
        for line in answer.headers.getlist("Set-Cookie"):
            pair, *attributes = line.split("; ")
            name, _, value = pair.partition("=")
            assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(attributes)
            assert not any(each.startswith("Domain") for each in attributes)
            self.cookies[name] = value
            if "Max-Age=0" in attributes:
                del self.cookies[name]
        return answer


def handle_in(answer: TestResponse) -> str:
    """The handle in the address of the sign-in pages."""
    location = urlsplit(answer.headers["Location"])
    assert f"{location.scheme}://{location.netloc}{location.path}" == f"{ISSUER}/sign-in"
    return parse_qs(location.query)["request"][0]


def error_in(answer: TestResponse, site: Site) -> dict[str, str]:
    """What an error told the site by redirect."""
    assert answer.status_code == 302, answer.text
    location = answer.headers["Location"]
    assert location.startswith(f"{site.redirect_uri}?"), location
    told = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
    assert "code" not in told
    assert told["iss"] == ISSUER
    assert told.get("error_description", "").isprintable()
    return told


def ticketed(world: World, handle: str, user_id: str = "mmartin5") -> str:
    """Sign in by the API's steps for a kept request; the path to go on with."""
    answer = last_step(world, handle, user_id)
    assert answer.status_code == 200, answer.text
    step = answer.get_json()
    assert set(step) == {"state", "continue_to"}
    assert step["state"] == "signed_in"
    return str(step["continue_to"])


def last_step(world: World, handle: str, user_id: str = "mmartin5") -> TestResponse:
    """The call that ends a sign-in."""
    step = world.begin(user_id)
    world.clock.advance(minutes=1)  # a code a minute
    assert world.send(step).status_code == 202
    body = {"method": step["methods"][0]["id"], "code": world.code()}
    headers = {"X_Challenge_Secret": step["challenge_secret"], "X_Authorization_Request": handle}
    return world.post(f"/sign-in/{step['challenge']}/verify", body, **headers)


def medical(world: World) -> Site:
    """The portal's first client, as the settings have it."""
    client = world.settings.portal_clients[0]
    return Site(world, client.client_id, client.secret.get_secret_value(), client.redirect_uris[0])


def behavioral(world: World) -> Site:
    """Its second."""
    client = world.settings.portal_clients[1]
    return Site(world, client.client_id, client.secret.get_secret_value(), client.redirect_uris[0])


def relying_site(world: World, name: str = "relying-site", **options: Any) -> Site:
    """A plan's own site, registered by command."""
    uri = f"https://{name}.example.test/back"
    command = AddClient(name=name, site="medical", redirect_uris=(uri,), **options)
    made = operate(world.service, world.settings, partial(add_client, command))
    return Site(world, made.client.client_id, made.secret, uri, ("openid",))
