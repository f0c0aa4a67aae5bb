"""A browser's one session: how it begins, is renewed, found and ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.identity.application.complete_sign_in import complete_sign_in
from services.identity.application.find_browser_session import find_browser_session
from services.identity.application.log_out import LogOut, log_out
from services.identity.application.purge_expired import purge_expired
from services.identity.application.session_desk import Opening
from services.identity.domain.accounts import State
from services.identity.domain.errors import AuthorizationOverError, NotThisBrowserError
from services.identity.domain.events import SessionEnded, SignInSucceeded
from services.identity.domain.sessions import EMAIL_CODE, EndReason, Session
from tests.unit.identity.oidc.flows import carried_on, kept, registered, signed_in, ticket
from tests.unit.identity.world import FakeWork, World


@pytest.fixture
def world() -> World:
    world = World().has_key()
    world.active()
    world.active("geogym1")
    registered(world)
    return world


def found(world: World, cookie: str | None, max_age: timedelta | None = None) -> Session | None:
    return find_browser_session(cookie, FakeWork(world.store), world.ports, max_age)


def test_nothing_is_told_before_the_browser_has_gone_on__IDN_11(world: World) -> None:
    request = kept(world)
    brought = ticket(world, request.handle)
    assert world.happened(SignInSucceeded) == []
    assert world.store.sessions.kept == {}
    continued = carried_on(world, brought, request.browser)
    told = world.happened(SignInSucceeded)
    assert [(event.session.id, event.client_id) for event in told] == [(continued.session.id, "relying-site")]
    assert world.store.accounts.kept["mmartin5"].last_sign_in_at == world.clock.now()


def test_secrets_are_kept_as_hashes_alone__IDN_16(world: World) -> None:
    request = kept(world)
    brought = ticket(world, request.handle)
    assert list(world.store.authorization_requests.kept) == [f"sha256({request.handle})"]
    assert list(world.store.sign_in_tickets.kept) == [f"sha256({brought})"]
    continued = carried_on(world, brought, request.browser)
    assert world.store.sessions.bound == {continued.session.id: f"sha256({continued.cookie})"}


def test_a_ticket_from_before_a_new_password_begins_nothing__IDN_7(world: World) -> None:
    request = kept(world)
    brought = ticket(world, request.handle)
    world.clock.advance(seconds=1)
    account = world.store.accounts.kept["mmartin5"]
    world.store.accounts.save(account.with_password("another", world.clock.now()))
    with pytest.raises(NotThisBrowserError):
        carried_on(world, brought, request.browser)
    assert world.store.sessions.kept == {}
    assert world.happened(SignInSucceeded) == []


@pytest.mark.parametrize("browser", [None, "", "another", "sha256(token-1)"])
def test_another_browser_does_not_go_on_and_voids_the_ticket__IDN_11(world: World, browser: str | None) -> None:
    request = kept(world)
    brought = ticket(world, request.handle)
    with pytest.raises(NotThisBrowserError) as refused:
        carried_on(world, brought, browser)
    assert refused.value.keeps_work
    with pytest.raises(NotThisBrowserError):
        carried_on(world, brought, request.browser)
    assert world.store.sessions.kept == {}


def test_a_minute_for_the_ticket_half_an_hour_for_the_request__IDN_11(world: World) -> None:
    request = kept(world)
    brought = ticket(world, request.handle)
    world.clock.advance(seconds=60)
    with pytest.raises(NotThisBrowserError):
        carried_on(world, brought, request.browser)
    world.clock.advance(minutes=29)
    opening = Opening(world.store.accounts.kept["mmartin5"], "medical", EMAIL_CODE)
    for handle in (request.handle, "", "unknown"):
        with pytest.raises(AuthorizationOverError):
            complete_sign_in(opening, handle, FakeWork(world.store), world.ports)


def test_a_client_removed_or_an_account_disabled_meanwhile_ends_it__IDN_11(world: World) -> None:
    request = kept(world)
    brought = ticket(world, request.handle)
    world.change("mmartin5", state=State.DISABLED)
    with pytest.raises(NotThisBrowserError):
        carried_on(world, brought, request.browser)
    request = kept(world)
    brought = ticket(world, request.handle, "geogym1")
    world.store.clients.remove("relying-site")
    with pytest.raises(NotThisBrowserError):
        carried_on(world, brought, request.browser)


def test_a_browser_keeps_its_cookie_while_a_request_is_open__IDN_11(world: World) -> None:
    first = kept(world)
    assert kept(world, browser=first.browser).browser == first.browser
    assert kept(world, browser="A" * 43).browser != "A" * 43
    world.clock.advance(minutes=30)
    assert kept(world, browser=first.browser).browser != first.browser


def test_the_same_person_again_renews_and_gets_a_new_cookie__IDN_10(world: World) -> None:
    first = signed_in(world)
    world.clock.advance(minutes=5)
    again = signed_in(world, session=first.cookie)
    assert again.session.id == first.session.id
    assert again.session.authenticated_at == world.clock.now()
    assert again.session.ends_at == world.clock.now() + timedelta(hours=12)
    assert again.cookie != first.cookie
    assert found(world, first.cookie) is None
    assert found(world, again.cookie) == again.session
    assert world.happened(SessionEnded) == []


def test_another_person_replaces_whoever_was_there__IDN_10(world: World) -> None:
    first = signed_in(world)
    second = signed_in(world, "geogym1", session=first.cookie)
    assert second.session.id != first.session.id
    ended = world.happened(SessionEnded)
    assert [(event.session_id, event.reason) for event in ended] == [(first.session.id, EndReason.REPLACED)]
    assert found(world, first.cookie) is None


def test_a_session_is_found_while_it_lives_and_is_fresh_enough__IDN_10(world: World) -> None:
    continued = signed_in(world)
    minute = timedelta(minutes=1)
    world.clock.advance(minutes=1)
    assert found(world, continued.cookie, minute)
    world.clock.advance(seconds=1)
    assert not found(world, continued.cookie, minute)
    assert found(world, continued.cookie)
    assert not found(world, continued.session.id)
    assert not found(world, None)
    world.clock.advance(minutes=14)
    assert not found(world, continued.cookie)


def test_a_disabled_accounts_session_is_not_found__IDN_10(world: World) -> None:
    continued = signed_in(world)
    world.change("mmartin5", state=State.DISABLED)
    assert not found(world, continued.cookie)


def test_logging_out_ends_the_browsers_session_and_the_hinted_one__IDN_11(world: World) -> None:
    mine, hinted = signed_in(world), signed_in(world)
    world.run(log_out, LogOut(mine.cookie, {"sid": hinted.session.id}))
    assert {event.session_id for event in world.happened(SessionEnded)} == {mine.session.id, hinted.session.id}
    for nothing in (LogOut(mine.cookie, None), LogOut(None, {"sid": "unknown"}), LogOut("x", {}), LogOut(None, None)):
        world.run(log_out, nothing)
    assert len(world.happened(SessionEnded)) == 2


def test_what_is_over_is_dropped__IDN_11(world: World) -> None:
    request = kept(world)
    ticket(world, request.handle)
    world.clock.advance(days=2)
    assert purge_expired(FakeWork(world.store), world.ports).authorizations == 2
    assert world.store.authorization_requests.kept == {}
