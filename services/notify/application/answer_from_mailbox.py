"""Answer a text of the local mailbox, as its recipient would: embedded mode, for trying out (OPS-1, NTF-5)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel.errors import NotFoundError
from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.hear_text import HearText, hear_text
from services.notify.application.ports import Ports, Store
from services.notify.domain.notices import Channel

ANSWER = "sms_answer"
"""What the mailbox calls the answer to a text, which is no notice."""


@dataclass(frozen=True, slots=True)
class AnswerFromMailbox(Command):
    """What the recipient of a text answers with."""

    mail_id: str
    text: str


def answer_from_mailbox(command: AnswerFromMailbox, work: UnitOfWork[Store], ports: Ports) -> str:
    """The recipient's number; the plan's own answer lies in the mailbox from now on. Raises `NotFoundError`."""
    store = work.writing()
    mail = store.mailbox.get(command.mail_id)
    if mail is None or mail.channel is not Channel.SMS or ports.house.text_sender is None:
        raise NotFoundError
    heard = HearText(str(new_id()), mail.to, ports.house.text_sender, command.text)
    answer = hear_text(heard, work, ports)
    if answer is not None:
        answer_id = str(new_id())
        message_id = f"<{answer_id}@{ports.house.mail_domain}>"
        store.mailbox.put(
            replace(mail, id=answer_id, message_id=message_id, notice=ANSWER, text=answer, html=None), store.now()
        )
    return mail.to
