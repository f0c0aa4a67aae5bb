"""Queue a notice's messages for its recipients: what every use case that tells somebody something ends in (NTF-1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chassis.kernel.errors import NotYetKnownError
from chassis.kernel.ids import new_id
from chassis.kernel.work import UnitOfWork
from services.notify.application.outside import Letter
from services.notify.application.ports import PortalMessage, Ports, Store
from services.notify.domain.events import MessageFailed, MessageSent
from services.notify.domain.message import Message, State
from services.notify.domain.notices import Channel
from services.notify.domain.occasions import Occasion
from services.notify.domain.recipients import Addressee, Contact

_REACHED_OVER = {"email": Channel.EMAIL, "mobile": Channel.SMS}


@dataclass(frozen=True, slots=True)
class News:
    """What is to be told: a notice with its facts, because of an event."""

    notice: str
    facts: Mapping[str, Any]
    occasion: Occasion


def tell(news: News, user_ids: Iterable[str], work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell each of these users once, over the notice's channels; history is not told again.

    Raises `NotYetKnownError` while the event is fresh and identity's word of a user may still come.
    """
    store = work.writing()
    if not news.occasion.calls_for_messages(store.sends_since()):
        return
    for addressee in _addressees(news, user_ids, store):
        for channel in ports.notices[news.notice].over():
            keep(_message(news, channel, addressee, store.now()), work, ports)


def tell_contacts(news: News, user_id: str, work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell a user at every verified contact, over the channel that reaches it: what whoever took one over cannot hide.

    Raises what `tell` raises.
    """
    store = work.writing()
    if not news.occasion.calls_for_messages(store.sends_since()):
        return
    (addressee,) = _addressees(news, [user_id], store)
    others = [each for each in store.contacts.of(user_id) if each.value != addressee.email]
    channels = ports.notices[news.notice].over()
    if Channel.EMAIL in channels:
        keep(_message(news, Channel.EMAIL, addressee, store.now()), work, ports)
    for contact in others:
        channel = _REACHED_OVER[contact.kind]
        if channel in channels:
            keep(_at_contact(_message(news, channel, addressee, store.now()), contact), work, ports)


def tell_outsider(news: News, addressee: Addressee, work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell somebody who has no account, by e-mail."""
    store = work.writing()
    if news.occasion.calls_for_messages(store.sends_since()):
        keep(_message(news, Channel.EMAIL, addressee, store.now()), work, ports)


def tell_support(news: News, work: UnitOfWork[Store], ports: Ports, *, address: str | None = None) -> None:
    """Tell support by e-mail, at its queue's address unless another is named, and every support agent in the portal."""
    store = work.writing()
    if not news.occasion.calls_for_messages(store.sends_since()):
        return
    queue = Addressee(None, address or ports.house.support_queue)
    for channel in ports.notices[news.notice].over():
        for addressee in _support_agents(store) if channel is Channel.INBOX else [queue]:
            keep(_message(news, channel, addressee, store.now()), work, ports)


def keep(message: Message, work: UnitOfWork[Store], ports: Ports) -> None:
    """Keep a new message: for the portal's inbox it is delivered by that, for a provider it waits for its sender.
    One whose occasion is replayed was delivered long ago: it is kept and goes nowhere, and nobody is told that it did.

    One without an address waits for that first: the event that verifies it may come from another service's later.
    """
    store = work.writing()
    if message.occasion.replayed:
        message = message.replayed()
    if message.channel is Channel.INBOX:
        _lay_in(message if message.ended_at else message.sent(message.queued_at, None), work, ports)
    elif message.ended_at:
        store.messages.add(message)
    elif message.address is None and message.sealed is None:
        store.messages.add(message.awaiting_address())
    else:
        store.messages.add(message)


def ending(message: Message) -> MessageSent | MessageFailed:
    """The fact that a message has come to its end; raises `ValueError` for one that has not."""
    if message.ended_at is None:
        raise ValueError(f"message {message.id} is {message.state}")
    told = (
        message.id,
        message.notice,
        message.channel.value,
        message.user_id,
        message.occasion.event_id,
        message.ended_at,
        message.attempts,
    )
    if message.state is State.SENT:
        return MessageSent(*told)
    return MessageFailed(*told, reason=str(message.reason))


def _lay_in(message: Message, work: UnitOfWork[Store], ports: Ports) -> None:
    store = work.writing()
    if message.user_id is None or not store.messages.add(message):
        return
    words = ports.texts.render(Letter(message.notice, message.channel, message.language, message.site, message.facts))
    store.portal_inbox.add(
        PortalMessage(message.id, message.user_id, message.notice, words.subject, words.text, message.queued_at)
    )
    if message.state is State.SENT:
        work.record(ending(message))


def _addressees(news: News, user_ids: Iterable[str], store: Store) -> list[Addressee]:
    known = {user_id: store.recipients.get(user_id) for user_id in dict.fromkeys(user_ids)}
    if None in known.values() and news.occasion.is_fresh(store.now()):
        missing = sorted(user_id for user_id, recipient in known.items() if recipient is None)
        raise NotYetKnownError(f"Nothing is known yet of {', '.join(missing)}.")
    return [Addressee.of(user_id, recipient) for user_id, recipient in known.items()]


def _at_contact(message: Message, contact: Contact) -> Message:
    """The same message to a contact of its own, which tells it from the others of its kind (NTF-2)."""
    return replace(message, recipient=f"address:{contact.value}", address=contact.value)


def _support_agents(store: Store) -> list[Addressee]:
    return [Addressee.of(agent.user_id, agent) for agent in store.recipients.support_agents()]


def _message(news: News, channel: Channel, addressee: Addressee, now: datetime) -> Message:
    return Message(
        id=str(new_id()),
        notice=news.notice,
        channel=channel,
        recipient=addressee.key,
        user_id=addressee.user_id,
        address=addressee.email if channel is Channel.EMAIL else None,
        language=addressee.language,
        site=addressee.site,
        facts={"first_name": addressee.first_name, **news.facts},
        occasion=news.occasion,
        queued_at=now,
        due_at=now,
    )
