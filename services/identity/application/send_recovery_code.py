"""Forgotten password, second step: send the code (IDN-2, IDN-7)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.errors import Fault, InvalidError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.begin_recovery import WAYS
from services.identity.application.code_desk import Order, Sent, send_code, send_nothing
from services.identity.application.code_ways import opt_out_of
from services.identity.application.ports import Ports, Store
from services.identity.application.recovery_desk import Entered, account_of, enter_recovery
from services.identity.domain.accounts import Account
from services.identity.domain.codes import Channel, Purpose
from services.identity.domain.contacts import Contact
from services.identity.domain.errors import CodeSentLatelyError, TooManyAttemptsError
from services.identity.domain.recoveries import Recovery


@dataclass(frozen=True, slots=True)
class SendRecoveryCode(Command):
    """`method` is the identifier of the method that was offered."""

    challenge: str
    secret: str | None
    method: str


def send_recovery_code(command: SendRecoveryCode, work: UnitOfWork[Store], ports: Ports) -> Sent:
    """Send it, where there is whom to send it to; the same answer and the same limits where there is not.

    Raises `NotFoundError`, `OutOfOrderError`, `InvalidError` for a method not offered, `CodeSentLatelyError`, and
    `TooManyAttemptsError` while proofs are not looked at.
    """
    channel = next((each for each, way in WAYS.items() if way.id == command.method), None)
    if channel is None:
        raise InvalidError([Fault("/method", "method_unknown", "Choose one of the methods that were offered.")])
    entered = enter_recovery(command.challenge, command.secret, work, ports)
    _refuse_too_many(entered, channel, work.writing(), ports)
    sent = _send(entered.recovery, channel, work, ports)
    # Noted after the code's own moment, so that its limits are never stricter than those that everybody sees.
    work.writing().recoveries.save(entered.recovery.sent(ports.clock.now(), channel))
    return sent


def _refuse_too_many(entered: Entered, channel: Channel, store: Store, ports: Ports) -> None:
    now, rules, recovery = ports.clock.now(), ports.rules, entered.recovery
    recovery.sent(now, channel)
    if entered.count.blocked_for(now):
        raise TooManyAttemptsError(entered.count.blocked_for(now))
    since = now - rules.codes.period - rules.recovery
    wait = rules.codes.wait(store.recoveries.sent_since(recovery.key, channel, since), now)
    if wait:
        raise CodeSentLatelyError(wait)


def _send(recovery: Recovery, channel: Channel, work: UnitOfWork[Store], ports: Ports) -> Sent:
    store = work.writing()
    account = account_of(recovery, store.accounts.for_update)
    if account is None:
        return send_nothing(recovery.key, Purpose.RECOVER_PASSWORD, work, ports)
    contact = _contact(account, channel, store, ports)
    if contact is None:
        # As a code that goes out would: or its new tries would be tries of the one that was sent before.
        store.codes.void(account.user_id, Purpose.RECOVER_PASSWORD)
        return send_nothing(account.user_id, Purpose.RECOVER_PASSWORD, work, ports)
    order = Order(account, contact, Purpose.RECOVER_PASSWORD, recovery.site, recovery.id)
    return send_code(order, work, ports)


def _contact(account: Account, channel: Channel, store: Store, ports: Ports) -> Contact | None:
    """Where it goes; None where there is no such contact, or no text reaches it: a stranger is not told which."""
    if channel is Channel.EMAIL:
        return account.recovery_contact
    number = account.recovery_number
    return None if number is None or opt_out_of(number, store, ports) else number
