"""Sites' own programs, by their client credentials: tokens for `check`, and for nothing of a person's (ENT-10)."""

from __future__ import annotations

from functools import partial

import pytest

from chassis.db.sessions import EndedSessions, VerificationKeys
from chassis.kernel.errors import InvalidError, NotSignedInError
from chassis.security.callers import ClientCaller
from chassis.security.tokens import AccessTokenVerifier
from services.identity.application.add_client import AddClient, add_client
from services.identity.application.remove_client import RemoveClient, remove_client
from services.identity.bootstrap import operate
from tests.integration.identity.sites import Browser, Site, medical, relying_site
from tests.integration.identity.world import ISSUER, World

CHECK = "entitlements.check"


def verifier(world: World) -> AccessTokenVerifier:
    """As every service verifies what it is called with."""
    engine = world.service.engine
    return AccessTokenVerifier(ISSUER, VerificationKeys(engine), EndedSessions(engine), world.clock)


def program(world: World) -> Site:
    return relying_site(world, "checker", scopes=(CHECK, "openid", "email"))


@pytest.mark.parametrize("scope", [None, CHECK, f"openid {CHECK} support"])
def test_a_sites_program_gets_a_token_for_check__IDN_11_ENT_10(world: World, scope: str | None) -> None:
    site = program(world)
    answer = site.call("token", {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {}))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    told = answer.get_json()
    assert set(told) == {"access_token", "token_type", "expires_in", "scope"}
    assert (told["token_type"], told["expires_in"], told["scope"]) == ("Bearer", 300, CHECK)
    assert verifier(world)(told["access_token"]) == ClientCaller("checker", frozenset({CHECK}))
    world.clock.advance(seconds=311)
    with pytest.raises(NotSignedInError):
        verifier(world)(told["access_token"])


def test_a_programs_token_opens_nothing_of_a_persons__ENT_10(world: World) -> None:
    token = program(world).call("token", {"grant_type": "client_credentials"}).get_json()["access_token"]
    for path in ("/me", "/me/sessions", "/me/session"):
        assert world.get(path, token).status_code == 401
    bearer = {"Authorization": f"Bearer {token}"}
    assert world.service.app.test_client().get("/oidc/userinfo", headers=bearer).status_code == 401


@pytest.mark.parametrize("scope", ["openid", "wardenry", "support", "email openid"])
def test_a_program_gets_no_scope_of_a_persons__IDN_11(world: World, scope: str) -> None:
    answer = program(world).call("token", {"grant_type": "client_credentials", "scope": scope})
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_scope")


def test_a_person_brings_no_scope_of_a_programs__ENT_10(world: World) -> None:
    site, browser = program(world), Browser(world)
    site.scope = ("openid", CHECK)
    assert site.redeem(site.code_in(browser.sign_in(site))).get_json()["scope"] == "openid"


def test_who_is_not_registered_for_it_or_shows_nothing_gets_no_token__IDN_11(world: World) -> None:
    form = {"grant_type": "client_credentials"}
    for site in (medical(world), relying_site(world)):
        answer = site.call("token", form | {"scope": CHECK})
        assert (answer.status_code, answer.get_json()["error"]) == (400, "unauthorized_client")
    site, client = program(world), world.service.app.test_client()
    bare = client.post("/oidc/token", data=form | {"client_id": site.client_id})
    wrong = client.post("/oidc/token", data=form, auth=(site.client_id, "wrong"))
    empty = client.post("/oidc/token", data=form | {"client_id": site.client_id, "client_secret": ""})
    api = client.post("/oidc/token", data=form | {"client_id": "wardenry-api"})
    assert [answer.status_code for answer in (bare, wrong, empty, api)] == [401] * 4
    operate(world.service, world.settings, partial(remove_client, RemoveClient(site.client_id)))
    assert site.call("token", form).status_code == 401


def test_a_client_without_a_secret_cannot_be_registered_for_check__ENT_10(world: World) -> None:
    command = AddClient(name="open-checker", site="medical", redirect_uris=(), scopes=(CHECK,), public=True)
    with pytest.raises(InvalidError) as refused:
        operate(world.service, world.settings, partial(add_client, command))
    assert [fault.code for fault in refused.value.faults] == ["secret_required"]
