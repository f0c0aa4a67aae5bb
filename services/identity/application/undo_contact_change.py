"""Undo a change of contacts by what was sent to those before: whoever made it is out, and out of reach (IDN-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.contact_desk import Effect, tell_of_undoing
from services.identity.application.device_desk import end_devices
from services.identity.application.ports import Ports, Store
from services.identity.application.session_desk import end_session
from services.identity.domain.accounts import Account, State
from services.identity.domain.contact_changes import ContactChange, Turn
from services.identity.domain.contact_errors import UndoOverError
from services.identity.domain.devices import RevokeReason
from services.identity.domain.events import AuthenticatorRemoved, RecoveryCodesRemoved
from services.identity.domain.sessions import EndReason


@dataclass(frozen=True, slots=True)
class UndoContactChange(Command):
    """The token of the message, as it was followed or typed."""

    token: str
    site: str


def undo_contact_change(command: UndoContactChange, work: UnitOfWork[Store], ports: Ports) -> None:
    """Put the contacts back as they were before that change, and with it undo all that were made since.

    It says that somebody else got as far as to change contacts: every session and trusted device ends, second steps
    that were added since are gone, and codes, sign-ins and recoveries under way are worth nothing. Raises
    `UndoOverError`.
    """
    store, now = work.writing(), ports.clock.now()
    digest = ports.digests.of_token(command.token.strip())
    named = store.contact_changes.of_token(digest)
    account = store.accounts.for_update(named.user_id) if named else None
    change = store.contact_changes.of_token(digest)  # as it is under the lock: of two at once one is too late
    if account is None or account.state is State.REMOVED or change is None or not change.can_be_undone_at(now):
        raise UndoOverError
    work.acting_as(account.actor)
    store.contact_changes.end_since(account.user_id, change.changed_at)
    store.codes.void(account.user_id)
    restored = account.with_contacts_changed(change.before, now)
    effect = Effect(account, change.before, Turn.UNDONE, restored.email, command.site)
    tell_of_undoing(effect, restored, work, ports)
    _put_out(account, change, work, ports)


def _put_out(account: Account, change: ContactChange, work: UnitOfWork[Store], ports: Ports) -> None:
    end_devices(account.user_id, RevokeReason.CONTACT_CHANGE_UNDONE, work)
    _drop_second_steps(account.user_id, change.changed_at, work)
    for session in work.writing().sessions.of_account(account.user_id):
        end_session(session, EndReason.CONTACT_CHANGE_UNDONE, work, ports)


def _drop_second_steps(user_id: str, since: datetime, work: UnitOfWork[Store]) -> None:
    """Those that were added since then; what there was before stays its owner's."""
    store = work.writing()
    for app in store.authenticators.of(user_id):
        if app.confirmed_at is not None and app.confirmed_at >= since:
            store.authenticators.remove(user_id, app.id)
            work.record(AuthenticatorRemoved(app))
    for passkey in store.passkeys.of(user_id):
        if passkey.created_at >= since:
            store.passkeys.remove(user_id, passkey.id)
            work.record(AuthenticatorRemoved(passkey))
    if any(each.made_at >= since for each in store.recovery_codes.of(user_id)):
        store.recovery_codes.replace(user_id, ())
        work.record(RecoveryCodesRemoved(user_id))
