"""Handles in addresses in place of user IDs, TINs and request IDs: they mean something to one person alone.

A handle is the value sealed by a key of the person who is signed in, the same each time, so that reloading, going
back and signing in again lead to the same page, and the session does not grow with what was listed.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from flask import abort, g

from chassis.security.sealing import derived_key
from services.portal.api.context import context
from services.portal.api.signed_in import user_id

_LONGEST: Final = 600


def handle(value: str, kind: str) -> str:
    """The handle of a value; `kind` says what it is the ID of: `user`, `tin`, `request` …"""
    sealed = _cipher().encrypt(value.encode(), [kind.encode()])
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def meant(name: str, kind: str) -> str:
    """What a handle stands for; 404 for one of another person or kind."""
    try:
        sealed = base64.urlsafe_b64decode(name[:_LONGEST] + "=" * (-len(name) % 4))
        return _cipher().decrypt(sealed, [kind.encode()]).decode()
    except (InvalidTag, ValueError, binascii.Error):
        abort(404)


def _cipher() -> AESSIV:
    if "handle_cipher" not in g:
        g.handle_cipher = AESSIV(derived_key(context.definition.handle_secret, f"handles of {user_id()}"))
    cipher: AESSIV = g.handle_cipher
    return cipher
