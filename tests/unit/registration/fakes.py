"""A registration service in memory: what the use cases write, and what they tell the world."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.kernel.cause import Cause
from chassis.kernel.messages import Event
from chassis.testing.clocks import StandingClock
from services.registration.adapters.csv_catalogue import read_catalogue
from services.registration.adapters.people_csv import read_csv
from services.registration.adapters.people_documents import PeopleDocuments
from services.registration.adapters.people_xlsx import read_xlsx
from services.registration.application.case_search import CaseSearch, Place
from services.registration.application.invitation_search import InvitationSearch
from services.registration.application.ports import AccountWish, Judgement, Ports, TemporaryPassword
from services.registration.domain.accounts import Account, AccountState
from services.registration.domain.invitations import UNREDEEMED, Invitation, InvitationState, PreparedAccess
from services.registration.domain.lines import Line, lines_written
from services.registration.domain.outreach import Attempt, CaseState, OutreachCase, Waiting, with_work
from services.registration.domain.people_imports import FunctionWord
from services.registration.domain.practices import Kept, Practice
from services.registration.domain.proposals import Proposal
from services.registration.domain.registrations import AccessRequest, Registration, RegistrationState, RequestState
from services.registration.domain.review import Managers, ReviewRules
from services.registration.domain.violations import Verdict
from tests.unit.registration.fake_imports import FakeImports

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class FakePractices:
    def __init__(self) -> None:
        self.rows: dict[str, Kept] = {}

    def have(self, tin: str, name: str, lines: str) -> None:
        self.rows[tin] = (tin, name, lines, "{}", 1)

    def named(self, tins: Collection[str]) -> Mapping[str, Practice]:
        found = [self.rows[tin] for tin in tins if tin in self.rows]
        return {row[0]: Practice(row[0], row[1], lines_written(row[2]), row[4]) for row in found}

    def kept(self, tins: Sequence[str]) -> Mapping[str, Kept]:
        return {tin: self.rows[tin] for tin in tins if tin in self.rows}

    def write(self, rows: Sequence[Kept]) -> None:
        self.rows |= {row[0]: row for row in rows}


class FakeRegistrations:
    def __init__(self) -> None:
        self.all: dict[UUID, Registration] = {}

    def get(self, registration_id: UUID) -> Registration | None:
        return self.all.get(registration_id)

    def add(self, registration: Registration) -> bool:
        if registration.id in self.all:
            return False
        self.all[registration.id] = registration
        return True

    def confirmed(self, registration_id: UUID) -> None:
        if registration_id in self.all:
            found = self.all[registration_id]
            self.all[registration_id] = replace(found, state=RegistrationState.CONFIRMED)

    def lapse(self, submitted_before: datetime, limit: int) -> Sequence[Registration]:
        due = [each for each in self.all.values() if self._lapses(each, submitted_before)]
        oldest = sorted(due, key=lambda each: (each.submitted_at, each.id))[:limit]
        lapsed = [replace(each, state=RegistrationState.LAPSED) for each in oldest]
        self.all |= {each.id: each for each in lapsed}
        return lapsed

    def count_lapsing(self, submitted_before: datetime) -> int:
        return sum(self._lapses(each, submitted_before) for each in self.all.values())

    def count_standing(self, submitted_by: datetime) -> int:
        standing = (each for each in self.all.values() if each.state is not RegistrationState.LAPSED)
        return sum(each.submitted_at <= submitted_by for each in standing)

    def end(self, registration_id: UUID) -> None:
        if registration_id not in self.all:
            return
        found = self.all[registration_id]
        requests = tuple(_expired(each) for each in found.requests)
        self.all[found.id] = replace(found, state=RegistrationState.LAPSED, profile=None, requests=requests)

    def _lapses(self, registration: Registration, submitted_before: datetime) -> bool:
        unconfirmed = registration.state is RegistrationState.UNCONFIRMED
        return unconfirmed and registration.submitted_at <= submitted_before

    def with_request(self, request_id: UUID) -> Registration | None:
        made = (found for found in self.all.values() if any(each.id == request_id for each in found.requests))
        return next(made, None)

    def moved(self, request_ids: Collection[UUID], before: RequestState, after: RequestState) -> None:
        for found in self.all.values():
            for each in found.requests:
                if each.id in request_ids and each.state is before:
                    self.request_is(each.id, after)

    def request_is(self, request_id: UUID, state: RequestState) -> None:
        for found in list(self.all.values()):
            requests = tuple(replace(each, state=state) if each.id == request_id else each for each in found.requests)
            self.all[found.id] = replace(found, requests=requests)


def _expired(request: AccessRequest, state: RequestState = RequestState.EXPIRED) -> AccessRequest:
    nomination = replace(request.nomination, nominee=None) if request.nomination else None
    return replace(request, state=state, nomination=nomination)


class FakeManagers:
    def __init__(self) -> None:
        self.by_place: dict[tuple[str, Line], frozenset[str]] = {}

    def of(self, tins: Collection[str]) -> Managers:
        return {place: users for place, users in self.by_place.items() if place[0] in tins and users}

    def replace(self, tin: str, line: Line, managers: Collection[str]) -> None:
        self.by_place[tin, line] = frozenset(managers)


class FakeCaseWork:
    def __init__(self) -> None:
        self.attempts: list[Attempt] = []
        self.proposals: dict[UUID, Proposal] = {}

    def note(self, attempt: Attempt) -> None:
        self.attempts.append(attempt)

    def propose(self, proposal: Proposal) -> bool:
        if self.undecided(proposal.tin):
            return False
        self.proposals[proposal.id] = proposal
        return True

    def undecided(self, tin: str) -> Proposal | None:
        return next((each for each in self.proposals.values() if each.tin == tin and each.is_undecided), None)

    def proposal(self, proposal_id: UUID) -> Proposal | None:
        return self.proposals.get(proposal_id)

    def save(self, proposal: Proposal) -> None:
        self.proposals[proposal.id] = proposal


class FakeKnownAccounts:
    def __init__(self) -> None:
        self.rows: dict[str, Account] = {}

    def of(self, user_ids: Collection[str]) -> Mapping[str, Account]:
        return {user_id: self.rows[user_id] for user_id in user_ids if user_id in self.rows}

    def put(self, account: Account) -> None:
        known = self.rows.get(account.user_id)
        self.rows[account.user_id] = replace(account, signed_in_at=known.signed_in_at) if known else account

    def state_is(self, user_id: str, state: AccountState) -> None:
        if user_id in self.rows:
            self.rows[user_id] = replace(self.rows[user_id], state=state)

    def signed_in(self, user_id: str, at: datetime) -> None:
        if user_id in self.rows:
            self.rows[user_id] = replace(self.rows[user_id], signed_in_at=at)

    def forget(self, user_id: str) -> None:
        self.rows.pop(user_id, None)


class FakeOutreach:
    def __init__(self, registrations: FakeRegistrations, work: FakeCaseWork) -> None:
        self._registrations, self._work = registrations, work
        self.told: set[UUID] = set()
        self.cases: list[OutreachCase] = []
        self.lists: dict[UUID, dict[UUID, Waiting]] = {}

    def open(self, case: OutreachCase) -> OutreachCase:
        found = [each for each in self.cases if (each.tin, each.line) == (case.tin, case.line) and not each.closed_at]
        if not found:
            self.cases.append(case)
        return self._whole((found or [case])[0])

    def join(self, case_id: UUID, waiting: Waiting) -> None:
        self.lists.setdefault(case_id, {})[waiting.request_id] = waiting

    def leave(self, request_id: UUID) -> None:
        for waiting in self.lists.values():
            waiting.pop(request_id, None)

    def forget(self, user_id: str) -> None:
        for waiting in self.lists.values():
            for request_id, each in waiting.items():
                if each.user_id == user_id:
                    waiting[request_id] = Waiting(request_id, user_id, None, None, None, None, None, each.since)

    def of_tin(self, tin: str) -> Sequence[OutreachCase]:
        found = [self._whole(case) for case in self.cases if case.tin == tin]
        found.sort(key=lambda case: (case.opened_at, case.id), reverse=True)
        return sorted(found, key=lambda case: case.closed_at is not None)

    def open_at(self, tin: str) -> Sequence[OutreachCase]:
        found = [case for case in self.of_tin(tin) if case.closed_at is None]
        return sorted(found, key=lambda case: list(Line).index(case.line))

    def close(self, case: OutreachCase) -> None:
        self.cases = [replace(case, waiting=()) if each.id == case.id else each for each in self.cases]

    def page(self, search: CaseSearch, after: Place | None, limit: int) -> Sequence[OutreachCase]:
        wanted = {search.state} if search.state else {CaseState.OPEN, CaseState.OVERDUE}
        closed = search.state is CaseState.CLOSED
        found = [case for case in self.cases if case.state(search.now) in wanted and self._matches(case, search)]
        found.sort(key=lambda case: self._place(case, closed=closed), reverse=closed)
        places = [self._place(case, closed=closed) for case in found]
        start = places.index(after) + 1 if after else 0
        behind = found[start:]
        return [self._whole(case) for case in behind[:limit]]

    def take_overdue(self, as_of: datetime, limit: int) -> Sequence[OutreachCase]:
        taken = self._untold(as_of)[:limit]
        self.told |= {case.id for case in taken}
        return [self._whole(case) for case in taken]

    def count_overdue(self, as_of: datetime) -> int:
        return len(self._untold(as_of))

    def _untold(self, as_of: datetime) -> list[OutreachCase]:
        late = [each for each in self.cases if each.state(as_of) is CaseState.OVERDUE and each.id not in self.told]
        return sorted(late, key=lambda case: (case.due_at, case.id))

    def _matches(self, case: OutreachCase, search: CaseSearch) -> bool:
        if search.tin is not None:
            return case.tin == search.tin
        return not search.text or search.text.lower() in (case.practice or "").lower()

    def _place(self, case: OutreachCase, *, closed: bool) -> Place:
        return (case.closed_at if closed and case.closed_at else case.due_at), case.id

    def _whole(self, case: OutreachCase) -> OutreachCase:
        waiting = sorted(self.lists.get(case.id, {}).values(), key=lambda each: (each.since, each.request_id))
        tried = sorted(self._work.attempts, key=lambda each: (each.at, each.id))
        attempts = [each for each in tried if each.tin == case.tin]
        proposals = [each for each in self._work.proposals.values() if each.tin == case.tin]
        return with_work(replace(case, waiting=tuple(map(self._nominated, waiting))), attempts, proposals)

    def _nominated(self, waiting: Waiting) -> Waiting:
        requests = (each for found in self._registrations.all.values() for each in found.requests)
        nomination = next((each.nomination for each in requests if each.id == waiting.request_id), None)
        return replace(waiting, nomination=nomination)


class FakeInvitations:
    def __init__(self, managers: FakeManagers) -> None:
        self._managers = managers
        self.all: dict[UUID, Invitation] = {}

    def get(self, invitation_id: UUID) -> Invitation | None:
        return self.all.get(invitation_id)

    def lock(self, invitation_id: UUID) -> Invitation | None:
        return self.all.get(invitation_id)

    def with_temporary_id(self, temporary_id: str) -> Invitation | None:
        return next((each for each in self.all.values() if each.temporary_id == temporary_id), None)

    def lock_claimed(self, registration_id: UUID) -> Invitation | None:
        claimed = (each for each in self.all.values() if each.registration_id == registration_id)
        return next((each for each in claimed if each.state is InvitationState.UNCONFIRMED), None)

    def taken(self, temporary_ids: Collection[str]) -> frozenset[str]:
        return frozenset(each.temporary_id for each in self.all.values() if each.temporary_id in temporary_ids)

    def of(self, invitation_ids: Sequence[UUID]) -> Sequence[Invitation]:
        return [self.all[each] for each in invitation_ids if each in self.all]

    def give_passwords(self, invitations: Sequence[Invitation]) -> None:
        wanting = (each for each in invitations if self.all[each.id].credentials.password_hash is None)
        self.all |= {each.id: replace(self.all[each.id], credentials=each.credentials) for each in wanting}

    def add(self, invitations: Sequence[Invitation]) -> None:
        self.all |= {each.id: each for each in invitations}

    def save(self, invitation: Invitation) -> None:
        self.all[invitation.id] = invitation

    def rewrite(self, invitation: Invitation) -> None:
        self.all[invitation.id] = invitation

    def page(self, sought: InvitationSearch, before: UUID | None, limit: int) -> Sequence[Invitation]:
        found = [
            each
            for each in sorted(self.all.values(), key=lambda each: each.id, reverse=True)
            if (before is None or each.id < before) and self._is_sought(each, sought)
        ]
        return found[:limit]

    def overdue(self, as_of: datetime, limit: int) -> Sequence[Invitation]:
        return self._open(lambda each: each.expires_at <= as_of)[:limit]

    def count_overdue(self, as_of: datetime) -> int:
        return len(self._open(lambda each: each.expires_at <= as_of))

    def unannounced(self, after: datetime, until: datetime, limit: int) -> Sequence[Invitation]:
        return self._open(lambda each: after < each.expires_at <= until and not each.announced)[:limit]

    def count_unannounced(self, after: datetime, until: datetime) -> int:
        return len(self._open(lambda each: after < each.expires_at <= until and not each.announced))

    def forget(self, user_id: str) -> None:
        self.all = {
            each.id: replace(each, invitee=None) if each.redeemed_by == user_id else each for each in self.all.values()
        }

    def unredeemed(self, ended_by: datetime, limit: int) -> Sequence[Invitation]:
        over = (each for each in self.all.values() if each.state in UNREDEEMED and each.invitee is not None)
        return [each for each in over if each.ended_at is not None and each.ended_at <= ended_by][:limit]

    def count_unredeemed(self, ended_by: datetime) -> int:
        return len(self.unredeemed(ended_by, len(self.all)))

    def forget_invitees(self, forgotten: Sequence[Invitation]) -> None:
        self.all |= {each.id: each for each in forgotten}

    def _open(self, condition: Callable[[Invitation], bool]) -> list[Invitation]:
        found = [each for each in self.all.values() if each.state is InvitationState.OPEN and condition(each)]
        return sorted(found, key=lambda each: (each.expires_at, each.id))

    def _is_sought(self, invitation: Invitation, sought: InvitationSearch) -> bool:
        in_time = sought.ends_by is None or invitation.expires_at <= sought.ends_by
        return (
            in_time and invitation.state_at(sought.now) in sought.states and self._concerns(invitation, sought.viewer)
        )

    def _concerns(self, invitation: Invitation, viewer: str) -> bool:
        managed = (self._managers.by_place.get((each.tin, each.line), ()) for each in invitation.access)
        return invitation.invited_by == viewer or any(viewer in users for users in managed)


class FakeErasure:
    def __init__(self, registrations: FakeRegistrations, outreach: FakeOutreach) -> None:
        self._registrations = registrations
        self._outreach = outreach

    def forget(self, user_id: str) -> None:
        everybody = self._registrations.all
        for found in [each for each in everybody.values() if each.user_id == user_id]:
            requests = tuple(_expired(each, each.state) for each in found.requests)
            everybody[found.id] = replace(found, profile=None, requests=requests)
        for waiting in self._outreach.lists.values():
            for one in [each for each in waiting.values() if each.user_id == user_id]:
                waiting[one.request_id] = replace(
                    one, first_name=None, last_name=None, email=None, phone=None, extension=None
                )


class FakeStore:
    def __init__(self) -> None:
        self.practices = FakePractices()
        self.registrations = FakeRegistrations()
        self.managers = FakeManagers()
        self.case_work = FakeCaseWork()
        self.outreach = FakeOutreach(self.registrations, self.case_work)
        self.accounts = FakeKnownAccounts()
        self.invitations = FakeInvitations(self.managers)
        self.imports = FakeImports()
        self.erasure = FakeErasure(self.registrations, self.outreach)


@dataclass
class FakeWork:
    """A unit of work that says whether anything slow may still be done."""

    store: FakeStore = field(default_factory=FakeStore)
    cause: Cause = field(default_factory=lambda: Cause("system:visitor", "c-1", site="medical"))
    events: list[Event] = field(default_factory=list)
    holds_lock: bool = False

    @contextmanager
    def reading(self) -> Iterator[FakeStore]:
        yield self.store

    def writing(self) -> FakeStore:
        self.holds_lock = True
        return self.store

    def acting_as(self, actor: str) -> None:
        self.cause = replace(self.cause, actor=actor)

    def record(self, *events: Event) -> None:
        self.events.extend(events)


@dataclass
class FakeAccounts:
    """Identity, as far as registration can tell."""

    work: FakeWork
    judgement: Judgement = field(default_factory=lambda: Judgement(()))
    refusal: Exception | None = None
    judged: list[AccountWish] = field(default_factory=list)
    reserved: dict[UUID, AccountWish] = field(default_factory=dict)

    def judge(self, wish: AccountWish) -> Judgement:
        assert not self.work.holds_lock
        self.judged.append(wish)
        if self.refusal:
            raise self.refusal
        return self.judgement

    def reserve(self, registration_id: UUID, wish: AccountWish) -> str:
        assert not self.work.holds_lock
        if self.refusal:
            raise self.refusal
        self.reserved[registration_id] = wish
        return (wish.credentials.user_id or "").lower()


class FakeMailDomains:
    def __init__(self, *dead: str) -> None:
        self._dead = dead

    def take_mail(self, address: str) -> bool:
        return not address.endswith(self._dead)


class FakeDelegation:
    """Entitlements, which allows everything."""

    def judge(
        self, giver: str, prepared: Sequence[tuple[PreparedAccess, ...]], correlation_id: str
    ) -> Sequence[Verdict]:
        assert giver
        assert correlation_id
        return [Verdict() for _ in prepared]

    def functions(self, correlation_id: str) -> Sequence[FunctionWord]:
        assert correlation_id
        return [FunctionWord("claim_status", "Claim status", ("medical",))]


class FakeSecrets:
    """Temporary IDs and passwords in a row, whose hashes are readable."""

    def __init__(self) -> None:
        self._made = count(1)

    def identifier(self) -> str:
        return f"TempId{next(self._made):02}"

    def passwords(self, count: int) -> Sequence[TemporaryPassword]:
        return [TemporaryPassword(f"Word{number:06}", f"hash of Word{number:06}") for number in range(count)]

    def matches(self, hashed: str | None, plain: str) -> bool:
        return hashed == f"hash of {plain}"


def fake_ports(work: FakeWork, *dead_domains: str) -> Ports:
    return Ports(
        clock=StandingClock(NOW),
        accounts=FakeAccounts(work),
        mail_domains=FakeMailDomains(*(dead_domains or ("dead.example",))),
        rules=ReviewRules(read_catalogue(), 50),
        delegation=FakeDelegation(),
        temporary=FakeSecrets(),
        people_files={"csv": read_csv, "xlsx": read_xlsx},
        people_documents=PeopleDocuments(),
        zone=ZoneInfo("America/New_York"),
    )
