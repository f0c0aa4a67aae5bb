"""OpenID clients: the programs that people sign in to through Wardenry, and what they may ask for (IDN-11)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.identity.domain.sessions import API_CLIENT
from services.identity.domain.signing_keys import Algorithm


class Scope(StrEnum):
    """What a client can be registered for."""

    OPENID = "openid"
    PROFILE = "profile"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    WARDENRY = "wardenry"
    """The whole API in the person's name: for Wardenry's own frontends. Without it a token opens userinfo alone."""
    CHECK = "entitlements.check"
    """Of the program itself, never of a person that signs in through it (ENT-10)."""


OF_A_PERSON = frozenset(Scope) - {Scope.CHECK}
USUAL_SCOPES = (Scope.OPENID, Scope.PROFILE, Scope.EMAIL, Scope.PHONE, Scope.ADDRESS)
PORTAL_SCOPES = (*USUAL_SCOPES, Scope.WARDENRY)

_ID = re.compile(r"[a-z0-9._-]{1,100}")
_NOT_OF_AN_ID = re.compile(r"[^a-z0-9._]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A program that is known here; one without a secret is public.

    `site` is what its access tokens name, None for the site of each session. `redirect_uris` are compared character
    by character.
    """

    client_id: str
    name: str
    site: str | None
    secret_digest: str | None
    redirect_uris: tuple[str, ...] = ()
    post_logout_redirect_uris: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    pkce: bool = True
    id_token_algorithm: Algorithm = Algorithm.RS256
    created_at: datetime | None = None
    backchannel_logout_uri: str | None = None
    """Where it is told by the provider itself that a session has ended; None where it need not know."""

    @property
    def is_public(self) -> bool:
        """Whether it can keep no secret, and so has none."""
        return self.secret_digest is None

    def grantable(self, asked: str | None) -> tuple[str, ...]:
        """What of the scopes asked for it may have for a person, as ordered there; unknown ones are passed over."""
        wished = dict.fromkeys((asked or "").split())
        return tuple(scope for scope in wished if scope in self.scopes and scope in OF_A_PERSON)

    def own(self, asked: str | None) -> tuple[str, ...]:
        """What of the scopes asked for it may have for itself, everything where it names none; unknown ones are
        passed over. Nothing without a secret: anybody could say that they are it.
        """
        wished = self.scopes if asked is None else dict.fromkeys(asked.split())
        mine = set() if self.is_public else set(self.scopes) - OF_A_PERSON
        return tuple(scope for scope in wished if scope in mine)


THE_API = Client(client_id=API_CLIENT, name="The API's own sign-in", site=None, secret_digest=None)
"""Signs people in by the API's own steps, without a browser; at the token endpoint it refreshes, no more."""


def is_well_formed(client_id: str) -> bool:
    """Whether a client could have this identifier: no other text reaches a query."""
    return _ID.fullmatch(client_id) is not None


def client_id_of(name: str) -> str:
    """The identifier of a client so named: `My site` becomes `my-site`; empty where nothing of the name is left."""
    return _NOT_OF_AN_ID.sub("-", name.lower()).strip("-._")
