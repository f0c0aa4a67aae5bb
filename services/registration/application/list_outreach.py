"""Show support its outreach cases (REG-13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.registration.application.case_search import CaseSearch, Place
from services.registration.application.errors import NoOpenCaseError
from services.registration.application.ports import Ports, Store
from services.registration.domain.outreach import CaseState, OutreachCase
from services.registration.domain.tins import bare_tin
from services.registration.domain.values import RefusedError


@dataclass(frozen=True, slots=True)
class ListOutreach(Command):
    """A page of cases by due date; without a state, all that are not closed, overdue ones first.

    `query` is a TIN, or a part of a practice's name.
    """

    state: CaseState | None
    after: Place | None
    limit: int
    query: str = ""


@dataclass(frozen=True, slots=True)
class ShowOutreach(Command):
    """The cases of one TIN, closed ones too."""

    tin: str


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A case, where it stands now, who manages the line now, and the names of those whom its proposals are about."""

    case: OutreachCase
    state: CaseState
    managers: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CasePage:
    """Some cases; `following` is where the next page begins, None on the last."""

    cases: Sequence[ShownCase]
    following: Place | None


def list_outreach(command: ListOutreach, work: UnitOfWork[Store], ports: Ports) -> CasePage:
    """The cases."""
    now = ports.clock.now()
    with work.reading() as store:
        found = store.outreach.page(_search(command, now), command.after, command.limit + 1)
        cases = found[: command.limit]
        shown = _shown(cases, now, store)
    last = cases[-1] if len(found) > len(cases) else None
    closed = command.state is CaseState.CLOSED
    following = ((last.closed_at if closed and last.closed_at else last.due_at), last.id) if last else None
    return CasePage(shown, following)


def show_outreach(command: ShowOutreach, work: UnitOfWork[Store], ports: Ports) -> Sequence[ShownCase]:
    """The cases of the TIN; raises `NotFoundError` where there never was one."""
    with work.reading() as store:
        found = store.outreach.of_tin(command.tin)
        if not found:
            raise NotFoundError
        return _shown(found, ports.clock.now(), store)


def shown_cases(tin: str, work: UnitOfWork[Store], ports: Ports) -> tuple[ShownCase, ...]:
    """The cases of the TIN as they stand in the transaction under way."""
    store = work.writing()
    return _shown(store.outreach.of_tin(tin), ports.clock.now(), store)


def open_cases(tin: str, store: Store) -> Sequence[OutreachCase]:
    """The open cases of the TIN, locked; raises `NotFoundError` where there never was one, `NoOpenCaseError`."""
    cases = store.outreach.open_at(tin)
    if cases:
        return cases
    if not store.outreach.of_tin(tin):
        raise NotFoundError
    raise NoOpenCaseError("Every outreach case of this TIN is closed: open one first.")


def _search(command: ListOutreach, now: datetime) -> CaseSearch:
    typed = command.query.strip()
    try:
        return CaseSearch(command.state, now, tin=bare_tin(typed) if typed else None)
    except RefusedError:
        return CaseSearch(command.state, now, text=typed)


def _shown(cases: Sequence[OutreachCase], now: datetime, store: Store) -> tuple[ShownCase, ...]:
    managers = store.managers.of({case.tin for case in cases})
    known = store.accounts.of({each.user_id for case in cases for each in case.proposals})
    return tuple(
        ShownCase(
            case,
            case.state(now),
            tuple(sorted(managers.get((case.tin, case.line), ()))),
            tuple((each.user_id, known[each.user_id].name) for each in case.proposals if each.user_id in known),
        )
        for case in cases
    )
