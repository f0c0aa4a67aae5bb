"""See, add and change one's contacts: nothing works before a code to it came back (IDN-5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel.errors import Fault, InvalidError, NotFoundError
from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.code_ways import opt_out_of
from services.identity.application.contact_desk import keep_contacts
from services.identity.application.ports import Ports, Store
from services.identity.application.step_up_desk import fresh_account
from services.identity.application.view_account import view_account
from services.identity.domain.accounts import Account
from services.identity.domain.codes import Purpose
from services.identity.domain.contact_changes import value_taken_up
from services.identity.domain.contact_errors import ContactKnownError, TooManyContactsError
from services.identity.domain.contact_events import ContactAdded
from services.identity.domain.contacts import MOST, Contact, ContactKind
from services.identity.domain.opt_outs import OptOut


@dataclass(frozen=True, slots=True)
class AddContact(Command):
    """A further address or number, as typed."""

    user_id: str
    session_id: str
    kind: ContactKind
    value: str


@dataclass(frozen=True, slots=True)
class ChangeContact(Command):
    """What a contact is to be from now on, as typed; `kind` may say again what it is, and nothing else."""

    user_id: str
    session_id: str
    contact: str
    value: str
    kind: ContactKind | None = None


@dataclass(frozen=True, slots=True)
class SeenContact:
    """A contact as its owner sees it; `opted_out` where it is a number that takes no texts (NTF-5)."""

    contact: Contact
    opt_out: OptOut | None

    @property
    def opted_out(self) -> bool:
        """Whether no text reaches it."""
        return self.opt_out is not None

    @property
    def short_code(self) -> str | None:
        """What START is to be texted to, where it opted out and that is known."""
        return self.opt_out.short_code if self.opt_out else None


def contacts_of(user_id: str, work: UnitOfWork[Store], ports: Ports) -> Sequence[SeenContact]:
    """The account's, oldest first."""
    contacts = sorted(view_account(user_id, work).contacts, key=lambda each: (each.created_at, each.id))
    with work.reading() as store:
        return [SeenContact(each, opt_out_of(each, store, ports)) for each in contacts]


def add_contact(command: AddContact, work: UnitOfWork[Store], ports: Ports) -> Contact:
    """Keep it, to be verified.

    Raises `InvalidError`, `ContactKnownError`, `TooManyContactsError`, and what `fresh_account` raises.
    """
    value = value_taken_up(command.kind, command.value)
    account = fresh_account(command.user_id, command.session_id, work.writing(), ports)
    _refuse_known(account, command.kind, value)
    if sum(each.kind is command.kind for each in account.contacts) >= MOST:
        raise TooManyContactsError
    added = Contact(str(new_id()), command.kind, value, None, ports.clock.now())
    work.record(ContactAdded(account.user_id, added))
    keep_contacts(account, account.with_contact(added), work)
    return added


def change_contact(command: ChangeContact, work: UnitOfWork[Store], ports: Ports) -> Contact:
    """Note what it is to become; a verified one works as it is until a code to the new one came back.

    A code that was sent to what was entered before is void. Raises `NotFoundError`, and as `add_contact`.
    """
    store = work.writing()
    account = fresh_account(command.user_id, command.session_id, store, ports)
    contact = own_contact(account, command.contact)
    if command.kind not in {None, contact.kind}:
        raise InvalidError([Fault("/kind", "kind_fixed", "A contact stays what it is: add the other one instead.")])
    value = value_taken_up(contact.kind, command.value)
    _refuse_known(account.without_contact(contact.id), contact.kind, value)
    wished = contact.wished(value)
    store.codes.void(account.user_id, Purpose.CONTACT)
    keep_contacts(account, account.with_contact(wished), work)
    return wished


def own_contact(account: Account, contact_id: str) -> Contact:
    """The account's contact; raises `NotFoundError`."""
    found = next((each for each in account.contacts if each.id == contact_id), None)
    if found is None:
        raise NotFoundError
    return found


def _refuse_known(account: Account, kind: ContactKind, value: str) -> None:
    if any(each.kind is kind and each.is_at(value) for each in account.contacts):
        raise ContactKnownError
