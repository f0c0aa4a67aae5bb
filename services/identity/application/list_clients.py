"""Show operators which clients are registered; secrets are nowhere to be read."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Store
from services.identity.domain.clients import Client


def list_clients(work: UnitOfWork[Store]) -> Sequence[Client]:
    """All of them, by identifier."""
    with work.reading() as store:
        return store.clients.every()
