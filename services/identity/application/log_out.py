"""Sign out where a site or a person asks for it in the browser (IDN-11, OpenID Connect RP-Initiated Logout)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.session_desk import end_session
from services.identity.domain.sessions import EndReason


@dataclass(frozen=True, slots=True)
class LogOut(Command):
    """The browser's cookie, and the claims of the ID token that the site showed, each where there was one."""

    cookie: str | None
    hint: Mapping[str, Any] | None


def log_out(command: LogOut, work: UnitOfWork[Store], ports: Ports) -> None:
    """End the session that is the browser's, and the one that the site's ID token is of; everywhere."""
    store = work.writing()
    found = store.sessions.of_browser(ports.digests.of_token(command.cookie)) if command.cookie else None
    ids = {found.id} if found else set()
    hint = command.hint or {}
    if isinstance(hint.get("sid"), str):
        ids.add(hint["sid"])
    for session_id in sorted(ids):
        session = store.sessions.for_update(session_id)
        account = None if session is None else store.accounts.get(session.user_id)
        if session is not None and account is not None:
            work.acting_as(account.actor)
            end_session(session, EndReason.SIGNED_OUT, work, ports)


def read_hint(token: str, work: UnitOfWork[Store], ports: Ports) -> Mapping[str, Any] | None:
    """The claims of an ID token that was made here, also of one that is over; None for anything else.

    Keys count that were published in the longest session's time: as long as a client may have such a token.
    """
    with work.reading() as store:
        keys = store.signing_keys.published(ports.clock.now() - ports.rules.sessions.most)
    return ports.tokens.read_id_token(token, keys)
