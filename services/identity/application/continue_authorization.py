"""Carry on, in the browser that began, once somebody has signed in for what a client asked there (IDN-10, IDN-11)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.browser_session_desk import Recognised, session_for
from services.identity.application.client_desk import client_of
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import State
from services.identity.domain.authorizations import AuthorizationRequest, SignInTicket
from services.identity.domain.errors import NotThisBrowserError
from services.identity.domain.sessions import Session


@dataclass(frozen=True, slots=True)
class ContinueAuthorization(Command):
    """The ticket as it came; `browser` and `session` are the cookies that came with it, if any did."""

    ticket: str
    browser: str | None
    session: str | None


@dataclass(frozen=True, slots=True)
class Continued:
    """The session, the new cookie that names it, and what the client asked for."""

    session: Session
    cookie: str
    parameters: Mapping[str, str]


def continue_authorization(command: ContinueAuthorization, work: UnitOfWork[Store], ports: Ports) -> Continued:
    """Begin the browser's session, or renew it where the same person signed in again; raises `NotThisBrowserError`.

    Whoever else was signed in in this browser is signed out: a browser has one session, for all sites (IDN-11).
    """
    store, now = work.writing(), ports.clock.now()
    ticket = store.sign_in_tickets.take(ports.digests.of_token(command.ticket))
    if ticket is None or ticket.expires_at <= now:
        raise NotThisBrowserError
    request = _request_of(ticket, command.browser, now, store, ports)
    client = client_of(request.client_id, store)
    account = store.accounts.for_update(ticket.user_id)
    if client is None or account is None or account.state is not State.ACTIVE:
        raise NotThisBrowserError
    if account.outdates(ticket.authenticated_at):
        raise NotThisBrowserError
    recognised = Recognised(account, client, ticket.strength, ticket.authenticated_at, ticket.risk)
    session = session_for(recognised, command.session, work, ports)
    cookie = ports.randomness.token()
    store.sessions.bind(session.id, ports.digests.of_token(cookie))
    return Continued(session, cookie, request.parameters)


def _request_of(
    ticket: SignInTicket, browser: str | None, now: datetime, store: Store, ports: Ports
) -> AuthorizationRequest:
    request = store.authorization_requests.get(ticket.request_digest)
    if request is None or request.expires_at <= now:
        raise NotThisBrowserError
    if not hmac.compare_digest(ports.digests.of_token(browser or ""), request.browser_digest):
        raise NotThisBrowserError
    if store.authorization_requests.take(request.digest) is None:
        raise NotThisBrowserError
    return request
