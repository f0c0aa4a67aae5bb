"""Identity's store in memory: what the ports promise, and nothing of SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from services.identity.application.second_step_repositories import App, Means
from services.identity.application.standing_repositories import Standing
from services.identity.application.vouching_repositories import Wanted
from services.identity.domain.access import Held
from services.identity.domain.accounts import Account, KeptPassword, State
from services.identity.domain.authenticators import Authenticator
from services.identity.domain.challenges import Challenge, ChallengeKind
from services.identity.domain.codes import Channel, Code, CodeState, Purpose
from services.identity.domain.contact_changes import ContactChange
from services.identity.domain.devices import Device
from services.identity.domain.inactivity import IdleSpan
from services.identity.domain.opt_outs import OptOut
from services.identity.domain.passkeys import Enrolment, Passkey, PasskeySignIn
from services.identity.domain.recoveries import Recovery
from services.identity.domain.recovery_codes import RecoveryCode, left
from services.identity.domain.reservations import Reservation
from services.identity.domain.risk import Trait
from services.identity.domain.security_questions import HashedAnswer
from services.identity.domain.sessions import EndReason, RefreshToken, Session
from services.identity.domain.signing_keys import Algorithm, SigningKey, signing_at
from services.identity.domain.support_acts import ErasureProposal, Sought
from services.identity.domain.throttle import NO_FAILURES, FailureCount
from services.identity.domain.vouchings import Stop, Vouching
from tests.unit.identity.oidc.store import (
    FakeAuthorizationCodes,
    FakeAuthorizationRequests,
    FakeClients,
    FakeLogouts,
    FakeSignInTickets,
)


class FakeAccounts:
    def __init__(self) -> None:
        self.kept: dict[str, Account] = {}

    def get(self, user_id: str) -> Account | None:
        return self.kept.get(user_id)

    for_update = get

    def of_registration(self, registration_id: str) -> Account | None:
        return next((each for each in self.kept.values() if each.registration_id == registration_id), None)

    def of_email(self, email: str, born: date) -> Sequence[Account]:
        return [
            each
            for each in self.kept.values()
            if each.date_of_birth == born and email in {contact.value.lower() for contact in each.contacts}
        ]

    def find(self, sought: Sought, after: str, limit: int) -> Sequence[Account]:
        found = [each for each in self.kept.values() if each.user_id.startswith(sought.text) and each.user_id > after]
        return sorted(found, key=lambda each: each.user_id)[:limit]

    def add(self, account: Account) -> None:
        assert account.user_id not in self.kept
        self.kept[account.user_id] = account

    def save(self, account: Account) -> None:
        assert account.user_id in self.kept
        self.kept[account.user_id] = account


class FakeAnswers:
    def __init__(self) -> None:
        self.kept: dict[str, Sequence[HashedAnswer]] = {}

    def of(self, user_id: str) -> Sequence[HashedAnswer]:
        return self.kept.get(user_id, ())

    def replace(self, user_id: str, answers: Sequence[HashedAnswer]) -> None:
        self.kept[user_id] = answers


@dataclass
class Claim:
    holder: str | None
    lapses_at: datetime | None

    def is_over(self, now: datetime) -> bool:
        return self.lapses_at is not None and self.lapses_at <= now


class FakeUserIds:
    def __init__(self) -> None:
        self.claims: dict[str, Claim] = {}

    def taken(self, asked: Collection[str], now: datetime, holder: str | None = None) -> set[str]:
        return {each for each in asked if each in self.claims and not self._is_free(self.claims[each], now, holder)}

    def claim(self, user_id: str, holder: str, until: datetime, now: datetime) -> bool:
        present = self.claims.get(user_id)
        if present is not None and not self._is_free(present, now, holder):
            return False
        self.claims[user_id] = Claim(holder, until)
        return True

    def keep(self, user_id: str, holder: str | None) -> bool:
        present = self.claims.get(user_id)
        if present is not None and (present.lapses_at is None or present.holder != holder):
            return False
        self.claims[user_id] = Claim(holder, None)
        return True

    def release_others(self, holder: str, user_id: str) -> None:
        self.claims = {
            name: claim
            for name, claim in self.claims.items()
            if name == user_id or claim.holder != holder or claim.lapses_at is None
        }

    def purge(self, lapsed_before: datetime) -> int:
        over = [name for name, claim in self.claims.items() if claim.lapses_at and claim.lapses_at < lapsed_before]
        for name in over:
            del self.claims[name]
        return len(over)

    def _is_free(self, claim: Claim, now: datetime, holder: str | None) -> bool:
        return claim.lapses_at is not None and (claim.is_over(now) or (holder is not None and claim.holder == holder))


class FakeReservations:
    def __init__(self) -> None:
        self.kept: dict[str, Reservation] = {}

    def get(self, registration_id: str) -> Reservation | None:
        return self.kept.get(registration_id)

    def put(self, reservation: Reservation) -> None:
        self.kept = {key: each for key, each in self.kept.items() if each.user_id != reservation.user_id}
        self.kept[reservation.registration_id] = reservation

    def remove(self, registration_id: str) -> None:
        del self.kept[registration_id]

    def purge(self, reserved_before: datetime) -> int:
        before = len(self.kept)
        self.kept = {key: each for key, each in self.kept.items() if each.reserved_at >= reserved_before}
        return before - len(self.kept)


class FakeFailureCounts:
    def __init__(self) -> None:
        self.kept: dict[str, FailureCount] = {}

    def get(self, key: str) -> FailureCount:
        return self.kept.get(key, NO_FAILURES)

    for_update = get

    def of(self, keys: Sequence[str]) -> Mapping[str, FailureCount]:
        return {key: self.get(key) for key in keys}

    def put(self, key: str, count: FailureCount) -> None:
        self.kept[key] = count

    def purge(self, last_before: datetime) -> int:
        over = [key for key, count in self.kept.items() if count.last_at is None or count.last_at < last_before]
        for key in over:
            del self.kept[key]
        return len(over)


class FakeCodes:
    def __init__(self) -> None:
        self.kept: dict[str, tuple[Code, CodeState]] = {}

    def add(self, code: Code) -> None:
        former = self.open_one(code.user_id, code.purpose)
        if former is not None:
            self.kept[former.id] = (former, CodeState.VOID)
        self.kept[code.id] = (code, CodeState.OPEN)

    def open_one(self, user_id: str, purpose: Purpose) -> Code | None:
        wanted = (user_id, purpose, CodeState.OPEN)
        found = (code for code, state in self.kept.values() if (code.user_id, code.purpose, state) == wanted)
        return next(found, None)

    def redeem(self, code_id: str, now: datetime) -> None:
        self.kept[code_id] = (self.kept[code_id][0], CodeState.REDEEMED)

    def void(self, user_id: str, purpose: Purpose | None = None) -> None:
        for code, state in list(self.kept.values()):
            if code.user_id == user_id and state is CodeState.OPEN and purpose in {None, code.purpose}:
                self.kept[code.id] = (code, CodeState.VOID)

    def issued_since(self, user_id: str, purpose: Purpose, channel: Channel, since: datetime) -> Sequence[datetime]:
        return [
            code.issued_at
            for code, state in self.kept.values()
            if (code.user_id, code.purpose, code.channel) == (user_id, purpose, channel)
            and state is not CodeState.REDEEMED
            and code.issued_at > since
        ]

    def purge(self, issued_before: datetime) -> int:
        before = len(self.kept)
        self.kept = {key: each for key, each in self.kept.items() if each[0].issued_at >= issued_before}
        return before - len(self.kept)


class FakeContactChanges:
    def __init__(self) -> None:
        self.kept: dict[str, ContactChange] = {}

    def add(self, change: ContactChange) -> None:
        self.kept[change.digest] = change

    def of_token(self, digest: str) -> ContactChange | None:
        return self.kept.get(digest)

    def end_since(self, user_id: str, changed_at: datetime) -> None:
        for key, each in self.kept.items():
            if each.user_id == user_id and each.changed_at >= changed_at:
                self.kept[key] = replace(each, ended=True)

    def purge(self, expired_before: datetime) -> int:
        before = len(self.kept)
        self.kept = {key: each for key, each in self.kept.items() if each.expires_at >= expired_before}
        return before - len(self.kept)


class FakeChallenges:
    def __init__(self) -> None:
        self.kept: dict[str, Challenge] = {}
        self.passed: set[str] = set()

    def add(self, challenge: Challenge) -> None:
        self.kept[challenge.id] = challenge

    def get(self, challenge_id: str, kind: ChallengeKind) -> Challenge | None:
        found = self.kept.get(challenge_id)
        known = found is not None and str(found.kind) == str(kind) and challenge_id not in self.passed
        return found if known else None

    def pass_(self, challenge_id: str, now: datetime) -> bool:
        fresh = challenge_id not in self.passed
        self.passed.add(challenge_id)
        return fresh

    def purge(self, expired_before: datetime) -> int:
        before = len(self.kept)
        self.kept = {key: each for key, each in self.kept.items() if each.expires_at >= expired_before}
        return before - len(self.kept)


class FakeAuthenticators:
    def __init__(self) -> None:
        self.kept: dict[str, Authenticator] = {}

    def get(self, user_id: str, authenticator_id: str) -> Authenticator | None:
        found = self.kept.get(authenticator_id)
        return found if found and found.user_id == user_id else None

    def of(self, user_id: str) -> Sequence[Authenticator]:
        return [each for each in self.kept.values() if each.user_id == user_id and each.confirmed_at]

    def begin(self, authenticator: Authenticator) -> None:
        mine = {each.id for each in self.kept.values() if each.user_id == authenticator.user_id}
        self.kept = {key: each for key, each in self.kept.items() if key not in mine or each.confirmed_at}
        self.kept[authenticator.id] = authenticator

    def save(self, authenticator: Authenticator) -> None:
        assert authenticator.id in self.kept
        self.kept[authenticator.id] = authenticator

    def remove(self, user_id: str, authenticator_id: str) -> None:
        assert self.kept.pop(authenticator_id).user_id == user_id

    def purge(self, begun_before: datetime) -> int:
        before = len(self.kept)
        self.kept = {
            key: each for key, each in self.kept.items() if each.confirmed_at or each.created_at >= begun_before
        }
        return before - len(self.kept)


class FakePasskeys:
    def __init__(self) -> None:
        self.kept: dict[str, Passkey] = {}
        self.enrolments: dict[str, Enrolment] = {}

    def get(self, user_id: str, passkey_id: str) -> Passkey | None:
        found = self.kept.get(passkey_id)
        return found if found and found.user_id == user_id else None

    def of(self, user_id: str) -> Sequence[Passkey]:
        return [each for each in self.kept.values() if each.user_id == user_id]

    def of_credential(self, credential_id: str) -> Passkey | None:
        return next((each for each in self.kept.values() if each.credential.id == credential_id), None)

    def begin(self, enrolment: Enrolment) -> None:
        self.enrolments[enrolment.user_id] = enrolment

    def begun(self, user_id: str, passkey_id: str) -> Enrolment | None:
        found = self.enrolments.get(user_id)
        return found if found and found.id == passkey_id else None

    def add(self, passkey: Passkey) -> bool:
        del self.enrolments[passkey.user_id]
        if self.of_credential(passkey.credential.id):
            return False
        self.kept[passkey.id] = passkey
        return True

    def save(self, passkey: Passkey) -> None:
        assert passkey.id in self.kept
        self.kept[passkey.id] = passkey

    def remove(self, user_id: str, passkey_id: str) -> None:
        assert self.kept.pop(passkey_id).user_id == user_id

    def purge(self, begun_before: datetime) -> int:
        before = len(self.enrolments)
        self.enrolments = {key: each for key, each in self.enrolments.items() if each.created_at >= begun_before}
        return before - len(self.enrolments)


class FakePasskeySignIns:
    def __init__(self) -> None:
        self.kept: dict[str, PasskeySignIn] = {}

    def add(self, sign_in: PasskeySignIn) -> None:
        self.kept[sign_in.id] = sign_in

    def get(self, sign_in_id: str) -> PasskeySignIn | None:
        return self.kept.get(sign_in_id)

    def spend(self, sign_in_id: str) -> bool:
        return self.kept.pop(sign_in_id, None) is not None

    def purge(self, expired_before: datetime) -> int:
        before = len(self.kept)
        self.kept = {key: each for key, each in self.kept.items() if each.expires_at >= expired_before}
        return before - len(self.kept)


class FakeRecoveryCodes:
    def __init__(self) -> None:
        self.kept: dict[str, list[RecoveryCode]] = {}

    def of(self, user_id: str) -> Sequence[RecoveryCode]:
        return list(self.kept.get(user_id, []))

    def replace(self, user_id: str, codes: Sequence[RecoveryCode]) -> None:
        self.kept[user_id] = list(codes)

    def use(self, user_id: str, number: int, now: datetime) -> bool:
        codes = self.kept[user_id]
        fresh = codes[number].used_at is None
        codes[number] = replace(codes[number], used_at=codes[number].used_at or now)
        return fresh


class FakeRecoveries:
    def __init__(self) -> None:
        self.kept: dict[str, Recovery] = {}

    def add(self, recovery: Recovery) -> None:
        self.kept[recovery.id] = recovery

    def get(self, recovery_id: str) -> Recovery | None:
        return self.kept.get(recovery_id)

    def save(self, recovery: Recovery) -> None:
        assert recovery.id in self.kept
        self.kept[recovery.id] = recovery

    def sent_since(self, key: str, channel: Channel, since: datetime) -> Sequence[datetime]:
        mine = [each for each in self.kept.values() if each.key == key and each.created_at > since]
        return [send.at for each in mine for send in each.sends if send.channel is channel]

    def purge(self, expired_before: datetime) -> int:
        before = len(self.kept)
        self.kept = {key: each for key, each in self.kept.items() if each.expires_at >= expired_before}
        return before - len(self.kept)


class FakeOptOuts:
    def __init__(self) -> None:
        self.kept: dict[str, OptOut] = {}

    def get(self, digest: str) -> OptOut | None:
        return self.kept.get(digest)

    def put(self, opt_out: OptOut) -> None:
        self.kept[opt_out.digest] = opt_out

    def remove(self, digest: str) -> None:
        self.kept.pop(digest, None)


class FakeSessions:
    def __init__(self) -> None:
        self.kept: dict[str, Session] = {}
        self.bound: dict[str, str] = {}

    def add(self, session: Session) -> None:
        self.kept[session.id] = session

    def get(self, session_id: str) -> Session | None:
        return self.kept.get(session_id)

    for_update = get

    def of_browser(self, digest: str) -> Session | None:
        return next((self.kept[each] for each, bound in self.bound.items() if bound == digest), None)

    def bind(self, session_id: str, digest: str) -> None:
        self.bound[session_id] = digest

    def renew(self, session: Session) -> None:
        assert session.id in self.kept
        self.kept[session.id] = session

    def of_account(self, user_id: str) -> Sequence[Session]:
        mine = [each for each in self.kept.values() if each.user_id == user_id and each.ended_at is None]
        return sorted(mine, key=lambda each: each.started_at, reverse=True)

    def use(self, session_id: str, now: datetime) -> None:
        self.kept[session_id] = replace(self.kept[session_id], used_at=now)

    def end(self, session_id: str, reason: EndReason, now: datetime) -> bool:
        session = self.kept[session_id]
        if session.ended_at is not None:
            return False
        self.kept[session_id] = replace(session, ended_at=now, ended_because=reason)
        return True

    def purge(self, over_before: datetime) -> int:
        before = len(self.kept)
        self.kept = {key: each for key, each in self.kept.items() if each.ends_at >= over_before}
        return before - len(self.kept)


class FakeRefreshTokens:
    def __init__(self) -> None:
        self.kept: dict[str, RefreshToken] = {}

    def add(self, token: RefreshToken) -> None:
        self.kept[token.digest] = token

    def get(self, digest: str) -> RefreshToken | None:
        return self.kept.get(digest)

    def use(self, digest: str, now: datetime) -> bool:
        token = self.kept.get(digest)
        if token is None:
            return False
        self.kept[digest] = replace(token, used_at=token.used_at or now)
        return token.used_at is None

    def void(self, session_id: str, now: datetime) -> None:
        for digest, token in self.kept.items():
            if token.session_id == session_id:
                self.use(digest, now)

    def void_of_client(self, client_id: str, now: datetime) -> None:
        for digest, token in self.kept.items():
            if token.client_id == client_id:
                self.use(digest, now)

    def clients_of(self, session_id: str) -> Sequence[str]:
        return sorted({each.client_id for each in self.kept.values() if each.session_id == session_id})

    def drop_family(self, token: RefreshToken) -> None:
        self.kept = {digest: each for digest, each in self.kept.items() if each.family_id != token.family_id}


class FakeEndedSessions:
    def __init__(self) -> None:
        self.until: dict[str, datetime] = {}

    def remember(self, session_id: str, until: datetime) -> None:
        self.until[session_id] = until


class FakeSigningKeys:
    def __init__(self) -> None:
        self.kept: list[SigningKey] = []

    def current(self, algorithm: Algorithm, now: datetime) -> SigningKey | None:
        return signing_at([key for key in self.published(now) if key.algorithm is algorithm], now)

    def newest(self, algorithm: Algorithm) -> SigningKey | None:
        return next((key for key in reversed(self.kept) if key.algorithm is algorithm), None)

    def published(self, now: datetime) -> Sequence[SigningKey]:
        return [key for key in self.kept if key.expires_at is None or key.expires_at > now]

    def add_first(self, key: SigningKey) -> bool:
        if self.newest(key.algorithm):
            return False
        self.kept.append(key)
        return True

    def succeed(self, former: SigningKey, key: SigningKey) -> bool:
        self.kept = [former if each.kid == former.kid else each for each in self.kept] + [key]
        return True


class FakeBudgets:
    def __init__(self) -> None:
        self.spent: dict[str, int] = {}

    def spend(self, name: str, most: int, per: timedelta, now: datetime) -> int:
        self.spent[name] = self.spent.get(name, 0) + 1
        return 0 if self.spent[name] <= most else int(per.total_seconds())


class FakeHeldAccess:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str, str], Held] = {}

    def of(self, user_id: str) -> Sequence[Held]:
        return [held for held in self.kept.values() if held.user_id == user_id]

    def at(self, places: Collection[tuple[str, str]]) -> Sequence[Held]:
        return [held for held in self.kept.values() if held.place in places]

    def put(self, held: Held) -> None:
        self.kept[held.user_id, held.tin, held.line] = held

    def remove(self, user_id: str, tin: str, line: str) -> None:
        self.kept.pop((user_id, tin, line), None)


class FakeDevices:
    def __init__(self) -> None:
        self.kept: dict[str, Device] = {}

    def presented(self, digest: str) -> Device | None:
        return next((each for each in self.kept.values() if each.digest == digest), None)

    def get(self, user_id: str, device_id: str) -> Device | None:
        found = self.kept.get(device_id)
        return found if found and found.user_id == user_id else None

    def of(self, user_id: str) -> Sequence[Device]:
        theirs = [each for each in self.kept.values() if each.user_id == user_id]
        return sorted(theirs, key=lambda each: each.used_at, reverse=True)

    def add(self, device: Device) -> None:
        self.kept[device.id] = device

    save = add

    def remove(self, user_id: str, device_id: str) -> None:
        assert self.kept.pop(device_id).user_id == user_id

    def purge(self, expired_before: datetime) -> int:
        over = [name for name, each in self.kept.items() if each.expires_at < expired_before]
        for name in over:
            del self.kept[name]
        return len(over)


class FakeHabits:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, Trait, str], datetime] = {}

    def of(self, user_id: str) -> Mapping[Trait, frozenset[str]]:
        return {
            trait: frozenset(value for owner, kind, value in self.kept if (owner, kind) == (user_id, trait))
            for trait in Trait
        }

    def note(self, user_id: str, trait: Trait, value: str, now: datetime) -> bool:
        is_new = (user_id, trait, value) not in self.kept
        self.kept[user_id, trait, value] = now
        return is_new

    def purge(self, met_before: datetime) -> int:
        over = [name for name, met_at in self.kept.items() if met_at < met_before]
        for name in over:
            del self.kept[name]
        return len(over)


class FakeErasureProposals:
    def __init__(self) -> None:
        self.kept: dict[str, ErasureProposal] = {}

    def get(self, user_id: str) -> ErasureProposal | None:
        return self.kept.get(user_id)

    def put(self, proposal: ErasureProposal) -> None:
        self.kept[proposal.user_id] = proposal


class FakeVouchings:
    def __init__(self) -> None:
        self.kept: dict[str, Vouching] = {}
        self.stops: dict[str, Stop] = {}

    def add(self, vouching: Vouching) -> None:
        self.kept[vouching.id] = vouching

    def get(self, vouching_id: str) -> Vouching | None:
        return self.kept.get(vouching_id)

    def open_of(self, user_id: str) -> Vouching | None:
        return next((each for each in self.kept.values() if each.user_id == user_id and not each.ended_at), None)

    def save(self, vouching: Vouching) -> None:
        self.kept[vouching.id] = vouching

    def list(self, wanted: Wanted, after: tuple[datetime, str] | None, limit: int) -> Sequence[Vouching]:
        return [each for each in self.kept.values() if each.state in wanted.states][:limit]

    def add_stop(self, stop: Stop) -> None:
        self.stops[stop.digest] = stop

    def stop_of(self, digest: str) -> Stop | None:
        return self.stops.get(digest)

    def take_due(self, as_of: datetime, most: int) -> Sequence[str]:
        due = [each.user_id for each in self.kept.values() if not each.ended_at and each.works_by(as_of)]
        return due[:most]

    def count_due(self, as_of: datetime) -> int:
        return len(self.take_due(as_of, len(self.kept)))

    def purge(self, ended_before: datetime) -> int:
        over = [each.id for each in self.kept.values() if each.ended_at and each.ended_at < ended_before]
        return len([self.kept.pop(each) for each in over])


class FakeErasure:
    def __init__(self) -> None:
        self.forgotten: list[str] = []

    def forget(self, user_id: str) -> None:
        self.forgotten.append(user_id)


class FakeIdleAccounts:
    def __init__(self, accounts: FakeAccounts) -> None:
        self._accounts = accounts

    def take(
        self, states: Collection[State], span: IdleSpan, most: int, not_warned_of: int | None = None
    ) -> Sequence[str]:
        return [each.user_id for each in self._accounts.kept.values() if _idles(each, states, span, not_warned_of)]

    def count(self, states: Collection[State], span: IdleSpan, not_warned_of: int | None = None) -> int:
        return len(self.take(states, span, 0, not_warned_of))


def _idles(account: Account, states: Collection[State], span: IdleSpan, not_warned_of: int | None) -> bool:
    in_span = account.active_at <= span.until and (span.after is None or account.active_at > span.after)
    unwarned = not_warned_of is None or account.warned_days is None or account.warned_days > not_warned_of
    return account.state in states and in_span and unwarned


class FakeSecondSteps:
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    def of(self, user_id: str) -> Means:
        apps = [App(each.id, each.kind, each.name) for each in self._store.authenticators.of(user_id)]
        good = left(self._store.recovery_codes.of(user_id))
        return Means(self._store.passkeys.of(user_id), apps, good)


class FakeStandings:
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    def of(self, user_id: str, device_digest: str, keys: Sequence[str]) -> Standing:
        account = self._store.accounts.get(user_id)
        password = KeptPassword(account.password_hash, account.state, account.confirm_before) if account else None
        return Standing(password, self._store.devices.presented(device_digest), self._store.failures.of(keys))


@dataclass
class FakeStore:
    """`Store`."""

    accounts: FakeAccounts = field(default_factory=FakeAccounts)
    answers: FakeAnswers = field(default_factory=FakeAnswers)
    authenticators: FakeAuthenticators = field(default_factory=FakeAuthenticators)
    authorization_codes: FakeAuthorizationCodes = field(default_factory=FakeAuthorizationCodes)
    authorization_requests: FakeAuthorizationRequests = field(default_factory=FakeAuthorizationRequests)
    budgets: FakeBudgets = field(default_factory=FakeBudgets)
    challenges: FakeChallenges = field(default_factory=FakeChallenges)
    clients: FakeClients = field(default_factory=FakeClients)
    codes: FakeCodes = field(default_factory=FakeCodes)
    contact_changes: FakeContactChanges = field(default_factory=FakeContactChanges)
    ended_sessions: FakeEndedSessions = field(default_factory=FakeEndedSessions)
    devices: FakeDevices = field(default_factory=FakeDevices)
    failures: FakeFailureCounts = field(default_factory=FakeFailureCounts)
    habits: FakeHabits = field(default_factory=FakeHabits)
    erasure: FakeErasure = field(default_factory=FakeErasure)
    erasure_proposals: FakeErasureProposals = field(default_factory=FakeErasureProposals)
    held_access: FakeHeldAccess = field(default_factory=FakeHeldAccess)
    idle_accounts: FakeIdleAccounts = field(init=False)
    logouts: FakeLogouts = field(default_factory=FakeLogouts)
    opt_outs: FakeOptOuts = field(default_factory=FakeOptOuts)
    passkey_sign_ins: FakePasskeySignIns = field(default_factory=FakePasskeySignIns)
    passkeys: FakePasskeys = field(default_factory=FakePasskeys)
    recoveries: FakeRecoveries = field(default_factory=FakeRecoveries)
    recovery_codes: FakeRecoveryCodes = field(default_factory=FakeRecoveryCodes)
    refresh_tokens: FakeRefreshTokens = field(default_factory=FakeRefreshTokens)
    second_steps: FakeSecondSteps = field(init=False)
    standings: FakeStandings = field(init=False)
    reservations: FakeReservations = field(default_factory=FakeReservations)
    sessions: FakeSessions = field(default_factory=FakeSessions)
    sign_in_tickets: FakeSignInTickets = field(default_factory=FakeSignInTickets)
    signing_keys: FakeSigningKeys = field(default_factory=FakeSigningKeys)
    user_ids: FakeUserIds = field(default_factory=FakeUserIds)
    vouchings: FakeVouchings = field(default_factory=FakeVouchings)

    def __post_init__(self) -> None:
        self.idle_accounts = FakeIdleAccounts(self.accounts)
        self.second_steps = FakeSecondSteps(self)
        self.standings = FakeStandings(self)
