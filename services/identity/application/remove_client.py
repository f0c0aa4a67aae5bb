"""Remove a client: from then on it gets no tokens, and what it holds is over within five minutes (IDN-11)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.clients import client_id_of
from services.identity.domain.errors import ClientUnknownError


@dataclass(frozen=True, slots=True)
class RemoveClient(Command):
    """The client's identifier, or its name."""

    name: str


def remove_client(command: RemoveClient, work: UnitOfWork[Store], ports: Ports) -> str:
    """Its identifier; raises `ClientUnknownError`."""
    store, client_id = work.writing(), client_id_of(command.name)
    if not store.clients.remove(client_id):
        raise ClientUnknownError
    store.refresh_tokens.void_of_client(client_id, ports.clock.now())
    store.authorization_codes.void_of_client(client_id)
    return client_id
