"""Register a client of the OpenID provider; operators alone do (IDN-11, OPS-7)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.errors import InvalidError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.client_rules import faults_of_client
from services.identity.domain.clients import USUAL_SCOPES, Client, client_id_of
from services.identity.domain.errors import ClientExistsError
from services.identity.domain.signing_keys import Algorithm


@dataclass(frozen=True, slots=True)
class AddClient(Command):
    """What the client is called, and what it may do; its identifier follows from its name."""

    name: str
    site: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    public: bool = False
    pkce: bool = True
    id_token_algorithm: Algorithm = Algorithm.RS256
    backchannel_logout_uri: str | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """The client, and its secret, which is nowhere to be read afterwards; None for a public one."""

    client: Client
    secret: str | None


def add_client(command: AddClient, work: UnitOfWork[Store], ports: Ports) -> Registered:
    """Register it; raises `InvalidError` with every fault, and `ClientExistsError`."""
    secret = None if command.public else ports.randomness.token()
    client = Client(
        client_id=client_id_of(command.name),
        name=command.name,
        site=command.site,
        secret_digest=None if secret is None else ports.digests.of_token(secret),
        redirect_uris=tuple(dict.fromkeys(command.redirect_uris)),
        post_logout_redirect_uris=tuple(dict.fromkeys(command.post_logout_redirect_uris)),
        scopes=tuple(dict.fromkeys(command.scopes or USUAL_SCOPES)),
        pkce=command.pkce,
        id_token_algorithm=command.id_token_algorithm,
        created_at=ports.clock.now(),
        backchannel_logout_uri=command.backchannel_logout_uri,
    )
    faults = faults_of_client(client)
    if faults:
        raise InvalidError(faults, " ".join(fault.detail for fault in faults))
    if not work.writing().clients.add(client):
        raise ClientExistsError
    return Registered(client, secret)
