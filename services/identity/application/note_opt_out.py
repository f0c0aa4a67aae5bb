"""Keep the copy of which numbers take no texts true (IDN-2, NTF-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.code_ways import number_digest
from services.identity.application.ports import Ports, Store
from services.identity.domain.opt_outs import OptOut


@dataclass(frozen=True, slots=True)
class NoteOptOut(Command):
    """A number (E.164) takes no texts since then, or, where `opted_out` is false, takes them again."""

    number: str
    short_code: str | None
    at: datetime
    opted_out: bool


def note_opt_out(command: NoteOptOut, work: UnitOfWork[Store], ports: Ports) -> None:
    """The later word holds; events of one number come in their order."""
    opt_outs, digest = work.writing().opt_outs, number_digest(command.number, ports)
    if command.opted_out:
        opt_outs.put(OptOut(digest, command.short_code, command.at))
    else:
        opt_outs.remove(digest)
