"""See to it that the frontends' own clients are registered as the settings have them (IDN-11)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel.errors import InvalidError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.client_rules import faults_of_client
from services.identity.domain.clients import Client


@dataclass(frozen=True, slots=True)
class EnsureClient(Command):
    """A client as the settings have it, with a secret of 256 random bits."""

    client_id: str
    secret: str
    site: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...]


def ensure_client(command: EnsureClient, work: UnitOfWork[Store], ports: Ports) -> bool:
    """See to it that the client is registered just so; False where it is. Raises `InvalidError`."""
    wished = Client(
        client_id=command.client_id,
        name=command.client_id,
        site=command.site,
        secret_digest=ports.digests.of_token(command.secret),
        redirect_uris=command.redirect_uris,
        post_logout_redirect_uris=command.post_logout_redirect_uris,
        scopes=command.scopes,
        created_at=ports.clock.now(),
    )
    faults = faults_of_client(wished)
    if faults:
        raise InvalidError(faults, " ".join(fault.detail for fault in faults))
    with work.reading() as store:
        present = store.clients.get(wished.client_id)
    if present is not None and present == replace(wished, created_at=present.created_at):
        return False
    if not work.writing().clients.add(wished):
        work.writing().clients.save(wished)
    return True
