"""Finds clients: those that are registered, and the API's own."""

from __future__ import annotations

from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Store
from services.identity.domain.clients import THE_API, Client, is_well_formed


def find_client(client_id: str, work: UnitOfWork[Store]) -> Client | None:
    """The client of that identifier."""
    with work.reading() as store:
        return client_of(client_id, store)


def client_of(client_id: str, store: Store) -> Client | None:
    """The same, of a store at hand."""
    if client_id == THE_API.client_id:
        return THE_API
    return store.clients.get(client_id) if is_well_formed(client_id) else None
