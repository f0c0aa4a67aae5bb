"""Tell clients that a session has ended: claim, send and settle, each after the other's commit (IDN-11)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.client_desk import client_of
from services.identity.application.ports import Ports, Store
from services.identity.application.session_desk import signing_key
from services.identity.domain.logouts import OwedLogout


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be posted where, for a claim of ours; `uri` is None where the client is gone or wants none."""

    owed: OwedLogout
    uri: str | None
    token: str


@dataclass(frozen=True, slots=True)
class SettleLogout(Command):
    """A try is over; `taken` where the client has it, or nobody is left to tell."""

    owed: OwedLogout
    taken: bool


def claim_logout(work: UnitOfWork[Store], ports: Ports) -> Notice | None:
    """Claim the one that is due longest; None where none is."""
    with work.reading() as store:
        if not store.logouts.anything_due(ports.clock.now()):
            return None
    store, now = work.writing(), ports.clock.now()
    due = store.logouts.take_due(now)
    if due is None:
        return None
    claimed = due.claimed(now)
    store.logouts.save(claimed)
    client = client_of(claimed.client_id, store)
    if client is None or client.backchannel_logout_uri is None:
        return Notice(claimed, None, "")
    key = signing_key(client.id_token_algorithm, store, now)
    return Notice(claimed, client.backchannel_logout_uri, ports.tokens.logout_token(key, claimed.claims(now)))


def settle_logout(command: SettleLogout, work: UnitOfWork[Store], ports: Ports) -> bool:
    """Write down how it went; False where it is owed no more, told or given up."""
    store, owed = work.writing(), command.owed
    later = None if command.taken else owed.postponed(ports.clock.now())
    if later is None:
        store.logouts.remove(owed.id)
        return False
    store.logouts.save(later)
    return True
