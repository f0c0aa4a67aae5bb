"""Grants: a client speaks for an account in a session, as far as its scopes go (IDN-12)."""

from __future__ import annotations

from dataclasses import dataclass

from services.identity.domain.accounts import SCOPES, Kind
from services.identity.domain.clients import THE_API, Client, Scope
from services.identity.domain.sessions import Session


@dataclass(frozen=True, slots=True)
class Grant:
    """Who speaks for whom, an account of what kind; `scopes` are what the person's client asked for and may have."""

    kind: Kind
    session: Session
    client: Client = THE_API
    scopes: tuple[str, ...] = ()

    @property
    def site(self) -> str:
        """The site that the client's access tokens name."""
        return self.client.site or self.session.site

    @property
    def reaches_api(self) -> bool:
        """Whether its access tokens open the API; all others open userinfo and nothing else."""
        return self.client == THE_API or Scope.WARDENRY in self.scopes

    @property
    def token_scopes(self) -> frozenset[str]:
        """What its access tokens carry: what was granted, and what the kind of account brings where it matters."""
        return frozenset(self.scopes) | frozenset(SCOPES[self.kind] if self.reaches_api else ())
