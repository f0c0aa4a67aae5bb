"""In whatever order people apply, nominate, are invited, redeem, are decided about, withdraw and let time pass, they
have what the rules say and nothing more (REG-9, REG-11, REG-12, REG-13, REG-14, GO-2).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from deploy.native.databases import Databases
from tests.e2e.people import Person, registration
from tests.integration.registration.town import Lasting, OnServers, Town
from wardenry.embedded.folder import DataFolder

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # on a machine that is busy with others

EXAMPLES: Final = int(os.environ.get("WARDENRY_TEST_ORDERS", "10"))
"""How many sequences are tried on each kind of database."""

REG, ENT = "/api/registration/v1", "/api/entitlements/v1"
STATE_MEDICAL, OGYAM = "123456789", "223344556"
MARY, GEORGE, SECOND, SALLY, AGENT, OTHER_AGENT = (
    *("mmartin5", "geogym1", "secadm01", "ssmith1234"),
    *("support1", "support2"),
)
OPEN = frozenset({"awaiting", "no_manager"})
PEOPLE, NUMBERS = 3, count(1)
MOST_WRONG: Final = 5
WHO, WHICH = st.integers(0, PEOPLE - 1), st.integers(0, 2)
DECIDERS = st.sampled_from([MARY, MARY, MARY, GEORGE, SALLY, "chief", "self"])
_DONE: dict[str, int] = {}


@dataclass
class Soul:
    """Somebody, and what the rules say of them: by TIN what became of their last request, and what they may do."""

    person: Person
    registered: bool = False
    confirmed: bool = False
    wishes: dict[str, str] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    claimed: Invited | None = None


@dataclass
class Invited:
    """An invitation: for which address, and what is prepared where."""

    id: str
    secrets: dict[str, str]
    email: str
    tin: str
    level: str
    state: str = "open"
    wrong: int = 0


class Orders(RuleBasedStateMachine):
    """Three people who are new, the managers and agents whom everybody knows, and a practice that nobody manages."""

    town: Town
    known: dict[str, Lasting]

    @initialize(briefly=st.booleans())
    def begin(self, briefly: bool) -> None:
        """Chance alone hardly ever comes far: the first steps are those that lead somewhere, and what they tempt to."""
        number = next(NUMBERS)
        self.new = f"5{number:08d}"
        self.souls = [Soul(self.town.person(f"soul{number:04d}.{each}")) for each in "abc"]
        self.managers: dict[str, set[str]] = {STATE_MEDICAL: {MARY}, OGYAM: {MARY, GEORGE}, self.new: set()}
        self.invitations: list[Invited] = []
        self.proposed: Soul | None = None
        self.apply(0, [0, 2], chief=True)
        self.confirm(0, right=True)
        self.invite(MARY, 1, 1, own=True)
        self.apply(1, [1], chief=False)
        if not briefly:
            self.confirm(1, right=True)
            self.redeem(0, 1, right=False)
            self.redeem(0, 1, right=True)
            self.redeem(0, 1, right=True)
            self.decide(0, 0, "self", approve=True)
            self.propose(0, AGENT)
            self.appoint(AGENT)
            self.appoint(OTHER_AGENT)
            self.invite(MARY, 1, 2, own=True)
            for _ in range(MOST_WRONG):
                self.register_with_it(1, 2, right=False)
            self.register_with_it(1, 2, right=True)
            self.apply(2, [1], chief=False)
            self.confirm(2, right=True)
            self.decide_at_once(2)
            self.invite(MARY, 0, 2, own=True)
            self.redeem_at_once(2, 2)

    # What people do

    @rule(who=WHO, places=st.lists(WHICH, min_size=1, max_size=2, unique=True), chief=st.booleans())
    def apply(self, who: int, places: list[int], chief: bool) -> None:
        soul = self.souls[who]
        tins = [self._tin(each) for each in places]
        named = {"nominate": "self"} if chief else {}
        wishes = [{"tin": tin, "line": "medical", **(named if tin == self.new else {})} for tin in tins]
        answer = soul.person.register(wishes)
        if chief and self.managers[self.new] and self.new in tins:
            assert answer.status_code == 422, "nobody is nominated where somebody manages (REG-11)"
            return
        if soul.registered:
            assert answer.status_code == 409, answer.text
            return
        assert answer.status_code == 201, answer.text
        soul.registered, soul.wishes = True, dict.fromkeys(tins, "unconfirmed")
        self._did("applied")

    @rule(who=WHO, right=st.sampled_from([True, True, False]))
    def confirm(self, who: int, right: bool) -> None:
        soul = self.souls[who]
        if not soul.registered or soul.confirmed:
            return
        code = soul.person.code("confirm_email")
        path = f"/api/identity/v1/accounts/{soul.person.user_id}/confirm"
        given = code if right else str((int(code) + 1) % 10**6).zfill(6)
        assert soul.person.post(path, {"code": given}).status_code == (204 if right else 422)
        if right:
            soul.confirmed = True
            soul.wishes = {tin: self._waits_as(tin) for tin in soul.wishes}
            self._given(soul)
            soul.person.sign_in()
            self._did("confirmed")

    @rule(who=WHO, which=WHICH)
    def ask(self, who: int, which: int) -> None:
        soul, tin = self.souls[who], self._tin(which)
        answer = soul.person.post(f"{ENT}/requests", {"tin": tin, "line": "medical"})
        if not soul.confirmed:
            assert answer.status_code == 401
        elif soul.wishes.get(tin) in OPEN or tin in soul.levels:
            assert answer.status_code == 409, answer.text
        else:
            assert answer.status_code == 201, answer.text
            soul.wishes[tin] = self._waits_as(tin)

    @rule(who=WHO, which=WHICH)
    def withdraw(self, who: int, which: int) -> None:
        soul, tin = self.souls[who], self._tin(which)
        found = self._request(soul, tin)
        if found is None:
            return
        answer = soul.person.post(f"{ENT}/requests/{found['id']}/withdraw")
        was_open = soul.wishes[tin] in OPEN
        assert answer.is_success is was_open, answer.text
        if was_open:
            soul.wishes[tin] = "withdrawn"

    @rule(who=WHO, which=WHICH, by=DECIDERS, approve=st.booleans())
    def decide(self, who: int, which: int, by: str, approve: bool) -> None:
        soul, tin = self.souls[who], self._tin(which)
        found, decider = self._request(soul, tin), self._decider(by, soul)
        if found is None or decider is None:
            return
        may = decider.user_id in self.managers[tin] and soul.wishes[tin] == "awaiting"
        answer = self._give(decider, soul, tin, found["id"]) if approve else self._decline(decider, found["id"])
        assert answer.is_success is may, (by, soul.wishes, self.managers, answer.text)
        if may:
            soul.wishes[tin] = "approved" if approve else "declined"
            if approve:
                soul.levels[tin] = "processor"
            self._did("approved" if approve else "declined")

    @rule(who=WHO)
    def decide_at_once(self, who: int) -> None:
        """Both managers of a practice, one giving and one declining: the first holds."""
        soul = self.souls[who]
        found = self._request(soul, OGYAM)
        if found is None or soul.wishes[OGYAM] != "awaiting":
            return
        approves, declines = self.known[MARY], self.known[GEORGE]
        answers = self.town.at_once(
            lambda: self._give(approves, soul, OGYAM, found["id"]), lambda: self._decline(declines, found["id"])
        )
        approved, declined = (answer.is_success for answer in answers)
        assert approved is not declined, [answer.text for answer in answers]
        soul.wishes[OGYAM] = "approved" if approved else "declined"
        if approved:
            soul.levels[OGYAM] = "processor"
        self._did("decided at once")

    # Invitations

    @rule(by=st.sampled_from([MARY, GEORGE, SALLY]), which=WHICH, who=WHO, own=st.booleans())
    def invite(self, by: str, which: int, who: int, own: bool) -> None:
        tin, level = self._tin(which), "processor"
        email = self.souls[who].person.email if own else f"another.{who}@example.com"
        person = {"first_name": "Ivy", "last_name": "Invited", "email": email}
        access = {"tin": tin, "line": "medical", "level": level, "functions": ["claim_status"]}
        answer = self.known[by].post(f"{REG}/invitations", {"people": [person], "access": [access]})
        may = by in self.managers[tin]
        assert (answer.status_code == 201) is may, answer.text
        if may:
            (made,) = answer.json()["items"]
            given = {name: made[name] for name in ("temporary_id", "temporary_password")}
            self.invitations.append(Invited(made["id"], given, email, tin, level))

    @precondition(lambda self: self.invitations)
    @rule(which=st.integers(0, 9), who=WHO, right=st.sampled_from([True, True, True, False]))
    def redeem(self, which: int, who: int, right: bool) -> None:
        soul, invited = self.souls[who], self._invited(which)
        if not soul.confirmed:
            return
        wrong = {} if right else {"temporary_password": "wrongWRONG"}
        answer = soul.person.post(f"{REG}/invitations/redeem", invited.secrets | wrong)
        opens = invited.state == "open" and right
        assert answer.is_success is opens, (invited, answer.text)
        if opens:
            self._redeemed(soul, invited)
        elif invited.state == "open":
            self._missed(invited)

    @precondition(lambda self: self.invitations)
    @rule(which=st.integers(0, 9), who=WHO)
    def redeem_at_once(self, which: int, who: int) -> None:
        """Two people with the same temporary ID: it is good once."""
        invited = self._invited(which)
        pair = [self.souls[who], self.souls[(who + 1) % PEOPLE]]
        if invited.state != "open" or not all(soul.confirmed for soul in pair):
            return
        path = f"{REG}/invitations/redeem"
        first, second = (soul.person for soul in pair)
        answers = self.town.at_once(
            lambda: first.post(path, invited.secrets), lambda: second.post(path, invited.secrets)
        )
        got = [soul for soul, answer in zip(pair, answers, strict=True) if answer.is_success]
        assert len(got) == 1, [answer.text for answer in answers]
        self._redeemed(got[0], invited)
        self._did("redeemed at once")

    @precondition(lambda self: self.invitations)
    @rule(which=st.integers(0, 9), who=WHO, right=st.sampled_from([True, True, True, False]))
    def register_with_it(self, which: int, who: int, right: bool) -> None:
        soul, invited = self.souls[who], self._invited(which)
        wrong = {} if right else {"temporary_password": "wrongWRONG"}
        body = registration(soul.person.user_id, [], **(invited.secrets | wrong))
        del body["tins"], body["practice_type"]
        answer = soul.person.post(f"{REG}/registrations", body)
        opens = invited.state == "open" and right
        assert (answer.status_code == 201) is (opens and not soul.registered), (soul, invited, answer.text)
        if answer.status_code == 201:
            soul.registered, soul.claimed, invited.state = True, invited, "unconfirmed"
            self._did("registered with it")
        elif invited.state == "open" and not right:
            self._missed(invited)

    @precondition(lambda self: self.invitations)
    @rule(which=st.integers(0, 9), by=st.sampled_from([MARY, GEORGE, SALLY]))
    def revoke(self, which: int, by: str) -> None:
        invited = self._invited(which)
        answer = self.known[by].post(f"{REG}/invitations/{invited.id}/revoke")
        may = by in self.managers[invited.tin] and invited.state in {"open", "unconfirmed"}
        assert answer.is_success is may, (by, invited, answer.text)
        if may:
            invited.state = "revoked"

    @rule()
    def invitations_end(self) -> None:
        self.town.days_pass("registration", "invitation-expiry", 31)
        for each in self.invitations:
            each.state = "expired" if each.state == "open" else each.state

    @rule()
    def requests_end(self) -> None:
        self.town.days_pass("entitlements", "request-expiry", 61)
        for soul in self.souls:
            soul.wishes = {tin: "expired" if was == "awaiting" else was for tin, was in soul.wishes.items()}

    # Support

    @rule(who=WHO, by=st.sampled_from([AGENT, MARY]))
    def propose(self, who: int, by: str) -> None:
        soul = self.souls[who]
        wish = {"user_id": soul.person.user_id, "lines": ["medical"], "proof": "The licence, and a call back."}
        self.known[by].shows_who_they_are()
        answer = self.known[by].post(f"{REG}/outreach/{self.new}/appoint", wish)
        case = not self.managers[self.new] and any(self.new in each.wishes and each.confirmed for each in self.souls)
        if answer.is_success:
            assert by == AGENT
            assert soul.confirmed
            assert case
            self.proposed = soul

    @precondition(lambda self: self.proposed is not None)
    @rule(by=st.sampled_from([OTHER_AGENT, OTHER_AGENT, AGENT, MARY]))
    def appoint(self, by: str) -> None:
        assert self.proposed is not None
        self.known[by].shows_who_they_are()
        answer = self.known[by].post(f"{REG}/outreach/{self.new}/confirm")
        assert answer.is_success is (by == OTHER_AGENT), answer.text
        if answer.is_success:
            chief, self.proposed = self.proposed, None
            chief.levels[self.new] = "primary"
            if chief.wishes.get(self.new) in OPEN:
                chief.wishes[self.new] = "approved"
            self.managers[self.new] = {chief.person.user_id}
            for each in self.souls:
                if each.wishes.get(self.new) == "no_manager":
                    each.wishes[self.new] = "awaiting"
            self._did("appointed")

    # What must hold

    @invariant()
    def everybody_has_what_the_rules_say(self) -> None:
        for soul in getattr(self, "souls", ()):
            if not soul.confirmed:
                continue
            held = soul.person.get(f"{ENT}/me/access").json()["items"]
            assert {each["tin"]: each["level"] for each in held if each["state"] == "active"} == soul.levels
            asked = soul.person.get(f"{ENT}/requests", params={"mine": "true"}).json()["items"]
            still = {each["tin"]: each["state"] for each in asked if each["state"] in OPEN}
            assert still == {tin: was for tin, was in soul.wishes.items() if was in OPEN}, soul.wishes

    @invariant()
    def invitations_stand_where_they_should(self) -> None:
        for each in getattr(self, "invitations", ()):
            shown = self.known[MARY].get(f"{REG}/invitations/{each.id}").json()
            assert shown["state"] == each.state

    # Helpers of the rules

    def _tin(self, which: int) -> str:
        return (STATE_MEDICAL, OGYAM, self.new)[which]

    def _waits_as(self, tin: str) -> str:
        return "awaiting" if self.managers[tin] else "no_manager"

    def _invited(self, which: int) -> Invited:
        return self.invitations[which % len(self.invitations)]

    def _decider(self, by: str, soul: Soul) -> Person | None:
        if by == "chief":
            chiefs = [each.person for each in self.souls if each.person.user_id in self.managers[self.new]]
            return next(iter(chiefs), None)
        return soul.person if by == "self" else self.known[by]

    def _request(self, soul: Soul, tin: str) -> dict[str, Any] | None:
        """The last one."""
        if not soul.confirmed or tin not in soul.wishes:
            return None
        asked = soul.person.get(f"{ENT}/requests", params={"mine": "true"}).json()["items"]
        found: dict[str, Any] = max((each for each in asked if each["tin"] == tin), key=lambda each: each["since"])
        return found

    def _give(self, decider: Person, soul: Soul, tin: str, request_id: str) -> httpx.Response:
        path = f"{ENT}/users/{soul.person.user_id}/access"
        change = {"tin": tin, "line": "medical", "level": "processor", "functions": ["claim_status"]}
        version = decider.get(path).headers.get("ETag", '"none"')
        body = {"changes": [change], "request_id": request_id}
        return decider.call("PUT", path, json=body, headers={"If-Match": version})

    def _decline(self, decider: Person, request_id: str) -> httpx.Response:
        return decider.post(f"{ENT}/requests/{request_id}/decline", {"reason": "Not ours."})

    def _redeemed(self, soul: Soul, invited: Invited) -> None:
        """By another address than the invitation's it is a request, as any (REG-14)."""
        invited.state = "redeemed"
        self._did("redeemed")
        if soul.person.email == invited.email and self.managers[invited.tin]:
            soul.levels.setdefault(invited.tin, invited.level)
            if soul.wishes.get(invited.tin) in OPEN:
                soul.wishes[invited.tin] = "approved"
        elif invited.tin not in soul.levels and soul.wishes.get(invited.tin) not in OPEN:
            soul.wishes[invited.tin] = self._waits_as(invited.tin)

    def _given(self, soul: Soul) -> None:
        if soul.claimed is not None and soul.claimed.state == "unconfirmed":
            self._redeemed(soul, soul.claimed)

    def _missed(self, invited: Invited) -> None:
        invited.wrong += 1
        if invited.wrong == MOST_WRONG:
            invited.state = "voided"

    def _did(self, what: str) -> None:
        _DONE[what] = _DONE.get(what, 0) + 1


@pytest.fixture(params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """Of the embedded mode, and of PostgreSQL."""
    if request.param == "sqlite":
        made = Town(DataFolder(tmp_path / "data"))
        yield made
        made.close()
        return
    server: Databases = request.getfixturevalue("postgresql")
    databases = {name: server.create() for name in ("identity", "registration", "entitlements")}
    made = Town(OnServers(tmp_path / "data", {name: each.url for name, each in databases.items()}))
    yield made
    made.close()
    for each in databases.values():
        server.drop(each)


def test_no_order_of_acts_gives_anybody_more_than_the_rules__GO_2(town: Town) -> None:
    Orders.town = town
    names = (MARY, GEORGE, SECOND, SALLY, AGENT, OTHER_AGENT)
    Orders.known = {name: town.somebody_known(name) for name in names}
    _DONE.clear()
    run_state_machine_as_test(
        Orders,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    expected = {"applied", "confirmed", "redeemed", "appointed", "decided at once", "redeemed at once"}
    assert expected <= _DONE.keys(), _DONE
