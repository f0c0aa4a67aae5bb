"""What every walk through identity's endpoints rests on: who there is, what was given out, what always holds."""

from __future__ import annotations

import base64
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, ClassVar, Final, TypeVar

import argon2
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import select
from werkzeug.test import TestResponse

from chassis.db.tables import outbox
from chassis.security.sealing import unseal
from services.identity.adapters.device_tables import device
from services.identity.adapters.secrets import place_of
from services.identity.adapters.tables import account, authenticator, contact, passkey, recovery_code, session
from services.identity.bootstrap import seed_demo
from tests.integration.identity.devices import FIREFOX
from tests.integration.identity.orders.ledger import (
    CONFIRM,
    Access,
    Change,
    Code,
    Contact,
    Device,
    Flow,
    Session,
    Soul,
    Vouching,
)
from tests.integration.identity.sites import Browser, Site
from tests.integration.identity.world import NOTIFY, PASSWORD, World, registration

API: Final = "/api/identity/v1"
PRACTICE: Final = ("123456789", "medical")
WHY: Final = {"reason": "She called, and knew what she had to know."}
OWNER, OUTSIDER, MANAGER, AGENT, OTHER_AGENT, NEWCOMER = range(6)
"""Nora, whom all is about; a colleague; who manages both; two agents, one of whom is a manager, too; somebody new."""

WHO = st.sampled_from([OWNER, OWNER, OWNER, OUTSIDER, MANAGER, AGENT, OTHER_AGENT, NEWCOMER])
WHOM = st.sampled_from([OWNER, OWNER, OWNER, OUTSIDER, MANAGER, OTHER_AGENT, NEWCOMER])
RECENT = st.sampled_from([0, 0, 0, 0, 1, 1, 2, 3, 4, 6, 8])
"""Which of many: the latest, or one before it."""
LATEST: Final = 90
MOSTLY = st.sampled_from([True, True, True, True, False])

Thing = TypeVar("Thing")
_NUMBERS = count(1)


@dataclass(eq=False)
class Asked:
    """What a site asked for, kept while somebody signs in, for one browser."""

    handle: str
    browser: Browser
    site: Site
    at: datetime
    answered: bool = False


@dataclass(eq=False)
class Ticket:
    """What a sign-in for a site ends in."""

    path: str
    soul: Soul
    asked: Asked
    at: datetime
    by_device: bool
    taken: bool = False


@dataclass(eq=False)
class Grant:
    """An authorization code."""

    text: str
    site: Site
    session: Session
    at: datetime
    used: bool = False
    redeemed: datetime | None = None


@dataclass
class Found:
    """Everything that was ever given out, good or not, the latest last."""

    flows: list[Flow] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    access: list[Access] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    changes: list[tuple[Soul, Change]] = field(default_factory=list)
    vouchings: list[Vouching] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)


class Walk(RuleBasedStateMachine):
    """Calls, and beside them the ledger; a rule says what must come of each call before it is made."""

    world: ClassVar[World]
    answered: ClassVar[Counter[tuple[str, bool]]] = Counter()
    """How often each endpoint did what it is for, and refused to."""

    souls: list[Soul]
    found: Found
    closely: bool = False
    """Whether everything is looked at before each call, and not only once an act is done."""
    browsers: list[Browser]

    # People

    def people_come(self) -> None:
        number, world = next(_NUMBERS), self.world
        names = [f"{role}{number:03d}" for role in ("owner", "outside", "manager", "agenta", "agentb", "newcomer")]
        agents = [each for each in world.people if each.user_id == "support1"]
        made = [replace(agent, user_id=names[each]) for agent in agents for each in (AGENT, OTHER_AGENT)]
        seed_demo(world.service, world.settings, PASSWORD, made)
        for each in (OWNER, OUTSIDER, MANAGER):
            world.register(names[each], person=self._person(names[each]))
        self.souls = [Soul(name, is_agent=at in {AGENT, OTHER_AGENT}) for at, name in enumerate(names)]
        for at, level in (
            (OWNER, "processor"),
            (OUTSIDER, "processor"),
            (MANAGER, "primary"),
            (OTHER_AGENT, "primary"),
        ):
            world.holds(names[at], *PRACTICE, level)
        self.found = Found()
        self.browsers = [Browser(world), Browser(world)]
        self._newcomer()
        for soul in self.souls:
            soul.contacts = {each.id: each for each in self.kept_contacts(soul.user_id)}
            soul.changed = None

    def _newcomer(self) -> None:
        world, soul = self.world, self.souls[NEWCOMER]
        body = registration(soul.user_id, person=self._person(soul.user_id))
        assert world.internal("/reservations", body).status_code == 201
        told = {"registration_id": body["registration_id"], "user_id": soul.user_id}
        world.deliver("registration.registration.submitted.v1", f"registration/{body['registration_id']}", told)
        soul.state, soul.lapses = "unconfirmed", self.now + CONFIRM
        self.code_went_to(soul, "confirm_email")

    @staticmethod
    def _person(user_id: str) -> dict[str, Any]:
        person: dict[str, Any] = registration(user_id)["person"]
        return person | {"email": f"{user_id}@practice.example"}

    # Calls

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    def call(
        self,
        rule: str,
        body: Any = None,
        *,
        token: str | None = None,
        secret: str | None = None,
        request: str | None = None,
        agent: str = FIREFOX,
        **parts: str,
    ) -> TestResponse:
        """Two seconds later; `rule` is the route as the application has it, in words `METHOD path`."""
        if self.closely:
            self.everybody_has_what_they_have_shown()
        self.world.clock.advance(seconds=2)
        method, _, path = rule.partition(" ")
        for name, value in parts.items():
            path = path.replace(f"<uuid:{name}>", value).replace(f"<string:{name}>", value)
        given = {"Authorization": f"Bearer {token}" if token else None, "X-Challenge-Secret": secret}
        given |= {"X-Authorization-Request": request, "User-Agent": agent}
        headers = {name: value for name, value in given.items() if value is not None}
        client = self.world.service.app.test_client()
        return client.open(f"{API}{path}", method=method, json=body, headers=headers)

    def judge(self, rule: str, answer: TestResponse, *, may: bool, why: object = "") -> bool:
        """Whether it did what it is for, which must be as the rules say."""
        self.answered[rule, answer.status_code < 400] += 1
        assert answer.status_code < 500, answer.text
        assert (answer.status_code < 400) is may, f"{rule}: {answer.status_code} {answer.text[:300]} {why}"
        return may

    # Finding

    @staticmethod
    def pick(things: list[Thing], which: int) -> Thing | None:
        """The latest, or so many before it; from LATEST on whatever the others are like."""
        return things[-1 - (which % LATEST) % len(things)] if things else None

    def flow(self, which: int) -> Flow | None:
        """Mostly one that is still open."""
        flows = self.found.flows
        return self.pick([each for each in flows if which < 4 and each.open_at(self.now)] or flows, which)

    def code(self, thing: int, flow: Flow | None = None, purpose: str | None = None) -> Code | None:
        """Mostly one that was sent for this; or any other."""
        codes = self.found.codes
        meant = [each for each in codes if each.flow is flow and purpose in {None, each.purpose}] if thing < 1 else []
        return self.pick(meant or codes, thing)

    def session(self, which: int, who: int | None = None) -> Session | None:
        """Mostly one that is alive and fresh: of somebody in particular, who signs in for that if need be."""
        soul = None if who is None else self.souls[who]
        if which < 4:
            fresh = [each for each in self.found.sessions if each.alive(self.now) and each.fresh(self.now)]
            theirs = [each for each in fresh if soul in {None, each.soul}]
            if not theirs and who is not None:
                self.somebody_comes_in(who)
                theirs = [each for each in self.found.sessions[-1:] if each.soul is soul]
            if theirs:
                return self.pick(theirs, which)
        return self.pick(self.found.sessions, which)

    def somebody_comes_in(self, who: int) -> None:
        raise NotImplementedError

    def code_went_to(self, soul: Soul, purpose: str, contact_id: str = "", flow: Flow | None = None) -> Code:
        """The code that was just sent, which voids the former of its purpose and gives new tries."""
        (mail,) = self.told("identity.code.requested.v1", place_of, "code_id")
        assert (mail["user_id"], mail["purpose"]) == (soul.user_id, purpose)
        code = Code(soul, purpose, mail["code"], self.now, contact_id, flow)
        soul.codes[purpose] = code
        soul.tries_at(purpose).forget()
        soul.elsewhere_at(purpose).forget()
        self.found.codes.append(code)
        return code

    def redeems(
        self, soul: Soul, purpose: str, typed: str, *, contact_id: str, flow: Flow | None, proven: bool
    ) -> bool:
        """Whether it is the code, of that purpose, sent last, in this flow, to this contact, in time; tries count."""
        code, tries = soul.codes.get(purpose), soul.tries_at(purpose)
        if tries.used_up(self.now):
            return False
        if purpose in {"sign_in", "step_up"} and code is not None and code.flow is not flow:
            if not soul.elsewhere_at(purpose).used_up(self.now):
                soul.elsewhere_at(purpose).add(self.now)
                tries.add(self.now)
            return False
        fits = code is not None and (code.text, code.flow) == (typed, flow) and contact_id in {"", code.contact}
        if not fits or not proven:
            tries.add(self.now)
            return False
        assert code is not None
        if code.sent_at + timedelta(minutes=10) <= self.now:
            return False
        del soul.codes[purpose]
        tries.forget()
        return True

    def signed_in(self, soul: Soul, answer: Any, *, by_device: bool = False) -> Session:
        """There is a session; its tokens."""
        claims = claims_of(answer["access_token"])
        made = Session(claims["sid"], soul, self.now, self.now, self.now, by_device)
        soul.sessions.append(made)
        self.found.sessions.append(made)
        self.tokens(made, answer)
        return made

    def tokens(self, of: Session, answer: Any, site: Site | None = None, family: list[Access] | None = None) -> Access:
        claims = claims_of(answer["access_token"])
        assert (claims["sub"], claims["sid"]) == (of.soul.user_id, of.id)
        given = Access(
            of, answer["access_token"], answer["refresh_token"], self.now, site, [] if family is None else family
        )
        given.family.append(given)
        of.access.append(given)
        self.found.access.append(given)
        return given

    def awake(self, of: Session) -> Access:
        """Its latest token, refreshed before it grows old, as clients do."""
        if not of.access:
            return Access(of, "nothing", "nothing", of.began - timedelta(days=1))
        last = of.access[-1]
        alive = of.alive(self.now + timedelta(seconds=2)) and not (last.used or last.revoked)
        return self.refreshed(last) if alive and self.now - last.issued > timedelta(minutes=4) else last

    def refreshed(self, last: Access) -> Access:
        raise NotImplementedError

    # What must hold

    def kept_contacts(self, user_id: str) -> list[Contact]:
        with self.world.service.engine.connect().execution_options(write=False) as connection:
            mine = select(contact).where(contact.c.user_id == user_id)
            rows = connection.execute(mine.order_by(contact.c.created_at, contact.c.kind, contact.c.id)).all()
        return [Contact(row.id, row.kind, row.value, row.verified_at, row.pending) for row in rows]

    @invariant()
    def everybody_has_what_they_have_shown(self) -> None:
        souls = {each.user_id: each for each in getattr(self, "souls", ())}
        if not souls:
            return
        with self.world.service.engine.connect().execution_options(write=False) as connection:

            def rows(table: Any) -> list[Any]:
                return list(connection.execute(select(table).where(table.c.user_id.in_(list(souls)))))

            accounts, sessions = rows(account), rows(session)
            apps, keys, papers, devices, contacts = map(rows, (authenticator, passkey, recovery_code, device, contact))
        for row in accounts:
            self._is_as_it_should(souls[row.user_id], row)
        held = {
            "sessions": {(row.user_id, row.id, row.authenticated_at) for row in sessions if row.ended_at is None},
            "apps": {(row.user_id, row.id) for row in apps if row.confirmed_at},
            "passkeys": {(row.user_id, row.id) for row in keys if row.suspended_at is None},
            "papers": Counter(row.user_id for row in papers if row.used_at is None),
            "devices": Counter(row.user_id for row in devices),
            "contacts": {(row.user_id, row.id, row.value, bool(row.verified_at), row.pending) for row in contacts},
        }
        due = {
            "sessions": {(s.user_id, e.id, e.shown) for s in souls.values() for e in s.sessions if not e.ended},
            "apps": {(s.user_id, each) for s in souls.values() for each in s.apps},
            "passkeys": {(s.user_id, each) for s in souls.values() for each in s.keys},
            "papers": Counter({s.user_id: len(s.paper) for s in souls.values() if s.paper}),
            "devices": Counter({s.user_id: len(s.devices) for s in souls.values() if s.devices}),
            "contacts": {
                (s.user_id, c.id, c.value, bool(c.verified_at), c.pending)
                for s in souls.values()
                for c in s.contacts.values()
            },
        }
        assert held == due

    def _is_as_it_should(self, soul: Soul, row: Any) -> None:
        assert row.state == soul.state, (soul.user_id, row.state, soul.state)
        assert (row.temporary_until is None) == (soul.temporary_until is None), soul.user_id
        if soul.state != "removed" and soul.known != (row.password_hash, soul.password):
            assert argon2.PasswordHasher().verify(row.password_hash, soul.password), soul.user_id
            soul.known = (row.password_hash, soul.password)

    # What was told by message

    def told(self, event: str, place: Any, key: str, most: int = 1) -> list[dict[str, Any]]:
        """The latest messages of a kind, opened, the latest last."""
        statement = select(outbox.c.data).where(outbox.c.type == event)
        with self.world.service.engine.connect().execution_options(write=False) as connection:
            rows = connection.execute(statement.order_by(outbox.c.position.desc()).limit(most)).scalars().all()
        return [each | json.loads(unseal([NOTIFY], each["sealed"], place(each[key]))) for each in reversed(rows)]


def claims_of(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims
