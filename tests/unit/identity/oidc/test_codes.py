"""Codes: worth tokens once, and the end of a session the second time."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from chassis.kernel.errors import UnavailableError
from services.identity.application.redeem_authorization_code import RedeemAuthorizationCode, find_code
from services.identity.application.refresh_session import RefreshSession, granted_scopes, refresh_session
from services.identity.domain.accounts import Kind, State
from services.identity.domain.clients import THE_API
from services.identity.domain.errors import GrantRefusedError
from services.identity.domain.events import SessionEnded
from services.identity.domain.grants import Grant
from services.identity.domain.sessions import EndReason
from services.identity.domain.signing_keys import Algorithm
from tests.unit.identity.oidc.flows import code, redeemed, registered, signed_in
from tests.unit.identity.world import FakeWork, World


@pytest.fixture
def world() -> World:
    world = World().has_key()
    world.active()
    registered(world)
    return world


def test_a_code_brings_tokens_of_its_session__IDN_11(world: World) -> None:
    session = signed_in(world).session
    brought = redeemed(world, code(world, session))
    assert brought.tokens.scope == "openid email"
    assert brought.tokens.access_token.split(":")[1:3] == ["mmartin5", session.id]
    assert brought.id_token
    claims = json.loads(brought.id_token)
    assert claims["kid"] == "key-2"  # RS256's
    assert {name: claims[name] for name in ("sub", "aud", "sid", "nonce")} == {
        "sub": "mmartin5",
        "aud": "relying-site",
        "sid": session.id,
        "nonce": "the-nonce",
    }
    assert claims["auth_time"] == int(session.authenticated_at.timestamp())


def test_a_client_that_likes_eddsa_gets_it__IDN_11(world: World) -> None:
    registered(world, "modern", id_token_algorithm=Algorithm.EDDSA)
    brought = redeemed(world, code(world, signed_in(world).session, client_id="modern"), "modern")
    assert json.loads(brought.id_token or "")["kid"] == "key-1"


def test_a_code_is_kept_as_its_hash__IDN_16(world: World) -> None:
    text = code(world, signed_in(world).session)
    assert list(world.store.authorization_codes.kept) == [f"sha256({text})"]
    command = RedeemAuthorizationCode(text, "relying-site")
    assert find_code(command, FakeWork(world.store), world.ports)
    assert not find_code(replace(command, client_id="another"), FakeWork(world.store), world.ports)


def test_a_second_use_ends_the_session__IDN_11(world: World) -> None:
    text = code(world, signed_in(world).session)
    tokens = redeemed(world, text).tokens
    with pytest.raises(GrantRefusedError) as refused:
        redeemed(world, text)
    assert refused.value.keeps_work
    assert [event.reason for event in world.happened(SessionEnded)] == [EndReason.CODE_REUSED]
    with pytest.raises(GrantRefusedError):
        world.run(refresh_session, RefreshSession(tokens.refresh_token, "relying-site"))


def test_an_old_code_out_of_a_browsers_history_ends_nothing__IDN_11(world: World) -> None:
    text = code(world, signed_in(world).session)
    redeemed(world, text)
    for client_id in ("another", "wardenry-api"):
        with pytest.raises(GrantRefusedError):
            redeemed(world, text, client_id)
    world.clock.advance(minutes=10)
    with pytest.raises(GrantRefusedError):
        redeemed(world, text)
    assert world.happened(SessionEnded) == []


def test_a_code_lasts_a_minute__IDN_11(world: World) -> None:
    text = code(world, signed_in(world).session)
    world.clock.advance(seconds=60)
    with pytest.raises(GrantRefusedError):
        redeemed(world, text)


def test_no_tokens_for_who_may_not_be_signed_in__IDN_10(world: World) -> None:
    session = signed_in(world).session
    text = code(world, session)
    world.change("mmartin5", state=State.DISABLED)
    with pytest.raises(GrantRefusedError):
        redeemed(world, text)
    world.change("mmartin5", state=State.ACTIVE)
    text = code(world, session, "a-later-code")
    world.clock.advance(minutes=15)
    with pytest.raises(GrantRefusedError):
        redeemed(world, text)


def test_a_scope_taken_from_a_client_is_gone_from_its_next_tokens__IDN_11(world: World) -> None:
    session = signed_in(world).session
    tokens = redeemed(world, code(world, session)).tokens
    clients = world.store.clients
    clients.save(replace(clients.kept["relying-site"], scopes=("openid",)))
    renewed = world.run(refresh_session, RefreshSession(tokens.refresh_token, "relying-site"))
    assert renewed.scope == "openid"
    assert redeemed(world, code(world, session, "a-later-code")).tokens.scope == "openid"


def test_less_may_be_asked_for_and_more_is_not_given__IDN_11(world: World) -> None:
    tokens = redeemed(world, code(world, signed_in(world).session)).tokens
    command = RefreshSession(tokens.refresh_token, "relying-site", ("email", "wardenry"))
    narrowed = world.run(refresh_session, command)
    assert narrowed.scope == "email"
    again = RefreshSession(narrowed.refresh_token, "relying-site")
    assert granted_scopes(again, FakeWork(world.store), world.ports) == ("openid", "email")
    assert granted_scopes(replace(again, client_id="another"), FakeWork(world.store), world.ports) is None


def test_without_a_key_nothing_is_promised__IDN_12(world: World) -> None:
    text = code(world, signed_in(world).session)
    world.store.signing_keys.kept.clear()
    with pytest.raises(UnavailableError):
        redeemed(world, text)


def test_what_an_account_brings_counts_where_the_api_is_reached__IDN_12(world: World) -> None:
    session, client, agent = signed_in(world).session, world.store.clients.kept["relying-site"], Kind.SUPPORT
    assert Grant(agent, session).token_scopes == {"support"}
    assert Grant(agent, session, client, ("openid",)).token_scopes == {"openid"}
    assert Grant(agent, session, client, ("openid", "wardenry")).token_scopes == {"openid", "wardenry", "support"}
    assert Grant(agent, session, THE_API).site == session.site
    behavioral = replace(client, site="behavioral")
    assert Grant(agent, session, behavioral).site == "behavioral"
