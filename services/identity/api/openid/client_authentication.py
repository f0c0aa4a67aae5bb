"""Which client calls, and how it shows that: by one method, completely, or not at all (RFC 6749 section 2.3)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError

SECRET_METHODS = ("client_secret_basic", "client_secret_post")
METHODS = (*SECRET_METHODS, "none")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What came: a method's name, an identifier, and for all but `none` a secret, which may be empty."""

    method: str
    client_id: str
    secret: str | None


def credentials_of(headers: Mapping[str, str], form: Mapping[str, str]) -> Credentials:
    """The credentials; raises `InvalidClientError`, and `InvalidRequestError` where two methods are mixed."""
    named = form.get("client_id")
    scheme, _, encoded = headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        credentials = _basic(encoded.strip())
        if "client_secret" in form or named not in {None, credentials.client_id}:
            raise InvalidRequestError("The client shows who it is in one way alone.")
        return credentials
    if not named:
        raise unknown_client()
    return Credentials("client_secret_post" if "client_secret" in form else "none", named, form.get("client_secret"))


def unknown_client() -> InvalidClientError:
    """The one refusal, whatever is wrong."""
    return InvalidClientError("The client is unknown, or did not show that it is it.", status_code=401)


def _basic(encoded: str) -> Credentials:
    try:
        client_id, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise unknown_client() from None
    if not colon:
        raise unknown_client()
    return Credentials("client_secret_basic", unquote_plus(client_id), unquote_plus(secret))
