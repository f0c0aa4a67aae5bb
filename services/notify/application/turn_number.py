"""Opt a number out of texts, or in again (NTF-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store
from services.notify.domain.events import NumberOptedIn, NumberOptedOut


@dataclass(frozen=True, slots=True)
class Turn(Command):
    """A number (E.164) opts out, or in; `short_code` is what START is to be texted to, where that is known.

    `known_at` is when it was seen that it had, where nobody says so now: what its owner has said since counts more.
    """

    number: str
    short_code: str | None
    opted_out: bool
    known_at: datetime | None = None


def turn_number(command: Turn, work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell the others if it was not so already. Two at once are settled in turn, under the number's lock."""
    sender = ports.house.text_sender
    if sender is None:
        return
    store = work.writing()
    standing = store.numbers.for_update(command.number, sender)
    outdated = command.known_at and standing.since and command.known_at < standing.since
    if outdated or standing.opted_out == command.opted_out:
        return
    now = store.now()
    store.numbers.save(standing.turned(now, opted_out=command.opted_out))
    fact = NumberOptedOut if command.opted_out else NumberOptedIn
    work.record(fact(command.number, ports.number_key(command.number), command.short_code, now))
