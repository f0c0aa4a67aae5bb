"""A sign-in is its own browser's, and a browser has one session, which ends for every site at once (IDN-10, IDN-11)."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import MetaData, select, update
from werkzeug.test import TestResponse

from services.identity.adapters.tables import account, session
from services.identity.domain.accounts import State
from tests.integration.identity.sites import (
    REQUEST,
    SESSION,
    Browser,
    Site,
    behavioral,
    error_in,
    handle_in,
    last_step,
    medical,
    ticketed,
)
from tests.integration.identity.world import ISSUER, World


@pytest.fixture
def site(world: World) -> Site:
    return medical(world)


def not_carried_on(answer: TestResponse) -> bool:
    assert "Location" not in answer.headers
    assert not any(SESSION in line for line in answer.headers.getlist("Set-Cookie"))
    return (answer.status_code, answer.get_json()["code"]) == (400, "sign_in_not_carried_on")


def test_a_flow_begun_in_one_browser_is_finished_in_no_other__IDN_11(world: World, site: Site) -> None:
    """Whoever signs in for an attacker's request, or follows an attacker's ticket, does not become part of it."""
    mine, theirs, bare = Browser(world), Browser(world), Browser(world)
    theirs.begin(site)
    for other in (theirs, bare):
        path = ticketed(world, mine.begin(site))
        assert not_carried_on(other.get(path))
        assert not_carried_on(mine.get(path))  # what was shown in the wrong place is void in the right one
    assert world.count(session) == 0


AS_BROWSERS_SAY = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_a_person_whose_sign_in_stops_is_led_to_a_page_about_it__IDN_11(world: World, site: Site) -> None:
    mine, theirs = Browser(world), Browser(world, accepts=AS_BROWSERS_SAY)
    for path, why in (
        (ticketed(world, mine.begin(site)), "sign_in_not_carried_on"),
        ("/oidc/continue?ticket=of-nothing", "sign_in_not_carried_on"),
        (site.ask(client_id="nobody"), "authorization_refused"),
        (site.ask(redirect_uri="https://elsewhere.test/"), "authorization_refused"),
    ):
        answer = theirs.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{ISSUER}/sign-in/stopped?why={why}")
        assert not any(SESSION in line for line in answer.headers.getlist("Set-Cookie"))
        assert mine.get(path).content_type == "application/problem+json"


def test_a_ticket_works_once_and_for_a_minute__IDN_11(world: World, site: Site) -> None:
    browser = Browser(world)
    path = ticketed(world, browser.begin(site))
    assert site.code_in(browser.get(path))
    assert not_carried_on(browser.get(path))
    path = ticketed(world, browser.begin(site, prompt="login"))
    world.clock.advance(seconds=60)
    assert not_carried_on(browser.get(path))


def test_of_many_who_follow_a_ticket_at_once_one_goes_on__IDN_11(world: World, site: Site) -> None:
    browser = Browser(world)
    path = ticketed(world, browser.begin(site))
    copies = [Browser(world, dict(browser.cookies)) for _ in range(8)]
    answers = world.at_once([lambda copy=copy: copy.get(path) for copy in copies])  # type: ignore[misc]
    assert Counter(answer.status_code for answer in answers) == {302: 1, 400: 7}
    assert world.count(session) == 1


def test_a_request_is_answered_once_and_within_half_an_hour__IDN_11(world: World, site: Site) -> None:
    browser = Browser(world)
    handle = browser.begin(site)
    paths = [ticketed(world, handle) for _ in range(2)]  # the second click of an impatient person
    world.clock.advance(seconds=-60)
    assert browser.get(paths[0]).status_code == 302
    assert not_carried_on(browser.get(paths[1]))
    assert last_step(world, handle).get_json()["code"] == "authorization_over"
    handle = browser.begin(site, prompt="login")
    world.clock.advance(minutes=30)
    assert last_step(world, handle).status_code == 409


def test_a_request_that_is_over_costs_no_code__IDN_2(world: World, site: Site) -> None:
    step = world.begin()
    world.send(step)
    body = {"method": step["methods"][0]["id"], "code": world.code()}
    path, secret = f"/sign-in/{step['challenge']}/verify", step["challenge_secret"]
    for handle in ("", "nobody", "x" * 2000):
        answer = world.post(path, body, X_Challenge_Secret=secret, X_Authorization_Request=handle)
        assert (answer.status_code, answer.get_json()["code"]) == (409, "authorization_over")
    handle = Browser(world).begin(site)
    answer = world.post(path, body, X_Challenge_Secret=secret, X_Authorization_Request=handle)
    assert answer.get_json()["state"] == "signed_in"


def test_two_tabs_finish_each_its_own__IDN_11(world: World, site: Site) -> None:
    browser, other = Browser(world), behavioral(world)
    first, second = browser.begin(site), browser.begin(other)
    later = ticketed(world, second)
    assert other.code_in(browser.get(later))
    assert site.code_in(browser.get(ticketed(world, first)))
    assert world.count(session) == 1


def test_nobody_chooses_what_a_request_is_bound_to__IDN_11(world: World, site: Site) -> None:
    planted = "A" * 43
    browser = Browser(world, {REQUEST: planted})
    browser.begin(site)
    assert browser.cookies[REQUEST] != planted


def test_one_kind_of_secret_is_nothing_in_anothers_place__IDN_11(world: World, site: Site) -> None:
    browser = Browser(world)
    handle = browser.begin(site)
    path = ticketed(world, handle)
    ticket = path.partition("=")[2]
    assert site.code_in(browser.get(path))
    claims = site.claims(site.tokens(browser))
    tokens = site.tokens(browser)
    kinds = (handle, ticket, claims["sid"], tokens["access_token"], tokens["refresh_token"], browser.cookies[REQUEST])
    for secret in (*kinds, "", "mmartin5"):
        assert error_in(Browser(world, {SESSION: secret}).get(site.ask(prompt="none")), site)
        assert not_carried_on(browser.get(f"/oidc/continue?ticket={secret}"))
        assert site.refresh(browser.cookies[SESSION]).status_code == 400


def test_who_signs_in_after_another_gets_nothing_of_theirs__IDN_10(world: World, site: Site) -> None:
    browser, other = Browser(world), behavioral(world)
    mary = site.redeem(site.code_in(browser.sign_in(site))).get_json()
    hers = other.tokens(browser)
    path = ticketed(world, browser.begin(site, prompt="login"), "support1")
    agent = site.claims(site.redeem(site.code_in(browser.get(path))).get_json())
    assert agent["sub"] == "support1"
    assert other.claims(other.tokens(browser))["sub"] == "support1"
    for tokens, client in ((mary, site), (hers, other)):
        assert world.get("/me", tokens["access_token"]).status_code == 401
        assert client.refresh(tokens["refresh_token"]).status_code == 400
    assert [event["reason"] for event in world.events("identity.session.ended.v1")] == ["replaced"]


def test_a_session_ends_for_all_sites_by_idling_and_by_time__IDN_10(world: World, site: Site) -> None:
    browser, other = Browser(world), behavioral(world)
    tokens = site.redeem(site.code_in(browser.sign_in(site))).get_json()
    for _ in range(50):  # used at one site, it lives on at the other
        world.clock.advance(minutes=14)
        tokens = site.refresh(tokens["refresh_token"]).get_json()
    assert other.code_in(browser.get(other.ask()))
    world.clock.advance(minutes=15)
    browser.begin(site)
    assert site.refresh(tokens["refresh_token"]).status_code == 400
    browser.sign_in(site)
    for _ in range(52):
        world.clock.advance(minutes=13, seconds=50)
        assert site.code_in(browser.get(site.ask()))
    world.clock.advance(minutes=2)
    browser.begin(site)


def test_signed_out_at_one_site_is_signed_out_at_all__IDN_10(world: World, site: Site) -> None:
    browser, other = Browser(world), behavioral(world)
    tokens = site.redeem(site.code_in(browser.sign_in(site))).get_json()
    others = other.tokens(browser)
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    answer = world.service.app.test_client().post("/api/identity/v1/sign-out", headers=bearer)
    assert answer.status_code == 204
    browser.begin(site)
    assert world.get("/me", others["access_token"]).status_code == 401
    assert other.refresh(others["refresh_token"]).status_code == 400


def test_a_disabled_account_is_nobodys_to_use__IDN_10(world: World, site: Site) -> None:
    browser = Browser(world)
    tokens = site.redeem(site.code_in(browser.sign_in(site))).get_json()
    code = site.code_in(browser.get(site.ask()))
    pending = ticketed(world, browser.begin(site, prompt="login"))
    with world.service.engine.begin() as connection:
        connection.execute(update(account).where(account.c.user_id == "mmartin5").values(state=State.DISABLED))
    assert site.redeem(code).status_code == 400
    assert not_carried_on(browser.get(pending))
    browser.begin(site)
    assert site.refresh(tokens["refresh_token"]).status_code == 400
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert world.service.app.test_client().get("/oidc/userinfo", headers=bearer).status_code == 401


def test_a_forged_host_changes_no_address__IDN_11(world: World, site: Site) -> None:
    client = world.service.app.test_client()
    forged = {"Host": "evil.test", "X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "http"}
    assert handle_in(client.get(site.ask(), headers=forged))
    told = client.get("/.well-known/openid-configuration", headers=forged).get_json()
    assert told["issuer"] == ISSUER
    assert "evil" not in str(told)


def test_no_secret_stands_in_the_database__IDN_16(world: World, site: Site) -> None:
    browser = Browser(world)
    handle = browser.begin(site)
    path = ticketed(world, handle)
    answer = browser.get(path)
    code = site.code_in(browser.get(site.ask()))
    tokens = site.redeem(site.code_in(browser.get(site.ask()))).get_json()
    open_request = browser.begin(site, prompt="login")
    open_ticket = ticketed(world, open_request)
    metadata = MetaData()
    metadata.reflect(world.service.engine)
    with world.service.engine.connect().execution_options(write=False) as connection:
        dump = "".join(str(connection.execute(select(table)).all()) for table in metadata.sorted_tables)
    secrets: list[Any] = [handle, path.partition("=")[2], code, open_request, open_ticket.partition("=")[2]]
    secrets += [*browser.cookies.values(), tokens["access_token"], tokens["refresh_token"], site.secret]
    assert answer.status_code == 302
    assert not [secret for secret in secrets if secret in dump]
