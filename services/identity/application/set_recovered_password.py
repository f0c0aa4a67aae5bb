"""Forgotten password, last step: the new one, which ends everything that the old one had begun (IDN-7)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.device_desk import end_devices
from services.identity.application.new_passwords import refuse_weak
from services.identity.application.ports import Ports, Store
from services.identity.application.recovery_desk import account_of, enter_recovery, find_recovery
from services.identity.application.session_desk import end_session
from services.identity.domain.devices import RevokeReason
from services.identity.domain.events import PasswordRecovered
from services.identity.domain.passwords import normalise
from services.identity.domain.sessions import EndReason


@dataclass(frozen=True, slots=True)
class SetRecoveredPassword(Command):
    """The new password as typed."""

    challenge: str
    secret: str | None
    new_password: str


def set_recovered_password(command: SetRecoveredPassword, work: UnitOfWork[Store], ports: Ports) -> None:
    """Set it, once: all sessions, devices and refresh tokens end, and all flows under way, other recoveries among them.

    Raises `InvalidError` for a password that REG-7 refuses, `OutOfOrderError`, and `NotFoundError`, also where the
    account was disabled or recovered meanwhile. A lock of sign-in stays as it is (IDN-9).
    """
    with work.reading() as store:
        recovery = find_recovery(command.challenge, command.secret, store, ports)
        recovery.awaits_password()
        account = account_of(recovery, store.accounts.get)
    if account is None:
        raise NotFoundError
    refuse_weak(command.new_password, account, ports.lists)
    password_hash = ports.hasher.hash(normalise(command.new_password))
    store = work.writing()
    done = enter_recovery(command.challenge, command.secret, work, ports).recovery.done()
    account = account_of(done, store.accounts.for_update)
    if account is None:
        raise NotFoundError
    store.accounts.save(account.with_password(password_hash, ports.clock.now()))
    store.recoveries.save(done)
    work.acting_as(account.actor)
    work.record(PasswordRecovered(account.user_id, done.site))
    end_devices(account.user_id, RevokeReason.PASSWORD_RECOVERED, work)
    for session in store.sessions.of_account(account.user_id):
        end_session(session, EndReason.PASSWORD_RECOVERED, work, ports)
