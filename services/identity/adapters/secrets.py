"""Digests and seals under keys outside the database, and what is sealed for notify alone (IDN-16, NTF-8)."""

from __future__ import annotations

import hashlib
import hmac

import orjson
from joserfc.jwk import OKPKey

from chassis.security.random import stored_form
from chassis.security.sealing import Sealer, seal_for


class PepperedDigests:
    """`Digests`: SHA-256 for tokens, HMAC-SHA-256 under the pepper for what could be guessed."""

    def __init__(self, pepper: bytes) -> None:
        self._pepper = pepper

    def of_token(self, token: str) -> str:
        return stored_form(token)

    def keyed(self, place: str, text: str) -> str:
        return hmac.digest(self._pepper, f"{place}\n{text}".encode(), hashlib.sha256).hex()


class NotifyCodeSeal:
    """`CodeSeal`: a compact JWE that notify's private key opens, bound to the code's own identifier."""

    def __init__(self, notify_key: OKPKey) -> None:
        self._key = notify_key

    def __call__(self, code_id: str, code: str, to: str, first_name: str) -> str:
        content = orjson.dumps({"code": code, "to": to, "first_name": first_name})
        return seal_for(self._key, content, place_of(code_id))


class SealedAuthenticatorSecrets:
    """`AuthenticatorSecrets`: compact JWEs under the service's sealing keys, bound to the row."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def seal(self, authenticator_id: str, secret: bytes) -> str:
        return self._sealer.seal(secret, _authenticator_place(authenticator_id))

    def open(self, authenticator_id: str, sealed: str) -> bytes:
        return self._sealer.unseal(sealed, _authenticator_place(authenticator_id))


class NotifyReminderSeal:
    """`ReminderSeal`: the same, bound to the reminder's own identifier."""

    def __init__(self, notify_key: OKPKey) -> None:
        self._key = notify_key

    def __call__(self, reminder_id: str, to: str, first_name: str) -> str:
        content = orjson.dumps({"to": to, "first_name": first_name})
        return seal_for(self._key, content, reminder_place(reminder_id))


class NotifyFarewellSeal:
    """`FarewellSeal`: the same, bound to the farewell's own identifier."""

    def __init__(self, notify_key: OKPKey) -> None:
        self._key = notify_key

    def __call__(self, farewell_id: str, to: str, first_name: str) -> str:
        content = orjson.dumps({"to": to, "first_name": first_name})
        return seal_for(self._key, content, farewell_place(farewell_id))


class NotifyContactSeal:
    """`ContactSeal`: the same, bound to the notice's own identifier."""

    def __init__(self, notify_key: OKPKey) -> None:
        self._key = notify_key

    def __call__(self, notice_id: str, to: str, first_name: str, token: str | None) -> str:
        content = {"to": to, "first_name": first_name} | ({"code": token} if token else {})
        return seal_for(self._key, orjson.dumps(content), contact_place(notice_id))


class NotifyVouchingSeal:
    """`VouchingSeal`: the same, bound to the word's own identifier."""

    def __init__(self, notify_key: OKPKey) -> None:
        self._key = notify_key

    def __call__(self, word_id: str, token: str | None, to: str, first_name: str) -> str:
        content = {"to": to, "first_name": first_name} | ({"code": token} if token else {})
        return seal_for(self._key, orjson.dumps(content), vouching_place(word_id))


def _authenticator_place(authenticator_id: str) -> str:
    return f"authenticator.sealed_secret:{authenticator_id}"


def reminder_place(reminder_id: str) -> str:
    """What the seal of a reminder is bound to; notify names the same when it opens it."""
    return f"identity.user_id.reminded.v1:{reminder_id}"


def farewell_place(farewell_id: str) -> str:
    """What the seal of a farewell is bound to; notify names the same when it opens it."""
    return f"identity.account.farewell_due.v1:{farewell_id}"


def contact_place(notice_id: str) -> str:
    """What the seal of a contact's notice is bound to; notify names the same when it opens it."""
    return f"identity.contact.notice_due.v1:{notice_id}"


def vouching_place(word_id: str) -> str:
    """What the seal of a word about a vouching is bound to; notify names the same when it opens it."""
    return f"identity.contact.vouching_word_due.v1:{word_id}"


def place_of(code_id: str) -> str:
    """What the seal of a code is bound to; notify names the same when it opens it."""
    return f"identity.code.requested.v1:{code_id}"
