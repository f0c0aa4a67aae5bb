"""What holds for every page."""

from __future__ import annotations

import pytest

from services.portal.application.errors import ProblemError
from tests.unit.portal.world import World

ME = {"profile": {"first_name": "Mary"}}


def test_a_page_lets_nothing_in_from_elsewhere(world: World) -> None:
    headers = world.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'")
    assert "unsafe" not in policy
    assert headers["Cache-Control"] == "no-store"


def test_the_cookie_is_the_sites_own_and_holds_a_token_alone__IDN_16(world: World) -> None:
    world.sign_in()
    cookie = world.browser.get_cookie("__Host-wardenry-medical", "medical.test")
    assert cookie is not None
    assert (cookie.secure, cookie.http_only, cookie.same_site, cookie.path) == (True, True, "Lax", "/")
    assert cookie.value in world.sessions.rows


def test_a_page_for_the_signed_in_leads_to_signing_in_and_back(world: World) -> None:
    world.api.says("GET", "/api/identity/v1/me", ME)
    assert world.get("/for-tests").location.endswith("/login")
    world.get("/login")
    answer = world.get("/signed-in?state=state-medical&code=good&iss=http://issuer.test")
    assert answer.location == "http://medical.test/for-tests"
    assert "Mary" in world.get("/for-tests").text


def test_signing_in_changes_the_sessions_token(world: World) -> None:
    world.get("/login")
    before = set(world.sessions.rows)
    world.get("/signed-in?state=state-medical&code=good&iss=http://issuer.test")
    assert not before & set(world.sessions.rows)


@pytest.mark.parametrize(
    "query",
    [
        "state=other&code=good&iss=http://issuer.test",
        "state=state-medical&code=good&iss=http://evil.test",
        "state=state-medical&code=stolen&iss=http://issuer.test",
        "code=good",
        "",
    ],
)
def test_a_sign_in_that_was_not_begun_here_is_refused__IDN_11(world: World, query: str) -> None:
    world.get("/login")
    assert world.get(f"/signed-in?{query}").status_code == 400
    assert world.get("/for-tests").status_code == 303


def test_a_form_without_the_sessions_token_is_refused(world: World) -> None:
    world.sign_in()
    world.page = ""
    answer = world.post("/for-tests")
    assert answer.status_code == 400
    assert "no longer valid" in answer.text


def test_a_form_from_another_origin_is_refused(world: World) -> None:
    world.api.says("GET", "/api/identity/v1/me", ME)
    world.sign_in()
    world.get("/for-tests")
    where = {"base_url": "http://medical.test", "headers": {"X-Wardenry-Site": "medical", "Origin": "http://evil.test"}}
    assert world.browser.post("/for-tests", data=world.hidden(), **where).status_code == 403


def test_a_host_that_is_not_the_sites_leads_to_it(world: World) -> None:
    answer = world.browser.get("/help?x=1", base_url="http://evil.test", headers={"X-Wardenry-Site": "medical"})
    assert (answer.status_code, answer.location) == (302, "http://medical.test/help?x=1")


def test_an_expired_access_token_is_renewed_once__IDN_12(world: World) -> None:
    world.api.says("GET", "/api/identity/v1/me", ME)
    world.sign_in()
    world.clock.advance(minutes=6)
    assert world.get("/for-tests").status_code == 200
    assert world.get("/for-tests").status_code == 200
    assert world.issuer.refreshed == 1
    assert world.api.calls[-1].calling.token == "access-1"


def test_a_session_that_ended_elsewhere_is_over_here__IDN_10(world: World) -> None:
    world.sign_in()
    world.ended.add("session-1")
    assert world.get("/for-tests").location.endswith("/login")
    assert not any("tokens" in row.data for row in world.sessions.rows.values())


def test_a_session_whose_refresh_fails_is_over__IDN_10(world: World) -> None:
    world.sign_in()
    world.clock.advance(minutes=6)
    world.issuer.sessions_over = True
    assert world.get("/for-tests").location.endswith("/login")


def test_an_api_that_is_down_is_said_so_with_a_way_on(world: World) -> None:
    world.sign_in()
    world.api.says("GET", "/api/identity/v1/me", ProblemError(503, "unavailable", retry_after=5))
    answer = world.get("/for-tests")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Down for a moment" in answer.text


def test_the_browsers_language_counts_until_one_is_chosen(world: World) -> None:
    where = {"base_url": "http://medical.test"}
    headers = {"X-Wardenry-Site": "medical", "Accept-Language": "es-MX,es;q=0.9"}
    assert 'lang="es"' in world.browser.get("/", headers=headers, **where).text
    assert world.get("/language/es?back=/nothing").location == "http://medical.test/nothing"
    assert '<html lang="es">' in world.get("/").text


def test_static_files_are_kept_for_ever_and_compressed(world: World) -> None:
    world.get("/")
    path = world.page.split('rel="stylesheet" href="')[2].split('"')[0]
    where = {"base_url": "http://medical.test"}
    answer = world.browser.get(path, headers={"Accept-Encoding": "gzip"}, **where)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
