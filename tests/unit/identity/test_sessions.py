"""How long one is signed in, with what, and how it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chassis.kernel.errors import NotFoundError, NotSignedInError, UnavailableError
from services.identity.application.add_support_agent import AddSupportAgent, add_support_agent
from services.identity.application.ensure_signing_key import ensure_signing_key
from services.identity.application.extend_session import (
    ExtendSession,
    extend_session,
    session_ends,
    sessions_of,
)
from services.identity.application.refresh_session import RefreshSession, refresh_session
from services.identity.application.session_desk import Opening, open_session
from services.identity.application.sign_in_steps import SignedIn
from services.identity.application.sign_out import (
    RevokeSession,
    RevokeSessions,
    SignOut,
    revoke_session,
    revoke_sessions,
    sign_out,
)
from services.identity.domain.accounts import State
from services.identity.domain.errors import GrantRefusedError, NoSupportCandidateError
from services.identity.domain.events import RefreshTokenReused, SessionEnded, SigningKeyRotated
from services.identity.domain.sessions import EMAIL_CODE, EndReason
from tests.unit.identity.world import FakeWork, World


@pytest.fixture
def world() -> World:
    world = World().has_key()
    world.active()
    return world


def opened(world: World, user_id: str = "mmartin5") -> SignedIn:
    account = world.store.accounts.kept[user_id]
    return world.run(open_session, Opening(account, "medical", EMAIL_CODE))


def refresh(world: World, token: str, client_id: str = "wardenry-api") -> SignedIn:
    return world.run(refresh_session, RefreshSession(token, client_id))


def session_id(world: World) -> str:
    return list(world.store.sessions.kept)[-1]


def test_an_access_token_lives_five_minutes__IDN_12(world: World) -> None:
    signed = opened(world)
    assert signed.expires_in == 300
    assert signed.access_token == f"key-1:mmartin5:{session_id(world)}:user:300"


def test_a_refresh_token_is_kept_as_its_hash_alone__IDN_16(world: World) -> None:
    signed = opened(world)
    assert list(world.store.refresh_tokens.kept) == [f"sha256({signed.refresh_token})"]


def test_a_refresh_token_works_once_and_brings_the_next__IDN_12(world: World) -> None:
    first = opened(world)
    second = refresh(world, first.refresh_token)
    third = refresh(world, second.refresh_token)
    assert len({first.refresh_token, second.refresh_token, third.refresh_token}) == 3


def test_a_second_use_ends_the_session_and_the_whole_family__IDN_12(world: World) -> None:
    first = opened(world)
    second = refresh(world, first.refresh_token)
    with pytest.raises(GrantRefusedError) as refused:
        refresh(world, first.refresh_token)
    assert refused.value.keeps_work
    with pytest.raises(GrantRefusedError):
        refresh(world, second.refresh_token)
    assert all(token.used_at for token in world.store.refresh_tokens.kept.values())
    ended = world.happened(SessionEnded)
    assert [(event.session_id, event.reason) for event in ended] == [
        (session_id(world), EndReason.REFRESH_TOKEN_REUSED)
    ]
    assert len(world.happened(RefreshTokenReused)) == 1


def test_what_is_given_back_while_it_is_exchanged_is_no_theft__IDN_11(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed, tokens, lock = opened(world), world.store.refresh_tokens, world.store.sessions.for_update

    def given_back_first(locked: str) -> object:
        tokens.drop_family(next(iter(tokens.kept.values())))
        return lock(locked)

    monkeypatch.setattr(world.store.sessions, "for_update", given_back_first)
    with pytest.raises(GrantRefusedError):
        refresh(world, signed.refresh_token)
    assert world.happened(SessionEnded) == []


@pytest.mark.parametrize("token", ["", "token-1", "sha256(token-1)", "\x00"])
def test_what_is_no_refresh_token_is_refused__IDN_12(world: World, token: str) -> None:
    opened(world)
    with pytest.raises(GrantRefusedError):
        refresh(world, f"{token}x")


def test_another_clients_token_is_refused_and_left_alone__IDN_12(world: World) -> None:
    signed = opened(world)
    with pytest.raises(GrantRefusedError):
        refresh(world, signed.refresh_token, client_id="somebody-else")
    refresh(world, signed.refresh_token)


def test_fifteen_minutes_idle_end_a_session__IDN_10(world: World) -> None:
    signed = opened(world)
    world.clock.advance(minutes=14, seconds=59)
    signed = refresh(world, signed.refresh_token)
    world.clock.advance(minutes=15)
    with pytest.raises(GrantRefusedError):
        refresh(world, signed.refresh_token)
    with pytest.raises(NotSignedInError):
        session_ends(session_id(world), FakeWork(world.store), world.ports)


def test_twelve_hours_end_a_session_however_busy__IDN_10(world: World) -> None:
    signed = opened(world)
    for _ in range(51):
        world.clock.advance(minutes=14)
        signed = refresh(world, signed.refresh_token)
    world.clock.advance(minutes=5, seconds=50)
    signed = refresh(world, signed.refresh_token)
    assert signed.expires_in == 10
    world.clock.advance(seconds=10)
    with pytest.raises(GrantRefusedError):
        refresh(world, signed.refresh_token)


def test_staying_signed_in_is_asked_for_and_looking_is_not__IDN_10(world: World) -> None:
    opened(world)
    begun = world.clock.now()
    world.clock.advance(minutes=10)
    ends = session_ends(session_id(world), FakeWork(world.store), world.ports)
    assert (ends.idle_ends_at, ends.ends_at) == (begun + timedelta(minutes=15), begun + timedelta(hours=12))
    extended = world.run(extend_session, ExtendSession(session_id(world)))
    assert extended.idle_ends_at == world.clock.now() + timedelta(minutes=15)
    world.clock.advance(minutes=15)
    with pytest.raises(NotSignedInError):
        world.run(extend_session, ExtendSession(session_id(world)))


def test_signing_out_ends_it_here_at_once_and_elsewhere_by_event__IDN_10(world: World) -> None:
    signed = opened(world)
    world.run(sign_out, SignOut("mmartin5", session_id(world)))
    event = world.happened(SessionEnded)[-1]
    assert event.reason is EndReason.SIGNED_OUT
    assert event.remember_until >= world.clock.now() + timedelta(minutes=5)
    assert world.store.ended_sessions.until == {session_id(world): event.remember_until}
    with pytest.raises(GrantRefusedError):
        refresh(world, signed.refresh_token)
    assert world.happened(RefreshTokenReused) == []


def test_signing_out_twice_is_told_once__IDN_10(world: World) -> None:
    opened(world)
    for _ in range(2):
        world.run(sign_out, SignOut("mmartin5", session_id(world)))
    assert len(world.happened(SessionEnded)) == 1


def test_nobody_ends_somebody_elses_session__IDN_10(world: World) -> None:
    opened(world)
    world.run(sign_out, SignOut("geogym1", session_id(world)))
    with pytest.raises(NotFoundError):
        world.run(revoke_session, RevokeSession("geogym1", session_id(world)))
    with pytest.raises(NotFoundError):
        world.run(revoke_session, RevokeSession("mmartin5", "no-such-session"))
    assert world.happened(SessionEnded) == []


def test_sessions_are_listed_and_revoked_one_or_all__IDN_10(world: World) -> None:
    for _ in range(3):
        opened(world)
        world.clock.advance(seconds=1)
    first, _, present = world.store.sessions.kept
    listed = sessions_of("mmartin5", present, FakeWork(world.store), world.ports)
    assert [(each.current, each.address) for each in listed] == [
        (True, "192.0.2.7"),
        (False, "192.0.2.7"),
        (False, "192.0.2.7"),
    ]
    world.run(revoke_session, RevokeSession("mmartin5", first))
    assert len(sessions_of("mmartin5", present, FakeWork(world.store), world.ports)) == 2
    world.run(revoke_sessions, RevokeSessions("mmartin5"))
    assert sessions_of("mmartin5", present, FakeWork(world.store), world.ports) == []
    assert len(world.happened(SessionEnded)) == 3


@pytest.mark.parametrize("state", [State.DISABLED, State.REMOVED])
def test_no_tokens_for_an_account_that_is_no_more__IDN_10(world: World, state: State) -> None:
    signed = opened(world)
    world.change("mmartin5", state=state)
    with pytest.raises(GrantRefusedError):
        refresh(world, signed.refresh_token)


def test_the_first_key_of_each_kind_is_made_once_and_told_to_all__IDN_12(world: World) -> None:
    fresh = World()
    work = FakeWork(fresh.store)
    assert ensure_signing_key(work, fresh.ports)
    assert not ensure_signing_key(FakeWork(fresh.store), fresh.ports)
    told = [event for event in work.recorded if isinstance(event, SigningKeyRotated)]
    assert told == work.recorded
    assert [event.algorithm for event in told] == ["EdDSA", "RS256"]
    with pytest.raises(UnavailableError):
        opened(_without_key(world))


def test_support_agents_are_made_of_confirmed_accounts__IDN_14(world: World) -> None:
    assert world.run(add_support_agent, AddSupportAgent("MMartin5"))
    assert not world.run(add_support_agent, AddSupportAgent("mmartin5"))
    assert opened(world).access_token.split(":")[3] == "support"
    world.register("newcomer", "0198a000-0000-7000-8000-00000000000a")
    for user_id in ("newcomer", "nobody99"):
        with pytest.raises(NoSupportCandidateError):
            world.run(add_support_agent, AddSupportAgent(user_id))


def _without_key(world: World) -> World:
    world.store.signing_keys.kept.clear()
    return world
