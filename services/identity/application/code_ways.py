"""By which of an account's contacts a code may go now, and by which it may not, and why (IDN-2)."""

from __future__ import annotations

from dataclasses import dataclass

from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import Account
from services.identity.domain.codes import CHANNELS
from services.identity.domain.contacts import Contact, ContactKind
from services.identity.domain.errors import NumberOptedOutError
from services.identity.domain.opt_outs import OptOut

OPTED_OUT = "number_opted_out"
"""Why a number is not offered: its owner has texted STOP (NTF-5)."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A way that is there and not offered; `short_code` is what START is to be texted to, where known."""

    kind: str
    hint: str
    reason: str
    short_code: str | None


@dataclass(frozen=True, slots=True)
class CodeWays:
    """Where a code may go, and where not."""

    offered: tuple[Contact, ...]
    withheld: tuple[Withheld, ...]


def code_ways(account: Account, store: Store, ports: Ports) -> CodeWays:
    """The account's verified contacts. Once reactivated by support, its addresses alone (IDN-13)."""
    contacts = account.verified_emails if account.must_verify_contact else account.code_contacts
    found = [(contact, opt_out_of(contact, store, ports)) for contact in contacts]
    return CodeWays(
        tuple(contact for contact, opt_out in found if opt_out is None),
        tuple(
            Withheld(CHANNELS[contact.kind], contact.hint, OPTED_OUT, opt_out.short_code)
            for contact, opt_out in found
            if opt_out
        ),
    )


def refuse_opted_out(contact: Contact, store: Store, ports: Ports) -> None:
    """Raises `NumberOptedOutError` for a number that no text would reach."""
    opt_out = opt_out_of(contact, store, ports)
    if opt_out is not None:
        raise NumberOptedOutError(opt_out.short_code)


def opt_out_of(contact: Contact, store: Store, ports: Ports) -> OptOut | None:
    """That of the number; None where it takes texts, and for an address."""
    if contact.kind is not ContactKind.MOBILE:
        return None
    return store.opt_outs.get(number_digest(contact.value, ports))


def number_digest(number: str, ports: Ports) -> str:
    """What is kept in place of a number."""
    return ports.digests.keyed("opted_out_number", number)
