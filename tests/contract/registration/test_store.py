"""What registration's store promises, whichever it is."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.kernel.ids import new_id
from services.registration.application.case_search import CaseSearch
from services.registration.application.invitation_search import InvitationSearch
from services.registration.domain.accounts import Account, AccountKind, AccountState
from services.registration.domain.addresses import Address
from services.registration.domain.invitations import (
    Credentials,
    Invitation,
    InvitationRules,
    InvitationState,
    Invitee,
    PreparedAccess,
)
from services.registration.domain.lines import Line
from services.registration.domain.nominations import Nominated, Nomination, Nominee
from services.registration.domain.outreach import Attempt, CaseState, Channel, Outcome, OutreachCase, Reason, Waiting
from services.registration.domain.practices import Kept
from services.registration.domain.profile import Profile
from services.registration.domain.proposals import Proposal, ProposalKind
from services.registration.domain.registrations import (
    AccessRequest,
    Registration,
    RegistrationState,
    RequestState,
)
from tests.contract.registration.conftest import Stores
from tests.unit.registration.fakes import NOW

PROFILE = Profile(
    first_name="Zoë",
    middle_initial=None,
    last_name="O’Brien",
    job_role="physician",
    address=Address("1 Main Street", None, "Cañon City", "CO", "81212-1234"),
    phone="+18605550142",
    extension="12",
    mobile=None,
    email="zoe@example.com",
    language="es",
)


def registration(*requests: AccessRequest, registration_id: UUID | None = None) -> Registration:
    return Registration(
        id=registration_id or new_id(),
        user_id="zoe.obrien",
        site="behavioral",
        practice_type=(Line.MEDICAL, Line.DENTAL),
        no_tin=not requests,
        submitted_at=NOW,
        profile=PROFILE,
        requests=requests,
    )


def request(tin: str = "223344556", nomination: Nomination | None = None) -> AccessRequest:
    return AccessRequest(new_id(), tin, Line.MEDICAL, None, nomination)


def case(tin: str = "223344556", line: Line = Line.MEDICAL, at: datetime = NOW) -> OutreachCase:
    return OutreachCase(
        id=new_id(),
        tin=tin,
        line=line,
        practice="OGYAM",
        reason=Reason.REQUEST_WITHOUT_MANAGER,
        opened_at=at,
        due_at=at + timedelta(days=10),
    )


def waiting(request_id: UUID | None = None, since: datetime = NOW) -> Waiting:
    return Waiting(request_id or new_id(), "zoe.obrien", "Zoë", "O’Brien", "zoe@example.com", None, None, since)


def kept(number: int, name: str = "Núñez, \"A\" \\ 'B' %s :x", version: int = 1) -> Kept:
    return f"{number:09d}", name, "medical;dental", '{"city":"Cañon\\nCity \\u0000"}', version


def test_practices_come_back_as_they_were_written__REG_17(stores: Stores) -> None:
    rows = [kept(number) for number in range(1_200)]
    with stores() as store:
        store.practices.write(rows)
    with stores() as store:
        assert store.practices.kept([row[0] for row in rows] + ["999999999"]) == {row[0]: row for row in rows}
        (found,) = store.practices.named({"000000007", "999999999"}).values()
        assert found == ("000000007", rows[7][1], ("medical", "dental"), 1)
        assert store.practices.named(()) == {}
        assert list(store.practices.named(["000000007"])) == ["000000007"]
        assert store.practices.named({"999999999"}) == {}
        assert set(store.practices.named([row[0] for row in rows])) == {row[0] for row in rows}


def test_a_practice_written_again_is_replaced__REG_17(stores: Stores) -> None:
    with stores() as store:
        store.practices.write([kept(1), kept(2)])
        store.practices.write([kept(2, "B", 2), kept(3)])
    with stores() as store:
        assert {
            tin: row[1::3] for tin, row in store.practices.kept(["000000001", "000000002", "000000003"]).items()
        } == {
            "000000001": (kept(1)[1], 1),
            "000000002": ("B", 2),
            "000000003": (kept(3)[1], 1),
        }


def test_a_registration_comes_back_as_it_was_submitted__REG_9(stores: Stores) -> None:
    other = Nomination(Nominated.OTHER, Nominee("Ana", "Lee", "ana@example.com"))
    made = registration(
        request("999999999"), request("111111111", other), request(nomination=Nomination(Nominated.SELF))
    )
    with stores() as store:
        assert store.registrations.add(made)
    with stores() as store:
        assert store.registrations.get(made.id) == made
        assert store.registrations.get(new_id()) is None


def test_the_same_registration_is_written_once__REG_9(stores: Stores) -> None:
    made = registration(request())
    with stores() as store:
        assert store.registrations.add(made)
    with stores() as store:
        assert not store.registrations.add(replace(made, user_id="other", requests=(request(),)))
    with stores() as store:
        assert store.registrations.get(made.id) == made


def test_states_follow_what_is_told__REG_10(stores: Stores) -> None:
    made = registration(request("111111111"), request("222222222"))
    with stores() as store:
        store.registrations.add(made)
        store.registrations.confirmed(made.id)
        store.registrations.confirmed(new_id())
        store.registrations.request_is(made.requests[1].id, RequestState.DECLINED)
        store.registrations.request_is(new_id(), RequestState.APPROVED)
    with stores() as store:
        found = store.registrations.get(made.id)
        assert found is not None
        assert found.state is RegistrationState.CONFIRMED
        assert [each.state for each in found.requests] == [RequestState.UNCONFIRMED, RequestState.DECLINED]


def test_what_was_not_confirmed_lapses_oldest_first_and_once__REG_9(stores: Stores) -> None:
    ages = [10, 7, 8, 6]
    made = [replace(registration(request()), submitted_at=NOW - timedelta(days=days)) for days in ages]
    confirmed = replace(registration(request()), submitted_at=NOW - timedelta(days=30))
    before = NOW - timedelta(days=7)
    with stores() as store:
        for each in (*made, confirmed):
            store.registrations.add(each)
        store.registrations.confirmed(confirmed.id)
    with stores() as store:
        assert store.registrations.count_lapsing(before) == 3
        lapsed = store.registrations.lapse(before, 2)
        assert lapsed == [replace(each, state=RegistrationState.LAPSED) for each in (made[0], made[2])]
    with stores() as store:
        assert [each.id for each in store.registrations.lapse(before, 2)] == [made[1].id]
        assert store.registrations.lapse(before, 2) == []
        assert store.registrations.count_lapsing(before) == 0


def test_of_a_registration_that_ended_nothing_personal_is_left__REG_9(stores: Stores) -> None:
    nomination = Nomination(Nominated.OTHER, Nominee("Ana", "Lee", "ana@example.com"))
    made, other = registration(request(nomination=nomination)), registration(request())
    with stores() as store:
        store.registrations.add(made)
        store.registrations.add(other)
        store.registrations.end(made.id)
        store.registrations.end(new_id())
    with stores() as store:
        ended = store.registrations.get(made.id)
        assert ended is not None
        assert (ended.state, ended.profile, ended.user_id) == (RegistrationState.LAPSED, None, made.user_id)
        (kept,) = ended.requests
        assert (kept.state, kept.nomination) == (RequestState.EXPIRED, Nomination(Nominated.OTHER, None))
        assert store.registrations.get(other.id) == other


def test_of_an_account_that_was_erased_nothing_personal_is_left__IDN_13(stores: Stores) -> None:
    nomination = Nomination(Nominated.OTHER, Nominee("Ana", "Lee", "ana@example.com"))
    made, opened = registration(request(nomination=nomination)), case()
    awaited = replace(waiting(), user_id=made.user_id)
    with stores() as store:
        store.registrations.add(made)
        store.registrations.confirmed(made.id)
        store.registrations.request_is(made.requests[0].id, RequestState.APPROVED)
        store.outreach.open(opened)
        store.outreach.join(opened.id, awaited)
        store.erasure.forget(made.user_id)
    with stores() as store:
        kept = store.registrations.get(made.id)
        assert kept is not None
        assert (kept.state, kept.profile) == (RegistrationState.CONFIRMED, None)
        assert [(each.state, each.nomination) for each in kept.requests] == [
            (RequestState.APPROVED, Nomination(Nominated.OTHER, None))
        ]
        (found,) = store.outreach.of_tin(opened.tin)
        (one,) = found.waiting
        assert (one.first_name, one.last_name, one.email, one.phone) == (None, None, None, None)


def test_managers_are_replaced_by_tin_and_line__REG_10(stores: Stores) -> None:
    with stores() as store:
        store.managers.replace("223344556", Line.MEDICAL, ["a", "b", "a"])
        store.managers.replace("223344556", Line.DENTAL, ["c"])
        store.managers.replace("987654321", Line.MEDICAL, ["d"])
    with stores() as store:
        store.managers.replace("223344556", Line.MEDICAL, ["b"])
        store.managers.replace("223344556", Line.DENTAL, [])
        assert store.managers.of({"223344556"}) == {("223344556", Line.MEDICAL): {"b"}}
        assert len(store.managers.of({"223344556", "987654321"})) == 2


def test_one_case_is_open_for_a_tin_and_line__REG_13(stores: Stores) -> None:
    first, again, other = case(), case(), case(line=Line.DENTAL)
    with stores() as store:
        assert store.outreach.open(first) == first
    with stores() as store:
        assert store.outreach.open(again).id == first.id
        assert store.outreach.open(other) == other
        assert {each.id for each in store.outreach.of_tin("223344556")} == {first.id, other.id}
        assert store.outreach.of_tin("987654321") == []


def test_the_waiting_list_grows_and_shrinks__REG_13(stores: Stores) -> None:
    opened, early, late = case(), waiting(since=NOW - timedelta(days=1)), waiting()
    with stores() as store:
        store.outreach.open(opened)
        for each in (late, early, late):
            store.outreach.join(opened.id, each)
        (found,) = store.outreach.of_tin("223344556")
        assert found.waiting == (early, late)
    with stores() as store:
        store.outreach.leave(early.request_id)
        store.outreach.leave(new_id())
        (found,) = store.outreach.of_tin("223344556")
        assert found.waiting == (late,)
        store.outreach.join(opened.id, early)
        assert store.outreach.of_tin("223344556")[0].waiting == (early, late)


def test_a_nomination_stands_beside_its_request__REG_11(stores: Stores) -> None:
    nomination = Nomination(Nominated.OTHER, Nominee("Ana", "Lee", "ana@example.com"))
    made = registration(request(nomination=nomination))
    opened = case()
    with stores() as store:
        store.registrations.add(made)
        store.outreach.open(opened)
        store.outreach.join(opened.id, waiting(made.requests[0].id))
        assert store.outreach.of_tin("223344556")[0].waiting[0].nomination == nomination


def test_cases_come_by_due_date_and_state__REG_13(stores: Stores) -> None:
    cases = [case(f"{number:09d}", at=NOW - timedelta(days=20 - 5 * number)) for number in range(4)]
    same = case("000000009", at=cases[1].opened_at)
    with stores() as store:
        for each in (*reversed(cases), same):
            store.outreach.open(each)
    ordered = sorted([*cases, same], key=lambda each: (each.due_at, each.id))
    with stores() as store:
        assert store.outreach.page(CaseSearch(None, NOW), None, 10) == ordered
        assert store.outreach.page(CaseSearch(CaseState.OVERDUE, NOW), None, 10) == ordered[:4]
        assert store.outreach.page(CaseSearch(CaseState.OPEN, NOW), None, 10) == ordered[4:]
        assert store.outreach.page(CaseSearch(CaseState.CLOSED, NOW), None, 10) == []
        after = (ordered[1].due_at, ordered[1].id)
        assert store.outreach.page(CaseSearch(None, NOW), after, 2) == ordered[2:4]


TIN, OTHER_TIN, REGISTRATION = "123456789", "223344556", new_id()
ANA = Invitee("Ana", None, "Lee", None, None, "ana@example.com")
INVITED = Invitation(
    id=new_id(),
    credentials=Credentials("Ab2cD3eF", "hash"),
    invited_by="mmartin5",
    invitee=ANA,
    access=(PreparedAccess(TIN, Line.MEDICAL, "processor", ("claim_status", "referrals"), NOW + timedelta(days=90)),),
    created_at=NOW,
    expires_at=NOW + timedelta(days=30),
)


def invited(**changes: Any) -> Invitation:
    number = new_id()
    return replace(INVITED, id=number, **({"credentials": Credentials(number.hex[-8:], None)} | changes))


def test_an_invitation_is_kept_whole_and_found_in_its_own_letters__REG_14(stores: Stores) -> None:
    with stores() as store:
        store.invitations.add([INVITED])
    with stores() as store:
        assert store.invitations.get(INVITED.id) == store.invitations.with_temporary_id("Ab2cD3eF") == INVITED
        assert store.invitations.with_temporary_id("ab2cd3ef") is None
        assert store.invitations.taken(["Ab2cD3eF", "AB2CD3EF"]) == {"Ab2cD3eF"}


def test_states_of_an_invitation_follow_one_another__REG_14(stores: Stores) -> None:
    rules = InvitationRules()
    with stores() as store:
        store.invitations.add([INVITED])
    other = replace(INVITED.access[0], tin=OTHER_TIN, functions=(), until=None, practice="Elsewhere")
    steps: list[Callable[[Invitation], Invitation]] = [
        lambda one: one.missed(NOW, rules.most_wrong),
        lambda one: one.changed("geogym1", replace(ANA, email="b@example.com"), (other,), NOW),
        lambda one: one.renewed("mmartin5", Credentials("Zz9yX8wV", "other"), NOW, rules),
        lambda one: one.claimed(REGISTRATION),
        lambda one: one.redeemed("zoe.obrien", NOW),
    ]
    last = INVITED
    for step in steps:
        last = step(last)
        with stores() as store:
            store.invitations.rewrite(last)
        with stores() as store:
            assert store.invitations.lock(last.id) == last
    with stores() as store:
        store.invitations.forget("zoe.obrien")
        assert store.invitations.get(last.id) == replace(last, invitee=None)


def test_invitations_concern_whoever_made_them_and_the_managers_of_their_tins__REG_15(stores: Stores) -> None:
    own, others, gone = invited(), invited(invited_by="geogym1"), invited(invited_by="geogym1").revoked(NOW)
    passed = invited(invited_by="geogym1", expires_at=NOW)
    all_states = frozenset(InvitationState)
    with stores() as store:
        store.invitations.add([own, others, gone, passed])
        store.managers.replace(TIN, Line.MEDICAL, ["manager1"])
        store.managers.replace(TIN, Line.DENTAL, ["manager2"])

    def seen(viewer: str, states: Collection[InvitationState] = all_states, **more: Any) -> list[UUID]:
        with stores() as store:
            search = InvitationSearch(viewer, states, NOW, more.get("ends_by"))
            page = store.invitations.page(search, more.get("before"), more.get("limit", 9))
        return [each.id for each in page]

    assert seen("mmartin5") == [own.id]
    assert seen("manager1") == [passed.id, gone.id, others.id, own.id]
    assert seen("manager2") == []
    assert seen("manager1", before=gone.id, limit=1) == [others.id]
    assert seen("manager1", {InvitationState.OPEN}) == [others.id, own.id]
    assert seen("manager1", {InvitationState.EXPIRED, InvitationState.REVOKED}) == [passed.id, gone.id]
    assert seen("manager1", ends_by=NOW) == [passed.id]


def test_whom_an_invitation_was_for_is_dropped_once_it_ended_unredeemed__REG_9(stores: Stores) -> None:
    gone = [invited().revoked(NOW), invited().expired(NOW), invited().missed(NOW, most=1)]
    later, kept = invited().revoked(NOW + timedelta(seconds=1)), [invited(), invited().redeemed("zoe.obrien", NOW)]
    with stores() as store:
        store.invitations.add([*gone, later, *kept])
    with stores() as store:
        found = store.invitations.unredeemed(NOW, 2)
        assert len(found) == 2
        assert store.invitations.count_unredeemed(NOW) == 3
        store.invitations.forget_invitees([each.forgotten() for each in store.invitations.unredeemed(NOW, 9)])
    with stores() as store:
        assert store.invitations.unredeemed(NOW, 9) == []
        for each in gone:
            assert store.invitations.get(each.id) == each.forgotten()
        for each in (later, *kept):
            assert store.invitations.get(each.id) == each


def test_what_the_calendar_finds_of_invitations__REG_14(stores: Stores) -> None:
    soon, later = invited(expires_at=NOW + timedelta(days=3)), invited(expires_at=NOW + timedelta(days=9))
    over, told = invited(expires_at=NOW), invited(expires_at=NOW + timedelta(days=2)).told_of_end()
    claimed = invited(expires_at=NOW).claimed(REGISTRATION)
    week = NOW + timedelta(days=7)
    with stores() as store:
        store.invitations.add([soon, later, over, told, claimed])
    with stores() as store:
        assert [each.id for each in store.invitations.overdue(NOW, 9)] == [over.id]
        assert store.invitations.count_overdue(NOW) == 1
        assert [each.id for each in store.invitations.unannounced(NOW, week, 9)] == [soon.id]
        assert store.invitations.count_unannounced(NOW, week) == 1
        assert store.invitations.lock_claimed(REGISTRATION) == claimed


def proposal(tin: str = "223344556", **changes: Any) -> Proposal:
    given: dict[str, Any] = {
        "id": new_id(),
        "tin": tin,
        "lines": (Line.MEDICAL,),
        "kind": ProposalKind.APPOINT,
        "user_id": "zoe.obrien",
        "proof": "A letter with the practice's head.",
        "proposed_by": "support1",
        "proposed_at": NOW,
    }
    return Proposal(**given | changes)


def test_a_case_has_what_was_done_in_it_while_it_was_open__REG_13(stores: Stores) -> None:
    first = case()
    early, late = (
        Attempt(new_id(), "223344556", NOW + timedelta(days=days), "support1", Channel.PHONE, days > 1, "Rang.")
        for days in (1, 3)
    )
    proposed = proposal(proposed_at=NOW + timedelta(days=1))
    with stores() as store:
        store.outreach.open(first)
        for each in (late, early):
            store.case_work.note(each)
        assert store.case_work.propose(proposed)
        assert not store.case_work.propose(proposal())
        (found,) = store.outreach.open_at("223344556")
        assert (found.attempts, found.proposals) == ((early, late), (proposed,))
        store.outreach.close(found.closed(NOW + timedelta(days=2), Outcome.GIVEN_UP, "The practice is gone."))
    with stores() as store:
        assert store.outreach.open_at("223344556") == []
        (closed,) = store.outreach.of_tin("223344556")
        assert (closed.attempts, closed.proposals) == ((early,), (proposed,))
        assert (closed.outcome, closed.closing_note) == (Outcome.GIVEN_UP, "The practice is gone.")


def test_of_a_tin_one_proposal_at_most_is_undecided__REG_13(stores: Stores) -> None:
    first, second = proposal(), proposal(kind=ProposalKind.REMOVE)
    rejected = first.rejected("support2", NOW, "Not so.")
    with stores() as store:
        assert store.case_work.propose(first)
        assert not store.case_work.propose(second)
        assert store.case_work.propose(proposal("987654321"))
        assert store.case_work.undecided("223344556") == first
        store.case_work.save(rejected)
    with stores() as store:
        assert store.case_work.undecided("223344556") is None
        assert store.case_work.proposal(first.id) == rejected
        assert store.case_work.propose(second)


def test_cases_are_found_by_tin_and_name_and_closed_ones_come_last_closed_first__REG_13(stores: Stores) -> None:
    cases = [replace(case(f"{number:09d}"), practice=f"Practice {'ABC'[number]}%") for number in range(3)]
    with stores() as store:
        for number, each in enumerate(cases):
            store.outreach.open(each)
            store.outreach.close(each.closed(NOW + timedelta(days=number), Outcome.MANAGER_FOUND))
    closed, now = CaseState.CLOSED, NOW + timedelta(days=30)
    with stores() as store:
        found = store.outreach.page(CaseSearch(closed, now), None, 2)
        assert [each.tin for each in found] == ["000000002", "000000001"]
        assert found[-1].closed_at is not None
        rest = store.outreach.page(CaseSearch(closed, now), (found[-1].closed_at, found[-1].id), 2)
        assert [each.tin for each in rest] == ["000000000"]
        for search, tins in (
            (CaseSearch(closed, now, text="practice b"), ["000000001"]),
            (CaseSearch(closed, now, text="%"), ["000000002", "000000001", "000000000"]),
            (CaseSearch(closed, now, text="_"), []),
            (CaseSearch(closed, now, tin="000000002"), ["000000002"]),
        ):
            assert [each.tin for each in store.outreach.page(search, None, 9)] == tins


def test_an_overdue_case_is_taken_once__REG_13(stores: Stores) -> None:
    late, early, done = case(), case("987654321", at=NOW - timedelta(days=5)), case("123456789")
    due = NOW + timedelta(days=10)
    with stores() as store:
        for each in (late, early, done):
            store.outreach.open(each)
        store.outreach.close(done.closed(NOW, Outcome.GIVEN_UP, "Gone."))
        assert store.outreach.count_overdue(due) == 2
        assert [each.id for each in store.outreach.take_overdue(due, 1)] == [early.id]
    with stores() as store:
        assert [each.id for each in store.outreach.take_overdue(due, 9)] == [late.id]
        assert (store.outreach.take_overdue(due, 9), store.outreach.count_overdue(due)) == ([], 0)


def test_accounts_are_kept_with_when_they_came_and_forgotten__REG_13(stores: Stores) -> None:
    made = Account("zoe.obrien", AccountKind.USER, AccountState.UNCONFIRMED, "Zoë", "O’Brien", "zoe@example.com")
    confirmed = replace(made, state=AccountState.ACTIVE, phone="+18605550142")
    opened, waits = case(), waiting()
    with stores() as store:
        store.accounts.put(made)
        store.accounts.signed_in("zoe.obrien", NOW)
        store.accounts.signed_in("nobody", NOW)
        store.accounts.put(confirmed)
        assert store.accounts.of({"zoe.obrien", "nobody"}) == {"zoe.obrien": replace(confirmed, signed_in_at=NOW)}
        store.accounts.state_is("zoe.obrien", AccountState.DISABLED)
        assert not store.accounts.of({"zoe.obrien"})["zoe.obrien"].can_manage
        store.outreach.open(opened)
        store.outreach.join(opened.id, waits)
    with stores() as store:
        store.accounts.forget(waits.user_id)
        store.outreach.forget(waits.user_id)
        assert store.accounts.of({waits.user_id}) == {}
        (left,) = store.outreach.of_tin("223344556")[0].waiting
        assert (left.first_name, left.last_name, left.email, left.phone) == (None, None, None, None)
        assert left.user_id == waits.user_id


def test_requests_are_moved_from_where_they_stand_alone__REG_13(stores: Stores) -> None:
    made = registration(request(), request("987654321"))
    waits, decided = made.requests
    with stores() as store:
        store.registrations.add(made)
        store.registrations.request_is(waits.id, RequestState.NO_MANAGER)
        store.registrations.request_is(decided.id, RequestState.APPROVED)
        store.registrations.moved([waits.id, decided.id, new_id()], RequestState.NO_MANAGER, RequestState.AWAITING)
        found = store.registrations.with_request(waits.id)
        assert found is not None
        assert [each.state for each in found.requests] == [RequestState.AWAITING, RequestState.APPROVED]
        assert store.registrations.with_request(new_id()) is None
