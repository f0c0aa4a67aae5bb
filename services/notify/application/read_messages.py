"""A user's in-portal inbox: what is in it, and marking as read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import PortalMessage, Ports, Store


@dataclass(frozen=True, slots=True)
class ReadMessages(Command):
    """Wishes for a page of one's own messages, before the one named."""

    user_id: str
    limit: int
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page, newest first; `more` says that older ones follow. `unread` counts all that the user has."""

    items: Sequence[PortalMessage]
    more: bool
    unread: int


@dataclass(frozen=True, slots=True)
class MarkRead(Command):
    """Wishes to have seen a message."""

    user_id: str
    message_id: str


def read_messages(command: ReadMessages, work: UnitOfWork[Store], ports: Ports) -> Inbox:  # noqa: ARG001 (one signature)
    """The page wished for."""
    with work.reading() as store:
        found = store.portal_inbox.page(command.user_id, command.limit + 1, command.before)
        unread = store.portal_inbox.unread(command.user_id)
    return Inbox(found[: command.limit], len(found) > command.limit, unread)


def mark_read(command: MarkRead, work: UnitOfWork[Store], ports: Ports) -> None:  # noqa: ARG001 (one signature)
    """Mark the message as read; again does nothing. Raises `NotFoundError` for one that is not the user's own."""
    store = work.writing()
    if not store.portal_inbox.mark_read(command.user_id, command.message_id, store.now()):
        raise NotFoundError
