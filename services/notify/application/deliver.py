"""Hand queued messages over to their providers: claim, send and settle, each after the other's commit (NTF-2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.outside import (
    Letter,
    Mail,
    Mailer,
    MailRefusedError,
    MailTooLateError,
    MailUnavailableError,
    NotRenderedError,
    NumberOptedOutError,
    UnsealableError,
)
from services.notify.application.ports import Ports, Store
from services.notify.application.tell import ending
from services.notify.application.turn_number import Turn, turn_number
from services.notify.domain.message import Message, Reason, State
from services.notify.domain.notices import Channel


class NoMailerError(Exception):
    """Nobody carries messages over this channel here."""


class NoAddressError(Exception):
    """Nobody told in time where this goes."""


_FATAL: Mapping[type[Exception], Reason] = {
    UnsealableError: Reason.UNSEALABLE,
    MailRefusedError: Reason.REFUSED,
    NoMailerError: Reason.NO_CHANNEL,
    NoAddressError: Reason.NO_ADDRESS,
    NotRenderedError: Reason.NOT_RENDERED,
}

Settle = Callable[[Message, datetime], Message]
"""What an attempt makes of a message, at the moment when that is written down."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that is this sender's, since `at`, for as long as `House.lease` says and `prolong_claim` adds.

    `again` where another sender's claim ran out: that one may have sent it and been killed before it could say so.
    """

    message: Message
    at: datetime
    again: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt. `opted_out` is the number that takes no texts from us, where that is why it failed."""

    settle: Settle
    opted_out: str | None = None


_EXPIRED = Outcome(lambda it, now: it.expired(now))
UNAVAILABLE = Outcome(lambda it, now: it.postponed(now, Reason.UNAVAILABLE))
"""The provider could not take it now."""


@dataclass(frozen=True, slots=True)
class SettleMessage(Command):
    """An attempt to send a claimed message is over, with this outcome."""

    claim: Claim
    outcome: Outcome


def claim_message(work: UnitOfWork[Store], ports: Ports) -> Claim | None:
    """Claim the message to send next; None where none is due."""
    with work.reading() as store:
        if not store.messages.anything_due(store.now()):
            return None
    store = work.writing()
    now = store.now()
    message = store.messages.take_due(now)
    if message is None:
        return None
    claimed = message.claimed(now, ports.house.lease)
    store.messages.save(claimed)
    return Claim(claimed, now, again=message.state is State.SENDING)


def prolong_claim(message: Message, work: UnitOfWork[Store], ports: Ports) -> bool:
    """Give a sender that is still alive its whole lease once more; False where the claim had run out."""
    store = work.writing()
    return store.messages.save(message.prolonged(store.now(), ports.house.lease), claimed_as=message.attempts)


def send_message(claim: Claim, ports: Ports) -> Outcome:
    """Put a claimed message into words and hand it to its provider; slow, and outside of any transaction.

    Every foreseen failure is an outcome, not an error. What has expired is not even opened.
    """
    message = claim.message
    if message.is_over(claim.at):
        return _EXPIRED
    try:
        mailer = _mailer(message.channel, ports)
        mail = _mail(message, ports)
        mailer.send(mail)
    except MailTooLateError:
        return _EXPIRED
    except MailUnavailableError:
        return UNAVAILABLE
    except NumberOptedOutError as error:
        return Outcome(lambda it, now: it.failed(now, Reason.OPTED_OUT), error.number)
    except tuple(_FATAL) as error:
        reason = _FATAL[type(error)]
        return Outcome(lambda it, now: it.failed(now, reason))
    return Outcome(lambda it, now: it.sent(now, mail.to))


def settle_message(command: SettleMessage, work: UnitOfWork[Store], ports: Ports) -> Message | None:
    """Write the outcome down, with its event; None where the claim had run out and somebody else has taken it.

    A number that the provider says has opted out is so from now on, unless its owner has said otherwise meanwhile.
    """
    store, outcome, claim = work.writing(), command.outcome, command.claim
    settled = outcome.settle(claim.message, store.now())
    if not store.messages.save(settled, claimed_as=claim.message.attempts):
        return None
    if settled.ended_at:
        work.record(ending(settled))
    if outcome.opted_out is not None:
        told = Turn(outcome.opted_out, ports.house.short_code, opted_out=True, known_at=claim.at)
        turn_number(told, work, ports)
    return settled


def _mailer(channel: Channel, ports: Ports) -> Mailer:
    mailer = ports.mailers.get(channel)
    if mailer is None:
        raise NoMailerError(channel)
    return mailer


def _mail(message: Message, ports: Ports) -> Mail:
    facts, address = dict(message.facts), message.address
    if message.sealed:
        secret = ports.unseal(message.sealed)
        address = secret.to
        facts |= {"first_name": secret.first_name}
        facts |= {"code": secret.code} if secret.code else {}
    if address is None:
        raise NoAddressError
    words = ports.texts.render(Letter(message.notice, message.channel, message.language, message.site, facts))
    return Mail(
        id=message.id,
        message_id=f"<{message.id}@{ports.house.mail_domain}>",
        notice=message.notice,
        channel=message.channel,
        to=address,
        subject=words.subject,
        text=words.text,
        html=words.html,
        language=message.language,
        not_after=message.expires_at,
    )
