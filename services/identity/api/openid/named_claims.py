"""Claims that a client asks for by name (OpenID Connect Core, section 5.5): the scope that each is of opens them."""

from __future__ import annotations

from typing import Any

import orjson
from authlib.oauth2.rfc6749 import InvalidRequestError

from services.identity.application.view_claims import CLAIMS
from services.identity.domain.clients import Scope


def widened(scope: str, parameter: str | None) -> str:
    """The scope, and after it those that open what `claims` asks of userinfo; raises `InvalidRequestError`.

    Names that nothing opens are passed over, and what an ID token may tell it tells in any case. What the client is
    not registered for it does not get this way either.
    """
    if parameter is None or Scope.OPENID not in scope.split():
        return scope
    wished = _userinfo(parameter)
    return " ".join([scope, *(each for each, names in CLAIMS.items() if wished.keys() & set(names))])


def _userinfo(parameter: str) -> dict[str, Any]:
    try:
        wished = orjson.loads(parameter)
    except orjson.JSONDecodeError:
        raise _malformed() from None
    userinfo = wished.get("userinfo") or {} if isinstance(wished, dict) else None
    if not isinstance(userinfo, dict):
        raise _malformed()
    return userinfo


def _malformed() -> InvalidRequestError:
    return InvalidRequestError("The claims parameter is no JSON object as OpenID Connect has it.")
