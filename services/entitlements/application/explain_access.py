"""Why somebody has, or lacks, a function: the chain of givings behind it (ENT-12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import Fault, InvalidError, NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.entitlements.application.ports import Ports, Store
from services.entitlements.application.seeing import look_at, standing_giver
from services.entitlements.domain.access import Access
from services.entitlements.domain.checking import Knowledge, Question, Reason, answer
from services.entitlements.domain.grants import functions_of
from services.entitlements.domain.places import Place


@dataclass(frozen=True, slots=True)
class ExplainAccess(Command):
    """`viewer` asks why `user_id` may, or may not, do `function` at `place`."""

    viewer: str
    user_id: str
    function: str
    place: Place


@dataclass(frozen=True, slots=True)
class Step:
    """One interval of the user's access there; `has_function` says whether the function was among it."""

    access: Access
    has_function: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """`chain` is the user's history at the place, newest first.

    `given_by` gave the function as it is held now, and `giver_holds` says whether they hold it themselves still
    (`delegation.md`, 4); both are None where it is not held.
    """

    reason: Reason
    chain: tuple[Step, ...]
    given_by: str | None
    giver_holds: bool | None


def explain_access(command: ExplainAccess, work: UnitOfWork[Store], ports: Ports) -> Explanation:
    """Raises `NotFoundError` for a user or a place that the viewer does not see; people see their own."""
    now = ports.clock.now()
    if command.function not in ports.catalogue:
        raise InvalidError([Fault("/function", "function_unknown", "The catalogue has no such function.")])
    with work.reading() as store:
        sight = look_at(command.user_id, command.viewer, store, now)
        if not sight.sees(command.place):
            raise NotFoundError
        history = store.listings.history_of(command.user_id, command.place)
        standing = next((access for access in sight.standing if access.place == command.place), None)
        practice = store.practices.of([command.place.tin]).get(command.place.tin)
        known = Knowledge(
            account=sight.person.state,
            lines=practice.lines if practice else None,
            standing=standing.standing if standing else None,
            had_access=bool(history),
        )
        question = Question(command.user_id, command.function, command.place)
        reason = answer(question, known, ports.catalogue, now)
        chain = tuple(Step(each, command.function in each.grant.functions) for each in reversed(history))
        given_by = _giver(chain) if reason is Reason.GRANTED else None
        holds = None if given_by is None else _holds(given_by, command, store, now)
    return Explanation(reason, chain, given_by, holds)


def _giver(chain: Sequence[Step]) -> str | None:
    """Whoever began the unbroken run of intervals, up to now, in which the function was among the access."""
    giver: str | None = None
    opened_at: datetime | None = None
    for step in chain:
        unbroken = opened_at is None or step.access.ended_at == opened_at
        if not step.has_function or not unbroken:
            break
        giver, opened_at = step.access.given_by, step.access.since
    return giver


def _holds(giver: str, command: ExplainAccess, store: Store, now: datetime) -> bool:
    held = standing_giver(giver, store, now).standing.get(command.place)
    return command.function in functions_of(held)
