"""Entitlements' settings."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Self

from pydantic import Field, model_validator

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """Those that every service has, and this one's; read from `WARDENRY_ENTITLEMENTS_…`."""

    PREFIX: ClassVar[str] = "WARDENRY_ENTITLEMENTS_"

    catalogue: Path | None = None
    """A table of functions in place of the one that comes along (ENT-1)."""

    managers_per_tin: int = Field(default=15, ge=1)
    """How many access managers a TIN may have at most (ENT-3)."""

    open_requests: int = Field(default=50, ge=1)
    """How many requests of one user may wait at once."""

    remind_days: int = Field(default=15, ge=1)
    """After how many days managers are reminded of a request that waits for them (REG-12)."""

    final_reminder_days: int = Field(default=30, ge=2)
    """After how many days they are reminded for the last time."""

    expire_days: int = Field(default=60, ge=3)
    """After how many days a request ends that nobody decided."""

    announce_days: int = Field(default=14, ge=1)
    """How many days before its end access is told to end (ENT-11)."""

    review_every_days: int = Field(default=365, ge=1)
    """After how many days a TIN's access is reviewed anew (ENT-13)."""

    review_days: int = Field(default=60, ge=2)
    """For how many days a review waits for decisions, before sensitive functions are suspended."""

    review_remind_days: int = Field(default=7, ge=1)
    """How many days before its end managers are reminded of a review."""

    checks_remembered: int = Field(default=1_000_000, ge=0)
    """How many places of users and practices a web process on PostgreSQL remembers at most, for checks; 0 for none."""

    @model_validator(mode="after")
    def _steps_follow_one_another(self) -> Self:
        if not self.remind_days < self.final_reminder_days < self.expire_days:
            raise ValueError("days must grow from REMIND_DAYS over FINAL_REMINDER_DAYS to EXPIRE_DAYS")
        if not self.review_remind_days < self.review_days:
            raise ValueError("REVIEW_REMIND_DAYS must be fewer than REVIEW_DAYS")
        return self
