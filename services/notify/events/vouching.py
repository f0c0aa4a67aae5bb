"""Identity's events of a lost mailbox's way to a new one (IDN-17)."""

from __future__ import annotations

from typing import Final

from marshmallow import fields, validate

from chassis.bus.schemas import ConsumedSchema
from chassis.bus.subscriptions import Received, Subscription
from chassis.kernel.work import UnitOfWork
from services.notify.application.keep_contact import KeepContacts, keep_contacts
from services.notify.application.ports import Ports, Store
from services.notify.application.tell_of_vouching import TellOfVouching, tell_of_vouching
from services.notify.domain.message import Sealed
from services.notify.domain.notices import Channel
from services.notify.domain.recipients import Contact
from services.notify.events.identity import ContactSchema
from services.notify.events.occasions import occasion_of

_WORD_DUE: Final = "identity.contact.vouching_word_due.v1"
_CHANNELS: Final = {"email": Channel.EMAIL, "mobile": Channel.SMS}


class WordDueSchema(ConsumedSchema):
    """What is to be told at one contact; None once that has gone out."""

    word_id = fields.String(required=True)
    user_id = fields.String(required=True)
    word = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(sorted(_CHANNELS)))
    by = fields.String(required=True)
    works_at = fields.AwareDateTime(required=True, allow_none=True)
    language = fields.String(required=True)
    site = fields.String(required=True)
    sealed = fields.String(load_default=None, allow_none=True)


def word_place(word_id: str) -> str:
    """The place that identity binds such a word's seal to."""
    return f"{_WORD_DUE}:{word_id}"


def _word_due(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = event.data
    if data["sealed"] is None:
        return  # the word has gone out
    command = TellOfVouching(
        user_id=data["user_id"],
        word=data["word"],
        channel=_CHANNELS[data["kind"]],
        by=data["by"],
        works_at=data["works_at"],
        language=data["language"],
        site=data["site"],
        sealed=Sealed(data["sealed"], word_place(data["word_id"])),
        occasion=occasion_of(event),
    )
    tell_of_vouching(command, work, ports)


def _replaced(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = event.data
    contact = Contact(data["user_id"], data["contact_id"], data["kind"], data["person"]["value"])
    keep_contacts(KeepContacts(data["user_id"], (contact,)), work, ports)


SUBSCRIPTIONS: tuple[Subscription[Store, Ports], ...] = (
    Subscription(_WORD_DUE, WordDueSchema, _word_due),
    Subscription("identity.contact.replaced.v1", ContactSchema, _replaced),
)
