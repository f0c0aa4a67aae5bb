"""The address that was vouched for and confirmed begins to work once its time has come (IDN-17)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chassis.kernel.work import UnitOfWork
from services.identity.application.device_desk import end_devices
from services.identity.application.ports import Ports, Store
from services.identity.application.session_desk import end_session
from services.identity.application.vouching_desk import tell_new_contact, tell_old_contacts
from services.identity.domain.accounts import Account, State
from services.identity.domain.devices import RevokeReason
from services.identity.domain.events import AccountProfileChanged, AuthenticatorRemoved, RecoveryCodesRemoved
from services.identity.domain.sessions import EndReason
from services.identity.domain.vouching_events import ContactsReplaced, VouchingExpired, VouchingStopped, Word
from services.identity.domain.vouchings import Vouching, VouchingState

_BATCH: Final = 50


def replace_vouched_contacts(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:
    """Settle some of those that work, or end, by then; how many, 0 if none is left."""
    store = work.writing()
    taken = store.vouchings.take_due(as_of, _BATCH)
    for user_id in taken:
        account, vouching = store.accounts.for_update(user_id), store.vouchings.open_of(user_id)
        if account is not None and vouching is not None:
            _settle(vouching, account, as_of, work, ports)
    return len(taken)


def count_vouched_contacts(work: UnitOfWork[Store], ports: Ports, as_of: datetime) -> int:  # noqa: ARG001 (one signature)
    """How many there are by then (GO-7)."""
    with work.reading() as store:
        return store.vouchings.count_due(as_of)


def _settle(vouching: Vouching, account: Account, as_of: datetime, work: UnitOfWork[Store], ports: Ports) -> None:
    store, now = work.writing(), ports.clock.now()
    if not vouching.works_by(as_of) or account.state is not State.ACTIVE:
        over = vouching.ended(VouchingState.EXPIRED, now)
        store.vouchings.save(over)
        work.record(VouchingExpired(over))
    elif account.contacts_changed_at and account.contacts_changed_at > vouching.vouched_at:
        stopped = vouching.ended(VouchingState.STOPPED, now)
        store.vouchings.save(stopped)
        work.record(VouchingStopped(stopped, None))
    else:
        _replace(vouching, account, work, ports)


def _replace(vouching: Vouching, account: Account, work: UnitOfWork[Store], ports: Ports) -> None:
    """All that led to the account goes with the old contacts, since nobody knows who has it now."""
    store, now = work.writing(), ports.clock.now()
    done, reached = vouching.ended(VouchingState.DONE, now), account.reached_anew(vouching.contact, now)
    store.vouchings.save(done)
    store.accounts.save(reached)
    store.contact_changes.end_since(account.user_id, account.created_at)  # else an undo would bring the old ones back
    store.codes.void(account.user_id)
    tell_old_contacts(Word.REPLACED, done, account, work, ports)
    work.record(ContactsReplaced(done, vouching.contact), AccountProfileChanged(reached))
    tell_new_contact(Word.WORKS, done, account, work, ports)
    _remove_second_steps(account.user_id, work)
    end_devices(account.user_id, RevokeReason.CONTACTS_REPLACED, work)
    for session in store.sessions.of_account(account.user_id):
        end_session(session, EndReason.CONTACTS_REPLACED, work, ports)


def _remove_second_steps(user_id: str, work: UnitOfWork[Store]) -> None:
    store = work.writing()
    for app in store.authenticators.of(user_id):
        store.authenticators.remove(user_id, app.id)
        work.record(AuthenticatorRemoved(app))
    for passkey in store.passkeys.of(user_id):
        store.passkeys.remove(user_id, passkey.id)
        work.record(AuthenticatorRemoved(passkey))
    if store.recovery_codes.of(user_id):
        store.recovery_codes.replace(user_id, [])
        work.record(RecoveryCodesRemoved(user_id))
