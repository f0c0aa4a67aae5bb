"""Settings: read once by the entry points, checked all together, then frozen and handed down.

Constructing a settings class takes the values given and nothing else (the embedded mode does that); only
`from_environment` reads environment variables, and files named by them.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, PlainSerializer, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

_COMMON_PREFIX = "WARDENRY_"
_SHORTEST_SECRET = 32
_FEWEST_LETTERS = 10
_KEY_BYTES = 32
_DEFAULT_WORDS = ("change", "default", "example", "password", "placeholder", "secret", "todo", "xxxx", "your")


class SettingsError(Exception):
    """The settings do not let the program start; the message names every variable, and what to do about it."""


def _own_secret(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if len(text) < _SHORTEST_SECRET:
        raise ValueError(f"is too short: it must have at least {_SHORTEST_SECRET} characters, made at random")
    if len(set(text)) < _FEWEST_LETTERS or any(word in text.lower() for word in _DEFAULT_WORDS):
        raise ValueError("looks like a default: make a random one of your own, for example with `openssl rand -hex 32`")
    return secret


def _key_ring(secret: SecretStr) -> SecretStr:
    parse_keys(secret)
    return secret


Secret = Annotated[SecretStr, AfterValidator(_own_secret), PlainSerializer(lambda _: "***")]
"""A secret that the operator made: at least 32 characters, and none that looks like a default."""

KeyRing = Annotated[SecretStr, AfterValidator(_key_ring), PlainSerializer(lambda _: "***")]
"""Sealing keys, newest first: `name:key,name:key`, each key 32 random bytes in base64url."""


def secret_bytes(secret: SecretStr) -> bytes:
    """A secret as the bytes that keys are derived from."""
    return secret.get_secret_value().encode()


def parse_keys(ring: SecretStr) -> dict[str, bytes]:
    """The keys of a `KeyRing` by name, the current one first; raises `ValueError` for a ring of another form."""
    keys: dict[str, bytes] = {}
    for part in ring.get_secret_value().split(","):
        name, colon, encoded = part.strip().partition(":")
        if not colon or not name or name in keys:
            raise ValueError("must read `name:key,name:key`, newest first, each name once")
        keys[name] = _decoded(encoded)
    return keys


def _decoded(encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("has a key that is not base64url") from error
    if len(key) != _KEY_BYTES or len(set(key)) < _FEWEST_LETTERS:
        raise ValueError(f"has a key that is not {_KEY_BYTES} random bytes")
    return key


class Settings(BaseSettings):
    """The base of every settings class.

    A field `x` of a class with the prefix `WARDENRY_IDENTITY_` is read from `WARDENRY_IDENTITY_X`, else from
    `WARDENRY_X`; of each, the same name with `_FILE` behind it names a file that holds the value. What is empty counts
    as not given.
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    PREFIX: ClassVar[str] = _COMMON_PREFIX

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """The settings as the environment has them; raises `SettingsError` that names all that is wrong."""
        found = {name: value for name in cls.model_fields if (value := cls._read(name, environment)) is not None}
        try:
            return cls.model_validate(found)
        except ValidationError as error:
            raise SettingsError(cls._complaint(error)) from None

    @classmethod
    def variable(cls, field: str) -> str:
        """The environment variable of a field."""
        return f"{cls.PREFIX}{field}".upper()

    @classmethod
    def settings_customise_sources(  # type: ignore[override] # the other sources are not wanted
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 -- pydantic names it
        init_settings: PydanticBaseSettingsSource,
        **_: Any,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed in: never the environment behind the caller's back."""
        return (init_settings,)

    @classmethod
    def _read(cls, field: str, environment: Mapping[str, str]) -> str | None:
        for variable in (cls.variable(field), f"{_COMMON_PREFIX}{field}".upper()):
            if value := environment.get(variable):
                return value
            if path := environment.get(f"{variable}_FILE"):
                return _file_content(f"{variable}_FILE", path) or None
        return None

    @classmethod
    def _complaint(cls, error: ValidationError) -> str:
        lines = []
        for fault in error.errors(include_url=False, include_context=False, include_input=False):
            variable = cls.variable(str(fault["loc"][0])) if fault["loc"] else cls.PREFIX.rstrip("_")
            if fault["type"] == "missing":
                lines.append(f"  {variable} is missing: set it, or set {variable}_FILE to a file that holds it.")
            else:
                lines.append(f"  {variable} {fault['msg'].removeprefix('Value error, ')}.")
        return "\n".join(["Wardenry cannot start with these settings:", *sorted(lines)])


def _file_content(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"  {variable} names a file that cannot be read: {error}") from error


def _no_placeholder(address: SecretStr) -> SecretStr:
    if not address.get_secret_value().strip():
        raise ValueError("is empty")
    if any(f":{word}@" in address.get_secret_value().lower() for word in ("changeme", "password", "postgres", "guest")):
        raise ValueError("has a default password in it: give the service a role with a password of its own")
    return address


def _is_http(address: str) -> str:
    if not address.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return address


HttpAddress = Annotated[str, AfterValidator(_is_http)]
"""Where something answers HTTP."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is no time zone: name one such as America/Chicago or UTC") from None
    return name


TimeZone = Annotated[str, AfterValidator(_known_zone)]
"""The name of a time zone."""

Address = Annotated[SecretStr, AfterValidator(_no_placeholder), PlainSerializer(lambda _: "***")]
"""Where a server is, with the password for it."""


class ServiceSettings(Settings):
    """What every service needs; `services/<name>/settings.py` adds its own and sets `PREFIX`."""

    database_url: Address
    """The service's own database: `postgresql+psycopg://…`, or `sqlite:///…` in the embedded mode."""

    broker_url: Address | None = None
    """RabbitMQ; None in the embedded mode, where events go from database to database."""

    issuer: str = Field(min_length=8)
    """The OpenID issuer, in every token; the public address of the sign-in pages."""

    edge_secret: Secret
    """Root of the keys of this service's edge: idempotency, cursors, kept answers."""

    service_secret: Secret
    """Shared by all services: they know each other by tokens under it."""

    former_service_secret: Secret | None = None
    """The one before, still accepted while the services are changed over."""

    sealing_keys: KeyRing
    """Keys for fields that are encrypted at rest; keep them where the database is not."""

    events_kept_days: int = Field(default=30, ge=1, le=3650)
    """How long events stay in the outbox, from where a new or restored consumer is filled (OPS-4)."""

    jobs_time_zone: TimeZone = "America/New_York"
    """By which clock jobs fall due: a name of the time zone database."""

    jobs_most_percent: float = Field(default=5.0, ge=0, le=100)
    """Of how many of a hundred accounts a job takes care unasked, if they are more than a hundred (GO-7)."""

    default_site: str = "medical"
    """The site of calls whose gateway names none."""

    trust_gateway: bool = False
    """Whether `X-Wardenry-Address` and `X-Wardenry-Site` may be believed: only behind the gateway."""

    otlp_endpoint: HttpAddress | None = None
    """Where traces are sent to (OTLP over HTTP, the address without `/v1/traces`); None sends none."""

    trace_ratio: float = Field(default=1.0, ge=0, le=1)
    """Which part of all traces is sent; the same for every service, or traces have holes."""

    address_limits: bool = True
    """Whether limits by network address hold (limits by account always do)."""
