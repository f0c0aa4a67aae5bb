"""Give a client a new secret; the former one is void from then on (IDN-11)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.add_client import Registered
from services.identity.application.ports import Ports, Store
from services.identity.domain.clients import client_id_of
from services.identity.domain.errors import ClientUnknownError, PublicClientError


@dataclass(frozen=True, slots=True)
class RotateClientSecret(Command):
    """The client's identifier, or its name."""

    name: str


def rotate_client_secret(command: RotateClientSecret, work: UnitOfWork[Store], ports: Ports) -> Registered:
    """The client with its new secret; raises `ClientUnknownError`, `PublicClientError`."""
    store = work.writing()
    client = store.clients.get(client_id_of(command.name))
    if client is None:
        raise ClientUnknownError
    if client.is_public:
        raise PublicClientError
    secret = ports.randomness.token()
    rotated = replace(client, secret_digest=ports.digests.of_token(secret))
    store.clients.save(rotated)
    return Registered(rotated, secret)
