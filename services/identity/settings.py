"""Identity's settings; times and limits have the rules' numbers as defaults."""

from __future__ import annotations

import json
from typing import Annotated, Any, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from chassis.security.sealing import recipient_key
from chassis.settings import Secret, ServiceSettings
from services.identity.domain.client_rules import is_trustworthy


def _public_key(text: str) -> str:
    jwk: dict[str, Any] = json.loads(text)
    if "d" in jwk:
        raise ValueError("holds the private half of notify's key, which notify alone may know")
    recipient_key(jwk)
    return text


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _issuer(text: str) -> str:
    if not is_trustworthy(text) or text.endswith("/") or "?" in text:
        raise ValueError("must be an https address (http on this machine alone) without a slash at its end or a query")
    return text


class PortalClient(BaseModel):
    """A frontend of Wardenry's own as an OpenID client: it may use the API in the name of whoever signed in to it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    client_id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{1,98}[a-z0-9]$")
    secret: Secret
    site: str
    redirect_uris: tuple[str, ...] = Field(min_length=1)
    post_logout_redirect_uris: tuple[str, ...] = ()


class Settings(ServiceSettings):
    """What `wardenry serve identity` and `wardenry work identity` read from `WARDENRY_IDENTITY_*`."""

    PREFIX: ClassVar[str] = "WARDENRY_IDENTITY_"

    issuer: Annotated[str, AfterValidator(_issuer)]
    """The OpenID issuer: the public address of the sign-in pages and of the provider, to the letter."""

    pepper: Secret
    """Key of the digests of codes and of what was tried; changing it voids open codes and forgets failures."""

    notify_public_key: Annotated[str, AfterValidator(_public_key)]
    """Notify's public X25519 key as a JWK: what a code is sealed to."""

    hash_passes: int = Field(default=2, ge=1, le=20)
    hash_memory_kib: int = Field(default=19 * 1024, ge=8, le=1024 * 1024)
    hash_lanes: int = Field(default=1, ge=1, le=16)
    """The cost of a password's hash, Argon2id (IDN-16); raised costs reach an account at its next sign-in."""

    hash_slots: int = Field(default=2, ge=1, le=64)
    hash_queue: int = Field(default=64, ge=0, le=10_000)
    hash_wait: float = Field(default=5.0, gt=0, le=60)
    """How many hash at once and wait in each process, and for how many seconds, before 503."""

    code_minutes: int = Field(default=10, ge=1, le=60)
    code_pause_seconds: int = Field(default=60, ge=1)
    codes_an_hour: int = Field(default=5, ge=1)
    codes_an_hour_elsewhere: int = Field(default=3, ge=1)
    code_tries: int = Field(default=5, ge=1, le=10)
    """IDN-2; `elsewhere` of the codes to sign in may be asked for from networks where their owner never signed in."""

    free_failures: int = Field(default=4, ge=1)
    lock_after_failures: int = Field(default=10, ge=2)
    lock_minutes: int = Field(default=15, ge=1)
    """IDN-9."""

    address_free_failures: int = Field(default=20, ge=1)
    lock_address_after_failures: int = Field(default=30, ge=2)
    network_free_failures: int = Field(default=200, ge=1)
    lock_network_after_failures: int = Field(default=210, ge=2)
    """The same of one address, and of its network (/24 of IPv4, /48 of IPv6), whatever accounts are tried there."""

    device_days: int = Field(default=30, ge=1)
    risk_threshold: int = Field(default=50, ge=1)
    risk_new_country: int = Field(default=60, ge=0)
    risk_new_network: int = Field(default=25, ge=0)
    risk_new_browser: int = Field(default=60, ge=0)
    risk_many_failures: int = Field(default=40, ge=0)
    risk_long_absence: int = Field(default=30, ge=0)
    many_failures: int = Field(default=3, ge=1)
    absence_days: int = Field(default=14, ge=1)
    """IDN-4: how long a device is trusted; from which sum on a second step is asked for there all the same, what each
    signal adds to it, and how many failures and how long an absence count."""

    session_idle_minutes: int = Field(default=15, ge=6)
    session_hours: int = Field(default=12, ge=1)
    """IDN-10."""

    challenge_minutes: int = Field(default=10, ge=1)
    """How long a sign-in may take from the password to the end."""

    recovery_minutes: int = Field(default=30, ge=1)
    """How long the recovery of a password may take as a whole."""

    contact_undo_hours: int = Field(default=72, ge=1)
    """IDN-5: how long a changed contact can be undone by whoever was reached before."""

    app_name: str = Field(default="Wardenry", min_length=1, max_length=40, pattern=r"^[^:]+$")
    """What authenticator apps call the place that an account is at; a colon would end the name there (IDN-3)."""

    passkey_domain: str | None = Field(default=None, pattern=r"^[a-z0-9.-]+$")
    """What passkeys are made for, a domain that all sites' hosts are in; the issuer's host, if none is named.

    Changing it makes every passkey worthless (IDN-3).
    """

    confirm_days: int = Field(default=7, ge=1)
    """REG-9."""

    disable_days: int = Field(default=365, ge=31)
    remove_days: int = Field(default=730, ge=62)
    """IDN-13: after how many days without use an account is disabled and removed."""

    vouching_hours: int = Field(default=72, ge=24, le=24 * 14)
    """IDN-17: how long old contacts have to stop a new one that support has confirmed."""

    availability_budget: int = Field(default=3000, ge=1)
    """How many user IDs everybody together may ask about in a minute (REG-6)."""

    logout_to_private_addresses: bool = False
    """Whether back-channel logout may reach clients inside the operators' own network, this machine included."""

    portal_clients: Annotated[tuple[PortalClient, ...], BeforeValidator(_json)] = ()
    """The portal's OpenID clients, one a site, as a JSON list of `{client_id, secret, site, redirect_uris,
    post_logout_redirect_uris}`; registered at start."""

    @model_validator(mode="after")
    def _is_in_its_domain(self) -> Self:
        host = urlsplit(self.issuer).hostname or ""
        if self.passkey_domain and not f".{host}".endswith(f".{self.passkey_domain}"):
            raise ValueError(
                "PASSKEY_DOMAIN must be the issuer's host or a domain that it is in: browsers know no other"
            )
        return self
