"""Clients are told of sessions that ended, until they have it, and nobody else is (IDN-11)."""

from __future__ import annotations

from collections.abc import Iterator

import httpcore
import pytest
from sqlalchemy import select

from chassis.wiring import Wiring, around
from services.identity.adapters.logout_sender import LogoutSender, public_address
from services.identity.adapters.openid_tables import owed_logout
from services.identity.adapters.store import SqlStore
from services.identity.application.ports import Ports, Store
from services.identity.application.tell_logout import claim_logout
from services.identity.bootstrap import make_ports
from services.identity.events.published import publish
from tests.integration.identity.listening import Listener, listening, tell_all
from tests.integration.identity.sites import Browser, Site, relying_site
from tests.integration.identity.world import World


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as made:
        yield made


@pytest.fixture
def site(world: World, listener: Listener) -> Site:
    return relying_site(world, backchannel_logout_uri=listener.uri)


def by_the_worlds_clock(world: World) -> tuple[Wiring[Store], Ports]:
    return around(world.service, SqlStore, publish), make_ports(world.settings, world.clock, world.service.engine)


def sign_out(world: World, site: Site) -> None:
    """Sign in at the site, and out."""
    browser = Browser(world)
    assert site.redeem(site.code_in(browser.sign_in(site))).status_code == 200
    assert browser.get("/oidc/logout").status_code == 200


def test_every_client_of_the_session_is_told_once__IDN_11(world: World, site: Site, listener: Listener) -> None:
    browser, quiet = Browser(world), relying_site(world, "quiet")
    other = relying_site(world, "other", backchannel_logout_uri=f"{listener.uri}/other")
    stranger = relying_site(world, "stranger", backchannel_logout_uri=f"{listener.uri}/stranger")
    sign_out(world, stranger)
    tell_all(world)
    listener.tokens.clear()
    tokens = site.redeem(site.code_in(browser.sign_in(site))).get_json()
    for each in (other, quiet):
        each.tokens(browser)
    site.refresh(tokens["refresh_token"])
    tell_all(world)
    assert listener.tokens == []
    browser.get("/oidc/logout")
    browser.get("/oidc/logout")
    tell_all(world)
    assert len(listener.tokens) == 2
    assert world.count(owed_logout) == 0


@pytest.mark.parametrize("answer", ["503 Service Unavailable", "400 Bad Request", "302 Found"])
def test_what_a_client_does_not_take_is_tried_again__IDN_11(
    world: World, site: Site, listener: Listener, answer: str
) -> None:
    listener.answers = [answer, answer]
    sign_out(world, site)
    for attempts, pause in ((1, 5), (2, 10)):
        tell_all(world)
        assert len(listener.tokens) == attempts  # a redirect is not followed
        world.clock.advance(seconds=pause - 1)
        tell_all(world)
        assert len(listener.tokens) == attempts
        world.clock.advance(seconds=1)
    tell_all(world)
    assert len(set(listener.tokens)) == 3
    assert world.count(owed_logout) == 0


def test_a_killed_senders_claim_runs_out__IDN_11(world: World, site: Site, listener: Listener) -> None:
    sign_out(world, site)
    wiring, ports = by_the_worlds_clock(world)
    assert wiring.run("system:identity", lambda work: claim_logout(work, ports))
    tell_all(world)
    assert listener.tokens == []
    world.clock.advance(minutes=1)
    tell_all(world)
    assert len(listener.tokens) == 1


def test_of_several_senders_one_tells__IDN_11(world: World, site: Site, listener: Listener) -> None:
    sign_out(world, site)
    world.at_once([lambda: tell_all(world)] * 4)
    assert len(listener.tokens) == 1


def test_who_never_takes_it_is_given_up_after_twelve_hours__IDN_11(
    world: World, site: Site, listener: Listener
) -> None:
    sign_out(world, site)
    listener.answers = ["500 Internal Server Error"] * 2
    tell_all(world)
    world.clock.advance(hours=12)
    tell_all(world)
    assert (len(listener.tokens), world.count(owed_logout)) == (2, 0)


def test_nobody_is_told_inside_the_operators_network__IDN_11(world: World, site: Site, listener: Listener) -> None:
    sign_out(world, site)
    local = relying_site(world, "local", backchannel_logout_uri=listener.uri.replace("127.0.0.1", "localhost"))
    sign_out(world, local)
    wiring, ports = by_the_worlds_clock(world)
    sender = LogoutSender(lambda use: wiring.run("system:identity", use), ports)
    assert sender.step()
    assert sender.step()
    assert not sender.step()
    assert listener.tokens == []
    with world.service.engine.connect().execution_options(write=False) as connection:
        assert list(connection.execute(select(owed_logout.c.attempts)).scalars()) == [1, 1]


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "255.255.255.255"),  # noqa: S104 -- not bound to, refused
        *("::1", "fc00::1", "fe80::1", "::ffff:127.0.0.1", "2002:7f00:1::"),
    ],
)
def test_an_inner_address_is_no_sites__IDN_11(host: str) -> None:
    with pytest.raises(httpcore.ConnectError):
        public_address(host)
    assert public_address("8.8.8.8") == "8.8.8.8"
