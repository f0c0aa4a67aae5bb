"""What identity's use cases need of the outside: where things are kept, and the few things that are not rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from chassis.kernel.clock import Clock
from chassis.security.callers import Bearer
from services.identity.application.access_repositories import HeldAccess
from services.identity.application.contact_repositories import ContactChanges
from services.identity.application.device_repositories import Devices, Habits
from services.identity.application.erasure_repositories import ErasureProposals
from services.identity.application.idle_repositories import Erasure, IdleAccounts
from services.identity.application.openid_repositories import (
    AuthorizationCodes,
    AuthorizationRequests,
    Clients,
    Logouts,
    SignInTickets,
)
from services.identity.application.opt_out_repositories import OptOuts
from services.identity.application.passkey_ports import PasskeyProofs
from services.identity.application.repositories import (
    Accounts,
    Answers,
    Budgets,
    Challenges,
    Codes,
    EndedSessions,
    FailureCounts,
    Recoveries,
    RefreshTokens,
    Reservations,
    Sessions,
    SigningKeys,
    UserIds,
)
from services.identity.application.second_step_repositories import (
    Authenticators,
    Passkeys,
    PasskeySignIns,
    RecoveryCodes,
    SecondSteps,
)
from services.identity.application.standing_repositories import Standings
from services.identity.application.token_ports import TokenLooks
from services.identity.application.vouching_repositories import Vouchings
from services.identity.domain.authorizations import OpenIdRules
from services.identity.domain.codes import CodeRules
from services.identity.domain.grants import Grant
from services.identity.domain.inactivity import InactivityRules
from services.identity.domain.lists import Lists
from services.identity.domain.reservations import RegistrationRules
from services.identity.domain.risk import RiskRules
from services.identity.domain.sessions import SessionRules
from services.identity.domain.signing_keys import Algorithm, SigningKey
from services.identity.domain.throttle import ThrottleRules, TryRules
from services.identity.domain.vouchings import VouchingRules


class Store(Protocol):
    """Everything that identity keeps, as one transaction sees it."""

    @property
    def accounts(self) -> Accounts: ...
    @property
    def answers(self) -> Answers: ...
    @property
    def authenticators(self) -> Authenticators: ...
    @property
    def authorization_codes(self) -> AuthorizationCodes: ...
    @property
    def authorization_requests(self) -> AuthorizationRequests: ...
    @property
    def budgets(self) -> Budgets: ...
    @property
    def challenges(self) -> Challenges: ...
    @property
    def clients(self) -> Clients: ...
    @property
    def codes(self) -> Codes: ...
    @property
    def contact_changes(self) -> ContactChanges: ...
    @property
    def devices(self) -> Devices: ...
    @property
    def ended_sessions(self) -> EndedSessions: ...
    @property
    def failures(self) -> FailureCounts: ...
    @property
    def habits(self) -> Habits: ...
    @property
    def erasure(self) -> Erasure: ...
    @property
    def erasure_proposals(self) -> ErasureProposals: ...
    @property
    def idle_accounts(self) -> IdleAccounts: ...
    @property
    def held_access(self) -> HeldAccess: ...
    @property
    def logouts(self) -> Logouts: ...
    @property
    def opt_outs(self) -> OptOuts: ...
    @property
    def passkey_sign_ins(self) -> PasskeySignIns: ...
    @property
    def passkeys(self) -> Passkeys: ...
    @property
    def recoveries(self) -> Recoveries: ...
    @property
    def recovery_codes(self) -> RecoveryCodes: ...
    @property
    def refresh_tokens(self) -> RefreshTokens: ...
    @property
    def reservations(self) -> Reservations: ...
    @property
    def second_steps(self) -> SecondSteps: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def sign_in_tickets(self) -> SignInTickets: ...
    @property
    def signing_keys(self) -> SigningKeys: ...
    @property
    def standings(self) -> Standings: ...
    @property
    def user_ids(self) -> UserIds: ...
    @property
    def vouchings(self) -> Vouchings: ...


class Hasher(Protocol):
    """Hashes what people choose, dearly and in bounded slots: never inside the writing transaction (IDN-16).

    Every method raises `UnavailableError` where too many wait already.
    """

    def hash(self, secret: str) -> str:
        """A salted hash that names its own cost."""

    def verify(self, hashed: str, secret: str) -> bool:
        """Whether `secret` is what was hashed."""

    def verify_nobodys(self, secret: str) -> bool:
        """False, after the work that `verify` takes: for accounts that do not exist (IDN-1)."""

    def needs_rehash(self, hashed: str) -> bool:
        """Whether it was made at another cost than today's."""


class Randomness(Protocol):
    """The source of everything that nobody may guess."""

    def token(self) -> str:
        """256 random bits as 43 characters that fit into URLs and headers."""

    def code(self, digits: int = 6) -> str:
        """A decimal number of exactly that many digits."""

    def octets(self, count: int) -> bytes:
        """That many random bytes."""

    def letters(self, count: int, alphabet: str) -> str:
        """That many letters, each out of the whole alphabet."""


class Digests(Protocol):
    """What is kept instead of a secret."""

    def of_token(self, token: str) -> str:
        """SHA-256, for tokens of 256 random bits alone."""

    def keyed(self, place: str, text: str) -> str:
        """HMAC under a key outside the database, for what could be guessed; different in every place."""


class CodeSeal(Protocol):
    """Closes a code and where it goes so that notify alone reads it (NTF-8)."""

    def __call__(self, code_id: str, code: str, to: str, first_name: str) -> str:
        """The sealed text for `sealed` of the event `code.requested`."""


class AuthenticatorSecrets(Protocol):
    """Keeps the secrets of authenticators with a key outside the database, each for its own row alone (IDN-16)."""

    def seal(self, authenticator_id: str, secret: bytes) -> str:
        """What may stand in the row."""

    def open(self, authenticator_id: str, sealed: str) -> bytes:
        """The secret of that row."""


class Countries(Protocol):
    """Knows where addresses are, as far as anybody does."""

    def country_of(self, address: str) -> str | None:
        """The country's two letters (ISO 3166-1), None where nobody knows."""


class ReminderSeal(Protocol):
    """Closes where a reminder of a user ID goes so that notify alone reads it (IDN-6)."""

    def __call__(self, reminder_id: str, to: str, first_name: str) -> str:
        """The sealed text for `sealed` of the event `user_id.reminded`."""


class FarewellSeal(Protocol):
    """Closes where the word of an account's removal goes so that notify alone reads it (IDN-13)."""

    def __call__(self, farewell_id: str, to: str, first_name: str) -> str:
        """The sealed text for `sealed` of the event `account.removed`."""


class ContactSeal(Protocol):
    """Closes where the word of a changed contact goes, and what undoes the change, so that notify alone reads them
    (IDN-5, NTF-8).
    """

    def __call__(self, notice_id: str, to: str, first_name: str, token: str | None) -> str:
        """The sealed text for `sealed` of the event `contact.notice_due`; without a token for who may undo nothing."""


class VouchingSeal(Protocol):
    """Closes where a word about a vouching goes, and the token that stops it, so that notify alone reads them."""

    def __call__(self, word_id: str, token: str | None, to: str, first_name: str) -> str:
        """The sealed text for `sealed` of the event `contact.vouching_word_due`; None: nothing stops it."""


class TokenIssuer(Protocol):
    """Makes keys, and tokens signed with them."""

    @property
    def issuer(self) -> str:
        """The OpenID issuer: the public address under which the protocol's routes and the sign-in pages stand."""

    def make_key(self, algorithm: Algorithm, now: datetime) -> SigningKey:
        """A new key pair, its private half sealed."""

    def access_token(self, key: SigningKey, grant: Grant, now: datetime, ends: datetime) -> str:
        """A token that speaks for the grant's account in its session until `ends` (IDN-12)."""

    def client_token(
        self, key: SigningKey, client_id: str, scopes: Sequence[str], now: datetime, ends: datetime
    ) -> str:
        """A token for the API that speaks for a site's own program until `ends`."""

    def id_token(self, key: SigningKey, claims: Mapping[str, Any], access_token: str) -> str:
        """The claims, signed, with the issuer and the access token's hash (OpenID Connect Core, section 2)."""

    def logout_token(self, key: SigningKey, claims: Mapping[str, Any]) -> str:
        """The claims, signed, with the issuer, as what cannot be taken for a token of another kind."""

    def read_id_token(self, token: str, keys: Sequence[SigningKey]) -> Mapping[str, Any] | None:
        """The claims of an ID token that one of these keys has signed, however old; None for anything else."""


class OwnTokens(Protocol):
    """Verifies what comes to this provider's own resource, userinfo."""

    def __call__(self, token: str) -> Bearer:
        """Whoever the access token stands for; raises `NotSignedInError`."""

    def signed(self, token: str) -> Bearer:
        """The same for who looks by themselves whether the session has ended."""

    def lifetime(self, token: str) -> tuple[datetime, datetime]:
        """From when until when a token that verifies is good."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Times and limits; each is a setting whose default is the rule's number."""

    throttle: ThrottleRules = field(default_factory=ThrottleRules)
    address: ThrottleRules = field(default_factory=lambda: ThrottleRules(free=20, most=30))
    network: ThrottleRules = field(default_factory=lambda: ThrottleRules(free=200, most=210))
    by_address: bool = True
    tries: TryRules = field(default_factory=TryRules)
    codes: CodeRules = field(default_factory=CodeRules)
    sessions: SessionRules = field(default_factory=SessionRules)
    registration: RegistrationRules = field(default_factory=RegistrationRules)
    openid: OpenIdRules = field(default_factory=OpenIdRules)
    risk: RiskRules = field(default_factory=RiskRules)
    device: timedelta = timedelta(days=30)
    challenge: timedelta = timedelta(minutes=10)
    recovery: timedelta = timedelta(minutes=30)
    contact_undo: timedelta = timedelta(hours=72)
    """How long a change of a contact can be undone by whoever was reached before (IDN-5)."""
    inactivity: InactivityRules = field(default_factory=InactivityRules)
    vouching: VouchingRules = field(default_factory=VouchingRules)
    reminders: TryRules = field(default_factory=lambda: TryRules(most=5, window=timedelta(hours=1)))
    """How often one address may be asked about before a reminder goes out no more, and for how long (IDN-6)."""
    app_name: str = "Wardenry"
    """What an authenticator app calls the account's place."""
    availability_budget: int = 3000
    """How many user IDs may be asked about in a minute by everybody together (REG-6)."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What else the use cases are handed."""

    clock: Clock
    hasher: Hasher
    randomness: Randomness
    digests: Digests
    seal_code: CodeSeal
    seal_reminder: ReminderSeal
    seal_farewell: FarewellSeal
    seal_contact: ContactSeal
    seal_vouching: VouchingSeal
    authenticator_secrets: AuthenticatorSecrets
    passkey_proofs: PasskeyProofs
    tokens: TokenIssuer
    own_tokens: OwnTokens
    token_looks: TokenLooks
    countries: Countries
    lists: Lists
    rules: Rules = field(default_factory=Rules)
