"""A token for a site's own program, which speaks for nobody (IDN-11, ENT-10, RFC 6749 section 4.4)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.client_desk import client_of
from services.identity.application.ports import Ports, Store
from services.identity.application.session_desk import signing_key
from services.identity.domain.errors import GrantRefusedError
from services.identity.domain.signing_keys import Algorithm


@dataclass(frozen=True, slots=True)
class GrantClientToken(Command):
    """The client, which has shown who it is; `scope` as it came, None for all that it may have for itself."""

    client_id: str
    scope: str | None


@dataclass(frozen=True, slots=True)
class ClientToken:
    """The token, the seconds that it lasts, and what it opens; there is nothing to refresh it with."""

    access_token: str
    expires_in: int
    scopes: tuple[str, ...]


def grant_client_token(command: GrantClientToken, work: UnitOfWork[Store], ports: Ports) -> ClientToken:
    """The token; raises `GrantRefusedError` where the client may have nothing of what it asks for."""
    now, lifetime = ports.clock.now(), ports.rules.sessions.access_token
    with work.reading() as store:
        client = client_of(command.client_id, store)
        scopes = () if client is None else client.own(command.scope)
        if not scopes:
            raise GrantRefusedError
        key = signing_key(Algorithm.EDDSA, store, now)
    token = ports.tokens.client_token(key, command.client_id, scopes, now, now + lifetime)
    return ClientToken(token, int(lifetime.total_seconds()), scopes)
