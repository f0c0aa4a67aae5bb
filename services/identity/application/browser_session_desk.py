"""The one session of a browser, for every site that is opened in it (IDN-10, IDN-11)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.session_desk import Opening, begin_session, end_session, note_sign_in
from services.identity.domain.accounts import Account
from services.identity.domain.clients import Client
from services.identity.domain.events import SignInSucceeded
from services.identity.domain.risk import NO_RISK, Risk
from services.identity.domain.sessions import EndReason, Session, Strength


@dataclass(frozen=True, slots=True)
class Recognised:
    """Somebody, whose account's row is locked, has shown who they are: for which client, how strongly and when, and how
    unusual that was.
    """

    account: Account
    client: Client
    strength: Strength
    at: datetime
    risk: Risk = NO_RISK


def session_for(recognised: Recognised, cookie: str | None, work: UnitOfWork[Store], ports: Ports) -> Session:
    """Begin the session of a browser that brought this cookie, or renew it where the same person signed in again.

    Whoever else was signed in there is signed out: what one of them had open must not be the other's.
    """
    present = _present(cookie, work, ports)
    if present is not None and present.user_id == recognised.account.user_id:
        return _renewed(present, recognised, work, ports)
    if present is not None:
        end_session(present, EndReason.REPLACED, work, ports)
    site = recognised.client.site or recognised.account.site
    opening = Opening(recognised.account, site, recognised.strength, risk=recognised.risk)
    return begin_session(opening, recognised.client.client_id, work, ports)


def _present(cookie: str | None, work: UnitOfWork[Store], ports: Ports) -> Session | None:
    sessions = work.writing().sessions
    found = sessions.of_browser(ports.digests.of_token(cookie)) if cookie else None
    session = None if found is None else sessions.for_update(found.id)
    return session if session is not None and session.is_alive_at(ports.clock.now(), ports.rules.sessions) else None


def _renewed(present: Session, recognised: Recognised, work: UnitOfWork[Store], ports: Ports) -> Session:
    now = ports.clock.now()
    session = replace(
        present,
        strength=recognised.strength,
        authenticated_at=recognised.at,
        used_at=now,
        ends_at=now + ports.rules.sessions.most,
    )
    work.writing().sessions.renew(session)
    fact = SignInSucceeded(session, recognised.client.client_id, recognised.risk)
    note_sign_in(recognised.account, fact, work, ports)
    return session
