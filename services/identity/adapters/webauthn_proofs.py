"""Passkeys by the library `webauthn`: what browsers are asked, and whether what they answer is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services.identity.domain.accounts import Account
from services.identity.domain.passkeys import LONGEST_CREDENTIAL, Assertion, Credential, Enrolment

_PATIENCE_MS = 300_000
"""How long the browser should wait for its person: as long as finding a key takes."""

_MOST_TRANSPORTS = 10

Json = Mapping[str, Any]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Whom keys are made for: an identifier that all its origins share or are related by, and the name people see."""

    id: str
    name: str
    origins: tuple[str, ...]


class WebAuthnProofs:
    """`PasskeyProofs`; user verification is asked for everywhere, and required where no other proof is at hand."""

    def __init__(self, party: RelyingParty) -> None:
        self._party = party

    @property
    def origins(self) -> Sequence[str]:
        return self._party.origins

    def creation(self, account: Account, enrolment: Enrolment, held: Sequence[Credential]) -> Json:
        profile = account.profile
        options = generate_registration_options(
            rp_id=self._party.id,
            rp_name=self._party.name,
            user_id=base64url_to_bytes(enrolment.user_handle),
            user_name=account.user_id,
            user_display_name=f"{profile.first_name} {profile.last_name}",
            challenge=base64url_to_bytes(enrolment.challenge),
            timeout=_PATIENCE_MS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
            exclude_credentials=[_descriptor(each) for each in held],
        )
        return options_to_json_dict(options)

    def request(self, challenge: str, allowed: Sequence[Credential], *, verify_user: bool) -> Json:
        wish = UserVerificationRequirement.REQUIRED if verify_user else UserVerificationRequirement.PREFERRED
        options = generate_authentication_options(
            rp_id=self._party.id,
            challenge=base64url_to_bytes(challenge),
            timeout=_PATIENCE_MS,
            allow_credentials=[_descriptor(each) for each in allowed],
            user_verification=wish,
        )
        return options_to_json_dict(options)

    def created(self, attestation: Json, challenge: str) -> Credential | None:
        return _unless_amiss(lambda: self._created(dict(attestation), challenge))

    def credential_id(self, assertion: Json) -> str | None:
        named = assertion.get("id")
        return named if isinstance(named, str) and 0 < len(named) <= LONGEST_CREDENTIAL and named.isascii() else None

    def asserted(self, assertion: Json, challenge: str, credential: Credential) -> Assertion | None:
        return _unless_amiss(lambda: self._asserted(dict(assertion), challenge, credential))

    def _created(self, answer: dict[str, Any], challenge: str) -> Credential | None:
        verified = verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=self._party.id,
            expected_origin=list(self._party.origins),
        )
        credential_id = bytes_to_base64url(verified.credential_id)
        if credential_id != answer["id"] or len(credential_id) > LONGEST_CREDENTIAL or _is_framed(answer):
            return None
        return Credential(
            id=credential_id,
            public_key=bytes_to_base64url(verified.credential_public_key),
            sign_count=verified.sign_count,
            verifies_user=verified.user_verified,
            transports=_transports(answer["response"].get("transports")),
        )

    def _asserted(self, answer: dict[str, Any], challenge: str, credential: Credential) -> Assertion | None:
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=self._party.id,
            expected_origin=list(self._party.origins),
            credential_public_key=base64url_to_bytes(credential.public_key),
            credential_current_sign_count=0,  # the domain judges the count, once the signature is known to be right
        )
        if bytes_to_base64url(verified.credential_id) != credential.id or _is_framed(answer):
            return None
        handle = answer["response"].get("userHandle")
        return Assertion(handle, verified.user_verified, verified.new_sign_count)


def _unless_amiss(judge: Callable[[], Found | None]) -> Found | None:
    try:
        return judge()
    except Exception:  # noqa: BLE001 (whatever the library trips over came from outside, and is refused)
        return None


def _is_framed(answer: dict[str, Any]) -> bool:
    """Whether another site's page had it asked for, from a frame (section 7.2, steps 13 and 14)."""
    told = orjson.loads(base64url_to_bytes(answer["response"]["clientDataJSON"]))
    return told.get("crossOrigin", False) is not False or "topOrigin" in told


def _transports(told: Any) -> tuple[str, ...]:
    known = {each.value for each in AuthenticatorTransport}
    return tuple(each for each in told[:_MOST_TRANSPORTS] if each in known) if isinstance(told, list) else ()


def _descriptor(credential: Credential) -> PublicKeyCredentialDescriptor:
    transports = [AuthenticatorTransport(each) for each in credential.transports]
    return PublicKeyCredentialDescriptor(id=base64url_to_bytes(credential.id), transports=transports or None)
