"""Plain forms about tokens, as programs send them by the thousand, answered ahead of the framework (IDN-11).

Only what succeeds is answered here. Whatever is wrong with a call, the views say, which look at all of it anew.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import orjson
from authlib.oauth2 import OAuth2Error

from chassis.web.ways import FormShortcut
from services.identity.api.openid.client_authentication import METHODS, SECRET_METHODS, Credentials, credentials_of
from services.identity.api.openid.introspection import members_of_standing
from services.identity.api.openid.members import members_of
from services.identity.api.openid.relying_party import RelyingParty
from services.identity.application.introspect_token import of_signed_token
from services.identity.application.ports import Ports
from services.identity.application.refresh_session import exchange
from services.identity.domain.clients import Client, is_well_formed

_CREDENTIALS: Final = frozenset({"client_id", "client_secret"})
_ASKED: Final = _CREDENTIALS | {"token", "token_type_hint"}
_REFRESHED: Final = _CREDENTIALS | {"grant_type", "refresh_token"}
_HEADERS: Final = (("Pragma", "no-cache"),)


def token_shortcuts(ports: Ports) -> Mapping[str, FormShortcut]:
    """By path."""
    ways: dict[str, FormShortcut] = {"/oidc/introspect": ActiveAccessToken(ports)}
    return ways | ({"/oidc/token": UnusedRefreshToken(ports)} if ports.token_looks.rotates else {})


@dataclass(frozen=True, slots=True)
class _Call:
    """Who a client says that it is, and the token that it brings."""

    shown: Credentials
    token: str


class ActiveAccessToken:
    """`POST /oidc/introspect` about an access token that is worth something."""

    headers = _HEADERS

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def read(self, authorization: str, form: Mapping[str, str]) -> _Call | None:
        shown = _credentials(authorization, form, SECRET_METHODS)
        if shown is None or "token" not in form or not _ASKED.issuperset(form):
            return None
        return _Call(shown, form["token"])

    def answer(self, asked: _Call) -> bytes | None:
        ports, shown = self._ports, asked.shown
        standing = of_signed_token(asked.token, shown.client_id, ports)
        if standing is None:
            return None
        client = ports.token_looks.client(shown.client_id, standing.session_id)
        if client is None or not _is_it(client, shown, ports):
            return None
        return orjson.dumps(members_of_standing(standing, ports.tokens.issuer))


class UnusedRefreshToken:
    """`POST /oidc/token` with a refresh token that was not used yet, for all of its scopes."""

    headers = _HEADERS

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def read(self, authorization: str, form: Mapping[str, str]) -> _Call | None:
        shown = _credentials(authorization, form, METHODS)
        if shown is None or form.get("grant_type") != "refresh_token" or not _REFRESHED.issuperset(form):
            return None
        return _Call(shown, form["refresh_token"]) if "refresh_token" in form else None

    def answer(self, asked: _Call) -> bytes | None:
        ports, shown = self._ports, asked.shown
        digest = ports.digests.of_token(asked.token)
        found = ports.token_looks.refreshable(digest, shown.client_id, ports.clock.now())
        if found is None or not _is_it(found.client, shown, ports):
            return None
        tokens = exchange(found, ports)
        return None if tokens is None else orjson.dumps(members_of(tokens))


def _credentials(authorization: str, form: Mapping[str, str], methods: Collection[str]) -> Credentials | None:
    """By which of these methods a client shows who it is; None where the view is to judge."""
    try:
        shown = credentials_of({"Authorization": authorization}, form)
    except OAuth2Error:
        return None
    return shown if shown.method in methods and is_well_formed(shown.client_id) else None


def _is_it(client: Client, shown: Credentials, ports: Ports) -> bool:
    return RelyingParty(client, ports.digests.of_token).is_shown_by(shown)
