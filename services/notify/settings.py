"""Notify's settings."""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import urlsplit

import orjson
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, SecretStr, model_validator

from chassis.security.sealing import recipient_key
from chassis.settings import ServiceSettings

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_NO_SENDER = "must be one address, such as `Wardenry Health Plan <no-reply@plan.example>`"
_LIKE_A_CODE = re.compile(r"\d{6}")


def parse_private_keys(text: SecretStr) -> tuple[OKPKey, ...]:
    """The keys of a JWK set, or the one of a JWK; raises `ValueError`."""
    try:
        given = orjson.loads(text.get_secret_value())
        keys = tuple(recipient_key(jwk) for jwk in given.get("keys", [given]))
    except (ValueError, TypeError, AttributeError, JoseError) as error:
        raise ValueError("must be a JWK of X25519, or a set of them") from error
    if not keys or not all(key.is_private for key in keys):
        raise ValueError("must hold at least one key, and private ones alone")
    return keys


def parse_sender(text: str) -> Address:
    """The one address of a `From` header; raises `ValueError`."""
    name, address = parseaddr(text)
    try:
        parsed = Address(name, addr_spec=address)
    except (ValueError, HeaderParseError, IndexError) as error:
        raise ValueError(_NO_SENDER) from error
    if not parsed.username or not parsed.domain or not text.isprintable():
        raise ValueError(_NO_SENDER)
    return parsed


def _private_keys(text: SecretStr) -> SecretStr:
    parse_private_keys(text)
    return text


def _sender(text: str) -> str:
    parse_sender(text)
    return text


def _sender_if_any(text: str | None) -> str | None:
    return None if text is None else _sender(text)


def _urls(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    return dict(part.strip().split("=", 1) for part in given.split(",") if "=" in part)


def _without_codes(text: str) -> str:
    if _LIKE_A_CODE.search(text):
        raise ValueError("must have no six digits in a row, lest it be taken for a code: write it with dashes")
    return text


PrivateKeys = Annotated[SecretStr, AfterValidator(_private_keys), PlainSerializer(lambda _: "***")]
PortalUrls = Annotated[dict[str, Annotated[str, Field(pattern=r"^https?://\S+$")]], BeforeValidator(_urls)]


class Settings(ServiceSettings):
    """Those that every service has, and who writes, by which server, and what it opens seals with."""

    PREFIX: ClassVar[str] = "WARDENRY_NOTIFY_"

    private_keys: PrivateKeys
    """A JWK of X25519, or a set while keys are changed over, to open what identity seals for the public half."""

    plan_name: Annotated[str, Field(min_length=1), AfterValidator(_without_codes)] = "Wardenry Health Plan"
    """Who signs the messages."""

    support_phone: Annotated[str, Field(min_length=3), AfterValidator(_without_codes)] = "1-800-555-0142"
    """Where people call for help."""

    support_queue: Annotated[str, AfterValidator(_sender)]
    """The address at which support reads of practices without a manager."""

    support_lead: Annotated[str | None, AfterValidator(_sender_if_any)] = None
    """The address that overdue cases are raised to; the queue's, where it is not set."""

    portal_urls: PortalUrls
    """Where each site's portal is: `medical=https://…,behavioral=https://…`."""

    sender: Annotated[str, AfterValidator(_sender)] = "Wardenry Health Plan <no-reply@wardenry.invalid>"
    """The `From` of every mail; its domain is that of the Message-IDs, too."""

    local_mailbox: bool = False
    """Embedded mode: nothing leaves, everything stands at `/dev/mailbox`."""

    smtp_host: str | None = None
    """Where mail leaves; required without the local mailbox."""

    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_tls: Literal["starttls", "implicit", "none"] = "starttls"
    """`none` is only for a server on this machine."""

    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_timeout: float = Field(default=10.0, gt=0, le=60)
    """Seconds that each answer of the server may take."""

    sms_account: Annotated[str, Field(pattern=r"^AC[0-9a-f]{32}$")] | None = None
    """The account at Twilio by which text messages leave; without one, and without the local mailbox, none do."""

    sms_token: SecretStr | None = None
    """The account's token."""

    sms_sender: Annotated[str, Field(pattern=r"^(\+[1-9]\d{6,14}|\d{5,6}|MG[0-9a-f]{32})$")] | None = None
    """What text messages come from: a number (E.164), a short code, or a messaging service."""

    sms_url: Annotated[str, Field(pattern=r"^https?://[^\s/?#]+$")] = "https://api.twilio.com"
    """Where Twilio's API answers; plain HTTP only on this machine."""

    sms_inbound_url: Annotated[str, Field(pattern=r"^https?://[^\s#]+$")] | None = None
    """The address that Twilio was given for incoming texts, to the letter, since it signs it; where it is not set,
    `/api/notify/v1/sms/inbound` of the default site's portal.
    """

    sms_timeout: float = Field(default=10.0, gt=0, le=60)
    """Seconds that handing one text over may take as a whole."""

    senders: int = Field(default=4, ge=1, le=32)
    """How many mails one worker process sends at once."""

    @model_validator(mode="after")
    def _can_send(self) -> Self:
        if self.local_mailbox:
            return self
        if not self.smtp_host:
            raise ValueError("SMTP_HOST is missing: set it, or set LOCAL_MAILBOX where nothing is to leave")
        if self.smtp_tls == "none" and self.smtp_host not in _LOOPBACK:
            raise ValueError("SMTP_TLS may be `none` only towards this very machine")
        if self.sender.rstrip(">").endswith(".invalid"):
            raise ValueError("SENDER is missing: set the address that messages come from")
        return self

    @model_validator(mode="after")
    def _can_text(self) -> Self:
        given = (self.sms_account, self.sms_token, self.sms_sender)
        if any(given) and not all(given):
            raise ValueError("SMS_ACCOUNT, SMS_TOKEN and SMS_SENDER go together: set all of them, or none")
        url = urlsplit(self.sms_url)
        if url.scheme != "https" and url.hostname not in _LOOPBACK:
            raise ValueError("SMS_URL may be plain HTTP only on this very machine: the token would be read on its way")
        return self

    @property
    def texts_come_in_at(self) -> str:
        """What Twilio signs as the address of `sms/inbound`."""
        return self.sms_inbound_url or f"{self.portal_urls[self.default_site].rstrip('/')}/api/notify/v1/sms/inbound"

    @model_validator(mode="after")
    def _has_portal(self) -> Self:
        if self.default_site not in self.portal_urls:
            raise ValueError("PORTAL_URLS must name the default site")
        return self
