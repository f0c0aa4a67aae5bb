"""A client gives back a refresh token: it and all that came or comes of it are worth nothing any more (RFC 7009)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.session_desk import end_session
from services.identity.domain.sessions import API_CLIENT, EndReason


@dataclass(frozen=True, slots=True)
class RevokeToken(Command):
    """The token as it came, and the client that brought it."""

    token: str
    client_id: str


def revoke_token(command: RevokeToken, work: UnitOfWork[Store], ports: Ports) -> None:
    """End it; what is no refresh token of this client's is passed over.

    A site's tokens alone end: its person stays signed in. The API's own have a session to themselves, which ends with
    them, everywhere. Access tokens that were issued go on until their five minutes are over (IDN-12).
    """
    store = work.writing()
    token = store.refresh_tokens.get(ports.digests.of_token(command.token))
    if token is None or token.client_id != command.client_id:
        return
    session = store.sessions.for_update(token.session_id)  # so that who refreshes now comes before, or finds nothing
    if session is not None and token.client_id == API_CLIENT:
        end_session(session, EndReason.REVOKED, work, ports)
    store.refresh_tokens.drop_family(token)
