"""Where the OpenID provider keeps its things. Handles, tickets and codes go by the digest of what was handed out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from services.identity.domain.authorizations import (
    AuthorizationCode,
    AuthorizationRequest,
    RedeemedCode,
    SignInTicket,
)
from services.identity.domain.clients import Client
from services.identity.domain.logouts import OwedLogout


class Clients(Protocol):
    """Registered clients, by their identifier."""

    def get(self, client_id: str) -> Client | None:
        """The client."""

    def every(self) -> Sequence[Client]:
        """All of them, by identifier."""

    def add(self, client: Client) -> bool:
        """Keep a new one; False where the identifier is taken."""

    def save(self, client: Client) -> None:
        """Keep it as it is now."""

    def remove(self, client_id: str) -> bool:
        """Drop it; False where there is none."""


class Logouts(Protocol):
    """What clients are owed of sessions that ended."""

    def add(self, owed: OwedLogout) -> None:
        """Keep a new one."""

    def anything_due(self, now: datetime) -> bool:
        """Whether one is to be tried at that moment."""

    def take_due(self, now: datetime) -> OwedLogout | None:
        """The one that is due longest, locked; of several who look at once, each finds another."""

    def save(self, owed: OwedLogout) -> None:
        """Keep it as it is now, unless somebody has claimed it since."""

    def remove(self, owed_id: str) -> None:
        """Drop it: it is owed no more."""


class AuthorizationRequests(Protocol):
    """What clients asked for while nobody was signed in."""

    def add(self, request: AuthorizationRequest) -> None:
        """Keep a new one."""

    def get(self, digest: str) -> AuthorizationRequest | None:
        """The request, however old."""

    def take(self, digest: str) -> AuthorizationRequest | None:
        """The request, which is gone with that; of several who take it at once, one gets it."""

    def knows_browser(self, browser_digest: str, now: datetime) -> bool:
        """Whether a request of that browser is still open."""

    def purge(self, expired_before: datetime) -> int:
        """Drop what expired before; returns how many."""


class SignInTickets(Protocol):
    """Sign-ins that were passed and that a browser is to carry on."""

    def add(self, ticket: SignInTicket) -> None:
        """Keep a new one."""

    def take(self, digest: str) -> SignInTicket | None:
        """The ticket, which is gone with that; of several who take it at once, one gets it."""

    def purge(self, expired_before: datetime) -> int:
        """Drop what expired before; returns how many."""


class AuthorizationCodes(Protocol):
    """Codes that wait to be redeemed, and the memory of those that were."""

    def add(self, code: AuthorizationCode) -> None:
        """Keep a new one."""

    def get(self, digest: str, client_id: str) -> AuthorizationCode | None:
        """The client's code, however old, as long as it was not redeemed."""

    def take(self, digest: str, client_id: str) -> AuthorizationCode | None:
        """The client's code, which is gone with that; of several who take it at once, one gets it."""

    def remember(self, code: RedeemedCode) -> None:
        """Know it for redeemed."""

    def redeemed(self, digest: str, client_id: str) -> RedeemedCode | None:
        """What is remembered of the client's code."""

    def void_of_client(self, client_id: str) -> None:
        """Drop the codes of a client."""

    def purge(self, over_before: datetime) -> int:
        """Drop what expired or may be forgotten since; returns how many."""
