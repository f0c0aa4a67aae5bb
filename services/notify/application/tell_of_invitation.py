"""Tell people that they were invited, and whoever invited them what came of it (REG-14, REG-15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store
from services.notify.application.tell import News, tell, tell_outsider
from services.notify.domain.occasions import Occasion
from services.notify.domain.places import place
from services.notify.domain.recipients import DEFAULT_LANGUAGE, DEFAULT_SITE, Addressee


@dataclass(frozen=True, slots=True)
class Place:
    """A practice that an invitation is for; `managers` are told where the event names them."""

    tin: str
    line: str
    practice: str | None
    managers: tuple[str, ...] = ()

    @property
    def shown(self) -> Mapping[str, Any]:
        """As a text may know it."""
        return place(self.tin, self.line, self.practice)


@dataclass(frozen=True, slots=True)
class Invite(Command):
    """Somebody was invited; the temporary password is the inviter's to hand over, and never comes here."""

    email: str
    first_name: str
    temporary_id: str
    invited_by: str
    expires_on: str
    places: tuple[Place, ...]
    occasion: Occasion


@dataclass(frozen=True, slots=True)
class FollowInvitation(Command):
    """Something became of an invitation: `notice` says what. `name` is the invited person's."""

    notice: str
    name: str
    invited_by: str
    expires_on: str
    places: tuple[Place, ...]
    occasion: Occasion


@dataclass(frozen=True, slots=True)
class ReduceInvitation(Command):
    """What an invitation prepared became requests; `reason` is the event's word for why."""

    user_id: str
    name: str
    reason: str
    places: tuple[Place, ...]
    occasion: Occasion


def invite(command: Invite, work: UnitOfWork[Store], ports: Ports) -> None:
    """In the inviter's language, since nobody knows the person's yet."""
    inviter = work.writing().recipients.get(command.invited_by)
    addressee = Addressee(
        None,
        command.email,
        command.first_name,
        inviter.language if inviter else DEFAULT_LANGUAGE,
        inviter.site if inviter else DEFAULT_SITE,
    )
    facts = {
        "by": inviter.name if inviter else None,
        "temporary_id": command.temporary_id,
        "until": command.expires_on,
        "places": _shown(command.places),
    }
    tell_outsider(News("invitation", facts, command.occasion), addressee, work, ports)


def follow_invitation(command: FollowInvitation, work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell whoever invited."""
    facts = {"invited": command.name, "until": command.expires_on, "places": _shown(command.places)}
    tell(News(command.notice, facts, command.occasion), [command.invited_by], work, ports)


def reduce_invitation(command: ReduceInvitation, work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell the person of all of it, and each manager of the practices that are theirs alone."""
    _tell_reduced(command, command.user_id, command.places, work, ports)
    managers = sorted({each for some in command.places for each in some.managers} - {command.user_id})
    for manager in managers:
        own = [each for each in command.places if manager in each.managers]
        _tell_reduced(command, manager, own, work, ports)


def _tell_reduced(
    command: ReduceInvitation, whom: str, places: Sequence[Place], work: UnitOfWork[Store], ports: Ports
) -> None:
    about = None if whom == command.user_id else command.name
    facts = {"user": about, "reason": command.reason, "places": _shown(places)}
    tell(News("invitation_reduced", facts, command.occasion), [whom], work, ports)


def _shown(places: Sequence[Place]) -> list[Mapping[str, Any]]:
    return [each.shown for each in places]
