"""The protocol's requests as Authlib takes them: parameters from one place alone, whichever host was named."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Payload, OAuth2Request
from flask import request
from werkzeug.datastructures import MultiDict

FORM = "application/x-www-form-urlencoded"
_LONGEST = 2000

KEPT = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "ui_locales",
    "claims",
)
"""What of an authorization request is kept while somebody signs in; the rest has been heeded or is unknown."""

ON_ARRIVAL = ("prompt", "max_age", "id_token_hint")
"""What says how somebody is to be recognised: heeded before the request is kept."""

_READ = frozenset({*KEPT, *ON_ARRIVAL, "response_mode", "request", "request_uri"})
_WORDS = re.compile(r"[a-zA-Z0-9_:./ -]{1,100}")


class Parameters(OAuth2Payload):  # type: ignore[misc] # Authlib is not annotated
    """A request's parameters; of one that came several times, the first."""

    def __init__(self, values: MultiDict[str, str]) -> None:
        self._values = values

    @property
    def data(self) -> Mapping[str, str]:
        return self._values

    @property
    def response_type(self) -> str | None:
        return _plain(super().response_type)

    @property
    def grant_type(self) -> str | None:
        return _plain(super().grant_type)

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        return defaultdict(list, {name: self._values.getlist(name) for name in self._values})


class ProtocolRequest(OAuth2Request):  # type: ignore[misc] # Authlib is not annotated
    """A request to the provider; its address is the issuer's, since the one that was called may be the gateway's."""

    def __init__(self, issuer: str, values: MultiDict[str, str], headers: Mapping[str, str], method: str) -> None:
        super().__init__(method, issuer, headers=headers)
        self.payload = Parameters(values)

    @property
    def args(self) -> Mapping[str, str]:
        return self.payload.data

    @property
    def form(self) -> Mapping[str, str]:
        return self.payload.data


def request_at_hand(issuer: str) -> ProtocolRequest:
    """What came: by POST in the form alone, else in the query alone."""
    values = request.form if request.method == "POST" else request.args
    return ProtocolRequest(issuer, MultiDict(values), dict(request.headers), request.method)


def request_kept(issuer: str, parameters: Mapping[str, str]) -> ProtocolRequest:
    """What came before somebody signed in."""
    return ProtocolRequest(issuer, MultiDict(parameters), {}, "GET")


def check_parameters(payload: Parameters) -> None:
    """Refuse what no rule below could judge; raises `InvalidRequestError`."""
    for name, values in payload.datalist.items():
        if name in _READ and len(values) > 1:
            raise InvalidRequestError("A parameter came more than once.")
        if (
            name in KEPT
            and name != "response_type"
            and not all(len(value) <= _LONGEST and value.isprintable() for value in values)
        ):
            raise InvalidRequestError("A parameter is too long, or has characters that none may have.")


def parts_of(payload: Any, names: Collection[str]) -> dict[str, str]:
    """The parameters of these names, as far as they came."""
    return {name: payload.data[name] for name in names if name in payload.data}


def _plain(value: str | None) -> str | None:
    """The value where it could be one that is known: refusals repeat it, and not every character may stand there."""
    return value if value is None or _WORDS.fullmatch(value) else "unknown"
