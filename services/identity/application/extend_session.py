"""Stay signed in, and see until when one is (IDN-10)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel.errors import NotSignedInError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.sessions import Session


@dataclass(frozen=True, slots=True)
class SessionEnds:
    """When it ends if it is not used, and in any case; and until when its second step opens what needs a fresh one."""

    id: str
    idle_ends_at: datetime
    ends_at: datetime
    fresh_until: datetime


@dataclass(frozen=True, slots=True)
class ExtendSession(Command):
    """The caller's present session."""

    session_id: str


@dataclass(frozen=True, slots=True)
class SessionListed:
    """A session as its owner sees it; `address` is from where it was begun."""

    id: str
    site: str
    address: str | None
    started_at: datetime
    used_at: datetime
    ends_at: datetime
    current: bool


def extend_session(command: ExtendSession, work: UnitOfWork[Store], ports: Ports) -> SessionEnds:
    """Count the session as used now; raises `NotSignedInError` where it is over."""
    store, now = work.writing(), ports.clock.now()
    session = _alive(store.sessions.for_update(command.session_id), now, ports)
    store.sessions.use(session.id, now)
    return _ends(replace(session, used_at=now), ports)


def session_ends(session_id: str, work: UnitOfWork[Store], ports: Ports) -> SessionEnds:
    """When it ends, without counting as use of it; raises `NotSignedInError` where it is over."""
    with work.reading() as store:
        return _ends(_alive(store.sessions.get(session_id), ports.clock.now(), ports), ports)


def sessions_of(user_id: str, session_id: str, work: UnitOfWork[Store], ports: Ports) -> list[SessionListed]:
    """The account's sessions that are alive, newest first; `session_id` is the one that asks."""
    now, rules = ports.clock.now(), ports.rules.sessions
    with work.reading() as store:
        sessions = store.sessions.of_account(user_id)
    return [
        SessionListed(
            id=each.id,
            site=each.site,
            address=each.address,
            started_at=each.started_at,
            used_at=each.used_at,
            ends_at=each.ends_at,
            current=each.id == session_id,
        )
        for each in sessions
        if each.is_alive_at(now, rules)
    ]


def _alive(session: Session | None, now: datetime, ports: Ports) -> Session:
    if session is None or not session.is_alive_at(now, ports.rules.sessions):
        raise NotSignedInError("This session is over: sign in again.")
    return session


def _ends(session: Session, ports: Ports) -> SessionEnds:
    rules = ports.rules.sessions
    return SessionEnds(session.id, session.idle_ends_at(rules), session.ends_at, session.fresh_until(rules))
