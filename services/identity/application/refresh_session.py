"""Exchange a refresh token for new tokens, once; a second use ends the session (IDN-12, RFC 9700 section 4.14)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.client_desk import client_of
from services.identity.application.ports import Ports, Store
from services.identity.application.session_desk import end_session, issue_tokens, next_of_family, tokens_for
from services.identity.application.sign_in_steps import SignedIn
from services.identity.application.token_ports import Refreshable
from services.identity.domain.accounts import Account, State
from services.identity.domain.errors import GrantRefusedError
from services.identity.domain.events import RefreshTokenReused
from services.identity.domain.grants import Grant
from services.identity.domain.sessions import EndReason, Session


@dataclass(frozen=True, slots=True)
class RefreshSession(Command):
    """The token as it came, and the client that brought it; `scopes` where less is wished for than was granted."""

    refresh_token: str
    client_id: str
    scopes: tuple[str, ...] | None = None


def granted_scopes(command: RefreshSession, work: UnitOfWork[Store], ports: Ports) -> tuple[str, ...] | None:
    """What the client's refresh token was issued for, used or not; None where it has no such token. Spends nothing."""
    with work.reading() as store:
        token = store.refresh_tokens.get(ports.digests.of_token(command.refresh_token))
    return None if token is None or token.client_id != command.client_id else token.scopes


def refresh_session(command: RefreshSession, work: UnitOfWork[Store], ports: Ports) -> SignedIn:
    """New tokens of the same session; raises `GrantRefusedError`, which for a used token keeps the session's end."""
    store, now = work.writing(), ports.clock.now()
    token = store.refresh_tokens.get(ports.digests.of_token(command.refresh_token))
    client = client_of(command.client_id, store)
    if token is None or client is None or token.client_id != client.client_id:
        raise GrantRefusedError
    session = store.sessions.for_update(token.session_id)
    if session is None or not session.is_alive_at(now, ports.rules.sessions):
        raise GrantRefusedError
    if not store.refresh_tokens.use(token.digest, now):
        if store.refresh_tokens.get(token.digest) is not None:  # else it was given back a moment ago
            _stop_thief(session, work, ports)
        raise GrantRefusedError
    scopes = client.grantable(" ".join(token.scopes))
    grant = Grant(entitled_account(session, store).kind, replace(session, used_at=now), client, scopes)
    store.sessions.use(session.id, now)
    return issue_tokens(grant, token.family_id, work, ports, command.scopes)


def exchange(found: Refreshable, ports: Ports) -> SignedIn | None:
    """The same for an unused token and all of its scopes, in one word with the database; None, with nothing done, where
    `refresh_session` is to say what is wrong with it.
    """
    now, session = ports.clock.now(), found.session
    if found.key is None or found.state is not State.ACTIVE or not session.is_alive_at(now, ports.rules.sessions):
        return None
    scopes = found.client.grantable(" ".join(found.scopes))
    grant = Grant(found.kind, replace(session, used_at=now), found.client, scopes)
    tokens = tokens_for(grant, found.key, now, ports)
    successor = next_of_family(grant, found.family_id, tokens, now, ports)
    return tokens if ports.token_looks.rotate(found, successor, now) else None


def entitled_account(session: Session, store: Store) -> Account:
    """Whose session it is; raises `GrantRefusedError` where they may not be signed in any more."""
    account = store.accounts.get(session.user_id)
    if account is None or account.state is not State.ACTIVE:
        raise GrantRefusedError
    return account


def _stop_thief(session: Session, work: UnitOfWork[Store], ports: Ports) -> None:
    """Nobody can tell the thief from the owner: the session ends for both."""
    if end_session(session, EndReason.REFRESH_TOKEN_REUSED, work, ports):
        work.record(RefreshTokenReused(session.user_id, session.id))
