"""What everybody holds, and may do next, by the rules alone (IDN-1 to IDN-17), whatever identity is built like."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.integration.identity.second_steps import App
from tests.integration.identity.sites import Site
from tests.integration.identity.world import PASSWORD
from tests.unit.identity.security_key import SecurityKey

CODE, CHALLENGE, RECOVERY = timedelta(minutes=10), timedelta(minutes=10), timedelta(minutes=30)
CONFIRM = timedelta(days=7)
FRESH, ACCESS, IDLE, LONGEST = timedelta(minutes=5), timedelta(minutes=6), timedelta(minutes=15), timedelta(hours=12)
DEVICE, TEMPORARY, UNDO = timedelta(days=30), timedelta(hours=24), timedelta(hours=72)
VOUCHED, WAITS, UNPROVEN = timedelta(hours=72), timedelta(days=7), timedelta(days=14)
TICKET, REQUEST, ENROLMENT = timedelta(seconds=60), timedelta(minutes=30), timedelta(minutes=10)
MOST_FAILURES, MOST_TRIES, MOST_ELSEWHERE = 6, 5, 2
"""An access token is good for its five minutes and the one by which clocks may differ."""


@dataclass
class Failures:
    """Wrong proofs of an account, or on a device: too many of them lock for 15 minutes (IDN-9)."""

    count: int = 0
    last: datetime | None = None

    def locked(self, now: datetime) -> bool:
        is_full = self.count >= MOST_FAILURES
        if self.last and self.last + (timedelta(minutes=15) if is_full else timedelta(hours=24)) <= now:
            self.count, self.last = 0, None
        return self.count >= MOST_FAILURES

    def add(self, now: datetime) -> bool:
        """One more; whether that one locks."""
        if self.locked(now):
            return False
        self.count, self.last = self.count + 1, now
        return self.count >= MOST_FAILURES

    def forget(self) -> None:
        self.count, self.last = 0, None


@dataclass
class Tries:
    """Wrong tries at the codes of one purpose: five, until another is sent or ten minutes are over (IDN-2)."""

    most: int = MOST_TRIES
    count: int = 0
    since: datetime | None = None

    def used_up(self, now: datetime) -> bool:
        if self.since and self.since + CODE <= now:
            self.forget()
        return self.count >= self.most

    def add(self, now: datetime) -> None:
        if not self.used_up(now):
            self.count, self.since = self.count + 1, self.since or now

    def forget(self) -> None:
        self.count, self.since = 0, None


@dataclass(eq=False)
class Contact:
    """An address or number; codes go there once `verified_at`, `pending` is what it becomes."""

    id: str
    kind: str
    value: str
    verified_at: datetime | None = None
    pending: str | None = None

    @property
    def unproven(self) -> str | None:
        return self.pending or (None if self.verified_at else self.value)


@dataclass(eq=False)
class Code:
    """Six digits that went out: to whom, for what, in which flow, to which contact."""

    soul: Soul
    purpose: str
    text: str
    sent_at: datetime
    contact: str = ""
    flow: Flow | None = None


@dataclass(eq=False)
class Flow:
    """A flow under way, of somebody or of nobody; its client alone knows the secret."""

    kind: str
    soul: Soul | None
    id: str
    secret: str
    began: datetime
    session: Session | None = None
    device: Device | None = None
    options: Any = None
    step: str = "begun"
    named: Soul | None = None
    methods: list[str] = field(default_factory=list)
    over: bool = False

    def open_at(self, now: datetime) -> bool:
        return not self.over and now < self.began + (RECOVERY if self.kind == "recovery" else CHALLENGE)


@dataclass(eq=False)
class Device:
    """A trusted device: its token, and when a second step was last passed on it."""

    token: str
    trusted: datetime
    confirmed: datetime
    agent: str
    failures: Failures = field(default_factory=Failures)


@dataclass(eq=False)
class Session:
    """A session, and all tokens that were ever made of it, those of the API's own client and of sites."""

    id: str
    soul: Soul
    began: datetime
    shown: datetime
    used: datetime
    by_device: bool = False
    ended: bool = False
    access: list[Access] = field(default_factory=list)

    def alive(self, now: datetime) -> bool:
        return not self.ended and now < min(self.used + IDLE, self.began + LONGEST)

    def fresh(self, now: datetime) -> bool:
        return not self.by_device and now <= self.shown + FRESH


@dataclass(eq=False)
class Access:
    """An access token, and the refresh token that came with it; `site` is None for the API's own client."""

    session: Session
    text: str
    refresh: str
    issued: datetime
    site: Site | None = None
    family: list[Access] = field(default_factory=list)
    used: bool = False
    revoked: bool = False

    def good(self, now: datetime) -> bool:
        return not self.session.ended and now < self.issued + ACCESS


@dataclass(eq=False)
class Change:
    """A change of contacts, and what undoes it (IDN-5)."""

    token: str
    at: datetime
    before: list[Contact]
    ended: bool = False


@dataclass(eq=False)
class Vouching:
    """A new address for somebody who lost theirs (IDN-17)."""

    id: str
    soul: Soul
    by: Soul
    email: str
    at: datetime
    ends: datetime
    state: str = "waiting"
    works_at: datetime | None = None
    verified_at: datetime | None = None
    stops: list[str] = field(default_factory=list)
    contact: str = ""

    @property
    def open(self) -> bool:
        return self.state in {"waiting", "confirmed"}


@dataclass(eq=False)
class Soul:
    """Somebody, and everything that leads to their account by the rules."""

    user_id: str
    is_agent: bool = False
    state: str = "active"
    passwords: list[str] = field(default_factory=lambda: [PASSWORD])
    temporary_until: datetime | None = None
    changed: datetime | None = None
    contacts_changed: datetime | None = None
    reactivated: datetime | None = None
    contacts: dict[str, Contact] = field(default_factory=dict)
    apps: dict[str, tuple[App, datetime]] = field(default_factory=dict)
    keys: dict[str, tuple[SecurityKey, datetime]] = field(default_factory=dict)
    paper: set[str] = field(default_factory=set)
    paper_made: datetime | None = None
    spent: dict[str, int] = field(default_factory=dict)
    devices: list[Device] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    codes: dict[str, Code] = field(default_factory=dict)
    tries: dict[str, Tries] = field(default_factory=dict)
    elsewhere: dict[str, Tries] = field(default_factory=dict)
    wrong: Failures = field(default_factory=Failures)
    wrong_steps: Failures = field(default_factory=Failures)
    wrong_proofs: Failures = field(default_factory=Failures)
    changes: list[Change] = field(default_factory=list)
    erasure: Soul | None = None
    lapses: datetime | None = None
    known: tuple[str, str] = ("", "")
    """The last password that was seen to be theirs, with its hash."""

    @property
    def password(self) -> str:
        return self.passwords[-1]

    def password_counts(self, now: datetime) -> bool:
        return self.temporary_until is None or now < self.temporary_until

    def exists(self, now: datetime) -> bool:
        """Whether anybody may hear of it: not once removed, nor where it was not confirmed in seven days."""
        return self.state != "removed" and not (self.state == "unconfirmed" and self.lapses and self.lapses <= now)

    def outdates(self, moment: datetime) -> bool:
        """Whether what was begun or confirmed then rests on what is no longer theirs."""
        return any(each is not None and moment < each for each in (self.changed, self.contacts_changed))

    @property
    def must_verify(self) -> bool:
        """Once reactivated, until a code came back from an address of theirs (IDN-13)."""
        when = self.reactivated
        return when is not None and not any(c.verified_at and c.verified_at >= when for c in self.contacts.values())

    @property
    def verified(self) -> list[Contact]:
        return [each for each in self.contacts.values() if each.verified_at]

    @property
    def address(self) -> Contact | None:
        """Where recovery's codes go: the account's own address, once verified; only accounts in use have one."""
        mails = sorted(
            (c for c in self.contacts.values() if c.kind == "email"), key=lambda c: (not c.verified_at, c.id)
        )
        first = mails[0] if mails else None
        return first if first and first.verified_at and self.state == "active" and not self.is_agent else None

    def tries_at(self, purpose: str) -> Tries:
        return self.tries.setdefault(purpose, Tries())

    def elsewhere_at(self, purpose: str) -> Tries:
        return self.elsewhere.setdefault(purpose, Tries(MOST_ELSEWHERE))

    # What happens to them

    def new_password(self, password: str, now: datetime) -> None:
        self.passwords.append(password)
        self.changed, self.temporary_until = now, None

    def put_out(self, but: Session | None = None) -> None:
        """Every device is forgotten, and everybody who is signed in is out."""
        self.devices = []
        self.end_sessions(but)

    def end_sessions(self, but: Session | None = None) -> None:
        for each in self.sessions:
            each.ended = each.ended or each is not but

    def lose_second_steps(self, since: datetime | None = None) -> None:
        self.apps = {id_: each for id_, each in self.apps.items() if since and each[1] < since}
        self.keys = {id_: each for id_, each in self.keys.items() if since and each[1] < since}
        if since is None or (self.paper_made and self.paper_made >= since):
            self.paper, self.paper_made = set(), None

    def contacts_become(self, contacts: list[Contact], now: datetime) -> None:
        """Whatever code is under way is void."""
        self.contacts = {each.id: each for each in contacts}
        self.contacts_changed, self.codes = now, {}
