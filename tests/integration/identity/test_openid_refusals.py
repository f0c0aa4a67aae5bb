"""What the provider refuses, and to whom it says so: every failure that peers have had in a code flow (IDN-11)."""

from __future__ import annotations

import base64
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from tests.integration.identity.sites import Browser, Site, behavioral, error_in, medical, relying_site
from tests.integration.identity.world import World


@pytest.fixture
def site(world: World) -> Site:
    return medical(world)


@pytest.fixture
def browser(world: World, site: Site) -> Browser:
    """Somebody is signed in in it."""
    signed_in = Browser(world)
    assert signed_in.sign_in(site).status_code == 302
    return signed_in


def shown_plainly(answer: TestResponse) -> bool:
    """Told to the person alone: whoever built the address learns nothing, and nobody is sent anywhere."""
    assert "Location" not in answer.headers
    assert answer.mimetype == "application/problem+json"
    return (answer.status_code, answer.get_json()["code"]) == (400, "authorization_refused")


# --- the redirect URI, the client ---


OFF_BY_ONE: list[str | None] = [
    "https://medical.example.test/signed-in/",
    "https://medical.example.test/signed-i",
    "https://medical.example.test/Signed-in",
    "https://MEDICAL.example.test/signed-in",
    "http://medical.example.test/signed-in",
    "https://medical.example.test:443/signed-in",
    "https://medical.example.test/signed-in?more=1",
    "https://medical.example.test/signed-in#part",
    "https://medical.example.test/signed-in%20",
    "https://medical.example.test/x/../signed-in",
    "https://medical.example.test.evil.test/signed-in",
    "https://behavioral.example.test/signed-in",
    "https://user@medical.example.test/signed-in",
    ' https://medical.example.test/signed-in"\\',
    "https://médical.example.test/\n\r\x00",
    "javascript:alert(1)",
    "",
    None,
]


def test_a_redirect_uri_off_by_one_character_is_nowhere_to_go__IDN_11(browser: Browser, site: Site) -> None:
    for off in OFF_BY_ONE:
        assert shown_plainly(browser.get(site.ask(redirect_uri=off))), off


def test_a_client_that_is_none_sends_nobody_anywhere__IDN_11(browser: Browser, site: Site) -> None:
    for client_id in ("", None, "nobody", "wardenry-api", "WARDENRY-PORTAL-MEDICAL", "a\x00b", "é\"'"):
        assert shown_plainly(browser.get(site.ask(client_id=client_id))), client_id


def test_a_redirect_uri_is_compared_again_when_the_code_comes__IDN_11(browser: Browser, site: Site) -> None:
    for off in (f"{site.redirect_uri}/", "", None):
        answer = site.redeem(site.code_in(browser.get(site.ask())), redirect_uri=off)
        assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_grant")


# --- what is asked for ---


WRONG: list[tuple[dict[str, str | None], str]] = [
    ({"response_type": None}, "unsupported_response_type"),
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"response_type": "code id_token"}, "unsupported_response_type"),
    ({"response_type": '"\\\n\x00é'}, "unsupported_response_type"),
    ({"response_mode": "fragment"}, "invalid_request"),
    ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
    ({"request_uri": "https://evil.test/"}, "request_uri_not_supported"),
    ({"scope": None}, "invalid_scope"),
    ({"scope": "support entitlements.check"}, "invalid_scope"),
    ({"prompt": "none login"}, "invalid_request"),
    ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
    ({"code_challenge": None}, "invalid_request"),
    ({"code_challenge_method": None}, "invalid_request"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"code_challenge_method": "s256"}, "invalid_request"),
    ({"code_challenge": "short"}, "invalid_request"),
    ({"code_challenge": "a" * 44}, "invalid_request"),
    ({"code_challenge": "a" * 42 + "="}, "invalid_request"),
]


def test_errors_go_back_to_the_site_with_its_state__IDN_11(browser: Browser, site: Site) -> None:
    for changed, error in WRONG:
        told = error_in(browser.get(site.ask(**changed)), site)
        assert (told["error"], told["state"]) == (error, site.state), changed


def test_what_comes_twice_or_cannot_be_kept_is_refused__IDN_11(browser: Browser, site: Site) -> None:
    for name in ("client_id", "redirect_uri", "state", "scope", "nonce", "code_challenge", "prompt"):
        assert shown_plainly(browser.get(f"{site.ask(prompt='login')}&{name}=again"))
    for value in ("line\nbreak", "nul\x00", "x" * 2001):
        assert shown_plainly(browser.get(site.ask(state=value)))
        assert shown_plainly(browser.get(site.ask(nonce=value)))


def test_a_forms_parameters_stand_in_the_form__IDN_11(browser: Browser, site: Site) -> None:
    query = urlsplit(site.ask()).query
    form = {name: values[0] for name, values in parse_qs(query).items() if name != "client_id"}
    assert shown_plainly(browser.post(f"/oidc/authorize?client_id={site.client_id}", form))
    assert shown_plainly(browser.post(f"/oidc/authorize?{query}", {}))


# --- the code ---


def test_a_code_works_once_and_its_second_use_ends_all_that_came_of_it__IDN_11(
    world: World, browser: Browser, site: Site
) -> None:
    other = behavioral(world).tokens(browser)
    code = site.code_in(browser.get(site.ask()))
    tokens = site.redeem(code).get_json()
    world.clock.advance(seconds=30)
    again = site.redeem(code)
    assert (again.status_code, again.get_json()["error"]) == (400, "invalid_grant")
    for each in (tokens, other):
        assert world.get("/me", each["access_token"]).status_code == 401
    assert site.refresh(tokens["refresh_token"]).status_code == 400
    assert behavioral(world).refresh(other["refresh_token"]).status_code == 400
    assert [event["reason"] for event in world.events("identity.session.ended.v1")] == ["authorization_code_reused"]
    browser.begin(site)  # to be signed in anew


def test_of_fifty_who_bring_one_code_one_gets_tokens__IDN_11(world: World, browser: Browser, site: Site) -> None:
    code = site.code_in(browser.get(site.ask()))
    answers = world.at_once([lambda: site.redeem(code)] * 50)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: 49}
    assert {answer.get_json()["error"] for answer in answers if answer.status_code == 400} == {"invalid_grant"}
    assert len(world.events("identity.session.ended.v1")) == 1


def test_a_code_is_old_after_a_minute_and_after_its_session__IDN_11(world: World, browser: Browser, site: Site) -> None:
    code = site.code_in(browser.get(site.ask()))
    world.clock.advance(seconds=60)
    assert site.redeem(code).status_code == 400
    code = site.code_in(browser.get(site.ask()))
    assert browser.get("/oidc/logout").status_code == 200
    assert site.redeem(code).status_code == 400


def test_another_client_neither_redeems_nor_spoils_a_code__IDN_11(world: World, browser: Browser, site: Site) -> None:
    other, thief = behavioral(world), relying_site(world, "thief", public=True)
    code = site.code_in(browser.get(site.ask()))
    for client in (other, thief):
        stolen = client.redeem(code, redirect_uri=site.redirect_uri, code_verifier=site.verifier)
        assert (stolen.status_code, stolen.get_json()["error"]) == (400, "invalid_grant")
    assert site.redeem(code).status_code == 200
    assert thief.redeem(code).status_code == 400  # nor does it end what it has not got
    assert world.events("identity.session.ended.v1") == []


def test_a_code_without_its_verifier_is_worth_nothing__IDN_11(browser: Browser, site: Site) -> None:
    for verifier in (None, "", "b" * 64, "short", "a" * 129, "é" * 43, "\x00" * 50):
        answer = site.redeem(site.code_in(browser.get(site.ask())), code_verifier=verifier)
        assert answer.status_code == 400, verifier
        assert answer.get_json()["error"] in {"invalid_request", "invalid_grant"}


def test_a_verifier_is_of_its_own_flow__IDN_11(browser: Browser, site: Site) -> None:
    first = site.code_in(browser.get(site.ask()))
    site.code_in(browser.get(site.ask()))
    answer = site.redeem(first)  # with the second flow's verifier
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_grant")


def test_an_old_client_may_do_without_pkce_but_not_by_half__IDN_11(world: World) -> None:
    site, browser = relying_site(world, pkce=False), Browser(world)
    browser.sign_in(medical(world))
    bare = {"code_challenge": None, "code_challenge_method": None}
    assert site.redeem(site.code_in(browser.get(site.ask(**bare))), code_verifier=None).status_code == 200
    downgraded = site.redeem(site.code_in(browser.get(site.ask(**bare))))
    assert (downgraded.status_code, downgraded.get_json()["error"]) == (400, "invalid_request")
    assert error_in(browser.get(site.ask(code_challenge_method="plain")), site)["error"] == "invalid_request"
    assert site.redeem(site.code_in(browser.get(site.ask())), code_verifier=None).status_code == 400


def test_a_public_client_needs_its_verifier_and_no_secret__IDN_11(world: World) -> None:
    site, browser = relying_site(world, public=True), Browser(world)
    answer = browser.sign_in(site)
    assert site.redeem(site.code_in(answer)).status_code == 200
    assert error_in(browser.get(site.ask(code_challenge=None)), site)["error"] == "invalid_request"
    assert site.redeem(site.code_in(browser.get(site.ask())), client_secret="").status_code == 401
    assert site.redeem(site.code_in(browser.get(site.ask())), client_secret="x").status_code == 401


def test_what_is_no_code_is_refused__IDN_11(site: Site) -> None:
    for code in ("", "x", "\x00", "é" * 2000, "wardenry-portal-medical"):
        assert site.redeem(code).status_code == 400, code


# --- the client ---


def basic(text: str | bytes) -> dict[str, str]:
    encoded = base64.b64encode(text.encode() if isinstance(text, str) else text).decode()
    return {"Authorization": f"Basic {encoded}"}


SHOWN_WRONGLY: list[tuple[dict[str, str], dict[str, str]]] = [
    ({}, {}),
    ({}, {"client_id": "wardenry-portal-medical"}),
    ({}, {"client_id": "wardenry-portal-medical", "client_secret": ""}),
    ({}, {"client_id": "wardenry-portal-medical", "client_secret": "wrong"}),
    ({}, {"client_id": "nobody", "client_secret": "wrong"}),
    ({}, {"client_id": "a\x00", "client_secret": "\x00"}),
    (basic("wardenry-portal-medical:"), {}),
    (basic("wardenry-portal-medical"), {}),
    (basic("wardenry-portal-medical:wrong"), {}),
    (basic(":"), {}),
    (basic(b"\xff\xfe:\xff"), {}),
    ({"Authorization": "Basic ???"}, {}),
    ({"Authorization": "Basic"}, {}),
    (basic("wardenry-api:"), {}),
    (basic("wardenry-api:secret"), {}),
]


def test_a_client_that_does_not_show_who_it_is_gets_nothing__IDN_11(world: World, browser: Browser, site: Site) -> None:
    code = site.code_in(browser.get(site.ask()))
    body = {"grant_type": "authorization_code", "code": code, "redirect_uri": site.redirect_uri}
    for headers, form in SHOWN_WRONGLY:
        answer = world.service.app.test_client().post(
            "/oidc/token", data=body | {"code_verifier": site.verifier} | form, headers=headers
        )
        assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client"), (headers, form)
        assert answer.headers["Cache-Control"] == "no-store"
    assert site.redeem(code).status_code == 200  # nothing is spoilt by it


def test_one_way_of_showing_is_enough_and_the_most__IDN_11(world: World, browser: Browser, site: Site) -> None:
    client = world.service.app.test_client()
    assert site.secret is not None
    shown = {"client_id": site.client_id, "client_secret": site.secret}
    body = {"grant_type": "authorization_code", "redirect_uri": site.redirect_uri}

    def code() -> dict[str, str]:
        fresh = site.code_in(browser.get(site.ask()))
        return {"code": fresh, "code_verifier": site.verifier}

    assert client.post("/oidc/token", data=body | code() | shown).status_code == 200
    header = basic(f"{site.client_id}:{site.secret}")
    for mixed in (shown, {"client_id": "wardenry-portal-behavioral"}):
        answer = client.post("/oidc/token", data=body | code() | mixed, headers=header)
        assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")
    in_address = client.post("/oidc/token?client_id=x", data=body | code() | shown)
    assert in_address.get_json()["error"] == "invalid_request"


def test_the_apis_own_client_gets_no_codes__IDN_11(world: World, browser: Browser, site: Site) -> None:
    form = {"grant_type": "authorization_code", "client_id": "wardenry-api", "code": "x", "code_verifier": "a" * 43}
    answer = world.service.app.test_client().post("/oidc/token", data=form)
    assert (answer.status_code, answer.get_json()["error"]) == (400, "unauthorized_client")


def test_an_unknown_grant_is_told_in_plain_letters__IDN_11(world: World, site: Site) -> None:
    for grant_type in ("password", "implicit", '"\\\n\x00'):
        answer = site.call("token", {"grant_type": grant_type})
        assert (answer.status_code, answer.get_json()["error"]) == (400, "unsupported_grant_type")
        assert answer.get_json().get("error_description", "").isprintable()


# --- refresh tokens ---


def test_a_refresh_token_is_its_clients_own__IDN_11(world: World, browser: Browser, site: Site) -> None:
    token = site.tokens(browser)["refresh_token"]
    assert behavioral(world).refresh(token).get_json()["error"] == "invalid_grant"
    assert world.refresh(token).get_json()["error"] == "invalid_grant"
    assert site.refresh(token).status_code == 200
    assert world.events("identity.session.ended.v1") == []


def test_a_replayed_refresh_token_ends_every_clients__IDN_11(world: World, browser: Browser, site: Site) -> None:
    tokens, other = site.tokens(browser), behavioral(world).tokens(browser)
    renewed = site.refresh(tokens["refresh_token"]).get_json()
    assert site.refresh(tokens["refresh_token"]).status_code == 400
    assert site.refresh(renewed["refresh_token"]).status_code == 400
    assert behavioral(world).refresh(other["refresh_token"]).status_code == 400
    assert world.get("/me", renewed["access_token"]).status_code == 401
    assert len(world.events("identity.refresh_token.reused.v1")) == 1


def test_refreshing_narrows_what_was_granted_and_never_widens_it__IDN_11(world: World) -> None:
    site, browser = relying_site(world), Browser(world)
    site.scope = ("openid", "email")
    token = site.redeem(site.code_in(browser.sign_in(site))).get_json()["refresh_token"]
    wider = site.refresh(token, scope="openid profile")
    assert (wider.status_code, wider.get_json()["error"]) == (400, "invalid_scope")
    narrowed = site.refresh(token, scope="openid").get_json()  # the refusal has spent nothing
    assert narrowed["scope"] == "openid"
    assert site.refresh(narrowed["refresh_token"]).get_json()["scope"] == "openid email"
