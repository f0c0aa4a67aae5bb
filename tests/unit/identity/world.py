"""Identity's use cases with everything around them made by hand: a clock that stands, and codes that can be read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from chassis.kernel.cause import Cause
from chassis.kernel.errors import NotSignedInError
from chassis.kernel.ids import new_id
from chassis.kernel.messages import Event
from chassis.security.callers import Bearer
from chassis.testing.clocks import StandingClock
from services.identity.adapters.bundled import bundled_lists
from services.identity.adapters.webauthn_proofs import RelyingParty, WebAuthnProofs
from services.identity.application.confirm_account import ConfirmAccount, confirm_account
from services.identity.application.create_account import CreateAccount, create_account
from services.identity.application.create_demo_account import CreateDemoAccount, create_demo_account
from services.identity.application.ensure_signing_key import ensure_signing_key
from services.identity.application.ports import Ports, Store
from services.identity.application.reserve_account import ReserveAccount, reserve_account
from services.identity.application.token_ports import Refreshable
from services.identity.domain.accounts import Account, Kind
from services.identity.domain.clients import Client
from services.identity.domain.grants import Grant
from services.identity.domain.people import Address, Person, Profile
from services.identity.domain.security_questions import Answer
from services.identity.domain.sessions import RefreshToken
from services.identity.domain.signing_keys import Algorithm, SigningKey
from tests.unit.identity.store import FakeStore

PASSWORD = "quiet-harbor-lantern-7"
PARTY = "plan.example.test"
ORIGINS = ("https://medical.plan.example.test", "https://behavioral.plan.example.test")
REGISTRATION = "0198a000-0000-7000-8000-000000000001"

MARY = Person(
    Profile(
        first_name="Mary",
        middle_initial=None,
        last_name="Martin",
        job_role="physician",
        address=Address("1 Main Street", None, "Hartford", "CT", "06103"),
        phone="+12125550142",
        extension=None,
        language="en",
    ),
    "mary@clinic.example",
    "+12125550187",
)

Outcome = TypeVar("Outcome")
Kept = TypeVar("Kept", bound=Event)


class FakeWork:
    """`UnitOfWork` over the store in memory; what is written stays, since nothing here can fail half-way."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store
        self.writes = False
        self.recorded: list[Event] = []
        self.acted_as: str | None = None

    @property
    def cause(self) -> Cause:
        return Cause("system:visitor", "test", site="medical", address="192.0.2.7")

    @contextmanager
    def reading(self) -> Iterator[Store]:
        yield self._store

    def writing(self) -> Store:
        self.writes = True
        return self._store

    def acting_as(self, actor: str) -> None:
        self.acted_as = actor

    def record(self, *events: Event) -> None:
        assert self.writes
        self.recorded.extend(events)


class FakeHasher:
    """Hashes by writing down, and counts; it fails where hashing would hold the writing transaction up."""

    def __init__(self) -> None:
        self.cost = 1
        self.work: FakeWork | None = None
        self.verified: list[str] = []

    def hash(self, secret: str) -> str:
        self._check()
        return f"{self.cost}:{secret}"

    def verify(self, hashed: str, secret: str) -> bool:
        self._check()
        self.verified.append(hashed)
        return hashed.partition(":")[2] == secret

    def verify_nobodys(self, secret: str) -> bool:
        self.verify("1:", f"!{secret}")
        return False

    def needs_rehash(self, hashed: str) -> bool:
        return not hashed.startswith(f"{self.cost}:")

    def _check(self) -> None:
        assert self.work is None or not self.work.writes, "hashing inside the writing transaction"


class FakeRandomness:
    """Counts up; `next_code` decides a code."""

    def __init__(self) -> None:
        self.count = 0
        self.next_code = 123456

    def token(self) -> str:
        self.count += 1
        return f"token-{self.count}"

    def octets(self, count: int) -> bytes:
        self.count += 1
        return self.count.to_bytes(count, "big")

    def letters(self, count: int, alphabet: str) -> str:
        self.count += 1
        return alphabet[self.count % len(alphabet)] * count

    def code(self, digits: int = 6) -> str:
        self.next_code += 1
        return str(self.next_code % 10**digits).zfill(digits)


class OpenSecrets:
    """Seals by writing down, for which row."""

    def seal(self, authenticator_id: str, secret: bytes) -> str:
        return f"{authenticator_id}|{secret.hex()}"

    def open(self, authenticator_id: str, sealed: str) -> bytes:
        row, _, secret = sealed.partition("|")
        assert row == authenticator_id
        return bytes.fromhex(secret)


class FakeDigests:
    def of_token(self, token: str) -> str:
        return f"sha256({token})"

    def keyed(self, place: str, text: str) -> str:
        return f"hmac({place}|{text})"


class FakeTokens:
    issuer = "https://id.example.test"

    def make_key(self, algorithm: Algorithm, now: datetime) -> SigningKey:
        kid = f"key-{list(Algorithm).index(algorithm) + 1}"
        return SigningKey(kid, algorithm, "sealed", {"kid": kid}, now, None)

    def access_token(self, key: SigningKey, grant: Grant, now: datetime, ends: datetime) -> str:
        seconds = int((ends - now).total_seconds())
        return f"{key.kid}:{grant.session.user_id}:{grant.session.id}:{grant.kind}:{seconds}"

    def client_token(
        self, key: SigningKey, client_id: str, scopes: Sequence[str], now: datetime, ends: datetime
    ) -> str:
        return f"{key.kid}:{client_id}:{' '.join(scopes)}:{int((ends - now).total_seconds())}"

    def id_token(self, key: SigningKey, claims: Mapping[str, Any], access_token: str) -> str:
        return json.dumps({"kid": key.kid, "iss": self.issuer, **claims, "at": access_token})

    def logout_token(self, key: SigningKey, claims: Mapping[str, Any]) -> str:
        return json.dumps({"kid": key.kid, "iss": self.issuer, **claims})

    def read_id_token(self, token: str, keys: Sequence[SigningKey]) -> Mapping[str, Any] | None:
        claims: dict[str, Any] = json.loads(token)
        return claims if claims["kid"] in {key.kid for key in keys} else None


class NobodysTokens:
    def __call__(self, token: str) -> Bearer:
        raise NotSignedInError

    signed = __call__

    def lifetime(self, token: str) -> tuple[datetime, datetime]:
        raise NotSignedInError


class NoLooks:
    """Use cases are asked here, as the framework asks them."""

    rotates = False

    def client(self, client_id: str, session_id: str) -> Client | None:
        raise NotImplementedError

    def refreshable(self, digest: str, client_id: str, now: datetime) -> Refreshable | None:
        raise NotImplementedError

    def rotate(self, found: Refreshable, successor: RefreshToken, now: datetime) -> bool:
        raise NotImplementedError


class FakeCountries:
    def country_of(self, address: str) -> str | None:
        return None


class World:
    """Runs use cases, each in a unit of work of its own, and remembers what they recorded and mailed."""

    def __init__(self) -> None:
        self.store = FakeStore()
        self.clock = StandingClock()
        self.hasher = FakeHasher()
        self.randomness = FakeRandomness()
        self.mailed: list[tuple[str, str]] = []
        self.reminded: list[str] = []
        self.parted: list[str] = []
        self.told: list[tuple[str, str | None]] = []
        self.events: list[Event] = []
        self.acted_as: str | None = None
        self.ports = Ports(
            clock=self.clock,
            hasher=self.hasher,
            randomness=self.randomness,
            digests=FakeDigests(),
            seal_code=self._mail,
            seal_reminder=self._remind,
            seal_farewell=self._part,
            seal_contact=self._tell,
            seal_vouching=lambda word_id, token, to, first_name: f"{word_id} {token} {to} {first_name}",
            authenticator_secrets=OpenSecrets(),
            passkey_proofs=WebAuthnProofs(RelyingParty(PARTY, "Wardenry", ORIGINS)),
            tokens=FakeTokens(),
            own_tokens=NobodysTokens(),
            token_looks=NoLooks(),
            countries=FakeCountries(),
            lists=bundled_lists(),
        )

    def run(self, use_case: Callable[..., Outcome], command: object) -> Outcome:
        work = FakeWork(self.store)
        self.hasher.work = work
        try:
            return use_case(command, work, self.ports)
        finally:
            self.hasher.work = None
            self.events.extend(work.recorded)
            self.acted_as = work.acted_as

    def happened(self, kind: type[Kept]) -> list[Kept]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def code(self) -> str:
        """The code of the latest message."""
        return self.mailed[-1][1]

    def wrong_code(self) -> str:
        return str((int(self.code) + 1) % 10**6).zfill(6)

    def has_key(self) -> World:
        ensure_signing_key(FakeWork(self.store), self.ports)
        return self

    def reserve(self, user_id: str = "mmartin5", registration: str = REGISTRATION, person: Person = MARY) -> None:
        self.run(reserve_account, self.reservation(user_id, registration, person))

    def reservation(
        self, user_id: str = "mmartin5", registration: str = REGISTRATION, person: Person = MARY
    ) -> ReserveAccount:
        return ReserveAccount(
            registration_id=registration,
            user_id=user_id,
            password=PASSWORD,
            date_of_birth=date(1980, 2, 29),
            answers=(Answer("first_pet", "Rex"), Answer("birth_city", "São Paulo")),
            site="medical",
            person=person,
        )

    def register(self, user_id: str = "mmartin5", registration: str = REGISTRATION) -> None:
        self.reserve(user_id, registration)
        self.run(create_account, CreateAccount(registration, user_id))

    def registered(self, user_id: str = "mmartin5") -> Account:
        """Somebody who registered, date of birth and answers and all, and confirmed."""
        self.register(user_id, str(new_id()))
        self.run(confirm_account, ConfirmAccount(user_id, self.code))
        return self.store.accounts.kept[user_id]

    def active(self, user_id: str = "mmartin5", kind: Kind = Kind.USER) -> Account:
        self.run(create_demo_account, CreateDemoAccount(user_id, kind, MARY, PASSWORD, "medical"))
        return self.store.accounts.kept[user_id]

    def change(self, user_id: str, **changes: object) -> None:
        kept = self.store.accounts.kept
        kept[user_id] = replace(kept[user_id], **changes)  # type: ignore[arg-type]

    def _mail(self, code_id: str, code: str, to: str, first_name: str) -> str:
        self.mailed.append((to, code))
        return f"sealed({code_id})"

    def _part(self, farewell_id: str, to: str, first_name: str) -> str:
        self.parted.append(to)
        return f"sealed({farewell_id})"

    def _tell(self, notice_id: str, to: str, first_name: str, token: str | None) -> str:
        self.told.append((to, token))
        return f"sealed({notice_id})"

    def _remind(self, reminder_id: str, to: str, first_name: str) -> str:
        self.reminded.append(to)
        return f"sealed({reminder_id})"
