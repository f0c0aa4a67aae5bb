"""From a site to a session and back, over HTTP, with a client library that shares nothing with the provider."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from services.identity.adapters.openid_tables import authorization_code, authorization_request, sign_in_ticket
from services.identity.adapters.tables import session
from services.identity.domain.signing_keys import Algorithm
from tests.integration.identity.sites import (
    REQUEST,
    SESSION,
    Browser,
    behavioral,
    error_in,
    medical,
    relying_site,
    ticketed,
)
from tests.integration.identity.world import ISSUER, World


def body_of(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    read: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return read


def userinfo(world: World, token: str) -> Any:
    return world.service.app.test_client().get("/oidc/userinfo", headers={"Authorization": f"Bearer {token}"})


def test_discovery_tells_what_there_is__IDN_11(world: World) -> None:
    client = world.service.app.test_client()
    answer = client.get("/.well-known/openid-configuration")
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    told = answer.get_json()
    assert told["issuer"] == ISSUER
    assert told["response_types_supported"] == ["code"]
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["id_token_signing_alg_values_supported"] == ["RS256", "EdDSA"]
    assert "none" not in told["id_token_signing_alg_values_supported"]
    assert told["request_uri_parameter_supported"] is False
    for name, address in told.items():
        if name.endswith(("_endpoint", "_uri")):
            assert address.startswith(f"{ISSUER}/")
            assert client.get(address.removeprefix(ISSUER)).status_code != 404
    keys = client.get("/oidc/jwks.json").get_json()["keys"]
    assert [(key["kty"], key["alg"], key["use"]) for key in keys] == [("OKP", "EdDSA", "sig"), ("RSA", "RS256", "sig")]
    assert not any(set(key) & {"d", "p", "q"} for key in keys)


def test_one_sign_in_serves_every_site__IDN_11(world: World) -> None:
    first, second, browser = medical(world), behavioral(world), Browser(world)
    answer = browser.sign_in(first)
    tokens = first.redeem(first.code_in(answer)).get_json()
    claims = first.claims(tokens)
    assert (claims["sub"], claims["acr"]) == ("mmartin5", "urn:wardenry:acr:email-code")
    assert claims["exp"] - claims["iat"] == 300
    other = second.tokens(browser)  # without being asked
    assert second.claims(other)["sid"] == claims["sid"]
    assert [body_of(each["access_token"])["site"] for each in (tokens, other)] == ["medical", "behavioral"]
    assert body_of(other["access_token"])["client_id"] == "wardenry-portal-behavioral"
    assert world.count(session) == 1
    assert [world.get("/me", each["access_token"]).status_code for each in (tokens, other)] == [200, 200]
    assert world.events("identity.sign_in.succeeded.v1") == [
        {
            "user_id": "mmartin5",
            "session_id": claims["sid"],
            "site": "medical",
            "acr": claims["acr"],
            "amr": claims["amr"],
            "client_id": "wardenry-portal-medical",
            "risk": {"score": 0, "reasons": []},
        }
    ]


def test_the_tokens_answer_is_whole_and_kept_by_nobody__IDN_12(world: World) -> None:
    site, browser = medical(world), Browser(world)
    answer = site.redeem(site.code_in(browser.sign_in(site)))
    assert answer.headers["Cache-Control"] == "no-store"
    tokens = answer.get_json()
    assert set(tokens) == {"access_token", "token_type", "expires_in", "refresh_token", "scope", "id_token"}
    assert (tokens["token_type"], tokens["expires_in"], tokens["scope"]) == ("Bearer", 300, "openid wardenry")
    assert set(site.refresh(tokens["refresh_token"]).get_json()) == set(tokens) - {"id_token"}


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_each_client_chooses_how_id_tokens_are_signed__IDN_11(world: World, algorithm: Algorithm) -> None:
    site, browser = relying_site(world, id_token_algorithm=algorithm), Browser(world)
    tokens = site.redeem(site.code_in(browser.sign_in(site))).get_json()
    if algorithm is Algorithm.RS256:
        assert site.claims(tokens)["sub"] == "mmartin5"
    else:
        assert body_of(tokens["id_token"])["sub"] == "mmartin5"
    header = tokens["id_token"].partition(".")[0]
    assert json.loads(base64.urlsafe_b64decode(header + "=="))["alg"] == algorithm


def test_a_sites_token_opens_userinfo_and_not_the_api__IDN_12(world: World) -> None:
    site, browser = relying_site(world), Browser(world)
    site.scope = ("openid", "email", "wardenry", "support", "entitlements.check", "no-such")
    tokens = site.redeem(site.code_in(browser.sign_in(site, "support1"))).get_json()
    assert tokens["scope"] == "openid email"
    assert body_of(tokens["access_token"])["scope"] == "email openid"
    assert userinfo(world, tokens["access_token"]).status_code == 200
    for path in ("/me", "/me/sessions", "/me/session"):
        assert world.get(path, tokens["access_token"]).status_code == 401
    renewed = site.refresh(tokens["refresh_token"]).get_json()
    assert world.get("/me", renewed["access_token"]).status_code == 401


def test_the_portals_token_carries_what_the_account_brings__IDN_12(world: World) -> None:
    site, browser = medical(world), Browser(world)
    tokens = site.redeem(site.code_in(browser.sign_in(site, "support1"))).get_json()
    assert body_of(tokens["access_token"])["scope"].split() == ["openid", "support", "wardenry"]


@pytest.mark.parametrize(
    ("scope", "claims"),
    [
        ("openid", {"sub"}),
        ("openid profile", {"sub", "name", "given_name", "family_name", "preferred_username", "locale"}),
        ("openid email", {"sub", "email", "email_verified"}),
        ("openid phone", {"sub", "phone_number", "phone_number_verified"}),
        ("openid address", {"sub", "address"}),
    ],
)
def test_userinfo_tells_what_the_scopes_open__IDN_11(world: World, scope: str, claims: set[str]) -> None:
    site, browser = relying_site(world), Browser(world)
    site.scope = tuple(scope.split())
    token = site.redeem(site.code_in(browser.sign_in(site))).get_json()["access_token"]
    by_get = userinfo(world, token)
    assert set(by_get.get_json()) == claims
    client = world.service.app.test_client()
    by_header = client.post("/oidc/userinfo", headers={"Authorization": f"Bearer {token}"})
    by_form = client.post("/oidc/userinfo", data={"access_token": token})
    assert by_get.get_json() == by_header.get_json() == by_form.get_json()


def test_userinfo_is_for_its_own_tokens__IDN_11(world: World) -> None:
    client = world.service.app.test_client()
    assert client.get("/oidc/userinfo").headers["WWW-Authenticate"].startswith("Bearer")
    assert client.get("/oidc/userinfo?access_token=x").status_code == 401
    for token in ("x", world.signed_in()["access_token"]):
        refused = userinfo(world, token)
        assert (refused.status_code, refused.get_json()["error"]) == (401, "invalid_token")
    site, browser = medical(world), Browser(world)
    tokens = site.redeem(site.code_in(browser.sign_in(site))).get_json()
    assert userinfo(world, tokens["id_token"]).status_code == 401
    assert world.get("/me", tokens["id_token"]).status_code == 401
    site.scope = ("profile", "wardenry")
    bare = site.tokens(browser)
    assert "id_token" not in bare
    assert userinfo(world, bare["access_token"]).status_code == 403


def test_prompt_and_max_age_are_heeded__IDN_11(world: World) -> None:
    site, browser = medical(world), Browser(world)
    refused = error_in(browser.get(site.ask(prompt="none")), site)
    assert (refused["error"], refused["state"]) == ("login_required", site.state)
    begun = site.claims(site.redeem(site.code_in(browser.sign_in(site))).get_json())
    quiet = site.redeem(site.code_in(browser.get(site.ask(prompt="none")))).get_json()
    assert site.claims(quiet)["auth_time"] == begun["auth_time"]
    assert site.code_in(browser.get(site.ask(max_age="10000")))
    world.clock.advance(minutes=2)
    assert error_in(browser.get(site.ask(prompt="none", max_age="60")), site)["error"] == "login_required"
    for asking in ({"max_age": "60"}, {"prompt": "login"}, {"prompt": "select_account"}):
        browser.begin(site, **asking)
    assert site.code_in(browser.get(site.ask()))


def test_signing_in_again_renews_the_session_that_is_there__IDN_10(world: World) -> None:
    site, browser = medical(world), Browser(world)
    before = site.claims(site.redeem(site.code_in(browser.sign_in(site))).get_json())
    former = dict(browser.cookies)
    world.clock.advance(minutes=2)
    answer = browser.get(ticketed(world, browser.begin(site, prompt="login")))
    after = site.claims(site.redeem(site.code_in(answer)).get_json())
    assert after["sid"] == before["sid"]
    assert after["auth_time"] > before["auth_time"]
    assert browser.cookies[SESSION] != former[SESSION]
    old = Browser(world, {SESSION: former[SESSION]})
    old.begin(site)  # the former cookie names nothing any more


def test_a_form_is_asked_again_by_get_so_that_cookies_come_along__IDN_11(world: World) -> None:
    site, browser = medical(world), Browser(world)
    form = {name: values[0] for name, values in parse_qs(urlsplit(site.ask()).query).items()}
    again = browser.post("/oidc/authorize", form)
    assert again.status_code == 303
    assert browser.get(again.headers["Location"].removeprefix(ISSUER)).headers["Location"].startswith(f"{ISSUER}/sign")
    browser.sign_in(site)
    form = {name: values[0] for name, values in parse_qs(urlsplit(site.ask()).query).items()}
    assert site.code_in(browser.post("/oidc/authorize", form))


def test_what_is_unknown_or_only_advises_is_passed_over__IDN_11(world: World) -> None:
    site, browser = medical(world), Browser(world)
    browser.sign_in(site)
    more = {"display": "popup", "login_hint": "someone", "claims_locales": "se", "acr_values": "1 2", "extra": "foobar"}
    assert site.code_in(browser.get(site.ask(**more)))


def test_what_is_over_is_purged_and_codes_end_with_their_session__IDN_11(world: World) -> None:
    site, browser = medical(world), Browser(world)
    browser.sign_in(site)
    browser.get(site.ask())
    Browser(world).begin(site)
    errand = world.service.errands[0]
    world.clock.advance(days=3)
    errand.step()
    for table in (authorization_code, authorization_request, sign_in_ticket, session):
        assert world.count(table) == 0


def test_cookies_last_as_long_as_they_must__IDN_10(world: World) -> None:
    site, browser = medical(world), Browser(world)
    answer = browser.get(site.ask())
    lifetime = timedelta(minutes=30)
    assert f"Max-Age={int(lifetime.total_seconds())}" in answer.headers["Set-Cookie"]
    assert set(browser.cookies) == {REQUEST}
