"""Change one's password: whoever else is signed in, or remembered on a device, is so no more (IDN-3, IDN-10)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.device_desk import end_devices
from services.identity.application.new_passwords import refuse_weak
from services.identity.application.password_desk import PresentPassword, account_read_fresh, prove_password
from services.identity.application.ports import Ports, Store
from services.identity.application.session_desk import end_session
from services.identity.domain.devices import NOWHERE, RevokeReason, Whereabouts
from services.identity.domain.events import PasswordChanged
from services.identity.domain.passwords import normalise
from services.identity.domain.sessions import EndReason


@dataclass(frozen=True, slots=True)
class ChangePassword(Command):
    """Both passwords as typed, and the session that the change comes from."""

    user_id: str
    session_id: str
    site: str
    current_password: str
    new_password: str
    whereabouts: Whereabouts = NOWHERE


def change_password(command: ChangePassword, work: UnitOfWork[Store], ports: Ports) -> None:
    """Set it: every session but the present one ends, every trusted device, and every flow begun with the old one.

    Raises `InvalidError` for a password that REG-7 refuses, and what `prove_password` raises.
    """
    account = account_read_fresh(command.user_id, command.session_id, work, ports)
    refuse_weak(command.new_password, account, ports.lists)
    password_hash = ports.hasher.hash(normalise(command.new_password))
    given = PresentPassword(command.user_id, command.session_id, command.current_password, command.whereabouts)
    account = prove_password(given, work, ports)
    store = work.writing()
    store.accounts.save(account.with_password(password_hash, ports.clock.now()))
    work.record(PasswordChanged(account.user_id, command.site))
    end_devices(account.user_id, RevokeReason.PASSWORD_CHANGED, work)
    for session in store.sessions.of_account(account.user_id):
        if session.id != command.session_id:
            end_session(session, EndReason.PASSWORD_CHANGED, work, ports)
