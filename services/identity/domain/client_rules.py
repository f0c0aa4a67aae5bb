"""What may be registered as a client, so that nothing that is sent to it goes astray (IDN-11, RFC 9700 section 2.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from chassis.kernel.errors import Fault
from services.identity.domain.clients import Client, Scope, client_id_of
from services.identity.domain.sessions import API_CLIENT

_LONGEST_NAME = 100
_LONGEST_URI = 2000
_SHORTEST_ID = 3
_SITE = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def faults_of_client(client: Client) -> list[Fault]:
    """Everything that is wrong with a client to be, by the field that is wrong."""
    return [
        *_faults_of_name(client.name),
        *_faults_of_uris("redirect_uris", client.redirect_uris),
        *_faults_of_uris("post_logout_redirect_uris", client.post_logout_redirect_uris),
        *_faults_of_uris("backchannel_logout_uri", [uri for uri in [client.backchannel_logout_uri] if uri is not None]),
        *_faults_of_kind(client),
    ]


def is_trustworthy(uri: str) -> bool:
    """Whether a browser may be sent there: an absolute https address, or http on this machine; no fragment."""
    if len(uri) > _LONGEST_URI or not all("!" <= letter <= "~" for letter in uri) or set(uri) & set('"<>\\^`{|}#'):
        return False
    try:
        parts = urlsplit(uri)
        return bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0 and _is_protected(parts)
    except ValueError:
        return False


def _is_protected(parts: SplitResult) -> bool:
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _faults_of_name(name: str) -> list[Fault]:
    client_id = client_id_of(name)
    if not name.isprintable() or len(name) > _LONGEST_NAME or len(client_id) < _SHORTEST_ID:
        detail = "A client's name has at least three letters or digits, and at most 100 characters."
        return [Fault("/name", "name_invalid", detail)]
    if client_id == API_CLIENT:
        return [Fault("/name", "name_reserved", "This name is Wardenry's own.")]
    return []


def _faults_of_uris(field: str, uris: Sequence[str]) -> list[Fault]:
    detail = "An absolute https address (http on localhost), without a fragment or credentials."
    return [
        Fault(f"/{field}/{row}", "uri_invalid", f"{uri!r} cannot be registered. {detail}")
        for row, uri in enumerate(uris)
        if not is_trustworthy(uri)
    ]


def _faults_of_kind(client: Client) -> list[Fault]:
    faults = [
        Fault(f"/scopes/{row}", "scope_unknown", f"There is no scope {scope!r}.")
        for row, scope in enumerate(client.scopes)
        if scope not in set(Scope)
    ]
    if client.site is None or _SITE.fullmatch(client.site) is None:
        faults.append(Fault("/site", "site_invalid", "A site's name is lower case letters, digits, - and _."))
    if client.is_public and Scope.CHECK in client.scopes:
        detail = f"A client without a secret cannot have {Scope.CHECK}: anybody could say that they are it."
        faults.append(Fault("/scopes", "secret_required", detail))
    if client.is_public and not client.pkce:
        faults.append(Fault("/pkce", "pkce_required", "A client without a secret cannot do without PKCE."))
    return faults
