"""What a token is still worth to the client that it was issued to (IDN-11, RFC 7662)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import NotSignedInError
from chassis.kernel.work import UnitOfWork
from chassis.security.callers import Bearer, Caller
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import State


@dataclass(frozen=True, slots=True)
class Standing:
    """A token that is worth something, and until when at most; `bears` where it opens something by itself."""

    user_id: str
    session_id: str
    client_id: str
    scopes: tuple[str, ...]
    issued_at: datetime
    expires_at: datetime
    bears: bool


def introspect_token(token: str, client_id: str, work: UnitOfWork[Store], ports: Ports) -> Standing | None:
    """None for all that is worth nothing to this client: unknown, another's, spent, over, of a session that ended."""
    return _of_access_token(token, client_id, ports.own_tokens, ports) or _of_refresh_token(
        token, client_id, work, ports
    )


def _of_refresh_token(text: str, client_id: str, work: UnitOfWork[Store], ports: Ports) -> Standing | None:
    now = ports.clock.now()
    with work.reading() as store:
        token = store.refresh_tokens.get(ports.digests.of_token(text))
        if token is None or token.client_id != client_id or token.used_at is not None or now >= token.expires_at:
            return None
        session = store.sessions.get(token.session_id)
        if session is None or not session.is_alive_at(now, ports.rules.sessions):
            return None
        account = store.accounts.get(session.user_id)
    if account is None or account.state is not State.ACTIVE:
        return None
    ends = min(token.expires_at, session.idle_ends_at(ports.rules.sessions))
    return Standing(session.user_id, session.id, client_id, token.scopes, token.issued_at, ends, bears=False)


def of_signed_token(text: str, client_id: str, ports: Ports) -> Standing | None:
    """What an access token of this client's is worth if its session has not ended, which is left to be looked at."""
    return _of_access_token(text, client_id, ports.own_tokens.signed, ports)


def _of_access_token(text: str, client_id: str, verify: Callable[[str], Bearer], ports: Ports) -> Standing | None:
    try:
        bearer = verify(text)
    except NotSignedInError:
        return None
    if not isinstance(bearer, Caller) or bearer.client_id != client_id:
        return None
    issued_at, expires_at = ports.own_tokens.lifetime(text)
    scopes = tuple(sorted(bearer.scopes))
    return Standing(bearer.user_id, bearer.session_id, client_id, scopes, issued_at, expires_at, bears=True)
