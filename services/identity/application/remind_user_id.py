"""Forgotten user ID: told to the verified address, and to nobody else (IDN-6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import Account
from services.identity.domain.events import UserIdReminded
from services.identity.domain.profile_rules import email_address
from services.identity.domain.user_ids import NOBODY


@dataclass(frozen=True, slots=True)
class RemindUserId(Command):
    """Address and date of birth as typed."""

    email: str
    date_of_birth: date
    site: str


def remind_user_id(command: RemindUserId, work: UnitOfWork[Store], ports: Ports) -> None:
    """Send each account of that address and date of birth its user ID; whoever asks is told nothing.

    Disabled accounts, and addresses that are not verified, are passed over like unknown ones. After five questions
    about an address in an hour nothing is sent for the rest of it. The work is the same in any case, but for the
    event of a reminder that is sent, a row in a transaction that there is anyway.
    """
    store, now, rules = work.writing(), ports.clock.now(), ports.rules.reminders
    email = _comparable(command.email)
    key = ports.digests.keyed("reminder", email)
    count = rules.standing(store.failures.for_update(key), now)
    found = store.accounts.of_email(email, command.date_of_birth)
    store.failures.put(key, rules.failed(count, now))
    reminded = [] if count.blocked_for(now) else [each for each in found if _is_reached_at(each, email)]
    work.record(*_reminders(reminded, command.site, ports))


def _comparable(typed: str) -> str:
    try:
        return email_address(typed).lower()
    except ValueError:
        return NOBODY


def _is_reached_at(account: Account, email: str) -> bool:
    contact = account.recovery_contact
    return contact is not None and contact.value.lower() == email


def _reminders(accounts: Sequence[Account], site: str, ports: Ports) -> list[UserIdReminded]:
    if not accounts:
        ports.seal_reminder(str(new_id()), NOBODY, NOBODY)  # the dear part of the work, which could be measured
    return [_reminder(each, site, ports) for each in accounts]


def _reminder(account: Account, site: str, ports: Ports) -> UserIdReminded:
    reminder_id = str(new_id())
    sealed = ports.seal_reminder(reminder_id, account.email.value, account.profile.first_name)
    return UserIdReminded(reminder_id, account.user_id, account.profile.language, site, sealed)
