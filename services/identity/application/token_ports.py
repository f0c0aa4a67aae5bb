"""What plain calls about tokens need to know, and what one changes, each in one word with the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.identity.domain.accounts import Kind, State
from services.identity.domain.clients import Client
from services.identity.domain.sessions import RefreshToken, Session
from services.identity.domain.signing_keys import SigningKey


@dataclass(frozen=True, slots=True)
class Refreshable:
    """A refresh token that was not used when it was looked at, and all that its use is judged by."""

    digest: str
    family_id: str
    scopes: tuple[str, ...]
    client: Client
    session: Session
    kind: Kind
    state: State
    key: SigningKey | None


class TokenLooks(Protocol):
    """Clients come without their addresses: nobody is sent anywhere by what is answered of them here."""

    @property
    def rotates(self) -> bool:
        """Whether this kind of database can exchange a refresh token in one word."""

    def client(self, client_id: str, session_id: str) -> Client | None:
        """The client; None where there is none, and where the session has ended."""

    def refreshable(self, digest: str, client_id: str, now: datetime) -> Refreshable | None:
        """The client's token with that digest, for one that is well formed; None where it has none that is unused."""

    def rotate(self, found: Refreshable, successor: RefreshToken, now: datetime) -> bool:
        """Commit that the one was used and its session with it, and its successor. False, and nothing is done, where
        the token or its session is not as it was found any more.
        """
