"""What an account can pass its second step by (IDN-1, IDN-3)."""

from __future__ import annotations

from chassis.kernel.errors import Fault, InvalidError
from services.identity.application.code_ways import code_ways
from services.identity.application.ports import Ports, Store
from services.identity.application.second_step_repositories import Means
from services.identity.application.sign_in_steps import Method, Offer
from services.identity.domain.accounts import Account
from services.identity.domain.codes import CHANNELS
from services.identity.domain.contacts import Contact

RECOVERY_CODES = "recovery_code"
"""Kind and identifier of the method: an account has one set."""

PASSKEYS = "passkey"
"""Kind and identifier of the method: the browser finds the one of them that is at hand."""


def methods_of(account: Account, means: Means, store: Store, ports: Ports) -> Offer:
    """All of them, the strongest first; the hint of passkeys is their names, of recovery codes how many are left.

    Once reactivated by support, only what shows that the address is still its owner's (IDN-13).
    """
    ways = code_ways(account, store, ports)
    contacts = [Method(each.id, CHANNELS[each.kind], each.hint) for each in ways.offered]
    if account.must_verify_contact:
        return Offer(tuple(contacts))
    names = [each.name for each in means.passkeys if each.is_good]
    passkeys = [Method(PASSKEYS, PASSKEYS, ", ".join(names))] if names else []
    apps = [Method(each.id, each.kind, each.name) for each in means.apps]
    good = means.recovery_codes
    on_paper = [Method(RECOVERY_CODES, RECOVERY_CODES, str(good))] if good else []
    return Offer((*passkeys, *apps, *contacts, *on_paper), ways.withheld)


def contact_chosen(account: Account, method: str) -> Contact:
    """Where the code goes; raises `InvalidError` for a method to which none is sent."""
    contacts = account.verified_emails if account.must_verify_contact else account.code_contacts
    contact = next((each for each in contacts if each.id == method), None)
    if contact is None:
        raise InvalidError([Fault("/method", "method_unknown", "Choose one of the methods that send a code.")])
    return contact
