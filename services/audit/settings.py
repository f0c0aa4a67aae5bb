"""Audit's settings."""

from __future__ import annotations

from typing import ClassVar

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """Those that every service has, read from `WARDENRY_AUDIT_…`."""

    PREFIX: ClassVar[str] = "WARDENRY_AUDIT_"
