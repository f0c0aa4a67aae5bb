"""What identity needs of WebAuthn: what browsers are asked, and whether what they answer is right (IDN-3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from services.identity.domain.accounts import Account
from services.identity.domain.passkeys import Assertion, Credential, Enrolment

Json = Mapping[str, Any]


class PasskeyProofs(Protocol):
    """Asks browsers for keys and signatures, and judges them, for this relying party and its own origins alone.

    Options and answers are in the JSON forms of WebAuthn Level 3, sections 5.1.8 to 5.1.10.
    """

    @property
    def origins(self) -> Sequence[str]:
        """The origins whose pages may ask."""

    def creation(self, account: Account, enrolment: Enrolment, held: Sequence[Credential]) -> Json:
        """What asks for a new key, none of those that are `held`."""

    def request(self, challenge: str, allowed: Sequence[Credential], *, verify_user: bool) -> Json:
        """What asks for a signature by one of those `allowed`, or, where none is named, by any that is found."""

    def created(self, attestation: Json, challenge: str) -> Credential | None:
        """The key that was made in answer; None for anything else."""

    def credential_id(self, assertion: Json) -> str | None:
        """Which credential an answer is said to be by, in base64url; None where it says so of none."""

    def asserted(self, assertion: Json, challenge: str, credential: Credential) -> Assertion | None:
        """What was signed by this credential in answer; None for anything else, its count unjudged."""
