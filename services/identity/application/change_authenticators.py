"""See, name and remove one's authenticators (IDN-3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.step_up_desk import fresh_account
from services.identity.domain.authenticators import Authenticator, name_taken_up
from services.identity.domain.events import AuthenticatorRemoved, AuthenticatorRenamed
from services.identity.domain.passkeys import Passkey


@dataclass(frozen=True, slots=True)
class RenameAuthenticator(Command):
    """What its owner calls it from now on."""

    user_id: str
    session_id: str
    authenticator: str
    name: str


@dataclass(frozen=True, slots=True)
class RemoveAuthenticator(Command):
    """Which one is to go."""

    user_id: str
    session_id: str
    authenticator: str


def authenticators_of(user_id: str, work: UnitOfWork[Store]) -> Sequence[Authenticator | Passkey]:
    """The account's, oldest first."""
    with work.reading() as store:
        found: list[Authenticator | Passkey] = [*store.authenticators.of(user_id), *store.passkeys.of(user_id)]
    return sorted(found, key=lambda each: (each.created_at, each.id))


def rename_authenticator(
    command: RenameAuthenticator, work: UnitOfWork[Store], ports: Ports
) -> Authenticator | Passkey:
    """Rename it; raises `InvalidError`, `NotFoundError`, and what `fresh_account` raises."""
    name = name_taken_up(command.name)
    store = work.writing()
    account = fresh_account(command.user_id, command.session_id, store, ports)
    own = _own(account.user_id, command.authenticator, store)
    renamed: Authenticator | Passkey
    if isinstance(own, Passkey):
        store.passkeys.save(renamed := replace(own, name=name))
    else:
        store.authenticators.save(renamed := replace(own, name=name))
    work.record(AuthenticatorRenamed(renamed))
    return renamed


def remove_authenticator(command: RemoveAuthenticator, work: UnitOfWork[Store], ports: Ports) -> None:
    """Remove it, also the last one: codes by e-mail remain. Raises as `rename_authenticator`."""
    store = work.writing()
    account = fresh_account(command.user_id, command.session_id, store, ports)
    removed = _own(account.user_id, command.authenticator, store)
    kept = store.passkeys if isinstance(removed, Passkey) else store.authenticators
    kept.remove(account.user_id, removed.id)
    work.record(AuthenticatorRemoved(removed))


def _own(user_id: str, authenticator_id: str, store: Store) -> Authenticator | Passkey:
    app = store.authenticators.get(user_id, authenticator_id)
    found = app if app and app.confirmed_at else store.passkeys.get(user_id, authenticator_id)
    if found is None:
        raise NotFoundError
    return found
