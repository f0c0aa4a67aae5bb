"""What the local mailbox took in: in embedded mode it stands in for everybody's mail (OPS-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.outside import Mail
from services.notify.application.ports import Ports, Store

_MOST = 2_000


@dataclass(frozen=True, slots=True)
class ReadMailbox(Command):
    """Wishes for the newest mails, all or exactly those to an address or over a channel."""

    to: str | None = None
    channel: str | None = None
    limit: int = _MOST


@dataclass(frozen=True, slots=True)
class ReadMail(Command):
    """Wishes for one mail."""

    id: str


def read_mailbox(
    command: ReadMailbox,
    work: UnitOfWork[Store],
    ports: Ports,  # noqa: ARG001 (one signature)
) -> Sequence[tuple[Mail, datetime]]:
    """The mails with the moment they came, newest first."""
    with work.reading() as store:
        return store.mailbox.find(command.to, command.channel, command.limit)


def read_mail(command: ReadMail, work: UnitOfWork[Store], ports: Ports) -> Mail:  # noqa: ARG001 (one signature)
    """The mail; raises `NotFoundError`."""
    with work.reading() as store:
        mail = store.mailbox.get(command.id)
    if mail is None:
        raise NotFoundError
    return mail
