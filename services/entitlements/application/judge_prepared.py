"""Say what somebody may prepare for people who have nothing yet: registration asks, for its invitations (GO-2)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel.errors import Fault, InvalidError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.examining import managers_at
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.seeing import standing_giver
from services.entitlements.application.wishes import WishedAccess, read_wishes
from services.entitlements.domain.changes import Change
from services.entitlements.domain.delegation import judge
from services.entitlements.domain.judgement import Violation

_SOMEBODY = ""
"""Whoever it will be: no user ID that anybody has."""

_WISHES = "/changes"


@dataclass(frozen=True, slots=True)
class JudgePrepared(Command):
    """`giver` would prepare each of these for somebody."""

    giver: str
    prepared: tuple[tuple[WishedAccess, ...], ...]


@dataclass(frozen=True, slots=True)
class PreparedVerdict:
    """What is wrong with one of them; the pointers of `faults` begin at its list of access."""

    faults: tuple[Fault, ...] = ()
    violations: tuple[Violation, ...] = ()


def judge_prepared(command: JudgePrepared, work: UnitOfWork[Store], ports: Ports) -> tuple[PreparedVerdict, ...]:
    """A verdict on each, by itself: open invitations do not count toward a TIN's managers (`delegation.md`, 7)."""
    now = ports.clock.now()
    with work.reading() as store:
        giver = standing_giver(command.giver, store, now)
        tins = {wished.place.tin for each in command.prepared for wished in each}
        managers = managers_at(tins, store, now)

    def verdict(wished: tuple[WishedAccess, ...]) -> PreparedVerdict:
        try:
            wishes = read_wishes(wished, ports.catalogue, now)
        except InvalidError as refused:
            return PreparedVerdict(faults=tuple(map(_from_the_list, refused.faults)))
        changes = [Change(_SOMEBODY, wish) for wish in wishes]
        most = ports.limits.managers_per_tin
        return PreparedVerdict(
            violations=judge(giver, changes, managers, ports.catalogue, most_managers=most).violations
        )

    return tuple(map(verdict, command.prepared))


def _from_the_list(fault: Fault) -> Fault:
    return replace(fault, pointer=fault.pointer.removeprefix(_WISHES))
