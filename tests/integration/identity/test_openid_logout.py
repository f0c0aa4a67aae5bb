"""Signing out by a site's request (IDN-11, OpenID Connect RP-Initiated Logout), and tokens in others' places."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode

import joserfc.jwt
import pytest
from joserfc.jwk import OctKey, RSAKey
from werkzeug.test import TestResponse

from services.identity.adapters.store import SqlStore
from services.identity.bootstrap import make_ports
from services.identity.domain.accounts import Kind
from services.identity.domain.grants import Grant
from services.identity.domain.signing_keys import Algorithm
from tests.integration.identity.sites import SESSION, Browser, Site, behavioral, error_in, medical
from tests.integration.identity.world import ISSUER, World

BACK = "https://medical.example.test/signed-out"


@pytest.fixture
def site(world: World) -> Site:
    return medical(world)


@pytest.fixture
def browser(world: World) -> Browser:
    return Browser(world)


def signed_in(site: Site, browser: Browser) -> dict[str, Any]:
    tokens: dict[str, Any] = site.redeem(site.code_in(browser.sign_in(site))).get_json()
    return tokens


def log_out(browser: Browser, **parameters: str) -> TestResponse:
    return browser.get(f"/oidc/logout?{urlencode(parameters)}")


def is_signed_out(site: Site, browser: Browser) -> bool:
    return error_in(browser.get(site.ask(prompt="none")), site)["error"] == "login_required"


def test_a_site_signs_out_and_gets_the_browser_back__IDN_11(world: World, site: Site, browser: Browser) -> None:
    tokens = signed_in(site, browser)
    answer = log_out(browser, id_token_hint=tokens["id_token"], post_logout_redirect_uri=BACK, state="s 1")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{BACK}?state=s+1")
    assert SESSION not in browser.cookies
    assert is_signed_out(site, browser)
    assert site.refresh(tokens["refresh_token"]).status_code == 400
    assert world.get("/me", tokens["access_token"]).status_code == 401
    assert [event["reason"] for event in world.events("identity.session.ended.v1")] == ["signed_out"]


def test_an_id_token_is_good_for_signing_out_however_old__IDN_11(world: World, site: Site, browser: Browser) -> None:
    tokens = signed_in(site, browser)
    world.clock.advance(hours=3)
    answer = browser.post("/oidc/logout", {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": BACK})
    assert answer.headers["Location"] == BACK


def test_without_its_cookie_the_hinted_session_ends__IDN_11(world: World, site: Site, browser: Browser) -> None:
    tokens = signed_in(site, browser)
    log_out(Browser(world), id_token_hint=tokens["id_token"])
    assert is_signed_out(site, browser)


@pytest.mark.parametrize("parameters", [{}, {"state": "s"}, {"post_logout_redirect_uri": BACK}])
def test_without_a_hint_one_is_signed_out_and_sent_nowhere__IDN_11(
    site: Site, browser: Browser, parameters: dict[str, str]
) -> None:
    signed_in(site, browser)
    answer = log_out(browser, **parameters)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "Location" not in answer.headers
    assert is_signed_out(site, browser)


def test_nobody_is_sent_where_the_client_has_not_registered__IDN_11(site: Site, browser: Browser) -> None:
    hint = signed_in(site, browser)["id_token"]
    for off in (f"{BACK}?more=1", f"{BACK}/", f"{BACK}#x", "https://behavioral.example.test/signed-out", "//evil.test"):
        answer = log_out(browser, id_token_hint=hint, post_logout_redirect_uri=off)
        assert (answer.status_code, "Location" in answer.headers) == (200, False), off
    foreign = log_out(
        browser, id_token_hint=hint, post_logout_redirect_uri=BACK, client_id="wardenry-portal-behavioral"
    )
    assert "Location" not in foreign.headers


def parts(token: str) -> list[dict[str, Any]]:
    return [json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]]


def encoded(document: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def test_a_hint_that_was_not_signed_here_for_this_is_none__IDN_11(world: World, site: Site, browser: Browser) -> None:
    tokens = signed_in(site, browser)
    header, claims = parts(tokens["id_token"])
    keys = world.service.app.test_client().get("/oidc/jwks.json").get_json()["keys"]
    public = next(key for key in keys if key["alg"] == "RS256")
    own = RSAKey.generate_key(2048, private=True)
    confused = OctKey.import_key(json.dumps(public).encode())
    body = tokens["id_token"].split(".")[1]
    forged = [
        f"{encoded(header | {'alg': 'none'})}.{body}.",
        f"{encoded({'alg': 'none'})}.{body}.",
        joserfc.jwt.encode(header, claims, own, algorithms=["RS256"]),
        joserfc.jwt.encode(header | {"alg": "HS256"}, claims, confused, algorithms=["HS256"]),
        joserfc.jwt.encode(header | {"jwk": own.as_dict(private=False)}, claims, own, algorithms=["RS256"]),
        f"{encoded(header | {'alg': 'EdDSA'})}.{body}.{tokens['id_token'].split('.')[2]}",
        tokens["id_token"][:-3] + "AAA",
        tokens["access_token"],
        tokens["refresh_token"],
        "x",
        "a.b.c",
        "é.é.é",
        "{}",
    ]
    for hint in forged:
        answer = log_out(Browser(world), id_token_hint=hint, post_logout_redirect_uri=BACK)
        assert (answer.status_code, "Location" in answer.headers) == (200, False), hint
    assert site.code_in(browser.get(site.ask()))  # and nobody is signed out by it


def test_an_access_token_is_signed_by_its_own_kind_of_key__IDN_12(world: World, site: Site, browser: Browser) -> None:
    """Signed by the issuer's very own RSA key, and everything else as it should be: still no access token."""
    claims = site.claims(signed_in(site, browser))
    ports = make_ports(world.settings, world.clock, world.service.engine)
    with world.service.engine.begin() as connection:
        store = SqlStore(connection)
        keys = {each: store.signing_keys.current(each, world.clock.now()) for each in Algorithm}
        session = store.sessions.get(claims["sid"])
        client = store.clients.get(site.client_id)
    assert session
    assert client
    grant = Grant(Kind.USER, session, client, ("openid", "wardenry"))
    tokens = {
        each: ports.tokens.access_token(key, grant, world.clock.now(), session.ends_at)
        for each, key in keys.items()
        if key
    }
    assert world.get("/me", tokens[Algorithm.EDDSA]).status_code == 200
    assert world.get("/me", tokens[Algorithm.RS256]).status_code == 401
    client_ = world.service.app.test_client()
    bearer = {"Authorization": f"Bearer {tokens[Algorithm.RS256]}"}
    assert client_.get("/oidc/userinfo", headers=bearer).status_code == 401


def test_the_other_site_learns_of_it_at_its_next_refresh__IDN_10(world: World, site: Site, browser: Browser) -> None:
    signed_in(site, browser)
    other = behavioral(world)
    tokens = other.tokens(browser)
    log_out(browser)
    assert other.refresh(tokens["refresh_token"]).get_json()["error"] == "invalid_grant"
    assert log_out(browser).status_code == 200  # twice is once
    assert len(world.events("identity.session.ended.v1")) == 1
    assert world.settings.issuer == ISSUER
