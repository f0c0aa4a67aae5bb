"""Changes of contacts take effect here, and are told wherever the account was reached and is from now on (IDN-5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from chassis.kernel.ids import new_id
from chassis.kernel.messages import Event
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import Account
from services.identity.domain.codes import CHANNELS
from services.identity.domain.contact_changes import ContactChange, Standing, Turn
from services.identity.domain.contact_events import (
    ContactChanged,
    ContactChangeUndone,
    ContactNoticeDue,
    ContactRemoved,
)
from services.identity.domain.contacts import Contact
from services.identity.domain.events import AccountProfileChanged, ContactVerified


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of an account, locked, whose contacts are these from now on; `contact` is the one that it is about,
    as it is, or was where it is gone.
    """

    account: Account
    contacts: tuple[Contact, ...]
    turn: Turn
    contact: Contact
    site: str


def keep_contacts(before: Account, after: Account, work: UnitOfWork[Store]) -> Account:
    """Keep the account; whoever has a copy of it hears where it is reached first, if that is another contact now."""
    work.writing().accounts.save(after)
    if after.person != before.person:
        work.record(AccountProfileChanged(after))
    return after


def take_effect(effect: Effect, work: UnitOfWork[Store], ports: Ports) -> Account:
    """Change the contacts. Codes that are under way are void, since they may have gone where the account is no more.

    Whoever was reached before gets what undoes it; whoever is new is told, and undoes nothing.
    """
    store, now, token = work.writing(), ports.clock.now(), ports.randomness.token()
    before, until = effect.account, now + ports.rules.contact_undo
    after = before.with_contacts_changed(effect.contacts, now)
    store.codes.void(after.user_id)
    store.contact_changes.add(
        ContactChange(
            id=str(new_id()),
            user_id=after.user_id,
            digest=ports.digests.of_token(token),
            before=before.contacts,
            changed_at=now,
            expires_at=until,
        )
    )
    work.record(*_facts(effect, after, ports))
    keep_contacts(before, after, work)
    work.record(*_notices(effect, after, token, ports))
    return after


def tell_of_undoing(effect: Effect, after: Account, work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell those who are reached again, and those who are no more, that the account's contacts are as they were."""
    now = ports.clock.now()
    verified = tuple(each for each in after.contacts if each.verified_at)
    work.record(ContactChangeUndone(after.user_id, verified, now))
    keep_contacts(effect.account, after, work)
    gone = _verified_but_in(effect.account, after)
    work.record(
        *(_notice(effect, each, Standing.FORMER, None, ports) for each in verified),
        *(_notice(effect, each, Standing.NEW, None, ports) for each in gone),
    )


def _facts(effect: Effect, after: Account, ports: Ports) -> Iterable[Event]:
    user_id, contact = after.user_id, effect.contact
    if effect.turn is Turn.REMOVED:
        return (ContactRemoved(user_id, contact),)
    verified = ContactVerified(user_id, contact.id, contact.kind, contact.value)
    if effect.turn is Turn.ADDED:
        return (verified,)
    former = next(each.value for each in effect.account.contacts if each.id == contact.id)
    return (ContactChanged(user_id, contact, former, ports.clock.now() + ports.rules.contact_undo), verified)


def _notices(effect: Effect, after: Account, token: str, ports: Ports) -> list[ContactNoticeDue]:
    former = (each for each in effect.account.contacts if each.verified_at)
    return [
        *(_notice(effect, each, Standing.FORMER, token, ports) for each in former),
        *(_notice(effect, each, Standing.NEW, None, ports) for each in _verified_but_in(after, effect.account)),
    ]


def _verified_but_in(account: Account, other: Account) -> list[Contact]:
    """Where the one account is reached and the other is not."""
    reached = {each.value for each in other.contacts if each.verified_at}
    return [each for each in account.contacts if each.verified_at and each.value not in reached]


def _notice(effect: Effect, to: Contact, standing: Standing, token: str | None, ports: Ports) -> ContactNoticeDue:
    notice_id, profile = str(new_id()), effect.account.profile
    return ContactNoticeDue(
        id=notice_id,
        user_id=effect.account.user_id,
        channel=CHANNELS[to.kind],
        standing=standing,
        turn=effect.turn,
        kind=effect.contact.kind,
        hint=effect.contact.hint,
        language=profile.language,
        site=effect.site,
        undo_hours=int(ports.rules.contact_undo / timedelta(hours=1)),
        sealed=ports.seal_contact(notice_id, to.value, profile.first_name, token),
    )
