"""Where identity keeps its things: one port for each kind. `for_update` locks what it returns until the commit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from services.identity.domain.accounts import Account
from services.identity.domain.challenges import Challenge, ChallengeKind
from services.identity.domain.codes import Channel, Code, Purpose
from services.identity.domain.recoveries import Recovery
from services.identity.domain.reservations import Reservation
from services.identity.domain.security_questions import HashedAnswer
from services.identity.domain.sessions import EndReason, RefreshToken, Session
from services.identity.domain.signing_keys import Algorithm, SigningKey
from services.identity.domain.support_acts import Sought
from services.identity.domain.throttle import FailureCount


class Accounts(Protocol):
    """Accounts with their contacts, by canonical user ID."""

    def get(self, user_id: str) -> Account | None:
        """The account, in whatever state."""

    def for_update(self, user_id: str) -> Account | None:
        """The account, locked."""

    def of_registration(self, registration_id: str) -> Account | None:
        """The account that a registration became."""

    def of_email(self, email: str, born: date) -> Sequence[Account]:
        """Those with this address, in small letters, and date of birth, in whatever state; at most 20."""

    def find(self, sought: Sought, after: str, limit: int) -> Sequence[Account]:
        """Those whose user ID or a name begins with the text, or that have that address or number, by user ID from
        behind `after`; none that is removed.
        """

    def add(self, account: Account) -> None:
        """Keep a new account."""

    def save(self, account: Account) -> None:
        """Keep the account, and exactly its contacts, as they are now."""


class Answers(Protocol):
    """The hashed answers to security questions."""

    def of(self, user_id: str) -> Sequence[HashedAnswer]:
        """The account's."""

    def replace(self, user_id: str, answers: Sequence[HashedAnswer]) -> None:
        """Keep these answers of the account and no others."""


class UserIds(Protocol):
    """Every user ID that is spoken for: for a while by a reservation, for ever once an account had it (REG-6)."""

    def taken(self, asked: Collection[str], now: datetime, holder: str | None = None) -> set[str]:
        """Those of `asked` that somebody other than `holder` (a registration) has at this moment."""

    def claim(self, user_id: str, holder: str, until: datetime, now: datetime) -> bool:
        """Reserve for `holder`, also in place of its own or a lapsed reservation; False where somebody has it."""

    def keep(self, user_id: str, holder: str | None) -> bool:
        """Make it never free again; False where somebody other than `holder` has it."""

    def release_others(self, holder: str, user_id: str) -> None:
        """Give up what `holder` has reserved but for `user_id`."""

    def purge(self, lapsed_before: datetime) -> int:
        """Drop reservations that lapsed before; never what is kept. Returns how many."""


class Reservations(Protocol):
    """What registrations left here until they are submitted."""

    def get(self, registration_id: str) -> Reservation | None:
        """The reservation of a registration, lapsed or not."""

    def put(self, reservation: Reservation) -> None:
        """Keep it, in place of an earlier one of the same registration or for the same user ID."""

    def remove(self, registration_id: str) -> None:
        """Drop it."""

    def purge(self, reserved_before: datetime) -> int:
        """Drop what was reserved before; returns how many."""


class FailureCounts(Protocol):
    """Failures by a keyed hash of what was tried, so that what was typed is nowhere to be read."""

    def get(self, key: str) -> FailureCount:
        """The count as it is committed."""

    def of(self, keys: Sequence[str]) -> Mapping[str, FailureCount]:
        """The count under each of them as it is committed."""

    def for_update(self, key: str) -> FailureCount:
        """The count, locked, also where there was none: two attempts at once are counted one after the other."""

    def put(self, key: str, count: FailureCount) -> None:
        """Keep the count."""

    def purge(self, last_before: datetime) -> int:
        """Drop counts whose last failure was before; returns how many."""


class Codes(Protocol):
    """Codes that were sent, by account and purpose."""

    def add(self, code: Code) -> None:
        """Keep a new code, open, and void every open one of its account and purpose."""

    def open_one(self, user_id: str, purpose: Purpose) -> Code | None:
        """The one code of that purpose that can still be redeemed, however old, locked."""

    def redeem(self, code_id: str, now: datetime) -> None:
        """Mark as redeemed."""

    def void(self, user_id: str, purpose: Purpose | None = None) -> None:
        """Let no open one of the account be redeemed, of that purpose or of any."""

    def issued_since(self, user_id: str, purpose: Purpose, channel: Channel, since: datetime) -> Sequence[datetime]:
        """When those that were not redeemed were issued."""

    def purge(self, issued_before: datetime) -> int:
        """Drop what was issued before; returns how many."""


class Challenges(Protocol):
    """Flows under way."""

    def add(self, challenge: Challenge) -> None:
        """Keep a new one."""

    def get(self, challenge_id: str, kind: ChallengeKind) -> Challenge | None:
        """The challenge of that kind, unless it was passed already."""

    def pass_(self, challenge_id: str, now: datetime) -> bool:
        """Mark as passed; False where it was already."""

    def purge(self, expired_before: datetime) -> int:
        """Drop what expired before; returns how many."""


class Recoveries(Protocol):
    """Recoveries under way, known to their clients by identifier, and to one another by key."""

    def add(self, recovery: Recovery) -> None:
        """Keep a new one."""

    def get(self, recovery_id: str) -> Recovery | None:
        """The recovery, at whatever step."""

    def save(self, recovery: Recovery) -> None:
        """Keep its step and its sends."""

    def sent_since(self, key: str, channel: Channel, since: datetime) -> Sequence[datetime]:
        """When codes went out that way, or would have, in all recoveries of that key that were begun after `since`."""

    def purge(self, expired_before: datetime) -> int:
        """Drop what expired before; returns how many."""


class Sessions(Protocol):
    """Sessions, alive or ended."""

    def add(self, session: Session) -> None:
        """Keep a new one."""

    def get(self, session_id: str) -> Session | None:
        """The session."""

    def for_update(self, session_id: str) -> Session | None:
        """The session, locked."""

    def of_browser(self, digest: str) -> Session | None:
        """The session that a browser's cookie names, by the cookie's digest."""

    def of_account(self, user_id: str) -> Sequence[Session]:
        """Those of an account that have not been ended, newest first; some may have run out."""

    def bind(self, session_id: str, digest: str) -> None:
        """Let a browser's cookie name the session from now on, in place of an earlier one."""

    def renew(self, session: Session) -> None:
        """Keep how and when its owner was recognised anew, and until when that holds."""

    def use(self, session_id: str, now: datetime) -> None:
        """Note that it was used."""

    def end(self, session_id: str, reason: EndReason, now: datetime) -> bool:
        """Mark as ended; False where it was already."""

    def purge(self, over_before: datetime) -> int:
        """Drop those whose latest end lies before, with their refresh tokens; returns how many."""


class RefreshTokens(Protocol):
    """Refresh tokens by their digest."""

    def add(self, token: RefreshToken) -> None:
        """Keep a new one."""

    def get(self, digest: str) -> RefreshToken | None:
        """The token, used or not."""

    def use(self, digest: str, now: datetime) -> bool:
        """Mark as used; False where it was already, also when two come at the same moment."""

    def void(self, session_id: str, now: datetime) -> None:
        """Mark every unused one of a session as used."""

    def void_of_client(self, client_id: str, now: datetime) -> None:
        """Mark every unused one of a client as used."""

    def clients_of(self, session_id: str) -> Sequence[str]:
        """The identifiers of the clients that have had tokens of a session."""

    def drop_family(self, token: RefreshToken) -> None:
        """Forget it and all that it replaced or was replaced by, so that none of them is taken for stolen later."""


class EndedSessions(Protocol):
    """The chassis' table that every token check asks."""

    def remember(self, session_id: str, until: datetime) -> None:
        """Refuse the session's access tokens from the commit on."""


class SigningKeys(Protocol):
    """Keys that sign or verify tokens."""

    def current(self, algorithm: Algorithm, now: datetime) -> SigningKey | None:
        """The key that signs at that moment with that algorithm."""

    def newest(self, algorithm: Algorithm) -> SigningKey | None:
        """The one without a successor, whether it signs yet or not."""

    def published(self, now: datetime) -> Sequence[SigningKey]:
        """All whose tokens may be alive."""

    def add_first(self, key: SigningKey) -> bool:
        """Keep as the newest key of its algorithm, and verify access tokens with it; False where another is."""

    def succeed(self, former: SigningKey, key: SigningKey) -> bool:
        """Keep `key` as the newest in place of `former`, which is known until its end; False where that is not it."""


class Budgets(Protocol):
    """How often everybody together has done something in this window."""

    def spend(self, name: str, most: int, per: timedelta, now: datetime) -> int:
        """Count one more; 0 where it was within `most`, else the seconds until the next window."""
