"""Exchange a code for tokens, once; a second use ends the session (IDN-11, RFC 6749 section 4.1.2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.client_desk import client_of
from services.identity.application.ports import Ports, Store
from services.identity.application.refresh_session import entitled_account
from services.identity.application.session_desk import end_session, issue_tokens, signing_key
from services.identity.application.sign_in_steps import SignedIn
from services.identity.domain.authorizations import AuthorizationCode, RedeemedCode
from services.identity.domain.clients import Scope
from services.identity.domain.errors import GrantRefusedError
from services.identity.domain.grants import Grant
from services.identity.domain.sessions import EndReason, Session


@dataclass(frozen=True, slots=True)
class RedeemAuthorizationCode(Command):
    """The code as it came, and the client that brought it and has shown that it is it."""

    code: str
    client_id: str


@dataclass(frozen=True, slots=True)
class Redeemed:
    """The tokens; an ID token where the client asked who it is."""

    tokens: SignedIn
    id_token: str | None


def find_code(command: RedeemAuthorizationCode, work: UnitOfWork[Store], ports: Ports) -> AuthorizationCode | None:
    """What the code is bound to, to be compared before it is spent."""
    with work.reading() as store:
        return store.authorization_codes.get(ports.digests.of_token(command.code), command.client_id)


def redeem_authorization_code(command: RedeemAuthorizationCode, work: UnitOfWork[Store], ports: Ports) -> Redeemed:
    """Tokens of the code's session; raises `GrantRefusedError`, which for a used code keeps the session's end."""
    store, now = work.writing(), ports.clock.now()
    code = store.authorization_codes.take(ports.digests.of_token(command.code), command.client_id)
    if code is None:
        _stop_thief(command, work, ports)
        raise GrantRefusedError
    session = store.sessions.for_update(code.session_id)
    if code.expires_at <= now or session is None or not session.is_alive_at(now, ports.rules.sessions):
        raise GrantRefusedError
    client = client_of(command.client_id, store)
    if client is None:
        raise GrantRefusedError
    scopes = client.grantable(" ".join(code.scopes))
    grant = Grant(entitled_account(session, store).kind, replace(session, used_at=now), client, scopes)
    store.sessions.use(session.id, now)
    _remember(code, session, now, store, ports)
    tokens = issue_tokens(grant, str(new_id()), work, ports)
    return Redeemed(tokens, _id_token(grant, code, tokens, work, ports) if Scope.OPENID in scopes else None)


def _remember(code: AuthorizationCode, session: Session, now: datetime, store: Store, ports: Ports) -> None:
    forget_at = min(now + ports.rules.openid.remembered, session.ends_at)
    store.authorization_codes.remember(RedeemedCode(code.digest, code.client_id, session.id, forget_at))


def _stop_thief(command: RedeemAuthorizationCode, work: UnitOfWork[Store], ports: Ports) -> None:
    """Whoever of the two was the thief has tokens now: they end, with the session that they speak for."""
    store, now = work.writing(), ports.clock.now()
    former = store.authorization_codes.redeemed(ports.digests.of_token(command.code), command.client_id)
    if former is None or former.forget_at <= now:
        return
    session = store.sessions.for_update(former.session_id)
    if session is not None:
        end_session(session, EndReason.CODE_REUSED, work, ports)


def _id_token(grant: Grant, code: AuthorizationCode, tokens: SignedIn, work: UnitOfWork[Store], ports: Ports) -> str:
    now, session = ports.clock.now(), grant.session
    claims: dict[str, Any] = {
        "sub": grant.session.user_id,
        "aud": grant.client.client_id,
        "iat": int(now.timestamp()),
        "exp": int((now + ports.rules.openid.id_token).timestamp()),
        "auth_time": int(session.authenticated_at.timestamp()),
        "acr": session.strength.acr,
        "amr": list(session.strength.amr),
        "sid": session.id,
    }
    if code.nonce is not None:
        claims["nonce"] = code.nonce
    key = signing_key(grant.client.id_token_algorithm, work.writing(), now)
    return ports.tokens.id_token(key, claims, tokens.access_token)
