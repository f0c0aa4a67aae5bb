"""Find who is signed in in a browser, by its cookie alone (IDN-10, IDN-11)."""

from __future__ import annotations

from datetime import timedelta

from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import State
from services.identity.domain.sessions import Session


def find_browser_session(
    cookie: str | None, work: UnitOfWork[Store], ports: Ports, max_age: timedelta | None = None
) -> Session | None:
    """The session, as long as it lives and its owner may be signed in; None, too, where they last showed who they are
    longer ago than `max_age`.
    """
    if not cookie:
        return None
    now = ports.clock.now()
    with work.reading() as store:
        session = store.sessions.of_browser(ports.digests.of_token(cookie))
        if session is None or not session.is_alive_at(now, ports.rules.sessions):
            return None
        account = store.accounts.get(session.user_id)
    if account is None or account.state is not State.ACTIVE:
        return None
    return None if max_age is not None and session.authenticated_at + max_age < now else session
