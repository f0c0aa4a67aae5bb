"""What entitlements' store promises, whichever it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chassis.kernel.ids import new_id
from services.entitlements.application.ports import Checks
from services.entitlements.domain.access import Access, Standing
from services.entitlements.domain.checking import Question
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.people import AccountState, Person, Profile
from services.entitlements.domain.places import Line, Place
from services.entitlements.domain.practices import Practice
from services.entitlements.domain.requests import Request, RequestState
from services.entitlements.domain.waiting import WaitingRules
from tests.contract.entitlements.conftest import Stores
from tests.unit.entitlements.rulebook import ELSEWHERE, HERE, NOW, THERE, grant

LATER = NOW + timedelta(days=1)


def person(user_id: str, **more: str) -> Person:
    profile = Profile("Zoë", "O’Brien-Núñez", f"{user_id}@example.com", **more)
    return Person(user_id, profile, AccountState.ACTIVE, "registration")


def interval(user_id: str, place: Place = HERE, held: Grant | None = None) -> Access:
    return Access(str(new_id()), user_id, place, held or grant("processor", "claim_status"), "mary", NOW)


def request(user_id: str, place: Place = HERE, state: RequestState = RequestState.AWAITING) -> Request:
    return Request(str(new_id()), user_id, place, state, NOW, "registration", NOW, NOW)


@pytest.fixture(autouse=True)
def known(stores: Stores) -> None:
    with stores() as store:
        for user_id in ("sally", "mary"):
            store.people.put(person(user_id))


def test_a_person_comes_back_as_last_put(stores: Stores) -> None:
    changed = Person("sally", Profile("A", "B", "c@example.com", "D", "+1", "5", "biller"), AccountState.UNCONFIRMED)
    with stores() as store:
        store.people.put(changed)
    with stores() as store:
        assert store.people.lock("sally") == changed
        assert store.people.of(["sally", "mary", "nobody"]) == {"sally": changed, "mary": person("mary")}
        assert store.people.lock("nobody") is None
        assert store.people.of([]) == {}


def test_a_practice_of_a_lower_or_equal_version_changes_nothing__REG_17(stores: Stores) -> None:
    first = Practice("123456789", "Old", frozenset({Line.MEDICAL}), 2)
    other = Practice("223344556", "Other", frozenset({Line.DENTAL}), 1)
    with stores() as store:
        store.practices.put_newer([first, other])
        store.practices.put_newer([replace(first, name="Same")])
        store.practices.put_newer([replace(first, name="Lower", version=1)])
        assert store.practices.of(["123456789", "987654321"]) == {"123456789": first}
        newer = replace(first, name="New", lines=frozenset({Line.DENTAL, Line.MEDICAL}), version=3)
        store.practices.put_newer([newer])
        assert store.practices.of(["123456789", "223344556"]) == {"123456789": newer, "223344556": other}


def test_intervals_stand_until_they_are_ended_and_leave_a_trace__ENT_12(stores: Stores) -> None:
    first, second = interval("sally"), interval("sally", ELSEWHERE, grant("auditor", until=9))
    with stores() as store:
        store.lines.lock({HERE.tin, ELSEWHERE.tin})
        store.accesses.add(first)
        store.accesses.add(second)
    with stores() as store:
        assert {each.access_id: each for each in store.accesses.standing_of(["sally", "mary"])} == {
            first.access_id: first,
            second.access_id: second,
        }
        assert store.accesses.past_places(["sally"]).get("sally", frozenset()) == frozenset()
        store.accesses.end(first.access_id, LATER, "mary")
    with stores() as store:
        assert list(store.accesses.standing_of(["sally"])) == [second]
        assert store.accesses.past_places(["sally", "mary"])["sally"] == {HERE}
        store.accesses.add(interval("sally"))
        assert len(store.accesses.standing_of(["sally"])) == 2
        assert not store.accesses.standing_of([])


def test_managers_are_found_by_tin_in_all_lines__ENT_3(stores: Stores) -> None:
    mine = [interval("mary", HERE, grant("primary")), interval("mary", THERE, grant("primary", until=5))]
    others = [interval("sally", HERE, grant("secondary")), interval("sally", ELSEWHERE, grant("primary"))]
    with stores() as store:
        for each in (*mine, *others):
            store.accesses.add(each)
    with stores() as store:
        found = store.accesses.managers_at({HERE.tin})
        assert {each.access_id for each in found} == {each.access_id for each in mine}
        store.accesses.end(mine[0].access_id, LATER, "mary")
        assert [each.access_id for each in store.accesses.managers_at({HERE.tin})] == [mine[1].access_id]
        assert not store.accesses.managers_at(set())


def test_access_that_ends_is_found_earliest_first_and_announced_once__ENT_11(stores: Stores) -> None:
    ends = {days: interval("sally", place, grant("auditor", until=days)) for days, place in ((3, HERE), (9, ELSEWHERE))}
    gone, endless = interval("mary", HERE, grant("auditor", until=2)), interval("mary", THERE)
    with stores() as store:
        for each in (*ends.values(), gone, endless):
            store.accesses.add(each)
        store.accesses.end(gone.access_id, NOW, "mary")
    in_days = [NOW + timedelta(days=days) for days in range(20)]
    with stores() as store:
        assert store.accesses.over(in_days[2], 10) == []
        assert store.accesses.over(in_days[9], 10) == [ends[3], ends[9]]
        assert store.accesses.over(in_days[9], 1) == [ends[3]]
        assert store.accesses.count_over(in_days[8]) == 1
        assert store.accesses.count_unannounced(in_days[0], in_days[14]) == 2
        assert store.accesses.take_unannounced(in_days[3], in_days[14], 10) == [ends[9]]
    with stores() as store:
        assert store.accesses.take_unannounced(in_days[0], in_days[14], 10) == [ends[3]]
        assert store.accesses.take_unannounced(in_days[0], in_days[14], 10) == []
        assert store.accesses.count_unannounced(in_days[0], in_days[14]) == 0


def test_a_request_is_kept_and_moves_on__REG_12(stores: Stores) -> None:
    kept = request("sally")
    with stores() as store:
        store.requests.add(kept)
    with stores() as store:
        assert store.requests.get(kept.request_id) == kept
        assert store.requests.lock(kept.request_id) == kept
        declined = kept.declined("mary", LATER, "No.")
        store.requests.save(declined)
        assert store.requests.get(kept.request_id) == declined
        assert store.requests.get(str(new_id())) is None
        assert store.requests.lock(str(new_id())) is None


def test_overdue_requests_are_found_longest_waiting_first__REG_12(stores: Stores) -> None:
    def aged(user_id: str, days: int, place: Place = HERE, reminders: int = 0, **more: Any) -> Request:
        since = NOW - timedelta(days=days)
        return replace(request(user_id, place, **more), decidable_since=since, reminders=reminders)

    old, older = aged("sally", 15), aged("mary", 29, reminders=1)
    gone = aged("sally", 59, THERE, state=RequestState.NO_MANAGER)
    others = [
        aged("mary", 14, THERE),
        aged("mary", 90, ELSEWHERE).declined("sally", NOW, "No."),
        replace(request("sally", ELSEWHERE, RequestState.NO_MANAGER), decidable_since=None),
    ]
    rules = WaitingRules()
    with stores() as store:
        for each in (old, older, gone, *others):
            store.requests.add(each)
    with stores() as store:
        assert store.requests.overdue(rules.to_remind(NOW), 10) == [old]
        assert store.requests.overdue(replace(rules.to_remind(NOW), reminders=2), 10) == [older, old]
        assert store.requests.overdue(replace(rules.to_remind(NOW), reminders=2), 1) == [older]
        assert store.requests.overdue(rules.to_expire(NOW), 10) == []
        assert store.requests.overdue(rules.to_expire(NOW + timedelta(days=1)), 10) == [gone]
        assert store.requests.count_overdue(rules.to_expire(NOW + timedelta(days=45))) == 3
        assert store.requests.count_overdue(rules.to_remind_finally(NOW + timedelta(days=1))) == 1


def test_open_and_waiting_requests_are_told_apart__REG_9(stores: Stores) -> None:
    waits, unseen = request("sally"), request("sally", THERE, RequestState.UNCONFIRMED)
    nobody, over = request("mary", HERE, RequestState.NO_MANAGER), request("mary", THERE).withdrawn(NOW)
    with stores() as store:
        for each in (waits, unseen, nobody, over):
            store.requests.add(each)
    with stores() as store:
        assert {each.request_id for each in store.requests.open_of("sally")} == {waits.request_id, unseen.request_id}
        assert {each.request_id for each in store.requests.open_of("mary")} == {nobody.request_id}
        assert {each.request_id for each in store.requests.waiting_at([HERE, THERE])} == {
            waits.request_id,
            nobody.request_id,
        }
        assert not store.requests.waiting_at([ELSEWHERE])


def test_what_answers_stand_on_comes_in_the_order_of_the_questions__ENT_10(stores: Stores, checks: Checks) -> None:
    ended, until = interval("sally", THERE), grant("processor", "claim_status", until=1)
    with stores() as store:
        store.practices.put_newer([Practice(HERE.tin, "Here", frozenset({Line.MEDICAL, Line.BEHAVIORAL}), 1)])
        store.accesses.add(ended)
        store.accesses.end(ended.access_id, LATER, "mary")
        store.accesses.add(interval("sally", HERE, until))
    asked = (
        *(Question("sally", "claim_status", place) for place in (HERE, THERE, ELSEWHERE)),
        Question("mary", "claim_status", HERE),
        *(Question(user_id, "resources", None) for user_id in ("sally", "nobody")),
    )
    known = checks.known(asked)
    assert [checks.known([each])[0] for each in asked] == list(known)
    assert [each.account for each in known] == [*[AccountState.ACTIVE] * 5, None]
    assert [each.standing for each in known] == [Standing(until.functions, LATER, False), *[None] * 5]
    assert known[0].lines == frozenset({Line.MEDICAL, Line.BEHAVIORAL})
    assert known[4].lines is None
    assert (known[1].had_access, known[2].had_access, known[3].had_access) == (True, False, False)
