"""What the OpenID provider keeps, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.identity.domain.authorizations import (
    AuthorizationCode,
    AuthorizationRequest,
    RedeemedCode,
    SignInTicket,
)
from services.identity.domain.clients import Client
from services.identity.domain.logouts import OwedLogout


class FakeClients:
    def __init__(self) -> None:
        self.kept: dict[str, Client] = {}

    def get(self, client_id: str) -> Client | None:
        return self.kept.get(client_id)

    def every(self) -> Sequence[Client]:
        return [self.kept[client_id] for client_id in sorted(self.kept)]

    def add(self, client: Client) -> bool:
        return self.kept.setdefault(client.client_id, client) is client

    def save(self, client: Client) -> None:
        assert client.client_id in self.kept
        self.kept[client.client_id] = client

    def remove(self, client_id: str) -> bool:
        return self.kept.pop(client_id, None) is not None


class FakeAuthorizationRequests:
    def __init__(self) -> None:
        self.kept: dict[str, AuthorizationRequest] = {}

    def add(self, request: AuthorizationRequest) -> None:
        self.kept[request.digest] = request

    def get(self, digest: str) -> AuthorizationRequest | None:
        return self.kept.get(digest)

    def take(self, digest: str) -> AuthorizationRequest | None:
        return self.kept.pop(digest, None)

    def knows_browser(self, browser_digest: str, now: datetime) -> bool:
        return any(each.browser_digest == browser_digest and each.expires_at > now for each in self.kept.values())

    def purge(self, expired_before: datetime) -> int:
        over = [digest for digest, each in self.kept.items() if each.expires_at < expired_before]
        for digest in over:
            del self.kept[digest]
        return len(over)


class FakeSignInTickets:
    def __init__(self) -> None:
        self.kept: dict[str, SignInTicket] = {}

    def add(self, ticket: SignInTicket) -> None:
        self.kept[ticket.digest] = ticket

    def take(self, digest: str) -> SignInTicket | None:
        return self.kept.pop(digest, None)

    def purge(self, expired_before: datetime) -> int:
        over = [digest for digest, each in self.kept.items() if each.expires_at < expired_before]
        for digest in over:
            del self.kept[digest]
        return len(over)


class FakeAuthorizationCodes:
    def __init__(self) -> None:
        self.kept: dict[str, AuthorizationCode] = {}
        self.spent: dict[str, RedeemedCode] = {}

    def add(self, code: AuthorizationCode) -> None:
        self.kept[code.digest] = code

    def get(self, digest: str, client_id: str) -> AuthorizationCode | None:
        found = self.kept.get(digest)
        return found if found is not None and found.client_id == client_id else None

    def take(self, digest: str, client_id: str) -> AuthorizationCode | None:
        found = self.get(digest, client_id)
        if found is not None:
            del self.kept[digest]
        return found

    def remember(self, code: RedeemedCode) -> None:
        assert code.digest not in self.spent
        self.spent[code.digest] = code

    def redeemed(self, digest: str, client_id: str) -> RedeemedCode | None:
        found = self.spent.get(digest)
        return found if found is not None and found.client_id == client_id else None

    def void_of_client(self, client_id: str) -> None:
        self.kept = {digest: each for digest, each in self.kept.items() if each.client_id != client_id}

    def purge(self, over_before: datetime) -> int:
        before = len(self.kept) + len(self.spent)
        self.kept = {digest: each for digest, each in self.kept.items() if each.expires_at >= over_before}
        self.spent = {digest: each for digest, each in self.spent.items() if each.forget_at >= over_before}
        return before - len(self.kept) - len(self.spent)


class FakeLogouts:
    def __init__(self) -> None:
        self.kept: dict[str, OwedLogout] = {}

    def add(self, owed: OwedLogout) -> None:
        self.kept[owed.id] = owed

    def anything_due(self, now: datetime) -> bool:
        return self.take_due(now) is not None

    def take_due(self, now: datetime) -> OwedLogout | None:
        return next((each for each in self.kept.values() if each.due_at <= now), None)

    def save(self, owed: OwedLogout) -> None:
        self.kept[owed.id] = owed

    def remove(self, owed_id: str) -> None:
        del self.kept[owed_id]
