"""An authenticator in software: it makes keys and signs as WebAuthn Level 3 says, and wrongly where a test wants it."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT = 0x01
VERIFIED = 0x04
WITH_KEY = 0x40


def text_of(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def octets_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class SecurityKey:
    """One key pair, at a browser that is on a page of `origin`. `count` is None where it does not count."""

    origin: str
    verifies_user: bool = True
    count: int | None = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: str = ""
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: Mapping[str, Any], **wrong: Any) -> dict[str, Any]:
        """What `navigator.credentials.create` gives, as `toJSON` has it; `wrong` changes the client's data."""
        self.handle = options["user"]["id"]
        data = self._client_data("webauthn.create", options, wrong)
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + self._cose_key()
        authenticator = self._authenticator(options["rp"]["id"], wrong, WITH_KEY) + attested
        attestation = {"fmt": "none", "attStmt": {}, "authData": authenticator}
        response = {"clientDataJSON": text_of(data), "attestationObject": text_of(cbor2.dumps(attestation))}
        return self._answer(response | {"transports": ["usb", "carrier-pigeon"]})

    def sign(self, options: Mapping[str, Any], **wrong: Any) -> dict[str, Any]:
        """What `navigator.credentials.get` gives."""
        data = self._client_data("webauthn.get", options, wrong)
        authenticator = self._authenticator(options["rpId"], wrong)
        signed = authenticator + hashlib.sha256(data).digest()
        response = {
            "clientDataJSON": text_of(data),
            "authenticatorData": text_of(authenticator),
            "signature": text_of(self.private.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": wrong.get("handle", self.handle),
        }
        return self._answer(response)

    def copy(self) -> SecurityKey:
        """Somebody else's copy of it, as it is now."""
        return SecurityKey(self.origin, self.verifies_user, self.count, self.id, self.handle, self.private)

    def _answer(self, response: dict[str, Any]) -> dict[str, Any]:
        own = text_of(self.id)
        return {"id": own, "rawId": own, "type": "public-key", "response": response, "clientExtensionResults": {}}

    def _client_data(self, kind: str, options: Mapping[str, Any], wrong: Mapping[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said | {name: wrong[name] for name in wrong if name in {*said, "topOrigin"}}).encode()

    def _authenticator(self, party: str, wrong: Mapping[str, Any], flags: int = 0) -> bytes:
        if self.count is not None:
            self.count += 1
        flags |= wrong.get("flags", PRESENT | (VERIFIED if self.verifies_user else 0))
        hashed = hashlib.sha256(wrong.get("party", party).encode()).digest()
        return hashed + bytes([flags]) + (self.count or 0).to_bytes(4, "big")

    def _cose_key(self) -> bytes:
        numbers = self.private.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
