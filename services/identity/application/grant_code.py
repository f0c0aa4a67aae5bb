"""Give a client a code for somebody who is signed in (IDN-11, RFC 6749 section 4.1.2)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.authorizations import AuthorizationCode
from services.identity.domain.sessions import Session


@dataclass(frozen=True, slots=True)
class GrantCode(Command):
    """The code to be, and what it is bound to: a request that has been judged, and a session that is alive."""

    code: str
    client_id: str
    session: Session
    redirect_uri: str
    scopes: tuple[str, ...]
    nonce: str | None
    code_challenge: str | None


def grant_code(command: GrantCode, work: UnitOfWork[Store], ports: Ports) -> None:
    """Keep the code; that counts as use of the session (IDN-10)."""
    store, now = work.writing(), ports.clock.now()
    store.authorization_codes.add(
        AuthorizationCode(
            digest=ports.digests.of_token(command.code),
            client_id=command.client_id,
            session_id=command.session.id,
            redirect_uri=command.redirect_uri,
            scopes=command.scopes,
            nonce=command.nonce,
            code_challenge=command.code_challenge,
            issued_at=now,
            expires_at=min(now + ports.rules.openid.code, command.session.ends_at),
        )
    )
    store.sessions.use(command.session.id, now)
