"""What a client can ask about its tokens, and how it gives them back (RFC 7662, RFC 7009)."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from services.identity.adapters.tables import session
from tests.integration.identity.sites import Browser, Site, behavioral, medical, relying_site
from tests.integration.identity.world import ISSUER, World

INACTIVE = {"active": False}


def asked(site: Site, token: str, **more: str) -> dict[str, Any]:
    answer = site.call("introspect", {"token": token} | more)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return dict(answer.get_json())


def revoked(site: Site, token: str, **more: str) -> None:
    answer = site.call("revoke", {"token": token} | more)
    assert (answer.status_code, answer.get_json()) == (200, {})


@pytest.mark.parametrize("hint", [{}, *({"token_type_hint": kind} for kind in ("refresh_token", "access_token", "?"))])
def test_a_client_learns_what_its_tokens_are_worth__IDN_11(world: World, hint: dict[str, str]) -> None:
    site, browser = relying_site(world), Browser(world)
    site.scope = ("openid", "email")
    tokens = site.redeem(site.code_in(browser.sign_in(site))).get_json()
    now = int(world.clock.now().timestamp())
    told = asked(site, tokens["access_token"], **hint)
    assert told.pop("sid") == site.claims(tokens)["sid"]
    assert told == {
        "active": True,
        "iss": ISSUER,
        "sub": "mmartin5",
        "client_id": "relying-site",
        "scope": "email openid",
        "token_type": "Bearer",
        "iat": now,
        "exp": now + 300,
    }
    told = asked(site, tokens["refresh_token"], **hint)
    assert (told["active"], told["sub"], told["exp"]) == (True, "mmartin5", now + 900)
    assert "token_type" not in told


def test_of_anothers_tokens_it_learns_nothing__IDN_11(world: World) -> None:
    site, other, browser = medical(world), behavioral(world), Browser(world)
    tokens = site.redeem(site.code_in(browser.sign_in(site))).get_json()
    of_the_api = world.signed_in()
    for token in (tokens["access_token"], tokens["refresh_token"], of_the_api["access_token"], "x", "x" * 5000):
        assert asked(other, token) == INACTIVE
    assert asked(site, tokens["id_token"]) == INACTIVE


def test_what_is_over_spent_or_ended_is_worth_nothing__IDN_11_IDN_10(world: World) -> None:
    site, browser = medical(world), Browser(world)
    first = site.redeem(site.code_in(browser.sign_in(site))).get_json()
    second = site.refresh(first["refresh_token"]).get_json()
    assert asked(site, first["refresh_token"]) == INACTIVE
    assert asked(site, second["refresh_token"])["active"] is True
    world.clock.advance(minutes=6)
    assert asked(site, second["access_token"]) == INACTIVE
    assert asked(site, second["refresh_token"])["active"] is True
    world.clock.advance(minutes=10)
    assert asked(site, second["refresh_token"]) == INACTIVE


def test_signed_out_nothing_is_worth_anything_at_once__IDN_10(world: World) -> None:
    site, browser = medical(world), Browser(world)
    tokens = site.redeem(site.code_in(browser.sign_in(site))).get_json()
    out = world.service.app.test_client().post(
        "/api/identity/v1/sign-out", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    )
    assert out.status_code == 204
    assert asked(site, tokens["access_token"]) == asked(site, tokens["refresh_token"]) == INACTIVE


def test_who_cannot_show_who_they_are_is_told_nothing__IDN_11(world: World) -> None:
    site, browser = medical(world), Browser(world)
    tokens = site.redeem(site.code_in(browser.sign_in(site))).get_json()
    client, form = world.service.app.test_client(), {"token": tokens["access_token"]}
    for shown in ({}, {"client_id": site.client_id}, {"client_id": "wardenry-api"}, {"client_secret": "x"}):
        refused = client.post("/oidc/introspect", data=form | shown)
        assert (refused.status_code, refused.get_json()["error"]) == (401, "invalid_client")
    assert client.post("/oidc/introspect", data=form, auth=(site.client_id, "wrong")).status_code == 401
    assert client.post("/oidc/revoke", data=form, auth=(site.client_id, "wrong")).status_code == 401


@pytest.mark.parametrize("endpoint", ["introspect", "revoke"])
@pytest.mark.parametrize("form", [{}, {"token": ""}])
def test_a_malformed_question_is_refused__IDN_11(world: World, endpoint: str, form: dict[str, str]) -> None:
    assert medical(world).call(endpoint, form).status_code == 400


def test_a_refresh_token_given_back_ends_with_all_that_came_of_it__IDN_11(world: World) -> None:
    site, other, browser = medical(world), behavioral(world), Browser(world)
    first = site.redeem(site.code_in(browser.sign_in(site))).get_json()
    elsewhere = other.tokens(browser)
    second = site.refresh(first["refresh_token"]).get_json()
    revoked(site, first["refresh_token"], token_type_hint="refresh_token")
    for token in (first["refresh_token"], second["refresh_token"]):
        assert site.refresh(token).get_json()["error"] == "invalid_grant"
        assert asked(site, token) == INACTIVE
    assert world.events("identity.session.ended.v1") == []
    assert world.events("identity.refresh_token.reused.v1") == []
    assert other.refresh(elsewhere["refresh_token"]).status_code == 200
    assert site.tokens(browser)  # still signed in


def test_anothers_token_is_not_ended_and_an_unknown_one_is_as_good_as_ended__IDN_11(world: World) -> None:
    site, other, browser = medical(world), behavioral(world), Browser(world)
    tokens = site.redeem(site.code_in(browser.sign_in(site))).get_json()
    revoked(other, tokens["refresh_token"])
    revoked(site, "unknown")
    assert site.refresh(tokens["refresh_token"]).status_code == 200


def test_an_access_token_cannot_be_given_back_and_says_so__IDN_12(world: World) -> None:
    site, browser = medical(world), Browser(world)
    tokens = site.redeem(site.code_in(browser.sign_in(site))).get_json()
    refused = site.call("revoke", {"token": tokens["access_token"]})
    assert (refused.status_code, refused.get_json()["error"]) == (400, "unsupported_token_type")


def test_given_back_by_the_apis_own_sign_in_the_session_ends_everywhere__IDN_10(world: World) -> None:
    tokens = world.signed_in()
    form = {"client_id": "wardenry-api", "token": tokens["refresh_token"]}
    assert world.service.app.test_client().post("/oidc/revoke", data=form).status_code == 200
    (ended,) = world.events("identity.session.ended.v1")
    assert ended["reason"] == "revoked"
    assert world.get("/me", tokens["access_token"]).status_code == 401
    assert world.refresh(tokens["refresh_token"]).status_code == 400


def test_refreshed_and_given_back_at_once_nothing_is_left__IDN_11(world: World) -> None:
    site, browser = medical(world), Browser(world)
    tokens = site.redeem(site.code_in(browser.sign_in(site))).get_json()
    calls = [
        lambda: site.refresh(tokens["refresh_token"]),
        lambda: site.call("revoke", {"token": tokens["refresh_token"]}),
    ]
    answers = world.at_once(calls)
    assert Counter(answer.status_code for answer in answers)[200] >= 1
    fresh = answers[0].get_json().get("refresh_token")
    assert fresh is None or site.refresh(fresh).status_code == 400
    assert world.count(session) == 1
    assert site.tokens(browser)
