"""What an invitation gives when it is redeemed: never more than its inviter could give then (REG-14, GO-2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.kernel.errors import NotYetKnownError
from services.entitlements.application.judge_prepared import JudgePrepared, judge_prepared
from services.entitlements.application.ports import Limits
from services.entitlements.application.redeem_invitation import RedeemInvitation, redeem_invitation
from services.entitlements.application.wishes import WishedAccess
from services.entitlements.domain.changes import Keep, Wish
from services.entitlements.domain.events import AccessTurned, InvitationReduced, ManagerAdded, Reduction, RequestOpened
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.joining import joined
from services.entitlements.domain.levels import LEVEL_BOUND, Level
from services.entitlements.domain.people import AccountState
from services.entitlements.domain.places import Place
from services.entitlements.domain.requests import RequestState
from tests.unit.entitlements.fakes import FakeWork, World
from tests.unit.entitlements.rulebook import ELSEWHERE, HERE, THERE, day, grant, wish


@pytest.fixture
def world() -> World:
    world = World()
    world.give("mary", "primary")
    world.give("george", "primary")
    world.person("zoe")
    return world


def redeem(
    world: World, *wishes: Wish, by: str = "mary", user: str = "zoe", email: str = "Zoe@example.com"
) -> FakeWork:
    work = world.work()
    redeem_invitation(RedeemInvitation("TempId22", user, by, email, wishes), work, world.ports)
    return work


def prepared(level: str, *functions: str, place: Place = HERE, until: int = 0) -> Wish:
    return wish(level, *functions, place=place, until=until)


def test_what_was_prepared_is_given_by_the_inviter__REG_14(world: World) -> None:
    work = redeem(world, prepared("processor", "claim_status", until=9))
    assert world.held("zoe") == grant("processor", "claim_status", until=9)
    (given_now,) = work.recorded(AccessTurned)
    assert (given_now.by, given_now.temporary_id, given_now.request_id) == ("mary", "TempId22", None)
    assert work.recorded(RequestOpened) == []


def test_an_administrator_is_made_as_by_any_change__REG_14(world: World) -> None:
    work = redeem(world, prepared("primary"))
    assert [event.managers for event in work.recorded(ManagerAdded)] == [("george", "mary", "zoe")]


def test_it_waits_until_the_account_is_known_to_be_confirmed__REG_14(world: World) -> None:
    world.person("late", AccountState.UNCONFIRMED)
    for user in ("late", "unheard"):
        with pytest.raises(NotYetKnownError):
            redeem(world, prepared("processor"), user=user)


def test_whoever_is_gone_gets_nothing__IDN_13(world: World) -> None:
    world.person("gone", AccountState.REMOVED)
    assert redeem(world, prepared("processor"), user="gone").events == []


def test_another_address_makes_requests_of_it__REG_14(world: World) -> None:
    work = redeem(world, prepared("processor", "claim_status"), email="zoe@elsewhere.example")
    assert world.held("zoe") is None
    (opened,) = work.recorded(RequestOpened)
    assert (opened.request.state, opened.managers) == (RequestState.AWAITING, ("george", "mary"))
    (reduced,) = work.recorded(InvitationReduced)
    assert (reduced.reduction, reduced.invited_by) == (Reduction.OTHER_ADDRESS, "mary")
    assert [(each.place, each.request_id) for each in reduced.places] == [(HERE, opened.request.request_id)]


@pytest.mark.parametrize("level", [None, "processor", "secondary", "auditor"])
def test_what_the_inviter_can_give_no_more_becomes_a_request__REG_14(world: World, level: str | None) -> None:
    if level is not None:
        world.give("ivy", level, place=HERE)
    work = redeem(world, prepared("secondary"), by="ivy")
    assert world.held("zoe") is None
    assert [event.reduction for event in work.recorded(InvitationReduced)] == [Reduction.NOT_YOURS_TO_GIVE]
    assert len(work.recorded(RequestOpened)) == 1


def test_the_rest_is_given_all_the_same__REG_14(world: World) -> None:
    work = redeem(world, prepared("processor", "claim_status"), prepared("processor", place=ELSEWHERE))
    assert world.held("zoe") == grant("processor", "claim_status")
    (reduced,) = work.recorded(InvitationReduced)
    assert [(each.place, each.managers) for each in reduced.places] == [(ELSEWHERE, ())]


def test_a_sixteenth_manager_becomes_a_request__ENT_3() -> None:
    world = World(limits=Limits(managers_per_tin=2))
    world.give("mary", "primary")
    world.give("george", "primary")
    world.person("zoe")
    assert [event.reduction for event in redeem(world, prepared("primary")).recorded(InvitationReduced)] == [
        Reduction.NOT_YOURS_TO_GIVE
    ]
    assert world.held("zoe") is None


def test_nobody_raises_themselves_by_an_invitation_of_their_own__GO_2(world: World) -> None:
    world.give("sam", "secondary", "claim_status")
    redeem(world, prepared("processor", place=THERE), by="mary", user="mary", email="mary@example.com")
    redeem(world, prepared("primary"), by="sam", user="sam", email="sam@example.com")
    assert (world.held("mary", THERE), world.held("sam")) == (None, grant("secondary", "claim_status"))


def test_an_open_request_there_is_decided_by_it__REG_14(world: World) -> None:
    world.ask("zoe")
    redeem(world, prepared("processor", "claim_status"))
    assert world.request("request of zoe").state is RequestState.APPROVED


def test_an_open_request_stays_the_one_where_it_becomes_a_request__REG_14(world: World) -> None:
    world.ask("zoe")
    work = redeem(world, prepared("processor"), email="other@example.com")
    assert work.recorded(RequestOpened) == []
    assert [each.request_id for event in work.recorded(InvitationReduced) for each in event.places] == [
        "request of zoe"
    ]


def test_what_one_has_stays__REG_14(world: World) -> None:
    world.give("zoe", "secondary", "claim_status")
    redeem(world, prepared("processor", "patient_coverage"))
    assert world.held("zoe") == grant("secondary", "claim_status", "patient_coverage")


def test_what_ended_meanwhile_is_not_given__ENT_11(world: World) -> None:
    assert redeem(world, prepared("processor", until=-1)).events == []


def test_what_the_catalogue_has_no_more_becomes_a_request__ENT_1(world: World) -> None:
    work = redeem(world, prepared("processor", "abolished"))
    assert len(work.recorded(InvitationReduced)) == 1
    assert world.held("zoe") is None


LEVELS = st.sampled_from(list(Level))
CODES = st.frozensets(st.sampled_from(["claim_status", "patient_coverage"]))
ENDS = st.sampled_from([0, 5, 9])


@given(st.tuples(LEVELS, CODES, ENDS), st.tuples(LEVELS, CODES, ENDS))
def test_joining_takes_nothing_away_and_makes_nothing_up__REG_14(
    invited: tuple[Level, frozenset[str], int], had: tuple[Level, frozenset[str], int]
) -> None:
    (level, codes, end), (held_level, held_codes, held_end) = invited, had
    before = Grant.of(held_level, held_codes, day(held_end))
    both = joined(Wish(HERE, level, codes, day(end)), before)
    if both is None or both.level is None or isinstance(both.until, Keep):
        return
    after = Grant.of(both.level, both.functions, both.until)
    assert before.functions <= after.functions
    assert after.until is None or (before.until is not None and after.until >= before.until)
    for function in after.functions - LEVEL_BOUND:
        until = [day(held_end)] * (function in before.functions) + [day(end)] * (function in codes)
        assert after.until in until


def judged(world: World, giver: str, *wished: WishedAccess) -> list[str]:
    (verdict,) = judge_prepared(JudgePrepared(giver, (wished,)), world.work(), world.ports)
    return [*(fault.code for fault in verdict.faults), *(each.code.value for each in verdict.violations)]


def test_what_may_be_prepared_is_what_may_be_given__GO_2(world: World) -> None:
    world.give("sam", "secondary", "claim_status")
    processor = WishedAccess(HERE, Level.PROCESSOR, ("claim_status",), None)
    assert judged(world, "mary", processor) == judged(world, "sam", processor) == []
    for giver, wished in (
        ("sam", WishedAccess(HERE, Level.PROCESSOR, ("patient_coverage",), None)),
        ("sam", WishedAccess(HERE, Level.AUDITOR, (), None)),
        ("mary", WishedAccess(ELSEWHERE, Level.PROCESSOR, (), None)),
        ("nobody", processor),
    ):
        assert set(judged(world, giver, wished)) == {"not_yours_to_give"}


def test_each_is_judged_by_itself__REG_15(world: World) -> None:
    """A file's rows: what is wrong with one says nothing of the next."""
    wished = [(WishedAccess(HERE, Level.PROCESSOR, (code,), None),) for code in ("claim_status", "abolished")]
    fine, wrong = judge_prepared(JudgePrepared("mary", tuple(wished)), world.work(), world.ports)
    assert (fine.faults, fine.violations) == ((), ())
    assert [(fault.pointer, fault.code) for fault in wrong.faults] == [("/0/functions/0", "function_unknown")]
