"""Change what one says of oneself; the e-mail address is a contact and changes there (REG-5, IDN-5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chassis.kernel.errors import NotSignedInError
from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import Account, State
from services.identity.domain.contacts import Contact, ContactKind
from services.identity.domain.errors import ContactVerifiedError
from services.identity.domain.events import AccountProfileChanged
from services.identity.domain.profile_changes import changed_profile, mobile_number


@dataclass(frozen=True, slots=True)
class ChangeProfile(Command):
    """The fields to change, by name; None empties one."""

    user_id: str
    changes: Mapping[str, Any]


def change_profile(command: ChangeProfile, work: UnitOfWork[Store], ports: Ports) -> Account:
    """The account as it is now; raises `InvalidError`, and `ContactVerifiedError` for a verified mobile number."""
    store = work.writing()
    account = store.accounts.for_update(command.user_id)
    if account is None or account.state is not State.ACTIVE:
        raise NotSignedInError
    changed = replace(account, profile=changed_profile(account.profile, command.changes, ports.lists.job_roles))
    if "mobile" in command.changes:
        changed = _with_mobile(changed, command.changes["mobile"], ports.clock.now())
    if changed != account:
        store.accounts.save(changed)
        work.record(AccountProfileChanged(changed))
    return changed


def _with_mobile(account: Account, wished: str | None, now: datetime) -> Account:
    number = None if wished is None else mobile_number(wished)
    present = account.mobile
    if present is None:
        return account if number is None else account.with_contact(_mobile(number, now))
    if any(each.kind is ContactKind.MOBILE and each.value == number for each in account.contacts):
        return account
    if present.verified_at is not None:
        raise ContactVerifiedError
    bare = account.without_contact(present.id)
    return bare if number is None else bare.with_contact(_mobile(number, now))


def _mobile(number: str, now: datetime) -> Contact:
    return Contact(str(new_id()), ContactKind.MOBILE, number, None, now)
