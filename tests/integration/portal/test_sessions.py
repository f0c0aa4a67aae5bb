"""Web sessions as they are kept, on both kinds of database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, update

from chassis.security.random import stored_form
from chassis.security.sealing import Sealer
from chassis.testing.clocks import StandingClock
from services.portal.adapters.sql_sessions import Lifetimes, SqlWebSessions
from services.portal.adapters.tables import web_session

LIFETIMES = Lifetimes(timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=12))


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def sessions(engine: Engine, clock: StandingClock) -> SqlWebSessions:
    return SqlWebSessions(engine, Sealer({"first": b"k" * 16 + b"e" * 16}), LIFETIMES, clock)


def test_neither_token_nor_data_stands_in_the_database__IDN_16(sessions: SqlWebSessions, engine: Engine) -> None:
    token = sessions.create("medical", {"tokens": "secret-access-token"}, None)
    with engine.connect() as connection:
        row = connection.execute(select(web_session)).one()
    assert row.id_hash == stored_form(token)
    assert "secret-access-token" not in repr(row)
    assert token not in repr(row)
    kept = sessions.find(token, "medical")
    assert kept is not None
    assert kept.data == {"tokens": "secret-access-token"}


def test_a_token_of_one_site_opens_nothing_on_the_other(sessions: SqlWebSessions) -> None:
    token = sessions.create("medical", {}, None)
    assert sessions.find(token, "behavioral") is None


def test_data_moved_to_another_row_opens_nothing(sessions: SqlWebSessions, engine: Engine) -> None:
    rich, poor = sessions.create("medical", {"tokens": "x"}, "s"), sessions.create("medical", {}, None)
    with engine.begin() as connection:
        sealed = select(web_session.c.sealed).where(web_session.c.id_hash == stored_form(rich))
        stolen = connection.execute(sealed).scalar_one()
        target = update(web_session).where(web_session.c.id_hash == stored_form(poor))
        connection.execute(target.values(sealed=stolen))
    assert sessions.find(poor, "medical") is None


def test_a_session_ends_by_idling__IDN_10(sessions: SqlWebSessions, clock: StandingClock) -> None:
    token = sessions.create("medical", {}, "sid")
    clock.advance(minutes=14)
    assert sessions.change(token, {}, (), "sid")
    clock.advance(minutes=14)
    assert sessions.find(token, "medical") is not None
    clock.advance(minutes=1)
    assert sessions.find(token, "medical") is None
    assert not sessions.change(token, {}, (), "sid")


def test_a_session_ends_after_twelve_hours_in_any_case__IDN_10(sessions: SqlWebSessions, clock: StandingClock) -> None:
    token = sessions.create("medical", {}, "sid")
    for _ in range(12 * 6 - 1):
        clock.advance(minutes=10)
        assert sessions.change(token, {}, (), "sid")
    clock.advance(minutes=10)
    assert sessions.find(token, "medical") is None


def test_two_tabs_do_not_overwrite_each_other(sessions: SqlWebSessions) -> None:
    token = sessions.create("medical", {"a": 1, "b": 1, "c": 1}, None)
    sessions.change(token, {"a": 2}, (), None)
    sessions.change(token, {"b": 2}, ("c",), None)
    kept = sessions.find(token, "medical")
    assert kept is not None
    assert kept.data == {"a": 2, "b": 2}


def test_one_request_alone_holds_the_lease_and_a_lost_one_ends(sessions: SqlWebSessions, clock: StandingClock) -> None:
    token = sessions.create("medical", {}, None)
    assert sessions.lease(token)
    assert not sessions.lease(token)
    sessions.release(token)
    assert sessions.lease(token)
    clock.advance(seconds=21)
    assert sessions.lease(token)


def test_ended_sessions_are_forgotten(sessions: SqlWebSessions, engine: Engine, clock: StandingClock) -> None:
    sessions.create("medical", {}, None)
    clock.advance(minutes=31)
    alive = sessions.create("medical", {}, None)
    sessions.forget_ended()
    with engine.connect() as connection:
        assert connection.execute(select(web_session.c.id_hash)).scalars().all() == [stored_form(alive)]


def test_a_session_that_no_key_opens_any_more_is_over(engine: Engine, clock: StandingClock) -> None:
    token = SqlWebSessions(engine, Sealer({"old": b"o" * 32}), LIFETIMES, clock).create("medical", {}, None)
    assert SqlWebSessions(engine, Sealer({"new": b"n" * 32}), LIFETIMES, clock).find(token, "medical") is None
