"""Registration's settings."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, HttpUrl

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """Those that every service has, read from `WARDENRY_REGISTRATION_…`, and these."""

    PREFIX: ClassVar[str] = "WARDENRY_REGISTRATION_"

    identity_url: HttpUrl
    """Where identity's internal API is, such as `http://identity:8000`; the gateway never routes there."""

    entitlements_url: HttpUrl
    """Where entitlements' internal API is, such as `http://entitlements:8000`; the gateway never routes there."""

    most_tins: int = Field(default=50, ge=1, le=200)
    """How many TINs one registration may name (REG-2)."""

    confirm_days: int = Field(default=7, ge=1)
    """How long a registration waits for its address to be confirmed (REG-9); as identity's `CONFIRM_DAYS`."""

    invitation_days: int = Field(default=30, ge=1)
    """How long a temporary ID holds (REG-14)."""

    invitation_announce_days: int = Field(default=7, ge=1)
    """How many days before its end the inviter is told of a temporary ID that nobody has used."""

    invitation_kept_days: int = Field(default=30, ge=0)
    """How long after its end it is known whom an invitation was for that nobody redeemed, and it can be renewed."""

    hash_slots: int = Field(default=2, ge=1, le=64)
    hash_queue: int = Field(default=64, ge=0, le=10_000)
    hash_wait: float = Field(default=5.0, gt=0, le=60)
    """How many temporary passwords are hashed at once and wait in each process, and how long (seconds), before 503."""

    outreach_days: int = Field(default=10, ge=1)
    """How long support has to find a manager before the case is overdue (REG-13)."""

    email_domains_looked_up: bool = True
    """Whether the domain of an e-mail address must have a mail server in DNS."""
