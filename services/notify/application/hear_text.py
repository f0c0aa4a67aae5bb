"""Hear what somebody texted to the plan's number: STOP, START or HELP (NTF-5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.outside import Letter
from services.notify.application.ports import Ports, Store
from services.notify.application.turn_number import Turn, turn_number
from services.notify.domain.notices import Channel
from services.notify.domain.numbers import Keyword, is_number, keyword_of
from services.notify.domain.recipients import DEFAULT_LANGUAGE, DEFAULT_SITE

_ANSWERS: Final = {Keyword.STOP: "_stop", Keyword.START: "_start", Keyword.HELP: "_help"}


@dataclass(frozen=True, slots=True)
class HearText(Command):
    """A text as the provider tells of it, `text_id` being the provider's own name for it.

    `to` is the number or short code that it was sent to, `service` what the provider bundles that with, if anything.
    """

    text_id: str
    number: str
    to: str
    text: str
    service: str | None = None


def hear_text(command: HearText, work: UnitOfWork[Store], ports: Ports) -> str | None:
    """The text to answer with, None where there is nothing to say: to what is no keyword, or not meant for us.

    A text that comes again (the provider repeats what it got no answer to) changes nothing any more, whatever has
    come since, and gets its answer again.
    """
    keyword = keyword_of(command.text)
    is_ours = ports.house.text_sender in {command.to, command.service}
    if keyword is None or not is_ours or not is_number(command.number):
        return None
    store = work.writing()
    if store.numbers.hear(command.text_id, store.now()) and keyword is not Keyword.HELP:
        turn_number(Turn(command.number, command.to, opted_out=keyword is Keyword.STOP), work, ports)
    letter = Letter(_ANSWERS[keyword], Channel.SMS, _language(command, store), DEFAULT_SITE, {})
    return ports.texts.render(letter).text


def _language(command: HearText, store: Store) -> str:
    """That of an account which has the number, where there is one."""
    holders = (store.recipients.get(user_id) for user_id in store.contacts.holders(command.number))
    return next((holder.language for holder in holders if holder), DEFAULT_LANGUAGE)
